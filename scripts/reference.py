"""Pages of docs/reference made from the code; `python scripts/reference.py` writes them."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from encoder.normalise.cell_rules import CELL_RULES
from encoder.source.cell_usage import OUTCOMES
from encoder.source.readers.rules import EXPLANATIONS

sys.path.insert(0, str(Path(__file__).parent))
from cli_pages import commands
from error_pages import error_codes
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

FOLDER = Path(__file__).parents[1] / "docs" / "reference"


def cell_rules() -> str:
    """docs/reference/cell-rules.md"""
    lines = [
        "# Aturan sel dan baris · Rules for cells and rows",
        "",
        "`inspect`, `check`, `prepare` dan halaman lokal menghitung dengan aturan ini. · `inspect`,"
        " `check`, `prepare` and the local page count by these rules.",
        "",
        "## Sel · Cells",
        "",
        "| aturan / rule | akibat / outcome | sebab | reason |",
        "|---|---|---|---|",
    ]
    for each in CELL_RULES.values():
        outcome = OUTCOMES[each.outcome]
        refused = f" (`{each.refuses}`)" if each.refuses else ""
        lines.append(
            f"| `{each.id}`{refused} | {outcome.id} / {outcome.en} | {each.words.id}"
            f" | {each.words.en} |"
        )
    lines += [
        "",
        "Aturan dalam kurung menolak barisnya bila pemetaan menyebut `damaged_identifiers: refuse`."
        " · A rule in parentheses refuses the row where the mapping says"
        " `damaged_identifiers: refuse`.",
        "",
        "## Baris yang ditolak · Rows that are refused",
        "",
        "| aturan / rule | sebab | reason |",
        "|---|---|---|",
    ]
    lines += [f"| `{rule}` | {why.id} | {why.en} |" for rule, why in EXPLANATIONS.items()]
    return "\n".join(lines) + "\n"


def formats() -> str:
    """docs/reference/formats.md: written by hand, but for what the models say."""
    return _filled(
        "formats.md",
        {
            "statements": statements(),
            "rules": [rules_in_order()],
            "transfer rules": [transfer_rules()],
            "example": example(),
        },
    )


def gates() -> str:
    """docs/reference/gates.md: written by hand, but for what the rules say."""
    return _filled(
        "gates.md",
        {
            "run gate": run_gate(),
            "release gate": release_gate(),
            "newest rules": newest_rules(),
            "transfer gate": transfer_gate(),
            "remedies": remedies(),
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


PAGES = {
    "cell-rules.md": cell_rules,
    "cli.md": commands,
    "error-codes.md": error_codes,
    "formats.md": formats,
    "gates.md": gates,
    "http-api.md": http_api,
    "openapi.json": openapi,
    "python.md": python_api,
    "settings.md": settings,
}


if __name__ == "__main__":
    for name, page in PAGES.items():
        (FOLDER / name).write_text(page(), encoding="utf-8")
