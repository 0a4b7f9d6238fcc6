"""`padan-policy duties`: which law requires what, and what this software does about it."""

from __future__ import annotations

import typer
from rich.table import Table

from policy.base.words import Words
from policy.terminal import console


def register(app: typer.Typer) -> None:
    app.command()(duties)


def duties() -> None:
    """Kewajiban, sumbernya, dan yang menegakkannya / duties, sources, what enforces them."""
    from policy.papers.duties import MARKS, duties

    if console.options.json:
        marks = {mark: {"id": words.id, "en": words.en} for mark, words in MARKS.items()}
        rows = [duty.model_dump(mode="json") | {"enforced": duty.enforced} for duty in duties()]
        console.result({"marks": marks, "duties": rows})
        return
    table = Table("#", show_lines=True, expand=True)
    for words, width in _COLUMNS:
        table.add_column(str(words), ratio=width)
    for duty in duties():
        table.add_row(
            str(duty.number),
            str(duty.title.words()),
            "\n".join(f"{source.text} ({source.mark})" for source in duty.sources),
            str(duty.enforced_by()),
            ", ".join(duty.papers),
            str(duty.software.words()),
        )
    console.out.print(table)
    for mark, words in MARKS.items():
        console.out.print(f"{mark}: {words}", markup=False)


# Headers, and the relative width of each column.
_COLUMNS = (
    (Words("kewajiban", "duty"), 3),
    (Words("sumber", "source"), 2),
    (Words("ditegakkan oleh", "enforced by"), 2),
    (Words("naskah", "papers"), 2),
    (Words("yang dilakukan perangkat lunak", "what the software does"), 4),
)
