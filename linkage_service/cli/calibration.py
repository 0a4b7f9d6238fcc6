"""`padan-linkage calibration`: how right a run's pairs are, estimated without labels."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from policy import console
from policy.arguments import ProjectId, RunName
from policy.client import Session
from policy.words import Words, current_language


def register(app: typer.Typer) -> None:
    app.command()(calibration)


def calibration(
    project: ProjectId,
    run: RunName,
    out: Annotated[
        Path | None, typer.Option(help="Halaman HTML bergrafik / an HTML page with charts")
    ] = None,
) -> None:
    """Taksiran ketepatan dan cakupan / estimated precision and recall."""
    from linkage_service.calibration_report import read_report
    from linkage_service.matching.calibration_chart import page
    from policy.files import write_file

    session = Session(console.unlocked(), project)
    stored = json.loads(session.get(f"/projects/{project}/runs/{run}/calibration"))
    report = read_report(stored)
    if out is not None:
        write_file(out, page(report.pairs, current_language()).encode())
        console.say(Words(f"{out} ditulis.", f"{out} written."))
    console.result(report.as_json())
    for words in report.sentences():
        console.say(words)
