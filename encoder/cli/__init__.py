"""The command line of an agency's data officer."""

from __future__ import annotations

from encoder.cli import agree, inspect, prepare, results, send, synth
from policy import console

app = console.application(
    "padan-encoder", "Sandikan data di komputer instansi / Encode data on the agency's machine"
)
for commands in (inspect, prepare, agree, send, results, synth):
    commands.register(app)


def run() -> None:
    console.run(app)
