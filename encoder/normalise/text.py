"""T01 to T04: the rules for every text."""

from __future__ import annotations

import unicodedata

from encoder.normalise.letters import as_meant, without_escapes

# The text that a spreadsheet shows for a failed formula.
FORMULA_ERRORS = frozenset(
    ["#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"]
)
NULL_WORDS = frozenset(
    {"", "-", "--", "0", "NN", "N/A", "NA", "NULL", "NONE", "TIDAK ADA", "TDK ADA", "TDK TH"}
    | {"TIDAK TAHU", "XXX", ".", "NIHIL", "KOSONG", "BELUM ADA", "BLM ADA", "TIDAK PUNYA"}
    | {"TDK PUNYA", "BELUM PUNYA", "TIDAK DIKETAHUI", "TDK DIKETAHUI", "TANPA NAMA", "TANPA NIK"}
    # What data frames leave for a missing cell, and marks in place of one.
    | {"N.A.", "NAN", "..", "...", "---", "----"}
    | FORMULA_ERRORS
)
_ENOUGH = 8


def clean(value: str) -> str:
    """T01, T02, T04: comparable upper-case text."""
    if (
        value.isascii()
        and value.isprintable()
        and not ("&" in value or "\\" in value or "`" in value)
    ):
        return _trimmed(value.upper())
    found = without_escapes(value)
    for _ in range(_ENOUGH):
        # Some letters decompose into others that the same rules change again.
        before, found = found, _trimmed(_plain(found))
        if found == before:
            break
    return found


def _plain(value: str) -> str:
    # Marks first: NFKC would turn an acute accent into a space and a combining mark.
    visible = "".join(map(_visible, unicodedata.normalize("NFKC", as_meant(value))))
    letters = unicodedata.normalize("NFKD", as_meant(visible).upper())
    return "".join(c for c in letters if not unicodedata.combining(c))


def _trimmed(value: str) -> str:
    return " ".join(value.split()).lstrip("' ")


def text(value: str) -> str:
    """T03 as well: null words are missing."""
    cleaned = clean(value)
    return "" if cleaned in NULL_WORDS else cleaned


def digits(value: str) -> str:
    """G01: only the digits; a cell of zeros only is missing."""
    found = "".join(c for c in clean(value) if c in "0123456789")
    return found if found.strip("0") else ""


def is_formula_error(value: str) -> bool:
    return "#" in value and clean(value) in FORMULA_ERRORS


def _visible(character: str) -> str:
    kind = unicodedata.category(character)
    if kind in ("Cf", "Cc", "Zl", "Zp", "Zs"):
        # A zero-width joiner inside a name is noise; a tab or NBSP is a space.
        return "" if kind == "Cf" else " "
    if kind == "Nd":
        # Digits of other scripts count as those of ours: NFKC changes full-width ones alone.
        return str(unicodedata.decimal(character))
    return "" if kind[0] == "C" else character
