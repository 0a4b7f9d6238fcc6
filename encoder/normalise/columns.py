"""Whole columns: each distinct cell is normalised once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from encoder.normalise.codes import kk, nik, sex
from encoder.normalise.dates import birth_date
from encoder.normalise.names import name
from encoder.normalise.text import digits, text
from policy.charter import FieldKind

# Longer is no cell of a person's record but a damaged file.
_LONGEST_CELL = 1000
_PLAIN: dict[FieldKind, Callable[[str], str]] = {
    "name": name,
    "text": text,
    "sex": sex,
    "digits": digits,
    "kk": kk,
    "place": text,
    "address": text,
    "rtrw": digits,
}


@dataclass(frozen=True)
class Normalised:
    """Columns of equal length, and how often each doubt occurred. Counts, never values."""

    columns: dict[str, list[str]] = field(repr=False)
    flags: dict[str, int]


def outputs(field_name: str, kind: FieldKind) -> tuple[str, ...]:
    """The identifiers that a field yields: three for a date, one for all others."""
    if kind == "date":
        return tuple(f"{field_name}.{part}" for part in ("year", "month", "day"))
    return (field_name,)


def normalise_column(field_name: str, kind: FieldKind, values: Sequence[str]) -> Normalised:
    """All cells of one field. Missing or unusable is ''."""
    known: dict[str, tuple[tuple[str, ...], str]] = {}
    found = []
    for value in values:
        if value not in known:
            known[value] = _normalise(kind, value)
        found.append(known[value])
    names = outputs(field_name, kind)
    columns = {each: [cells[i] for cells, _ in found] for i, each in enumerate(names)}
    flags = Counter(flag for _, flag in found if flag)
    return Normalised(columns, dict(flags))


def _normalise(kind: FieldKind, value: str) -> tuple[tuple[str, ...], str]:
    if len(value) > _LONGEST_CELL:
        return ("",) * len(outputs("", kind)), "CELL_TOO_LONG"
    if kind == "date":
        found = birth_date(value)
        return (found.year, found.month, found.day), found.flag
    if kind == "nik":
        number, flag = nik(value)
        return (number,), flag
    cell = _PLAIN[kind](value)
    lost = not cell and kind in ("name", "sex") and text(value)
    return (cell,), f"{kind.upper()}_UNREADABLE" if lost else ""
