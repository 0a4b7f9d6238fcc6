"""Papers in one language as HTML or Markdown, and in both languages as JSON for machines.

A paper's texts come from charters, which strangers write. HTML is escaped, Markdown has no active
characters, and control and bidirectional characters are removed from both.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from policy.base.dates import long_day, long_moment
from policy.base.error_codes import PolicyCode
from policy.base.errors import BadInput
from policy.base.foreign_text import clean
from policy.base.words import Language, Words, number
from policy.papers.duties import duty
from policy.papers.paper import (
    Code,
    Datum,
    Facts,
    Items,
    Minutes,
    Missing,
    Office,
    Paper,
    PaperTable,
    Signatory,
    confirmations,
)

_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|!~&$])")


@dataclass(frozen=True)
class Cell:
    """A value as it is shown."""

    text: str
    kind: str = "text"
    parts: tuple[Cell, ...] = ()


def shown(datum: Datum, language: Language) -> Cell:
    """A value in the words of one language."""
    if isinstance(datum, Missing):
        return Cell(datum.why.in_language(language), "missing")
    if isinstance(datum, Code):
        return Cell(clean(datum.text), "code")
    if isinstance(datum, Office):
        return Cell(clean(datum.name))
    if isinstance(datum, tuple):
        return Cell("", "parts", tuple(shown(each, language) for each in datum))
    if isinstance(datum, Words):
        return Cell(clean(datum.in_language(language)))
    if isinstance(datum, datetime):
        return Cell(long_moment(datum).in_language(language))
    if isinstance(datum, date):
        return Cell(long_day(datum).in_language(language))
    if isinstance(datum, int):
        return Cell(number(datum).in_language(language), "number")
    return Cell(clean(datum))


def as_html(paper: Paper, language: Language) -> str:
    """One self-contained page, ready to print."""
    return _render("minutes.html.j2" if paper.minutes else "paper.html.j2", paper, language)


def as_markdown(paper: Paper, language: Language) -> str:
    return _render("minutes.md.j2" if paper.minutes else "paper.md.j2", paper, language)


def as_json(paper: Paper) -> dict[str, Any]:
    """The same content by key, in both languages; a missing value is null, with a reason."""
    minutes = {"minutes": _minutes(paper.minutes)} if paper.minutes else {}
    return {
        "type": f"padan/paper-{paper.kind}",
        "title": plain(paper.title),
        "law": paper.law,
        "status": "draft",
        "origin": {fact.key: plain(fact.value) for fact in paper.origin.facts},
        **minutes,
        "sections": {section.key: _section(section.blocks) for section in paper.sections},
        "to_confirm": [
            {"section": plain(each.section), "what": plain(each.what)}
            for each in confirmations(paper)
        ],
    }


def plain(datum: Datum) -> Any:
    """A value as JSON."""
    if isinstance(datum, Missing):
        return {"missing": {"id": datum.why.id, "en": datum.why.en}}
    if isinstance(datum, Words):
        return {"id": datum.id, "en": datum.en}
    if isinstance(datum, Code):
        return datum.text
    if isinstance(datum, Office):
        return datum.member
    if isinstance(datum, tuple):
        return [plain(each) for each in datum]
    if isinstance(datum, datetime):
        return datum.astimezone(UTC).isoformat(timespec="seconds")
    return datum.isoformat() if isinstance(datum, date) else datum


def writer_for(path: Path) -> Callable[[Paper, Language], str]:
    """The function that writes a paper for this file name; raises BadInput."""
    writers: dict[str, Callable[[Paper, Language], str]] = {
        ".html": as_html,
        ".md": as_markdown,
        ".json": lambda paper, _: json.dumps(as_json(paper), ensure_ascii=False, indent=2) + "\n",
    }
    try:
        return writers[path.suffix.lower()]
    except KeyError:
        raise BadInput(
            PolicyCode.PAPERS_FORM,
            Words(
                f"{path.name}: bentuk berkas ini tidak dikenal.",
                f"{path.name}: this form of file is not known.",
            ),
            Words(
                "Beri nama berakhiran .html, .md, atau .json.",
                "Give a name that ends in .html, .md or .json.",
            ),
        ) from None


def _minutes(minutes: Minutes) -> dict[str, Any]:
    def signing(each: Signatory) -> dict[str, Any]:
        return {
            "called": plain(each.called),
            "office": plain(each.office),
            "post": plain(each.post),
        }

    return {
        "number": plain(minutes.number),
        "place": plain(minutes.place),
        "day": plain(minutes.day),
        "opening": plain(minutes.opening),
        "parties": [signing(each) for each in minutes.parties],
        "stated": plain(minutes.stated),
        "closing": plain(minutes.closing),
        "witnesses": [signing(each) for each in minutes.witnesses],
    }


def _section(blocks: tuple[Any, ...]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for block in blocks:
        if isinstance(block, Facts):
            found.update((fact.key, plain(fact.value)) for fact in block.facts)
        elif isinstance(block, PaperTable):
            keys = [column.key for column in block.columns]
            found[block.key] = [dict(zip(keys, map(plain, row), strict=True)) for row in block.rows]
        elif isinstance(block, Items):
            found[block.key] = [plain(each) for each in block.items]
    return found


def _render(template: str, paper: Paper, language: Language) -> str:
    def t(indonesian: str | Words, english: str = "") -> str:
        words = indonesian if isinstance(indonesian, Words) else Words(indonesian, english)
        return clean(words.in_language(language))

    text: str = (
        _environment()
        .get_template(template)
        .render(
            paper=paper,
            language=language,
            t=t,
            show=lambda datum: shown(datum, language),
            duty=duty,
            confirmations=confirmations(paper),
        )
    )
    return text


@cache
def _environment() -> Any:
    from jinja2 import Environment, FunctionLoader, StrictUndefined, select_autoescape

    folder = resources.files("policy.papers") / "templates"
    environment = Environment(
        loader=FunctionLoader(lambda name: (folder / name).read_text("utf-8")),
        autoescape=select_autoescape(enabled_extensions=("html.j2",), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["md"] = lambda text: _MARKDOWN.sub(r"\\\1", str(text))
    environment.tests["a"] = lambda block, name: type(block).__name__ == name
    return environment
