"""Pages of the reference made from the code; `python scripts/reference.py` writes them.

The Indonesian pages are in docs/id/reference. Pages for developers are in English only.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path

from encoder.normalise.cell_rules import CELL_RULES
from encoder.source.cell_usage import OUTCOMES
from encoder.source.readers.rules import EXPLANATIONS
from policy.base.words import Language, Words

sys.path.insert(0, str(Path(__file__).parent))
from access_pages import who_may_call
from cli_pages import commands
from error_pages import error_codes
from flow_picture import flow
from http_pages import http_api, openapi
from python_pages import python_api
from rule_pages import (
    newest_rules,
    release_gate,
    remedies,
    rules_in_order,
    run_gate,
    transfer_gate,
    transfer_rules,
)
from settings_pages import settings
from statement_pages import example, statements

FOLDER = Path(__file__).parents[1] / "docs"
_FOLDERS: dict[Language, str] = {"en": "reference", "id": "id/reference"}

_CELLS = Words(
    """# Aturan sel dan baris

`inspect`, `check`, `prepare` dan halaman lokal menghitung dengan aturan ini.

## Sel

| aturan | akibat | sebab |
|---|---|---|""",
    """# Rules for cells and rows

`inspect`, `check`, `prepare` and the local page count by these rules.

## Cells

| rule | outcome | reason |
|---|---|---|""",
)
_ROWS = Words(
    """
Aturan dalam kurung menolak barisnya bila pemetaan menyebut `damaged_identifiers: refuse`.

## Baris yang ditolak

| aturan | sebab |
|---|---|""",
    """
A rule in parentheses refuses the row where the mapping says `damaged_identifiers: refuse`.

## Rows that are refused

| rule | reason |
|---|---|""",
)


def cell_rules(language: Language) -> str:
    """reference/cell-rules.md"""
    lines = [_CELLS.in_language(language)]
    for each in CELL_RULES.values():
        outcome, why = (w.in_language(language) for w in (OUTCOMES[each.outcome], each.words))
        refused = f" (`{each.refuses}`)" if each.refuses else ""
        lines.append(f"| `{each.id}`{refused} | {outcome} | {why} |")
    lines.append(_ROWS.in_language(language))
    lines += [f"| `{rule}` | {why.in_language(language)} |" for rule, why in EXPLANATIONS.items()]
    return "\n".join(lines) + "\n"


def formats() -> str:
    """reference/formats.md: written by hand, but for what the models say."""
    return _filled(
        "reference/formats.md",
        {
            "statements": statements(),
            "rules": [rules_in_order()],
            "transfer rules": [transfer_rules()],
            "example": example(),
        },
    )


def gates(language: Language) -> str:
    """reference/gates.md: written by hand, but for what the rules say."""
    return _filled(
        f"{_FOLDERS[language]}/gates.md",
        {
            "run gate": run_gate(language),
            "release gate": release_gate(language),
            "newest rules": newest_rules(language),
            "transfer gate": transfer_gate(language),
            "remedies": remedies(language),
        },
    )


def _filled(page: str, parts: Mapping[str, Iterable[str]]) -> str:
    """A page whose marked parts are replaced by what the code says now."""
    text = (FOLDER / page).read_text(encoding="utf-8")
    for name, lines in parts.items():
        begin, end = f"<!-- {name}: made by scripts/reference.py -->", f"<!-- end of {name} -->"
        before, rest = text.split(begin)
        _, after = rest.split(end)
        made = "\n".join(lines).strip("\n")
        text = f"{before}{begin}\n\n{made}\n\n{end}{after}"
    return text


_IN_BOTH: dict[str, Callable[[Language], str]] = {
    "cell-rules.md": cell_rules,
    "cli.md": commands,
    "error-codes.md": error_codes,
    "gates.md": gates,
    "settings.md": settings,
    "who-may-call.md": who_may_call,
}
# By their place below docs/.
PAGES: dict[str, Callable[[], str]] = {
    **{
        f"{folder}/{name}": partial(page, language)
        for language, folder in _FOLDERS.items()
        for name, page in _IN_BOTH.items()
    },
    "assets/flow-en.svg": partial(flow, "en"),
    "assets/flow-id.svg": partial(flow, "id"),
    "reference/formats.md": formats,
    "reference/http-api.md": http_api,
    "reference/openapi.json": openapi,
    "reference/python.md": python_api,
}


if __name__ == "__main__":
    for name, page in PAGES.items():
        (FOLDER / name).write_text(page(), encoding="utf-8")
