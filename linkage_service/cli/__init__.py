"""The command line of the linkage coordinator."""

from __future__ import annotations

from linkage_service.cli import calibration, compare, coordinate, rerun, serve
from policy import console

app = console.application(
    "padan-linkage", "Layanan pemadanan dan koordinatornya / The linkage service, its coordinator"
)
for commands in (serve, coordinate, calibration, rerun, compare):
    commands.register(app)


def run() -> None:
    console.run(app)
