"""`padan-encoder open-leaves`: show an auditor on site the rows that a checkpoint drew."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from policy.base.output import JSON, Output
from policy.base.words import Words
from policy.terminal import console
from policy.terminal.arguments import ProjectId
from policy.terminal.commands import output_option


def register(app: typer.Typer) -> None:
    app.command()(open_leaves)


def open_leaves(
    project: ProjectId,
    draw: Annotated[Path, typer.Argument(help="Undian auditor / the auditor's draw")],
    out: Annotated[Output, output_option(help="Berkas jawaban / file of the answer", form=JSON)],
) -> None:
    """Buka baris yang diundi auditor, di tempat / open on site the rows that an auditor drew."""
    from encoder.steps.open_leaves import open_leaves as opened
    from encoder.steps.workspace import Workspace
    from policy.base.files import read_file
    from policy.formats.opened_leaves import parse_draw
    from policy.wire.session import Session

    session = Session(console.unlocked(), project)
    session.sync()
    answer = opened(Workspace(session), parse_draw(read_file(draw)))
    written = out.write(answer.canonical(), private=True)
    console.result({"file": str(out), "rows": len(answer.leaves)}, written)
    console.say(
        Words(
            "Berkas ini memuat data pribadi. Biarkan di komputer ini, cocokkan bersama auditor"
            " dengan catatan aslinya, periksa dengan 'padan-policy verify --leaves', lalu hapus.",
            "This file holds personal data. Leave it on this machine, compare it with the records"
            " together with the auditor, check it with 'padan-policy verify --leaves', then delete"
            " it.",
        )
    )
