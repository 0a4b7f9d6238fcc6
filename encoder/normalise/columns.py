"""Whole columns: each distinct cell is normalised once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from encoder.normalise.address import address
from encoder.normalise.codes import kk, nik, place, rtrw, sex
from encoder.normalise.dates import birth_date
from encoder.normalise.names import name
from encoder.normalise.text import digits, text
from policy.charter import FieldKind

# Longer is no cell of a person's record but a damaged file.
_LONGEST_CELL = 1000
_MOSTLY_DISTINCT: frozenset[FieldKind] = frozenset(["name", "nik", "kk"])
_PLAIN: dict[FieldKind, Callable[[str], str]] = {
    "name": name,
    "text": text,
    "sex": sex,
    "digits": digits,
    "kk": kk,
    "place": place,
    "address": address,
    "rtrw": rtrw,
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
    if kind in _MOSTLY_DISTINCT and max(map(len, values), default=0) <= _LONGEST_CELL:
        cells, flags = _each(kind, values)
        return Normalised({field_name: cells}, flags)
    known: dict[str, tuple[tuple[str, ...], str]] = {}
    for value in values:
        if value not in known:
            known[value] = _normalise(kind, value)
    columns: dict[str, list[str]] = {}
    for part, name_of_part in enumerate(outputs(field_name, kind)):
        cell_of = {value: cells[part] for value, (cells, _) in known.items()}
        columns[name_of_part] = [cell_of[value] for value in values]
    doubtful = {value: flag for value, (_, flag) in known.items() if flag}
    counted = Counter(doubtful[value] for value in values if value in doubtful) if doubtful else {}
    return Normalised(columns, dict(counted))


def _each(kind: FieldKind, values: Sequence[str]) -> tuple[list[str], dict[str, int]]:
    """Cell by cell, where looking for repeated ones would cost more than it saves."""
    if kind == "nik":
        found = list(map(nik, values))
        return [number for number, _ in found], dict(Counter(flag for _, flag in found if flag))
    cells = list(map(_PLAIN[kind], values))
    if kind != "name":
        return cells, {}
    lost = sum(not cell and bool(text(value)) for cell, value in zip(cells, values, strict=True))
    return cells, {"NAME_UNREADABLE": lost} if lost else {}


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
