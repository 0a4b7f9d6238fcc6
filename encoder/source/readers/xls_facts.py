"""Sheet facts (`sheet_facts`) of an xls workbook (BIFF), as far as its records show them.

The reader reports merged cells. Every formula has a stored result.
"""

from __future__ import annotations

import re
import struct
from array import array
from collections.abc import Iterator
from pathlib import Path

from encoder.source.readers.ole import stream
from encoder.source.readers.sheet_facts import SheetFacts

_EOF, _DATES, _SHEET, _PASSWORD = 0x0A, 0x22, 0x85, 0x2F
# Type and length of a record that describes a row, then its sixteen bytes.
_ROW = re.compile(rb"\x08\x02\x10\x00(.{16})", re.DOTALL)
_HIDDEN = 0x20
# Row, column and format of a cell whose value or formula result is one of the errors.
_ERROR = rb"[\x00\x07\x0f\x17\x1d\x24\x2a]"
_FAILED = re.compile(
    rb"(?:\x05\x02\x08\x00(.{4})..%s\x01|\x06\x00..(.{4})..\x02.%s...\xff\xff)" % (_ERROR, _ERROR),
    re.DOTALL,
)
_MOST_COLUMNS = 256
_FLAG_WIDE = 1
_BIFF8 = 0x0600


def xls_facts(path: Path, sheet: str) -> SheetFacts:
    """Facts of this sheet; `looked` is false if the workbook has a password or is damaged."""
    data = stream(path, "Workbook") or stream(path, "Book")
    records = list(_globals(data))
    starts = dict(_sheets(data, records))
    start = starts.get(sheet)
    if start is None:
        return SheetFacts(looked=False)
    end = min((each for each in starts.values() if each > start), default=len(data))
    from_1904 = any(kind == _DATES and body[:1] == b"\x01" for kind, body in records)
    own = data[start:end]
    return SheetFacts(from_1904=from_1904, hidden=list(_hidden_rows(own)), failed=_failed(own))


def _globals(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The records before the first sheet."""
    at = 0
    while at + 4 <= len(data):
        kind, length = struct.unpack_from("<HH", data, at)
        if kind in (_EOF, _PASSWORD):
            return
        yield kind, data[at + 4 : at + 4 + length]
        at += 4 + length


def _sheets(data: bytes, records: list[tuple[int, bytes]]) -> Iterator[tuple[str, int]]:
    """Name and beginning of each sheet."""
    wide_names = len(data) > 6 and struct.unpack_from("<H", data, 4)[0] == _BIFF8
    for kind, body in records:
        if kind == _SHEET and len(body) > 8:
            name, start = body[8:] if wide_names else body[7:], struct.unpack_from("<I", body)[0]
            wide = wide_names and body[7] & _FLAG_WIDE
            yield name.decode("utf-16-le" if wide else "cp1252", "replace"), start


def _hidden_rows(data: bytes) -> Iterator[int]:
    """Hidden lines from 1. Rows are in order, which separates their records from other bytes."""
    last = -1
    for found in _ROW.finditer(data):
        row, first, end, _, _, _, flags, _ = struct.unpack("<8H", found[1])
        if last < row and first <= end <= _MOST_COLUMNS:
            last = row
            # Rows without a cell are not rows of the list.
            if flags & _HIDDEN and end > first:
                yield row + 1


def _failed(data: bytes) -> dict[int, array[int]]:
    """Lines of failed formulas from 0, by column; may include bytes that match by chance."""
    found: dict[int, set[int]] = {}
    for each in _FAILED.finditer(data):
        row, column = struct.unpack("<HH", each[1] or each[2])
        if column < _MOST_COLUMNS:
            found.setdefault(column, set()).add(row)
    return {column: array("L", sorted(rows)) for column, rows in found.items()}
