"""The by-name-by-address list: rows of the joined table, sorted for field work and divided.

Rows are sorted by kecamatan, kelurahan, RW and RT in bounded memory, each once for every part of
the list on which it belongs. A part is a sheet or a file: people of one kind, of one area.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from itertools import groupby, islice

from encoder.base.sorted_rows import SortedRow, SortedRows
from encoder.released.lists.areas import Areas, place_key
from encoder.released.lists.choices import ListChoices, ListedPeople
from encoder.released.lists.joined import JoinedTable
from encoder.released.lists.list_columns import ListColumns
from encoder.steps.source_match import Differences

_NUMBER_DIGITS = 12
Advance = Callable[[int], None]


@dataclass(frozen=True)
class ListPart:
    """One sheet or file of a list: who is on it, and the key of its area ('' for all)."""

    people: ListedPeople
    area: str = ""


@dataclass
class ByNameList:
    """A list that was read and sorted, ready to be written."""

    columns: ListColumns
    choices: ListChoices
    areas: Areas
    differences: Differences
    # The longest cell of each column, in characters.
    widths: list[int]
    _rows: SortedRows = field(repr=False)
    # Rows of the file that are not of the dataset; unknown where only matches were read.
    outside: int | None = None

    def books(self) -> Iterator[tuple[str, Iterator[tuple[ListPart, Iterator[list[str]]]]]]:
        """The parts of each book, in order, with their rows: the key of its area, and the parts.

        A book is a file, or all files of one area. Each part's rows must be read before the next.
        """
        read = groupby(iter(self._rows), key=_part_key)
        waiting = next(read, None)

        def parts(of_book: Sequence[ListPart]) -> Iterator[tuple[ListPart, Iterator[list[str]]]]:
            nonlocal waiting
            for part in of_book:
                if waiting is not None and waiting[0] == self._key(part):
                    yield part, (cells for _, cells in waiting[1])
                    waiting = next(read, None)
                else:
                    yield part, iter(())

        for book in self.book_keys():
            yield book, parts(self.parts_of(book))

    def book_keys(self) -> list[str]:
        """The key of each book's area: of every area if areas are files, else '' alone."""
        return self.areas.keys() if self.choices.has_folder else [""]

    def parts_of(self, book: str) -> list[ListPart]:
        """The parts of one book. Only those who were found are divided into sheets."""
        if self.choices.has_folder:
            return [ListPart(people, book) for people in self.choices.people]
        return [
            ListPart(people, area)
            for people in self.choices.people
            for area in (self.areas.keys() if _is_divided(self.choices, people) else [""])
        ]

    def first(self, count: int) -> list[list[str]]:
        """The first rows."""
        return [cells for _, cells in islice(iter(self._rows), count)]

    def _key(self, part: ListPart) -> tuple[str, str, str]:
        return _key_of(self.choices, part.people, part.area)


@contextmanager
def by_name_list(
    table: JoinedTable,
    choices: ListChoices,
    *,
    marks_changes: bool = False,
    advance: Advance = lambda _: None,
) -> Iterator[ByNameList]:
    """Read and sort the people of a list; they are given up at the end."""
    language = choices.language
    columns = ListColumns.of(table, marks_changes=marks_changes, ids=choices.ids, language=language)
    areas = Areas(choices.split, choices.everybody, table.graded, language)
    widths = [0] * len(columns.header)
    with closing(SortedRows()) as rows:
        outside: list[int] = []
        for row in table.rows(outside.append):
            area = areas.count(row)
            cells = columns.cells(table, row)
            for people in choices.of_row(row):
                widths = list(map(max, widths, map(len, cells)))
                number = str(row.number).zfill(_NUMBER_DIGITS)
                rows.add((*_key_of(choices, people, area), place_key(row.place), number), cells)
            advance(1)
        left_out = len(outside) if choices.everybody else None
        yield ByNameList(columns, choices, areas, table.differences, widths, rows, left_out)


def _key_of(choices: ListChoices, people: ListedPeople, area: str) -> tuple[str, str, str]:
    """Book, people and sheet: the order of the parts."""
    order = str(tuple(ListedPeople).index(people))
    if choices.has_folder:
        return area, order, ""
    return "", order, area if _is_divided(choices, people) else ""


def _is_divided(choices: ListChoices, people: ListedPeople) -> bool:
    return people is choices.people[0]


def _part_key(row: SortedRow) -> tuple[str, ...]:
    return tuple(row[0][:3])
