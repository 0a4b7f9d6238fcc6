"""Asks a person at the terminal whether others read the same words; shows who has joined."""

from __future__ import annotations

import typer
from rich.table import Table

from policy.base.words import Words
from policy.joining.gathering import Gathering
from policy.terminal import console
from policy.terminal.commands import somebody_is_there

OF_ONE = Words(
    "Apakah salah satu otoritas, yang Anda kenal suaranya, dan Anda membacakan kata yang sama lewat"
    " telepon?",
    "Did one of the authorities, whose voice you know, and you read the same words to each other by"
    " telephone?",
)
OF_EVERYBODY = Words(
    "Apakah setiap orang di daftar ini membacakan kata yang sama lewat telepon, kepada Anda atau"
    " kepada otoritas yang lain? Bila ya, Anda menandatangani roster.",
    "Did everybody on this list read the same words by telephone, to you or to the other authority?"
    " If so, you sign the roster.",
)

OF_NEWCOMERS = Words(
    "Apakah setiap orang bertanda + membacakan kata yang sama lewat telepon, kepada Anda atau"
    " kepada otoritas yang lain? Bila ya, Anda menandatangani roster berikutnya.",
    "Did everybody marked + read the same words by telephone, to you or to the other authority? If"
    " so, you sign the next roster.",
)


def compared_at_terminal(gathering: Gathering, words: Words, signs: bool) -> bool:
    """Show everybody and the words, and ask; False if nobody is at the terminal.

    An authority, who `signs` for all keys, is asked about everybody, or about those who come later.
    """
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
            **({} if gathering.before is None else {"new": gathering.new()}),
        },
        Words(f"Kata roster ini:\n  {words.id}", f"The words of this roster:\n  {words.en}"),
    )
    new = signs and gathering.before is not None
    asked = OF_NEWCOMERS if new else OF_EVERYBODY if signs else OF_ONE
    yes = somebody_is_there() and typer.confirm(str(asked), err=True)
    if new and not yes:
        _tell_how_later(gathering.plan.project)
    return yes


def _tell_how_later(project: str) -> None:
    """An authority's other steps go on, so this is said and no error."""
    console.say(
        Words(
            "Roster berikutnya belum Anda tanda tangani. Sesudah orang baru membacakan kata itu"
            f" lewat telepon: padan-policy go {project} --words 'KATA YANG DIBACAKAN'.",
            "You have not signed the next roster. After the new people read these words by"
            f" telephone: padan-policy go {project} --words 'THE WORDS THAT WERE READ'.",
        )
    )


def show_people(gathering: Gathering) -> None:
    """A table of everybody in the plan, and who has joined; + is somebody who comes later."""
    table = Table(
        "",
        str(Words("orang", "person")),
        str(Words("instansi", "agency")),
        str(Words("peran", "roles")),
    )
    for each in gathering.plan.people:
        joined = "+" if gathering.is_new(each.id) else "✓"
        mark = joined if gathering.card(each.id) else "·"
        table.add_row(mark, each.name, each.agency, ", ".join(each.roles))
    console.err.print(table)
