"""`padan-linkage calibration`: a run's precision and recall, estimated without labels.

What the field measured of its releases is shown next to the estimates.
"""

from __future__ import annotations

import json
from typing import Annotated

import typer

from policy.base.output import HTML, Output
from policy.base.words import current_language
from policy.project.measured import measured_of_run
from policy.terminal import console
from policy.terminal.arguments import ProjectId, RunName
from policy.terminal.commands import output_option
from policy.wire.session import Session


def register(app: typer.Typer) -> None:
    app.command()(calibration)


def calibration(
    project: ProjectId,
    run: RunName,
    out: Annotated[
        Output | None,
        output_option(help="Halaman HTML bergrafik / an HTML page with charts", form=HTML),
    ] = None,
) -> None:
    """Taksiran presisi dan recall / estimated precision and recall."""
    from linkage_service.cli.calibration_report import read_report
    from linkage_service.matching.calibration_chart import page

    session = Session(console.unlocked(), project)
    stored = json.loads(session.get(f"/projects/{project}/runs/{run}/calibration"))
    session.sync()
    report = read_report(stored, measured_of_run(session.project, run))
    if out is not None:
        console.say(out.write(page(report.pairs, current_language(), report.measured).encode()))
    console.result(report.as_json())
    for words in report.sentences():
        console.say(words)
