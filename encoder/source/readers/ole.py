"""OLE files (xls, doc, an encrypted xlsx): the names of their streams, and the bytes of one."""

from __future__ import annotations

import struct
import sys
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

_HEADER = 512
_ENTRY = 128
_LAST = 0xFFFFFFFA
# Shorter streams are stored elsewhere; no workbook is that short.
_SHORTEST = 4096
_ERRORS = (OSError, struct.error, ValueError, IndexError, OverflowError)


@dataclass(frozen=True)
class _Stream:
    name: str
    sector: int
    size: int


def stream_names(path: Path) -> tuple[str, ...]:
    """The names in directory order; empty if the file is damaged."""
    try:
        with path.open("rb") as file:
            return tuple(each.name for each in _Ole(file).directory())
    except _ERRORS:
        return ()


def stream(path: Path, name: str) -> bytes:
    """The bytes of one stream; empty if it is missing or the file is damaged."""
    try:
        with path.open("rb") as file:
            ole = _Ole(file)
            found = next((each for each in ole.directory() if each.name == name), None)
            if found is None or found.size < _SHORTEST:
                return b""
            return b"".join(ole.sectors(found.sector))[: found.size]
    except _ERRORS:
        return b""


class _Ole:
    """Sectors of one size, and the table that links each sector to the next."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        header = file.read(_HEADER)
        self._size = 1 << struct.unpack_from("<H", header, 30)[0]
        self._first = struct.unpack_from("<I", header, 48)[0]
        self._next = array("I")
        for sector in self._tables(header):
            self._next.frombytes(self._sector(sector))
        if sys.byteorder == "big":
            self._next.byteswap()

    def directory(self) -> Iterator[_Stream]:
        for part in self.sectors(self._first):
            for at in range(0, len(part), _ENTRY):
                length = struct.unpack_from("<H", part, at + 64)[0]
                if 2 < length <= 64:
                    name = part[at : at + length - 2].decode("utf-16-le", "replace")
                    yield _Stream(name, *struct.unpack_from("<II", part, at + 116))

    def sectors(self, sector: int) -> Iterator[bytes]:
        """The sectors from this one to the end of its chain."""
        for _ in range(len(self._next)):
            if sector >= _LAST:
                return
            yield self._sector(sector)
            sector = self._next[sector]

    def _tables(self, header: bytes) -> Iterator[int]:
        """The sectors of the table's parts: 109 in the header, others in a chain."""
        yield from _used(struct.unpack_from("<109I", header, 76))
        more, count = struct.unpack_from("<II", header, 68)
        for _ in range(count):
            if more >= _LAST:
                return
            *parts, more = struct.unpack(f"<{self._size // 4}I", self._sector(more))
            yield from _used(parts)

    def _sector(self, number: int) -> bytes:
        self._file.seek(self._size * (number + 1))
        return self._file.read(self._size)


def _used(sectors: list[int] | tuple[int, ...]) -> Iterator[int]:
    return (each for each in sectors if each < _LAST)
