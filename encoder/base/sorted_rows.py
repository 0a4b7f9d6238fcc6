"""Rows of text in the order of their keys, in bounded memory.

Rows beyond a bound are sorted and written to an unnamed file, a run at a time; runs are merged when
the rows are read. Rows are personal data, so the file is encrypted under a key that only this
process has: nothing readable is left on a disk, whatever happens to the process.
"""

from __future__ import annotations

import heapq
import json
import os
import tempfile
from collections.abc import Iterator, Sequence
from operator import itemgetter
from typing import IO

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

SortedRow = tuple[list[str], list[str]]
_HELD = 64 << 20
_ROWS_TOGETHER = 500
# A Python string costs some fifty bytes more than its characters.
_STRING = 50
_NONCE_BYTES = 12
_KEY_BITS = 256


class SortedRows:
    """Collects rows with a key of texts each; holds at most about `held` bytes.

    The rows can be read several times, but not while more are added.
    """

    def __init__(self, held: int = _HELD) -> None:
        self._most = held
        self._size = 0
        self._rows: list[SortedRow] = []
        self._file: IO[bytes] | None = None
        self._cipher = AESGCM(AESGCM.generate_key(_KEY_BITS))
        self._blocks = 0
        self._runs: list[list[tuple[int, int, int]]] = []  # number, offset, length of each block

    def add(self, key: Sequence[str], row: Sequence[str]) -> None:
        """Add a row; rows with equal keys keep their order."""
        self._rows.append((list(key), list(row)))
        self._size += sum(len(cell) + _STRING for part in (key, row) for cell in part)
        if self._size >= self._most:
            self._spill()

    def __iter__(self) -> Iterator[SortedRow]:
        self._rows.sort(key=itemgetter(0))
        runs = [self._run(blocks) for blocks in self._runs]
        return heapq.merge(*runs, iter(self._rows), key=itemgetter(0))

    def close(self) -> None:
        """Give up the file; the rows cannot be read any more."""
        self._rows, self._runs = [], []
        if self._file is not None:
            self._file.close()
            self._file = None

    def _spill(self) -> None:
        if self._file is None:
            self._file = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the rows
        self._rows.sort(key=itemgetter(0))
        blocks = []
        self._file.seek(0, os.SEEK_END)
        for at in range(0, len(self._rows), _ROWS_TOGETHER):
            plain = json.dumps(self._rows[at : at + _ROWS_TOGETHER]).encode()
            offset = self._file.tell()
            self._file.write(self._cipher.encrypt(_nonce(self._blocks), plain, None))
            blocks.append((self._blocks, offset, self._file.tell() - offset))
            self._blocks += 1
        self._runs.append(blocks)
        self._rows, self._size = [], 0

    def _run(self, blocks: list[tuple[int, int, int]]) -> Iterator[SortedRow]:
        for number, offset, length in blocks:
            assert self._file is not None
            self._file.seek(offset)
            plain = self._cipher.decrypt(_nonce(number), self._file.read(length), None)
            yield from ((key, row) for key, row in json.loads(plain))


def _nonce(block: int) -> bytes:
    return block.to_bytes(_NONCE_BYTES, "big")
