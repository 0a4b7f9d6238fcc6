"""A report as one self-contained HTML page: sections of charts, each with its table beneath.

No script, no outside asset. With two languages the reader switches between them without a script.
Texts may come from strangers: they are escaped, and no character can move the text around it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Protocol, TypeAlias

from policy.base.foreign_text import clean
from policy.base.words import Language, Words
from policy.charts.numbers import Proportion, as_percent, written

_FOLDER = "policy.charts"
HIDDEN = Words("*", "*")
HIDDEN_NOTE = Words(
    "* disembunyikan: terlalu sedikit orang, atau dapat dihitung dari yang terlalu sedikit.",
    "* hidden: too few people, or would tell a count of too few.",
)
# None is a hidden count.
Cell: TypeAlias = "Words | str | int | Proportion | None"


class Drawing(Protocol):
    """A chart; its `code` is unique on the page."""

    @property
    def code(self) -> str: ...

    def svg(self, language: Language) -> str: ...


@dataclass(frozen=True)
class ReportTable:
    """Rows of cells under their heads; the first cell of a row is its name."""

    code: str
    caption: Words
    heads: tuple[Words, ...]
    rows: tuple[tuple[Cell, ...], ...]

    @property
    def hides(self) -> bool:
        """Whether a count of the table is hidden."""
        return any(cell is None for row in self.rows for cell in row)

    @property
    def is_wordy(self) -> bool:
        """Whether it has three columns of texts or more: a phone then shows rows as paragraphs."""
        return sum(self.textual) >= 3

    @property
    def textual(self) -> tuple[bool, ...]:
        """Which columns hold texts alone; these are set to the left, numbers to the right."""
        return tuple(
            all(isinstance(c, str | Words) for c in column)
            for column in zip(*self.rows, strict=True)
        )


@dataclass(frozen=True)
class Figure:
    """A chart with its title and explanation, and the table with the same numbers."""

    title: Words
    about: Words
    drawing: Drawing | None
    table: ReportTable
    folded: bool = False


@dataclass(frozen=True)
class Notes:
    """Sentences that belong together."""

    code: str
    sentences: tuple[Words, ...]


Block: TypeAlias = Figure | ReportTable | Notes


@dataclass(frozen=True)
class Section:
    code: str
    title: Words
    lead: Words
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class ReportPage:
    """`figures` are the few numbers that the page begins with, each with its name."""

    kind: str
    kicker: Words
    title: Words
    lead: Words
    figures: tuple[tuple[Words, Cell], ...]
    sections: tuple[Section, ...]
    footer: Words


def as_html(report: ReportPage, languages: Sequence[Language]) -> str:
    """The page in these languages, the first one shown first."""
    text: str = _template().render(report=report, languages=languages, style=style(), **helpers())
    return text


def helpers() -> dict[str, Any]:
    """What a template of a report needs to write numbers and texts."""
    told = {"hidden_note": HIDDEN_NOTE, "as_percent": as_percent}
    return {"number": written, "show": shown, "clean": clean, **told}


def style() -> str:
    """The style of all report pages: screen, dark screen, phone and paper."""
    page = (resources.files(_FOLDER) / "page.css").read_text("utf-8")
    drawing, phone = drawing_style(), "@media (max-width: 34rem) {\n  .sheet"
    # The phone's sizes come after those of the drawings.
    return page.replace(phone, drawing + phone)


def drawing_style() -> str:
    """The style of the charts alone, in the colours that the page names."""
    return (resources.files(_FOLDER) / "drawing.css").read_text("utf-8")


def as_json(report: ReportPage) -> dict[str, Any]:
    """The same content by code, in both languages; a hidden count is null."""
    return {
        "type": f"padan/report-{report.kind}",
        "title": _plain(report.title),
        "figures": [{"name": _plain(n), "value": _plain(cell)} for n, cell in report.figures],
        "sections": {each.code: _section(each) for each in report.sections},
    }


def _section(section: Section) -> dict[str, Any]:
    found: dict[str, Any] = {"title": _plain(section.title)}
    for block in section.blocks:
        if isinstance(block, Notes):
            found[block.code] = [_plain(each) for each in block.sentences]
        else:
            table = block.table if isinstance(block, Figure) else block
            found[table.code] = {
                "heads": [_plain(head) for head in table.heads],
                "rows": [[_plain(cell) for cell in row] for row in table.rows],
            }
    return found


def _plain(cell: Cell) -> Any:
    if isinstance(cell, Words):
        return {"id": cell.id, "en": cell.en}
    if isinstance(cell, Proportion):
        return round(cell.value, 6)
    return cell


def shown(cell: Cell, language: Language) -> str:
    """A cell as text: a hidden count as a star, a number with its separators."""
    if cell is None:
        return HIDDEN.in_language(language)
    if isinstance(cell, Words):
        return clean(cell.in_language(language))
    return clean(cell) if isinstance(cell, str) else written(cell, language)


@cache
def _template() -> Any:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.tests["a"] = lambda block, name: type(block).__name__ == name
    text = (resources.files(_FOLDER) / "page.html.j2").read_text("utf-8")
    return environment.from_string(text)
