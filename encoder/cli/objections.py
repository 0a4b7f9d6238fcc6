"""Common parts of commands that take a list of objections: two options, and messages."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from policy.base.words import Words
from policy.terminal import console

if TYPE_CHECKING:
    from encoder.steps.id_lists import SharedPerson

RowNumbers = Annotated[
    bool,
    typer.Option(
        "--row-numbers",
        help="Daftar itu berisi nomor baris, bukan id / the list holds row numbers, not ids",
    ),
]
EveryRow = Annotated[
    bool,
    typer.Option(
        "--every-row",
        help="Id yang dipakai beberapa orang berarti semuanya"
        " / an id of several people means all of them",
    ),
]
Suppress = Annotated[
    Path | None,
    typer.Option(
        help="Id baris yang tidak disertakan (UU PDP 10, 41)"
        " / record ids to leave out (UU PDP 10, 41)"
    ),
]
_SHOWN = 20


def say_shared(people: Sequence[SharedPerson]) -> None:
    """Tell who stays because another row of the same person was not named."""
    for each in people[:_SHOWN]:
        console.say(each.words())
    if len(people) > _SHOWN:
        more = len(people) - _SHOWN
        console.say(Words(f"... dan {more} orang lagi.", f"... and {more} more people."))


def shared_as_json(people: Sequence[SharedPerson]) -> list[dict[str, Any]]:
    return [{"gone": list(each.gone), "stay": list(each.stay)} for each in people]


def say_left_out(rows: int, unknown: int, dataset: str) -> None:
    """Tell how many rows a list leaves out of a file, and how many of its ids are missing."""
    console.say(
        Words(
            f"{rows} baris tidak disertakan menurut daftar itu.",
            f"{rows} rows are left out by that list.",
        )
    )
    if unknown:
        console.say(
            Words(
                f"{unknown} id di daftar itu tidak ada di {dataset}: periksa, supaya tidak ada yang"
                " terlewat.",
                f"{unknown} ids of that list are not in {dataset}: check them, so that nobody is"
                " missed.",
            )
        )
