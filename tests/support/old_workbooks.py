"""Workbooks of Excel 97 to 2003 (.xls): BIFF8 records in a compound file, what tests need of it.

[MS-XLS] has the records, [MS-CFB] the file. Text is in LABEL records, as programs other than
Excel write it.
"""

from __future__ import annotations

import struct
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

_SECTOR = 512
_NUMBERS_A_SECTOR = _SECTOR // 4
_FREE, _END, _FAT, _DIFAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFC
_IN_HEADER = 109  # sectors of the allocation table that the header has room for
_SMALL = 4096  # smaller streams would lie elsewhere
_GLOBALS, _SHEET = 0x0005, 0x0010
VERY_HIDDEN = 2


@dataclass(frozen=True)
class Failed:
    """A formula that ended in #REF!."""


Area = tuple[int, int, int, int]  # first row, last row, first column, last column


@dataclass(frozen=True)
class OldSheet:
    """Rows and columns count from 0. Cells are text, numbers, bool, `Failed` or None."""

    name: str
    rows: Sequence[Sequence[object]]
    visibility: int = 0
    hidden_rows: Collection[int] = ()
    merged: Sequence[Area] = field(default=())


def old_workbook(path: Path, *sheets: OldSheet, dates_1904: bool = False) -> Path:
    bodies = [b"".join(_sheet_records(sheet)) for sheet in sheets]
    # Where each sheet starts is in the globals, whose length does not depend on it.
    starts = [len(_globals(sheets, [0] * len(sheets), dates_1904))]
    for body in bodies:
        starts.append(starts[-1] + len(body))
    stream = b"".join([_globals(sheets, starts, dates_1904), *bodies])
    path.write_bytes(_compound_file("Workbook", stream))
    return path


def _record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def _beginning(kind: int) -> bytes:
    return _record(0x0809, struct.pack("<HHHHQ", 0x0600, kind, 0, 0, 0))


def _globals(sheets: Sequence[OldSheet], starts: Sequence[int], dates_1904: bool) -> bytes:
    records = [
        _beginning(_GLOBALS),
        _record(0x0042, struct.pack("<H", 1200)),
        _record(0x0022, struct.pack("<H", dates_1904)),
    ]
    for sheet, start in zip(sheets, starts, strict=False):
        name = sheet.name.encode("utf-16-le")
        head = struct.pack("<IBBBB", start, sheet.visibility, 0, len(name) // 2, 1)
        records.append(_record(0x0085, head + name))
    return b"".join([*records, _record(0x000A, b"")])


def _sheet_records(sheet: OldSheet) -> Iterator[bytes]:
    width = max(map(len, sheet.rows), default=0)
    yield _beginning(_SHEET)
    yield _record(0x0200, struct.pack("<IIHHH", 0, len(sheet.rows), 0, width, 0))
    for line in range(len(sheet.rows)):
        flags = 0x0100 | (0x20 if line in sheet.hidden_rows else 0)
        yield _record(0x0208, struct.pack("<HHHHIHH", line, 0, width, 255, 0, flags, 0x0F))
    for line, row in enumerate(sheet.rows):
        for column, cell in enumerate(row):
            yield _cell(struct.pack("<HHH", line, column, 0), cell)
    if sheet.merged:
        areas = b"".join(struct.pack("<HHHH", *area) for area in sheet.merged)
        yield _record(0x00E5, struct.pack("<H", len(sheet.merged)) + areas)
    yield _record(0x000A, b"")


def _cell(place: bytes, cell: object) -> bytes:
    if cell is None:
        return _record(0x0201, place)
    if isinstance(cell, Failed):
        return _record(0x0205, place + b"\x17\x01")
    if isinstance(cell, bool):
        return _record(0x0205, place + bytes([cell, 0]))
    if isinstance(cell, str):
        text = cell.encode("utf-16-le")
        return _record(0x0204, place + struct.pack("<HB", len(text) // 2, 1) + text)
    if isinstance(cell, int | float):
        return _record(0x0203, place + struct.pack("<d", cell))
    raise TypeError("not a cell of this writer")


def _compound_file(name: str, stream: bytes) -> bytes:
    stream = stream.ljust(_SMALL, b"\0")
    data = -(-len(stream) // _SECTOR)
    tables, further = _tables(data + 1)
    first_further = data + 1 + tables
    chain = [*range(1, data), _END, _END, *[_FAT] * tables, *[_DIFAT] * further]
    chain += [_FREE] * (tables * _NUMBERS_A_SECTOR - len(chain))
    places = list(range(data + 1, data + 1 + tables))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack(
        "<IIIIIIIII",
        0,
        tables,
        data,
        0,
        _SMALL,
        _END,
        0,
        *((first_further, further) if further else (_END, 0)),
    )
    header += _numbers(places[:_IN_HEADER], _IN_HEADER)
    directory = _entry("Root Entry", 5, child=1, start=_END, size=0)
    directory += _entry(name, 2, child=_FREE, start=0, size=len(stream))
    return b"".join(
        [
            header,
            stream.ljust(data * _SECTOR, b"\0"),
            directory.ljust(_SECTOR, b"\0"),
            _numbers(chain, len(chain)),
            *_further_tables(places[_IN_HEADER:], first_further),
        ]
    )


def _tables(sectors: int) -> tuple[int, int]:
    """Sectors of the allocation table, and those that list its further sectors."""
    tables = further = 0
    while tables * _NUMBERS_A_SECTOR < sectors + tables + further:
        tables += 1
        further = -(-max(0, tables - _IN_HEADER) // (_NUMBERS_A_SECTOR - 1))
    return tables, further


def _further_tables(places: Sequence[int], first: int) -> Iterator[bytes]:
    room = _NUMBERS_A_SECTOR - 1
    for at in range(0, len(places), room):
        following = first + at // room + 1 if at + room < len(places) else _END
        yield _numbers(places[at : at + room], room) + struct.pack("<I", following)


def _numbers(numbers: Sequence[int], room: int) -> bytes:
    return struct.pack(f"<{room}I", *numbers, *[_FREE] * (room - len(numbers)))


def _entry(name: str, kind: int, *, child: int, start: int, size: int) -> bytes:
    text = f"{name}\0".encode("utf-16-le")
    head = text.ljust(64, b"\0") + struct.pack("<HBBIII", len(text), kind, 1, _FREE, _FREE, child)
    return head + bytes(36) + struct.pack("<IQ", start, size)
