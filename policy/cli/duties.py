"""`padan-policy duties`: which law asks for what, and what this software does about it."""

from __future__ import annotations

import typer
from rich.table import Table

from policy import console
from policy.words import Words


def register(app: typer.Typer) -> None:
    app.command()(duties)


def duties() -> None:
    """Kewajiban, sumbernya, dan yang menegakkannya / duties, sources, what enforces them."""
    from policy.satu_data.duties import MARKS, duties

    if console.options.json:
        marks = {mark: {"id": words.id, "en": words.en} for mark, words in MARKS.items()}
        rows = [duty.model_dump(mode="json") | {"enforced": duty.enforced} for duty in duties()]
        console.result({"marks": marks, "duties": rows})
        return
    table = Table("#", *(str(each) for each in _COLUMNS), show_lines=True)
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


_COLUMNS = (
    Words("kewajiban", "duty"),
    Words("sumber", "source"),
    Words("ditegakkan oleh", "enforced by"),
    Words("naskah", "papers"),
    Words("yang dilakukan perangkat lunak", "what the software does"),
)
