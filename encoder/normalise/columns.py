"""Whole columns: each distinct cell is normalised once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from functools import cache
from operator import itemgetter

from encoder.normalise.address import address
from encoder.normalise.codes import rtrw, sex
from encoder.normalise.dates import Order, birth_date
from encoder.normalise.names import alias, father, name_rule, names, ordered, says_deceased
from encoder.normalise.nik import kks, nik_digits, niks
from encoder.normalise.places import place, postal
from encoder.normalise.text import digits, is_formula_error, text
from policy.charter import FieldKind

# A longer cell is not a person's record but a damaged file.
_LONGEST_CELL = 1000
_CELLS_CACHED = 1 << 16
_MOSTLY_DISTINCT: frozenset[FieldKind] = frozenset(["name", "nik", "kk"])
_EMPTY = frozenset(["NIK_EMPTY", "KK_EMPTY"])
# For these kinds, a cell with text but without a value is counted under this rule.
_PLAIN: dict[FieldKind, tuple[Callable[[str], str], str]] = {
    "text": (text, ""),
    "sex": (sex, "SEX_UNREADABLE"),
    "digits": (digits, "DIGITS_UNREADABLE"),
    "place": (place, "PLACE_UNREADABLE"),
    "postal": (postal, "POSTAL_UNREADABLE"),
    "address": (address, "ADDRESS_UNREADABLE"),
}
# Optional parts of a field, kept only if an encoding of the charter uses them.
PARTS: dict[FieldKind, dict[str, Callable[[str], str]]] = {
    "name": {"ordered": ordered, "alias": alias, "father": father},
    "date": {"about": lambda cell: birth_date(cell).about},
    "nik": {"digits": nik_digits},
}


@dataclass(frozen=True)
class Normalised:
    """Columns of equal length, and (position, rule) of every cell that met one of CELL_RULES.

    An empty cell meets no rule.
    """

    columns: dict[str, list[str]] = field(repr=False)
    doubts: list[tuple[int, str]]


def outputs(field_name: str, kind: FieldKind, used: Collection[str] = ()) -> tuple[str, ...]:
    """The identifiers of a field: three for a date, one for all others.

    Also its optional parts (`nama.alias`, `lahir.about`) that are `used`.
    """
    parts = ("year", "month", "day") if kind == "date" else ()
    own = tuple(f"{field_name}.{part}" for part in parts) or (field_name,)
    return (*own, *_optional(field_name, kind, used))


def normalise_column(
    field_name: str,
    kind: FieldKind,
    values: Sequence[str],
    used: Collection[str] = (),
    order: Order = "day-first",
) -> Normalised:
    """All cells of one field, in columns as named by `outputs`. Missing or unusable is ''.

    `order` is the order of day and month in dates where both are numbers.
    """
    if not any(values):
        named = outputs(field_name, kind, used)
        return Normalised({column: [""] * len(values) for column in named}, [])
    normal = _own_columns(field_name, kind, values, order)
    for column, part in _optional(field_name, kind, used, order).items():
        known = {cell: part(cell) if len(cell) <= _LONGEST_CELL else "" for cell in set(values)}
        normal.columns[column] = [known[cell] for cell in values]
    return normal


def _optional(
    field_name: str, kind: FieldKind, used: Collection[str], order: Order = "day-first"
) -> dict[str, Callable[[str], str]]:
    named = {f"{field_name}.{part}": rule for part, rule in PARTS.get(kind, {}).items()}
    found = {column: rule for column, rule in named.items() if column in used}
    about = f"{field_name}.about"
    if kind == "date" and about in found:
        found[about] = lambda cell: birth_date(cell, order).about
    return found


def _own_columns(
    field_name: str, kind: FieldKind, values: Sequence[str], order: Order
) -> Normalised:
    if kind in _MOSTLY_DISTINCT and max(map(len, values), default=0) <= _LONGEST_CELL:
        cells, doubts = _each(kind, values)
        return Normalised({field_name: cells}, doubts)
    columns, doubts = _seen(kind, order).columns(values)
    return Normalised(dict(zip(outputs(field_name, kind), columns, strict=True)), doubts)


@cache
def _seen(kind: FieldKind, order: Order) -> _Seen:
    return _Seen(kind, order)


class _Seen(dict[str, tuple[str, ...]]):
    """A cache of `_normalise`: few cells of a chunk are new."""

    def __init__(self, kind: FieldKind, order: Order) -> None:
        super().__init__()
        self._kind, self._order = kind, order
        self._rules: dict[str, str] = {}
        self._full = False

    def columns(self, values: Sequence[str]) -> tuple[list[list[str]], list[tuple[int, str]]]:
        """A column for each of `outputs`, and (position, rule) of the cells that met one."""
        if self._full:
            self.clear()
            self._rules.clear()
            self._full = False
        found, rules = [*map(self.__getitem__, values)], self._rules
        columns = [[*map(itemgetter(at), found)] for at in range(len(outputs("", self._kind)))]
        if rules.keys().isdisjoint(values):
            return columns, []
        return columns, [(at, rules[cell]) for at, cell in enumerate(values) if cell in rules]

    def __missing__(self, cell: str) -> tuple[str, ...]:
        found = self[cell] = _normalise(self._kind, self._order, cell)
        if found[-1]:
            self._rules[cell] = found[-1]
        # A damaged file may have a megabyte in a cell: such a cell is not cached for long.
        if len(self) > _CELLS_CACHED or len(cell) > _LONGEST_CELL:
            self._full = True
        return found


def _each(kind: FieldKind, values: Sequence[str]) -> tuple[list[str], list[tuple[int, str]]]:
    """Normalise cell by cell, if looking for repeated cells would not pay."""
    if kind in ("nik", "kk"):
        numbers, doubts = niks(values) if kind == "nik" else kks(values)
        said = ((at, _of_empty(values[at]) if rule in _EMPTY else rule) for at, rule in doubts)
        return numbers, [(at, rule) for at, rule in said if rule]
    cells = names(values)
    said = ((at, name_rule(values[at], cells[at])) for at in _strange(values, cells))
    told = ((at, rule or _of_empty(values[at])) for at, rule in said)
    return cells, [(at, rule) for at, rule in told if rule]


def _of_empty(value: str) -> str:
    """The rule that a cell without text meets, or ''."""
    return "CELL_FORMULA_ERROR" if is_formula_error(value) else ""


def _strange(values: Sequence[str], cells: Sequence[str]) -> list[int]:
    """Positions of names that may meet a rule; a fast test, since most columns have none."""
    together = "\n".join(values)
    found: set[int] = set()
    if not all(cells):
        found.update(at for at, cell in enumerate(cells) if not cell and values[at])
    if not together.isascii():
        found.update(at for at, value in enumerate(values) if not value.isascii())
    if says_deceased(together):
        found.update(at for at, value in enumerate(values) if says_deceased(value))
    return sorted(found)


def _normalise(kind: FieldKind, order: Order, value: str) -> tuple[str, ...]:
    """The cells of `outputs`, and last the rule that the cell met, or ''."""
    if len(value) > _LONGEST_CELL:
        return *("" for _ in outputs("", kind)), "CELL_TOO_LONG"
    if is_formula_error(value):
        return *("" for _ in outputs("", kind)), "CELL_FORMULA_ERROR"
    if kind == "date":
        return birth_date(value, order)[:4]
    if kind == "rtrw":
        return rtrw(value)
    if kind in _MOSTLY_DISTINCT:
        cells, doubts = _each(kind, [value])
        return cells[0], doubts[0][1] if doubts else ""
    normal, rule = _PLAIN[kind]
    cell = normal(value)
    return cell, rule if not cell and rule and text(value) else ""
