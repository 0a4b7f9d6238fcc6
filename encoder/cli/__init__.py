"""The command line of an agency's data officer."""

from __future__ import annotations

from encoder.cli import (
    agree,
    coverage,
    destroy,
    inspect,
    interop,
    leaves,
    prepare,
    probe,
    quality,
    results,
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
    inspect,
    destroy,
    quality,
    prepare,
    agree,
    send,
    results,
    coverage,
    subject,
    ui,
    probe,
    synth,
    interop,
    leaves,
):
    commands.register(app)


def run() -> None:
    console.run(app)
