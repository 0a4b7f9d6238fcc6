"""The command line of the linkage coordinator."""

from __future__ import annotations

from linkage_service.cli import (
    backup,
    calibration,
    compare,
    coordinate,
    dedupe,
    doctor,
    go,
    people,
    rerun,
    retention,
    roster,
    serve,
    storage,
    ui,
    worker,
)
from policy.terminal import console
from policy.terminal.commands import application

app = application(
    "padan-linkage",
    "Layanan pemadanan dan koordinatornya / The linkage service and its coordinator",
)
for commands in (
    serve,
    ui,
    doctor,
    worker,
    people,
    roster,
    go,
    coordinate,
    calibration,
    rerun,
    compare,
    dedupe,
    retention,
    storage,
    backup,
):
    commands.register(app)


def run() -> None:
    console.run(app)
