"""Asks a person at the terminal whether others read the same words; shows who has joined."""

from __future__ import annotations

import typer
from rich.table import Table

from policy.base.words import Words
from policy.joining.gathering import Gathering
from policy.terminal import console
from policy.terminal.commands import somebody_is_there


def compared_at_terminal(gathering: Gathering, words: Words) -> bool:
    """Show everybody and the words, and ask; False if nobody is at the terminal."""
    if not console.options.json:
        show_people(gathering)
    console.result(
        {
            "event": "compare",
            "project": gathering.plan.project,
            "words": {"id": words.id, "en": words.en},
            "people": [
                {"id": each.id, "agency": each.agency, "name": each.name, "roles": each.roles}
                for each in gathering.plan.people
            ],
        },
        Words(f"Kata roster ini:\n  {words.id}", f"The words of this roster:\n  {words.en}"),
    )
    if not somebody_is_there():
        return False
    question = Words(
        "Apakah orang lain, yang Anda kenal suaranya, membacakan kata yang sama lewat telepon?",
        "Did somebody else, whose voice you know, read the same words to you by telephone?",
    )
    return typer.confirm(str(question), err=True)


def show_people(gathering: Gathering) -> None:
    """A table of everybody in the plan, and who has joined."""
    table = Table(
        "",
        str(Words("orang", "person")),
        str(Words("instansi", "agency")),
        str(Words("peran", "roles")),
    )
    for each in gathering.plan.people:
        mark = "✓" if gathering.card(each.id) else "·"
        table.add_row(mark, each.name, each.agency, ", ".join(each.roles))
    console.err.print(table)
