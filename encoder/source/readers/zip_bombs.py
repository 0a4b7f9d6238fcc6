"""Refuses a workbook that a few megabytes would make larger than the memory of a computer.

A workbook is a zip file of XML parts. The XML of tables shrinks to a tenth or a thirtieth. A part
that shrinks to less than a hundredth, and is large, was made to fill memory. Sizes that the file
states of itself prove nothing, so that parts are inflated and counted.
"""

from __future__ import annotations

import zipfile
import zlib
from functools import lru_cache
from pathlib import Path
from typing import IO

_LARGE = 64 * 1024 * 1024
_MOST_RATIO = 100
# Deflate cannot do better, so that a smaller part is never large.
_BEST_RATIO = 1032
_READ = 1 << 16
_AHEAD = 1 << 20
_LOCAL_HEADER = 30


def is_bomb(path: Path) -> bool:
    """Whether a part of this zip file inflates beyond reason; raises BadZipFile or OSError."""
    at = path.stat()
    return _looked_at(path, at.st_size, at.st_mtime_ns)


@lru_cache(maxsize=8)
def _looked_at(path: Path, size: int, changed: int) -> bool:
    with zipfile.ZipFile(path) as archive:
        parts = [part for part in archive.infolist() if part.compress_type == zipfile.ZIP_DEFLATED]
    with path.open("rb") as file:
        for part in parts:
            packed = min(part.compress_size, size)
            if packed * _BEST_RATIO <= _LARGE:
                continue
            file.seek(part.header_offset)
            header = file.read(_LOCAL_HEADER)
            file.seek(sum(int.from_bytes(header[i : i + 2], "little") for i in (26, 28)), 1)
            if _is_beyond(file, packed):
                return True
    return False


def _is_beyond(file: IO[bytes], packed: int) -> bool:
    """Whether the next `packed` bytes inflate to more than is large and reasonable."""
    most = max(_LARGE, packed * _MOST_RATIO)
    inflate, inflated = zlib.decompressobj(-zlib.MAX_WBITS), 0
    while packed > 0 and not inflate.eof:
        waiting = file.read(min(_READ, packed))
        packed -= _READ
        while waiting and not inflate.eof:
            inflated += len(inflate.decompress(waiting, _AHEAD))
            if inflated > most:
                return True
            waiting = inflate.unconsumed_tail
    return False
