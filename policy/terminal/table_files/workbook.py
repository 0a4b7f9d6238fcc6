"""An Excel workbook, row by row: text stays text, also 16 digits and text like a formula."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from policy.base.error_codes import PolicyCode
from policy.base.errors import BadInput
from policy.base.files import folder_beside
from policy.base.words import Words

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

_CELL_CHARACTERS = 32_767
_WIDEST, _NARROWEST = 40, 6
# This number of rows tells how wide columns are whose cells are not known in advance.
_MEASURED = 1_000
# The height of one line, in points.
_LINE = 15
_NAME_CHARACTERS = 31
_NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]+")
# The first is a name that Excel keeps for itself.
_NO_NAMES = frozenset(["", "history"])


@dataclass(frozen=True)
class Sheet:
    """One sheet: a header, rows, and how it looks.

    `widths` are the longest cells of each column, in characters, where they are known. A cell
    longer than `widest` goes on in a second line. Cells of the columns `marked` that equal a key
    of `tints` get its colour. `footer` is on each page. `links` are the sheets to which the cells
    of the second column lead, row by row; empty for none. With `has_total` the last row is a
    total, which the filter leaves where it is.
    """

    name: str
    header: Sequence[str]
    rows: Iterable[Sequence[str | int]] = field(repr=False)
    widths: Sequence[int] = ()
    widest: int = _WIDEST
    marked: tuple[int, ...] = ()
    tints: Mapping[str, str] = field(default_factory=dict)
    footer: str = ""
    links: Sequence[str] = ()
    has_total: bool = False


def sheet_name(text: str, taken: Iterable[str] = ()) -> str:
    """A name that Excel accepts and that is not taken, in any letter case."""
    used = {name.casefold() for name in taken} | _NO_NAMES
    base = " ".join(_NOT_IN_A_NAME.sub(" ", text).split()).strip("'") or "-"
    name, count = base[:_NAME_CHARACTERS].strip("' "), 1
    while name.casefold() in used:
        count += 1
        end = f" ({count})"
        name = base[: _NAME_CHARACTERS - len(end)].strip("' ") + end
    return name


def require_fitting(cell: str, number: int, column: str) -> None:
    """Checks that a cell of this row is not too long; raises BadInput. It would be left out."""
    if len(cell) > _CELL_CHARACTERS:
        raise _too_much(number, column)


def write_workbook(path: Path, sheets: Iterable[Sheet], *, small: bool = False) -> None:
    """Write the workbook; temporary files are next to `path`, in a folder named after it.

    A `small` workbook is made in memory, which takes a tenth of the time for few rows.
    """
    import xlsxwriter
    from xlsxwriter.exceptions import FileCreateError

    with folder_beside(path, f"{path.name}.") as folder:
        how = {"in_memory": True} if small else {"constant_memory": True, "tmpdir": str(folder)}
        book = xlsxwriter.Workbook(str(path), how)
        book.use_zip64()
        # Equal tables give equal files, so the file has no time of writing.
        book.set_properties({"created": datetime(2000, 1, 1)})
        try:
            looks = _Looks.of(book)
            for each in sheets:
                _write(book, each, looks)
            book.close()
        except FileCreateError as error:
            raise error.args[0] from None
        finally:
            for opened in book.worksheets():
                if opened.row_data_fh is not None:
                    opened.row_data_fh.close()


@dataclass
class _Looks:
    """The formats of a workbook, each made once."""

    text: Any
    long: Any
    head: Any
    count: Any
    link: Any
    _new: Callable[[dict[str, str]], Any] = field(repr=False)
    _tints: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, book: Any) -> _Looks:
        text = {"num_format": "@", "valign": "top"}
        long = {**text, "text_wrap": True}
        head = {**long, "bold": True, "bg_color": "#E8F1F6", "bottom": 1}
        new = book.add_format
        link = {**text, "font_color": "#0B5394", "underline": 1}
        return cls(new(text), new(long), new(head), new({"valign": "top"}), new(link), new)

    def tint(self, colour: str) -> Any:
        if colour not in self._tints:
            self._tints[colour] = self._new({"bg_color": colour})
        return self._tints[colour]


def _inside(name: str) -> str:
    """The address of a sheet of the same workbook."""
    quoted = name.replace("'", "''")
    return f"internal:'{quoted}'!A1"


def _write(book: Any, each: Sheet, looks: _Looks) -> None:
    each = _measured(each)
    sheet = book.add_worksheet(each.name)
    sheet.freeze_panes(1, 0)
    for column, name in enumerate(each.header):
        require_fitting(name, 0, str(column + 1))
        sheet.set_column(column, column, _width(each, column))
        sheet.write_string(0, column, name, looks.head)
    number = 0
    for number, row in enumerate(each.rows, start=1):
        lines = max((_lines(cell, each.widest) for cell in row), default=1)
        if lines > 1:
            sheet.set_row(number, lines * _LINE)
        for column, cell in enumerate(row):
            if isinstance(cell, int):
                sheet.write_number(number, column, cell, looks.count)
            elif cell:
                require_fitting(cell, number, each.header[column])
                link = each.links[number - 1] if column == 1 and number <= len(each.links) else ""
                look = looks.long if len(cell) > each.widest else looks.text
                if link:
                    sheet.write_url(number, column, _inside(link), looks.link, cell)
                else:
                    sheet.write_string(number, column, cell, look)
    if each.header:
        last = number - 1 if each.has_total and number > 1 else number
        sheet.autofilter(0, 0, last, len(each.header) - 1)
    _set_colours(sheet, each, number, looks)
    _set_print(sheet, each)


def _measured(each: Sheet) -> Sheet:
    """The sheet with known widths: those of the first rows, if it was given none."""
    if each.widths:
        return each
    rows = iter(each.rows)
    first = list(islice(rows, _MEASURED))
    widths = [
        max((len(str(row[at])) for row in first), default=0) for at in range(len(each.header))
    ]
    return replace(each, widths=widths, rows=chain(first, rows))


def _lines(cell: str | int, widest: int) -> int:
    """The lines that a cell takes."""
    return 1 if isinstance(cell, int) or len(cell) <= widest else -(-_room(len(cell)) // widest)


def _room(letters: int) -> int:
    """The digits that take as much room as these letters, which may be capitals."""
    return letters * 9 // 8


def _width(each: Sheet, column: int) -> int:
    # The arrow of the filter takes some room of the header.
    longest = max(_room(each.widths[column]) + 2, len(each.header[column]) + 3)
    return min(each.widest, max(_NARROWEST, longest))


def _set_colours(sheet: Worksheet, each: Sheet, rows: int, looks: _Looks) -> None:
    for column in each.marked:
        for value, colour in each.tints.items():
            tint = looks.tint(colour)
            rule = {"type": "cell", "criteria": "==", "value": f'"{value}"', "format": tint}
            sheet.conditional_format(1, column, max(rows, 1), column, rule)


def _set_print(sheet: Worksheet, each: Sheet) -> None:
    """Landscape on A4 with narrow margins, all columns on one page, the header on every page."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.3, right=0.3, top=0.4, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    if each.footer:
        sheet.set_footer(f"&L{each.footer.replace('&', '&&')}&R&P / &N")


def _too_much(number: int, column: str) -> BadInput:
    return BadInput(
        PolicyCode.TABLE_CELL,
        Words(
            f"Baris {number}, kolom {column}: satu sel Excel memuat paling banyak"
            f" {_CELL_CHARACTERS} huruf.",
            f"Row {number}, column {column}: a cell of Excel holds at most {_CELL_CHARACTERS}"
            " characters.",
        ),
        Words(
            "Beri nama berakhiran .csv atau .parquet.", "Give a name that ends in .csv or .parquet."
        ),
    )
