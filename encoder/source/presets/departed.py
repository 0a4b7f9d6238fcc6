"""Columns in which a list marks a person as dead, or a row as not valid."""

from __future__ import annotations

import re
from collections.abc import Sequence

from encoder.normalise.text import text

# A column of status remarks has few distinct values; a column with more is something else.
_MOST_VALUES = 50
_GONE = re.compile(
    r"(?:SUDAH |TELAH |SDH |TLH )?"
    r"(?:MENINGGAL(?: DUNIA)?|MENINGAL|WAFAT|MATI|MD|ALM|ALMH|ALMARHUM(?:AH)?|DECEASED|DEAD"
    r"|TIDAK VALID|TDK VALID|INVALID)\b"
)


def departed(values: Sequence[str]) -> tuple[str, ...]:
    """The values with this meaning, as written; () for any other column."""
    distinct = {value.strip() for value in values} - {""}
    if len(distinct) > _MOST_VALUES:
        return ()
    return tuple(sorted(value for value in distinct if _GONE.match(_bare(value))))


def _bare(value: str) -> str:
    return text(value).strip("().,- ")
