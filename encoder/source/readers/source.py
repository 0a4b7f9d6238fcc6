"""Common parts of all formats: blocks of columns, column names, cells as text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from itertools import islice, pairwise
from typing import Protocol, TypeVar

from encoder.error_codes import EncoderCode
from encoder.source.presets.layouts import known_headers, meant_with_group
from policy.base.errors import BadInput
from policy.base.words import Words

_LAST_EXACT = 2**53
_NIK_DIGITS = 16
_DIGITS_OF_A_DATE = 6
_MOST_RANGES = 10
_T = TypeVar("_T")


@dataclass(frozen=True)
class Block:
    """Some rows of a source, by column in the requested order.

    `refused` are unreadable rows, by number and rule. `rounded` are identifier cells that hold a
    number and may have lost digits, `uncomputed` are formulas without a value: both as
    (position of the row in this block, position of the column).
    """

    numbers: list[int]
    columns: list[list[str]] = field(repr=False)
    refused: list[tuple[int, str]]
    rounded: list[tuple[int, int]]
    uncomputed: list[tuple[int, int]] = field(default_factory=list)


@dataclass(frozen=True)
class SourceNote:
    """A note for the officer on a source as a whole: a count of something, without any cell.

    `rows` are the first rows concerned, by number. For several sheets they are the first
    row of each sheet, and `names` are the sheets' names.
    """

    code: str
    count: int
    words: Words
    rows: tuple[int, ...] = ()
    names: tuple[str, ...] = ()


class TableSource(Protocol):
    """A table of one format. `name` is its name in errors; it contains no password."""

    name: str

    def notes(self) -> tuple[SourceNote, ...]:
        """Notes on unusual things in the file: damaged lines, hidden rows, merged cells."""

    def first_rows(self, count: int) -> list[list[str]]:
        """The first lines unchanged, including the header, for `inspect`."""

    def blocks(
        self, wanted: Sequence[str], identifiers: frozenset[str], rows_at_once: int
    ) -> Iterator[Block]:
        """All rows in order; `identifiers` are the columns that hold a NIK or a KK."""


def text_of(value: object) -> str:
    """A cell as an officer sees it; dates in ISO form, whole numbers without a point."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        # Data frames write a missing cell as NaN.
        return "" if value != value else f"{value:.0f}" if value.is_integer() else repr(value)
    if isinstance(value, Decimal):
        return f"{value:f}" if value != value.to_integral_value() else f"{int(value)}"
    if isinstance(value, datetime):
        whole_day = value.time() == time()
        return value.date().isoformat() if whole_day else value.isoformat(" ", "seconds")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def lost_digits(value: object) -> bool:
    """Whether a number may differ from the sixteen digits that were typed.

    Beyond 2^53 a float skips numbers. Below, a spreadsheet keeps fifteen digits and
    writes 0 for the sixteenth, so that a last digit of 0 cannot be trusted either.
    """
    if not isinstance(value, float) or not value.is_integer():
        return False
    return abs(value) > _LAST_EXACT or (len(f"{abs(value):.0f}") == _NIK_DIGITS and value % 10 == 0)


def header_of(lines: Sequence[Sequence[object]], wanted: Sequence[str] = ()) -> list[str]:
    """The name of each column, with spaces and line ends inside it as one space.

    If names are on several lines, the lowest non-empty one counts.

    If a name would occur twice, or has no meaning alone (`Tanggal` below `Kelahiran`), its
    group's name precedes it. A group is a cell of a line above; in merged cells only the
    first column has it. A mapping may still use the name alone if it occurs once.
    """
    width = max(map(len, lines), default=0)
    cells = [[_name(text_of(cell)) for cell in line] for line in lines]
    cells = [[*line, *[""] * (width - len(line))] for line in cells]
    names = [next(filter(None, column), "") for column in zip(*reversed(cells), strict=True)]
    groups = [""] * width
    for above, below in pairwise(cells):
        group = ""
        for at in range(width):
            group = above[at] or (group if below[at] else "")
            groups[at] = group or groups[at]
    return [
        f"{group} {name}" if _needs_group(group, name, names, wanted) else name
        for group, name in zip(groups, names, strict=True)
    ]


def _needs_group(group: str, name: str, names: list[str], wanted: Sequence[str]) -> bool:
    if not group or not name or group == name:
        return False
    if names.count(name) > 1:
        return True
    return name not in map(_name, wanted) and meant_with_group(group, name, names)


def _name(header: str) -> str:
    return " ".join(header.split())


def positions(name: str, header: Sequence[str], wanted: Sequence[str]) -> list[int]:
    """Positions of the wanted columns; raises BadInput that names the missing ones."""
    if not any(header):
        raise empty(name)
    names = list(map(_name, header))
    missing = [column for column in dict.fromkeys(wanted) if _name(column) not in names]
    repeated = sorted({column for column in wanted if names.count(_name(column)) > 1})
    if not missing and not repeated:
        return [names.index(_name(column)) for column in wanted]
    which = ", ".join(missing or repeated)
    there = _told(names, set(map(_name, wanted)))
    problem_id = "tidak ada kolom" if missing else "kolom berulang"
    problem_en = "there is no column" if missing else "a column repeats"
    raise BadInput(
        EncoderCode.FILE_COLUMNS,
        Words(f"{name}: {problem_id}: {which}.", f"{name}: {problem_en}: {which}."),
        Words(
            f"{there.id} Sesuaikan pemetaan, pembatas, atau header_row.",
            f"{there.en} Adjust the mapping, the delimiter or header_row.",
        )
        if missing
        else Words(
            "Beri kolom-kolom itu nama yang berbeda di berkasnya.",
            "Give these columns different names in the file.",
        ),
    )


def looks_like_names(header: Sequence[str], known: int) -> bool:
    """Whether a line has column names, `known` of them known; otherwise it may be a person.

    A cell with as many digits as a date is not a name, unless most others are names.
    """
    filled = sum(bool(cell) for cell in header)
    numbers = any(sum(map(str.isdecimal, cell)) >= _DIGITS_OF_A_DATE for cell in header)
    return known > 0 and not (numbers and 2 * known < filled)


def _told(header: Sequence[str], wanted: set[str]) -> Words:
    """The column names for a message, but never the cells of a first row without a header."""
    known = max(known_headers(header), len(wanted.intersection(header)))
    if not looks_like_names(header, known):
        return Words(
            "Baris itu tidak tampak seperti judul kolom.",
            "That line does not look like the names of columns.",
        )
    names = ", ".join(header)
    return Words(f"Kolom di berkas: {names}.", f"Columns of the file: {names}.")


def empty(name: str) -> BadInput:
    return BadInput(
        EncoderCode.FILE_EMPTY,
        Words(f"{name}: berkas kosong.", f"{name}: the file is empty."),
        Words("Periksa apakah ekspornya berhasil.", "Check that the export succeeded."),
    )


def listed(rows: Sequence[int]) -> str:
    """Row numbers for a sentence: the first few, with neighbours as a range."""
    ranges: list[list[int]] = []
    for row in rows:
        if ranges and row == ranges[-1][1] + 1:
            ranges[-1][1] = row
        else:
            ranges.append([row, row])
    told = [f"{low}" if low == high else f"{low}-{high}" for low, high in ranges]
    return ", ".join(told[:_MOST_RANGES]) + (", ..." if len(told) > _MOST_RANGES else "")


def batched(items: Iterable[_T], size: int) -> Iterator[list[_T]]:
    """Lists of at most `size` items."""
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch
