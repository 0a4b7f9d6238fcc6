"""`padan-policy draw-leaves`: draws the rows that an agency opens on site."""

from __future__ import annotations

from typing import Annotated

import typer

from policy.base.error_codes import PolicyCode
from policy.base.errors import NotYet
from policy.base.output import JSON, Output
from policy.base.words import Words
from policy.formats.opened_leaves import LeafDraw
from policy.log import parse_checkpoint, parse_note
from policy.log.drawn_leaves import draw_positions
from policy.project import Project, sealed_of
from policy.statements import Accepted
from policy.terminal import console
from policy.terminal.arguments import ProjectId
from policy.terminal.commands import output_option
from policy.wire.session import Session


def register(app: typer.Typer) -> None:
    app.command()(draw_leaves)


def draw_leaves(
    project: ProjectId,
    dataset: Annotated[str, typer.Argument(help="Sumber data / dataset")],
    out: Annotated[Output, output_option(help="Berkas undian / file of the draw", form=JSON)],
    rows: Annotated[
        int, typer.Option(min=1, max=10_000, help="Banyaknya baris / how many rows")
    ] = 20,
) -> None:
    """Undi baris yang dibuka instansi di tempat / draw rows that an agency opens on site."""
    session = Session(console.unlocked(), project)
    log = session.sync()
    commitment, accepted = _standing(log, dataset)
    note = _witnessed(session, after=accepted)
    sealed = sealed_of(log.entry(commitment))
    checkpoint = parse_checkpoint(parse_note(note).text)
    positions = draw_positions(commitment, dataset, checkpoint, sealed.count, rows)
    draw = LeafDraw(
        project=project,
        dataset=dataset,
        commitment=commitment,
        rows=sealed.count,
        checkpoint=note,
        positions=positions,
    )
    console.result(
        {"file": str(out), "rows": len(positions), "checkpoint": checkpoint.size},
        out.write(draw.canonical()),
    )


def _standing(project: Project, dataset: str) -> tuple[str, int]:
    """The current commitment, and the index of its intake; raises NotYet."""
    for entry in reversed(project.of(Accepted)):
        body = entry.body
        if body.dataset == dataset:
            return body.bundle, entry.index
    raise NotYet(
        PolicyCode.LEAVES_NO_BUNDLE,
        Words(f"Bundel {dataset} belum diterima.", f"No bundle of {dataset} is in yet."),
        Words("Tunggu instansi itu mengirimnya.", "Wait for the agency to send it."),
    )


def _witnessed(session: Session, after: int) -> str:
    """The newest checkpoint over that entry that the quorum cosigned; raises NotYet."""
    witnesses = session.charter.witnesses
    names = frozenset(witnesses.members)
    for note, cosigned in reversed(session.replica().cosigned_notes()):
        if cosigned.size > after and len(cosigned.members & names) >= witnesses.quorum:
            return note
    raise NotYet(
        PolicyCode.LEAVES_UNWITNESSED,
        Words(
            "Belum ada titik periksa yang disaksikan sesudah bundel itu.",
            "No checkpoint after that bundle is witnessed yet.",
        ),
        Words("Saksi menjalankan 'padan-policy witness'.", "Witnesses run 'padan-policy witness'."),
    )
