"""Pages of docs/reference made from the code; `python scripts/reference.py` writes them."""

from __future__ import annotations

from pathlib import Path

from encoder.normalise.cell_rules import CELL_RULES
from encoder.readers.rules import EXPLANATIONS
from encoder.usage import OUTCOMES

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


PAGES = {"cell-rules.md": cell_rules}


if __name__ == "__main__":
    for name, page in PAGES.items():
        (FOLDER / name).write_text(page(), encoding="utf-8")
