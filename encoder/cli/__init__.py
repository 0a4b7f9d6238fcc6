"""The command line of an agency's data officer."""

from __future__ import annotations

from encoder.cli import (
    agree,
    attributes,
    by_name,
    changes,
    coverage,
    destroy,
    go,
    inspect,
    interop,
    leaves,
    prepare,
    probe,
    programme,
    quality,
    results,
    review,
    selftest,
    send,
    subject,
    synth,
    ui,
)
from policy.terminal import console
from policy.terminal.commands import application

app = application(
    "padan-encoder", "Sandikan data di komputer instansi / Encode data on the agency's machine"
)
for commands in (
    go,
    inspect,
    destroy,
    quality,
    prepare,
    agree,
    send,
    results,
    attributes,
    by_name,
    changes,
    review,
    programme,
    coverage,
    subject,
    ui,
    probe,
    synth,
    interop,
    leaves,
    selftest,
):
    commands.register(app)


def run() -> None:
    console.run(app)
