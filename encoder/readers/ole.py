"""The names of the streams in an OLE file: xls, doc, an encrypted xlsx."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import BinaryIO

_HEADER = 512
_ENTRY = 128
_END = 0xFFFFFFFA
_MOST_SECTORS = 4096


def stream_names(path: Path) -> tuple[str, ...]:
    """In the order of the directory; none if the file is damaged."""
    try:
        with path.open("rb") as file:
            return tuple(_names(file))
    except (OSError, struct.error, ValueError):
        return ()


def _names(file: BinaryIO) -> list[str]:
    header = file.read(_HEADER)
    size = 1 << struct.unpack_from("<H", header, 30)[0]
    fat = [each for each in struct.unpack_from("<109I", header, 76) if each < _END]
    sector, names, seen = struct.unpack_from("<I", header, 48)[0], [], 0
    while sector < _END and seen < _MOST_SECTORS:
        seen += 1
        directory = _sector(file, sector, size)
        for at in range(0, len(directory), _ENTRY):
            length = struct.unpack_from("<H", directory, at + 64)[0]
            if 2 < length <= 64:
                names.append(directory[at : at + length - 2].decode("utf-16-le", "replace"))
        sector = _next(file, sector, size, fat)
    return names


def _next(file: BinaryIO, sector: int, size: int, fat: list[int]) -> int:
    """The sector after this one, as the table of sectors has it."""
    table, at = divmod(sector, size // 4)
    if table >= len(fat):
        return _END
    found: int = struct.unpack_from("<I", _sector(file, fat[table], size), at * 4)[0]
    return found


def _sector(file: BinaryIO, number: int, size: int) -> bytes:
    file.seek(size * (number + 1))
    return file.read(size)
