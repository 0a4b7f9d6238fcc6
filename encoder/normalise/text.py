"""T01 to T04: what holds for every text."""

from __future__ import annotations

import re
import unicodedata

_NULL_WORDS = frozenset(
    {"", "-", "--", "0", "NN", "N/A", "NA", "NULL", "NONE", "TIDAK ADA", "TDK ADA", "TDK TH"}
    | {"TIDAK TAHU", "XXX", ".", "NIHIL", "KOSONG"}
)
_SPACES = re.compile(r"\s+")


def clean(value: str) -> str:
    """T01, T02, T04: comparable upper-case text."""
    text = unicodedata.normalize("NFKC", value)
    text = "".join(_visible(character) for character in text)
    text = unicodedata.normalize("NFKD", text.upper())
    text = "".join(c for c in text if not unicodedata.combining(c))
    return _SPACES.sub(" ", text).strip().removeprefix("'").strip()


def text(value: str) -> str:
    """T03 as well: null words are missing."""
    cleaned = clean(value)
    return "" if cleaned in _NULL_WORDS else cleaned


def digits(value: str) -> str:
    """G01."""
    return "".join(c for c in unicodedata.normalize("NFKC", value) if c in "0123456789")


def _visible(character: str) -> str:
    kind = unicodedata.category(character)
    if kind in ("Cf", "Cc", "Zl", "Zp", "Zs"):
        # A zero-width joiner inside a name is noise; a tab or NBSP is a space.
        return "" if kind == "Cf" else " "
    return "" if kind[0] == "C" else character
