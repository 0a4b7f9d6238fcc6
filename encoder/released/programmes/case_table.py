"""Cases made from the rows of a table, with the cells that the lists show."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from encoder.normalise.nik import kk
from encoder.released.programmes.cases import CaseRow, Caution, Truth
from encoder.released.programmes.columns import (
    MappedTable,
    RuleColumns,
    find_columns,
    presence,
    require_present_list,
)
from encoder.released.programmes.present import PresentChoice, PresentList, load_present, row_keys
from encoder.released.programmes.rules import Programme
from encoder.source.mapping import columns_of

T = TypeVar("T")
Advance = Callable[[int], None]
_STEP = 1000
# One text a row takes a third of the memory of its cells.
_BETWEEN = "\x1f"


@dataclass(frozen=True)
class CaseTable:
    """Cases, and the cells that a list shows for each. `absent` as in `evaluate`.

    `outside` are the numbers of the file's rows that are not of the dataset and were not judged.
    """

    header: tuple[str, ...]
    cases: tuple[CaseRow, ...] = field(repr=False)
    columns: RuleColumns
    absent: tuple[str, ...] = field(default=(), repr=False)
    _shown: Mapping[int, str] = field(default_factory=dict, repr=False)
    outside: tuple[int, ...] = ()

    def shown_cells(self, number: int) -> list[str]:
        """The cells of one row, in the order of the header."""
        return self._shown[number].split(_BETWEEN)


@dataclass(frozen=True)
class RowFacts:
    """What is known of one row in addition to the cells of the rules."""

    number: int
    person: str = field(repr=False)
    record_id: str = field(repr=False)
    confirmed: tuple[Truth, ...] = ()
    cautions: tuple[Caution, ...] = ()
    more: tuple[str, ...] = field(default=(), repr=False)  # cells that only the lists show


class CaseMaker:
    """Makes cases from the rows of one table."""

    def __init__(self, programme: Programme, table: MappedTable, choice: PresentChoice) -> None:
        """Raises BadInput if a column is missing, NotYet if there is no present list."""
        self._programme, self._table = programme, table
        self._columns = find_columns(programme, table)
        given = choice.path is not None or choice.nobody
        require_present_list(programme, self._columns, is_given=given)
        self._by_household = programme.unit == "household"
        self._earlier = _earlier(table, choice, by_household=self._by_household)
        self._wanted = self._earlier.keys() if self._earlier else frozenset()
        nik_columns = columns_of(table.field("nik"))
        self._nik = table.names.index(nik_columns[0]) if nik_columns else None
        self._seen: list[frozenset[str]] = []
        self._cases: list[CaseRow] = []
        self._shown: dict[int, str] = {}

    def nik_cell(self, cells: Sequence[str]) -> str:
        return "" if self._nik is None else cells[self._nik]

    def add(self, cells: Sequence[str], facts: RowFacts) -> None:
        """One row: its cells in the order of the table's names."""
        card = self._columns.household(cells) if self._columns.household else ""
        keys = self._wanted and self._wanted & row_keys(
            facts.record_id, self.nik_cell(cells), card, by_household=self._by_household
        )
        used = self._columns.row(cells)
        if keys:
            self._seen.append(keys)
        present = Truth.YES if keys else presence(self._programme, self._columns, used)
        number = facts.number
        self._cases.append(
            CaseRow(number, facts.person, kk(card), used, facts.confirmed, facts.cautions, present)
        )
        shown = (*cells, *facts.more)
        self._shown[number] = _BETWEEN.join(cell.replace(_BETWEEN, " ") for cell in shown)

    def table(self, more: Sequence[str] = (), outside: Sequence[int] = ()) -> CaseTable:
        """All rows that were added. `more` are the names of the cells that only the lists show."""
        return CaseTable(
            (*self._table.names, *more),
            tuple(self._cases),
            self._columns,
            self._earlier.absent(self._seen) if self._earlier else (),
            self._shown,
            tuple(outside),
        )


def _earlier(
    table: MappedTable, choice: PresentChoice, *, by_household: bool
) -> PresentList | None:
    if choice.path is None:
        return None
    ids = columns_of(table.mapping.record_id)
    return load_present(choice.path, ids, by_household=by_household)


def counted(rows: Iterable[T], advance: Advance) -> Iterator[T]:
    """The rows; `advance` is told of every thousand."""
    for number, row in enumerate(rows, 1):
        yield row
        if number % _STEP == 0:
            advance(_STEP)
