"""Finds the columns of a programme's rules in a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from encoder.error_codes import EncoderCode
from encoder.normalise.codes import sex
from encoder.normalise.dates import Order
from encoder.released.programmes.cases import Truth
from encoder.released.programmes.readings import Doubt, read_yes
from encoder.released.programmes.rules import Comparison, DataColumn, FirstByColumn, Programme, Role
from encoder.source.joined_columns import DateColumn
from encoder.source.mapping import FieldSource, columns_of
from encoder.source.mapping import Mapping as SourceMapping
from encoder.source.presets.headers import plain
from policy.base.errors import BadInput, NotYet
from policy.base.words import Words
from policy.charter import FieldKind

_KIND_OF: dict[Role, FieldKind] = {"dob": "date", "sex": "sex"}


@dataclass(frozen=True)
class CellOf:
    """How to take one cell from a row: of one column, or of several that the mapping joins.

    A sex is M, F or empty, however the table writes it.
    """

    names: tuple[str, ...]
    source: FieldSource
    positions: tuple[int, ...]
    is_sex: bool = False

    def __call__(self, row: Sequence[str]) -> str:
        cells = tuple(row[at] for at in self.positions)
        source = self.source
        cell = cells[0] if source is None or isinstance(source, str) else source.join(cells)
        return sex(cell) if self.is_sex else cell


@dataclass(frozen=True)
class RuleColumns:
    """Where a table has each column of a programme, and the family card. A missing one is None."""

    cells: tuple[CellOf | None, ...]
    household: CellOf | None
    date_order: Order = "day-first"

    def row(self, cells: Sequence[str]) -> tuple[str, ...]:
        return tuple("" if cell is None else cell(cells) for cell in self.cells)


@dataclass(frozen=True)
class MappedTable:
    """The names of a table's columns, and how the mapping reads them by kinds of fields."""

    names: tuple[str, ...]
    mapping: SourceMapping
    kinds: Mapping[str, FieldKind]

    def field(self, kind: FieldKind) -> FieldSource:
        """The source of the first field of a kind; None if the mapping has none."""
        sources = (self.mapping.fields.get(n) for n, each in self.kinds.items() if each == kind)
        return next((each for each in sources if each is not None), None)


def wanted_columns(programme: Programme, header: Sequence[str]) -> tuple[str, ...]:
    """The columns of a file that the rules name; the mapping's own are read in any case."""
    found = (_named(column, header) for column in programme.columns.values())
    return tuple(dict.fromkeys(name for name in found if name is not None))


def find_columns(programme: Programme, table: MappedTable) -> RuleColumns:
    """Where the table has the columns; raises BadInput if a condition's column is missing."""
    cells = {key: _cell_of(column, table) for key, column in programme.columns.items()}
    needed = _needed(programme)
    missing = [key for key, cell in cells.items() if cell is None and key in needed]
    if missing:
        raise _missing(programme, missing[0])
    date_source = table.field("date")
    order = date_source.order if isinstance(date_source, DateColumn) else "day-first"
    card = located(table.field("kk"), table.names)
    return RuleColumns(tuple(cells.values()), card, order)


def presence(programme: Programme, columns: RuleColumns, cells: Sequence[str]) -> Truth:
    """Whether a row receives the aid now, by the programme's column."""
    if programme.present is None:
        return Truth.NO
    at = list(programme.columns).index(programme.present)
    if columns.cells[at] is None:
        return Truth.NO
    said = read_yes(programme.columns[programme.present], cells[at])
    if isinstance(said, Doubt):
        return Truth.UNKNOWN
    return Truth.YES if said else Truth.NO


def require_present_list(programme: Programme, columns: RuleColumns, *, is_given: bool) -> None:
    """Raises NotYet if it cannot be known who receives the aid now, since nobody may lose it."""
    at = -1 if programme.present is None else list(programme.columns).index(programme.present)
    if is_given or (at >= 0 and columns.cells[at] is not None):
        return
    raise NotYet(
        EncoderCode.PROGRAMME_PRESENT,
        Words(
            f"Program {programme.id}: tidak diketahui siapa yang menerima bantuan ini sekarang.",
            f"Programme {programme.id}: it is not known who receives this aid now.",
        ),
        Words(
            "Sebut daftar penerima sekarang dengan --present; atau --nobody-present bila"
            " programnya baru.",
            "Name the present list by --present; or give --nobody-present if the programme is new.",
        ),
    )


def _needed(programme: Programme) -> frozenset[str]:
    compared = {each.column for each in programme.leaves() if isinstance(each, Comparison)}
    ordered = {each.column for each in programme.order if isinstance(each, FirstByColumn)}
    return frozenset(compared | ordered)


def _cell_of(column: DataColumn, table: MappedTable) -> CellOf | None:
    if column.role is not None:
        found = located(table.field(_KIND_OF[column.role]), table.names)
        if found is not None:
            return replace(found, is_sex=column.role == "sex")
    name = _named(column, table.names)
    if name is None:
        return None
    return CellOf((name,), name, (table.names.index(name),), column.role == "sex")


def located(source: FieldSource, names: Sequence[str]) -> CellOf | None:
    """Where a table with these names has a field; None if one of its columns is missing."""
    needed = columns_of(source)
    if not needed or not set(needed) <= set(names):
        return None
    return CellOf(needed, source, tuple(names.index(each) for each in needed))


def _named(column: DataColumn, header: Sequence[str]) -> str | None:
    """The column that has the first of the names, compared without case, spaces, underscores."""
    there: dict[str, str] = {}
    for name in header:
        there.setdefault(plain(name), name)
    return next((there[plain(name)] for name in column.names if plain(name) in there), None)


def _missing(programme: Programme, key: str) -> BadInput:
    column = programme.columns[key]
    rules = [
        each.title.words()
        for each in programme.leaves()
        if isinstance(each, Comparison) and each.column == key
    ]
    ordered = [
        each.title.words()
        for each in programme.order
        if isinstance(each, FirstByColumn) and each.column == key
    ]
    rule = (rules or ordered)[0]
    names = ", ".join(column.names) or "-"
    return BadInput(
        EncoderCode.PROGRAMME_COLUMN,
        Words(
            f"Program {programme.id}, aturan '{rule.id}': tabel ini tidak punya kolom"
            f" '{key}' ({column.title.id}). Nama yang dikenal: {names}.",
            f"Programme {programme.id}, rule '{rule.en}': the table has no column"
            f" '{key}' ({column.title.en}). Known names: {names}.",
        ),
        Words(
            "Tambahkan nama kolom itu ke 'names' di berkas aturan; atau terima dahulu kolom itu"
            " dari pengirimnya.",
            "Add the name of your column to 'names' in the rule file; or first receive that column"
            " from its sender.",
        ),
    )
