"""Whole columns: each distinct cell is normalised once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache, partial
from itertools import chain
from operator import itemgetter
from typing import Any

from encoder.normalise.address import address
from encoder.normalise.codes import rtrw, sex
from encoder.normalise.dates import birth_date
from encoder.normalise.names import alias, father, name, names, ordered
from encoder.normalise.nik import kks, nik_digits, niks
from encoder.normalise.places import place, postal
from encoder.normalise.text import digits, text
from policy.charter import FieldKind

# Longer is no cell of a person's record but a damaged file.
_LONGEST_CELL = 1000
_CELLS_CACHED = 1 << 16
_MOSTLY_DISTINCT: frozenset[FieldKind] = frozenset(["name", "nik", "kk"])
_PLAIN: dict[FieldKind, Callable[[str], str]] = {
    "name": name,
    "text": text,
    "sex": sex,
    "digits": digits,
    "place": place,
    "postal": postal,
    "address": address,
    "rtrw": rtrw,
}
# What a field can yield besides, where an encoding of the charter uses it; nothing else is kept.
PARTS: dict[FieldKind, dict[str, Callable[[str], str]]] = {
    "name": {"ordered": ordered, "alias": alias, "father": father},
    "date": {"about": lambda cell: birth_date(cell).about},
    "nik": {"digits": nik_digits},
}


@dataclass(frozen=True)
class Normalised:
    """Columns of equal length, and how often each doubt occurred. Counts, never values."""

    columns: dict[str, list[str]] = field(repr=False)
    flags: dict[str, int]


def outputs(field_name: str, kind: FieldKind, used: Collection[str] = ()) -> tuple[str, ...]:
    """The identifiers that a field yields: three for a date, one for all others.

    Besides, those of its optional parts (`nama.alias`, `lahir.about`) that are `used`.
    """
    parts = ("year", "month", "day") if kind == "date" else ()
    own = tuple(f"{field_name}.{part}" for part in parts) or (field_name,)
    return (*own, *_optional(field_name, kind, used))


def normalise_column(
    field_name: str, kind: FieldKind, values: Sequence[str], used: Collection[str] = ()
) -> Normalised:
    """All cells of one field, as `outputs` names them. Missing or unusable is ''."""
    normal = _own_columns(field_name, kind, values)
    for column, part in _optional(field_name, kind, used).items():
        known = {cell: part(cell) if len(cell) <= _LONGEST_CELL else "" for cell in set(values)}
        normal.columns[column] = [known[cell] for cell in values]
    return normal


def _optional(
    field_name: str, kind: FieldKind, used: Collection[str]
) -> dict[str, Callable[[str], str]]:
    named = {f"{field_name}.{part}": rule for part, rule in PARTS.get(kind, {}).items()}
    return {column: rule for column, rule in named.items() if column in used}


def _own_columns(field_name: str, kind: FieldKind, values: Sequence[str]) -> Normalised:
    short = max(map(len, values), default=0) <= _LONGEST_CELL
    if kind in _MOSTLY_DISTINCT and short:
        cells, flags = _each(kind, values)
        return Normalised({field_name: cells}, flags)
    named = outputs(field_name, kind)
    rule = _remembered(kind) if short else partial(_normalise, kind)
    found = list(map(rule, values))
    columns = {column: list(map(itemgetter(at), found)) for at, column in enumerate(named)}
    doubts = map(itemgetter(len(named)), found)
    return Normalised(columns, dict(Counter(chain.from_iterable(doubts))))


@cache
def _remembered(kind: FieldKind) -> Callable[[str], tuple[Any, ...]]:
    """`_normalise` with the cells that it saw lately: few are seen for the first time."""
    return lru_cache(_CELLS_CACHED)(partial(_normalise, kind))


def _each(kind: FieldKind, values: Sequence[str]) -> tuple[list[str], dict[str, int]]:
    """Cell by cell, where looking for repeated ones would cost more than it saves."""
    if kind == "nik":
        numbers, flags = niks(values)
        return numbers, dict(flags)
    if kind == "kk":
        return kks(values), {}
    cells = names(values)
    lost = sum(not cell and bool(text(value)) for cell, value in zip(cells, values, strict=True))
    return cells, {"NAME_UNREADABLE": lost} if lost else {}


def _normalise(kind: FieldKind, value: str) -> tuple[Any, ...]:
    """The cells of `outputs`, and last the doubts."""
    if len(value) > _LONGEST_CELL:
        return *("" for _ in outputs("", kind)), ("CELL_TOO_LONG",)
    if kind == "date":
        found = birth_date(value)
        return found.year, found.month, found.day, (found.flag,) if found.flag else ()
    if kind in ("nik", "kk"):
        numbers, flags = niks([value])
        return numbers[0], tuple(flags) if kind == "nik" else ()
    cell = _PLAIN[kind](value)
    lost = not cell and kind in ("name", "sex") and text(value)
    return cell, (f"{kind.upper()}_UNREADABLE",) if lost else ()
