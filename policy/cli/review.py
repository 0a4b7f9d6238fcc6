"""`padan-policy approve-figures`: approve the counts of a field review."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from policy.approval.reviewed import approval_of, has_approved, measured_by, read_figures
from policy.base.words import Words
from policy.terminal import console
from policy.terminal.arguments import ProjectId
from policy.wire.session import Session


def register(app: typer.Typer) -> None:
    app.command("approve-figures")(approve_figures)


def approve_figures(
    project: ProjectId,
    file: Annotated[
        Path,
        typer.Argument(help="Berkas dari 'review figures --out' / file of 'review figures --out'"),
    ],
    look: Annotated[
        bool, typer.Option("--look", help="Hanya lihat / only look, approve nothing")
    ] = False,
) -> None:
    """Setujui angka pemeriksaan lapangan / approve the counts of a field review."""
    figures = read_figures(file)
    session = Session(console.unlocked(), project)
    session.sync()
    measured = measured_by(session, figures)
    if not console.options.json:
        for each in measured:
            console.say(each.sentence)
    state = Words("dilihat, belum disetujui", "looked at, not approved")
    if not look:
        if not has_approved(session, figures):
            session.say(approval_of(figures, int(time.time())), run=figures.release)
        state = Words("disetujui", "approved")
    console.result(
        {
            "release": figures.release,
            "dataset": figures.dataset,
            "figures": figures.digest(),
            "approved": not look,
            "strata": [each.as_json() for each in measured],
        },
        Words(
            f"Angka {figures.release} ({len(measured)} strata): {state.id}.",
            f"The figures of {figures.release} ({len(measured)} strata): {state.en}.",
        ),
    )
