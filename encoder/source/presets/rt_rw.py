"""A column of RT and RW by its cells, whatever its name: Regsosek writes them as its SLS."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from encoder.normalise.text import text

# Both numbers by their letters and nothing else: an address with RT and RW is another column.
_RT, _RW = r"R\.?\s?T\W*\d{1,3}", r"R\.?\s?W\W*\d{1,3}"
_BOTH = re.compile(rf"\W*(?:{_RT}\W*{_RW}|{_RW}\W*{_RT})\W*")
_SHARE = 0.8


def rt_rw_column(cells: Mapping[str, Sequence[str]], free: Collection[str]) -> str | None:
    """The first free column of which most filled cells are an RT with its RW."""
    return next((name for name, seen in cells.items() if name in free and _is_rt_rw(seen)), None)


def _is_rt_rw(cells: Sequence[str]) -> bool:
    filled = [cleaned for cell in cells if (cleaned := text(cell))]
    fitting = sum(_BOTH.fullmatch(cell) is not None for cell in filled)
    return bool(filled) and fitting >= _SHARE * len(filled)
