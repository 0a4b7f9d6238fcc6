"""`padan-linkage roster`: continue the service and its projects under the next roster."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from policy.base.files import read_file
from policy.base.words import Words
from policy.formats.http_api import RosterTaken
from policy.terminal import console
from policy.wire.rosters import post_roster


def register(app: typer.Typer) -> None:
    app.command()(roster)


def roster(
    path: Annotated[Path, typer.Argument(help="Roster berikutnya / the next roster")],
) -> None:
    """Teruskan proyek di bawah roster baru / continue under a new roster.

    Dijalankan koordinator layanan atau otoritas / run by the coordinator or an authority.
    """
    taken = RosterTaken.model_validate_json(post_roster(console.unlocked(), read_file(path)))
    projects, left = ", ".join(taken.projects) or "-", ", ".join(taken.left)
    more_id = f" Tetap di roster lamanya: {left}." if left else ""
    more_en = f" Under the roster they began with: {left}." if left else ""
    console.result(
        taken.as_json(),
        Words(
            f"Roster versi {taken.version} berlaku di: {projects}.{more_id}",
            f"Roster version {taken.version} is in force in: {projects}.{more_en}",
        ),
    )
