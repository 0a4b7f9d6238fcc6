"""CSV as text: plain for programs, or in a form that Excel opens without changing a cell.

    for programs    comma, UTF-8 without a byte order mark, LF; every cell unchanged
    for Excel       semicolon (the list separator of Indonesia), UTF-8 with the mark, CRLF

Excel reads 16 digits as a rounded number, 007 as 7, 1-2 as a date, and text that starts with =, +,
- or @ as a formula, in some languages also in their wide forms, and after letters that nobody sees.
In the form for Excel such a cell is written as ="text": Excel shows the text and executes nothing.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence

_BLOCK = 1 << 20
# A literal in an Excel formula has at most 255 characters; longer cells get an apostrophe.
_LITERAL = 255
_CHANGED_BY_EXCEL = re.compile(
    r"[\s\x00\u200b-\u200f\u2060\ufeff]*[=+\-@\t\r\n＝＋－＠]"  # a formula
    r"|\s*[\d.,(]*\d"  # a number, a date, a time
    r"|\s*[^\W\d_]{3,10}[ .\-/]+\d{1,4}\s*$"  # MEI 2020
    r"|\s*(TRUE|FALSE|BENAR|SALAH)\s*$",
    re.IGNORECASE,
)


def blocks(
    header: Sequence[str], rows: Iterable[Sequence[str | int]], *, for_excel: bool = False
) -> Iterator[bytes]:
    """The table in blocks of about one megabyte."""
    buffer = io.StringIO()
    writer = csv.writer(
        buffer,
        delimiter=";" if for_excel else ",",
        lineterminator="\r\n" if for_excel else "\n",
    )
    if for_excel:
        buffer.write("\ufeff")
    shown = as_excel_shows if for_excel else str
    writer.writerow([shown(name) for name in header])
    for row in rows:
        writer.writerow([shown(cell) for cell in row])
        if buffer.tell() > _BLOCK:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def as_excel_shows(cell: str | int) -> str:
    """The cell in a form that Excel shows unchanged; our own counters stay numbers."""
    if isinstance(cell, int) or not _CHANGED_BY_EXCEL.match(cell):
        return str(cell)
    if len(cell) > _LITERAL or "\n" in cell or "\r" in cell:
        return f"'{cell}"
    return '="' + cell.replace('"', '""') + '"'
