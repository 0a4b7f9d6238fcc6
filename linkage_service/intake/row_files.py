"""The rows of a run as files of columns, which are mapped and not held.

    DATASET.handles, DATASET.tokens     16 bytes a row; without a NIK leg no tokens
    DATASET.ENCODING.words              the filter of each row, in words of 64 bits
    DATASET.ENCODING.codes              its contrary codes
    DATASET.ENCODING.order, .starts     the rows by block tag (`matching.blocks`)

A run writes them once, into a folder that is deleted after it, mode 0600, and every process of
this machine maps the same files. A column is mapped when it is asked for and as long as it is
used, so that a process has only the columns in memory that it works on. The kernel can drop even
these, since they are read-only copies of a file.
"""

from __future__ import annotations

import mmap
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from linkage_service.matching import Blocks

_ROWS_AT_ONCE = 1 << 16


@dataclass(frozen=True)
class RowFile:
    """A file of values of one type, in rows of `shape`. Small to send to another process."""

    path: Path
    dtype: str
    shape: tuple[int, ...] = ()

    def create(self) -> IO[bytes]:
        """The file, empty and open for writing; nobody else may read it."""
        new = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        return os.fdopen(new, "wb")

    def write(self, values: NDArray[Any]) -> None:
        """The whole column at once."""
        with self.create() as file:
            file.write(values.data)

    def read(self) -> NDArray[Any]:
        """The column in memory."""
        return np.fromfile(self.path, self.dtype).reshape(-1, *self.shape)

    def mapped(self) -> NDArray[Any]:
        """A read-only view of the file, unmapped once nobody uses it any more."""
        with self.path.open("rb") as file:
            if not os.fstat(file.fileno()).st_size:
                return np.empty((0, *self.shape), self.dtype)
            whole = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        return np.frombuffer(whole, self.dtype).reshape(-1, *self.shape)

    def sort(self, order: NDArray[np.int64]) -> None:
        """Put the rows into this order, some at a time."""
        unsorted = self.path.with_name(f"{self.path.name}.unsorted")
        self.path.rename(unsorted)
        rows = RowFile(unsorted, self.dtype, self.shape).mapped()
        with self.create() as file:
            for start in range(0, len(order), _ROWS_AT_ONCE):
                file.write(rows[order[start : start + _ROWS_AT_ONCE]].data)
        unsorted.unlink()


@dataclass(frozen=True)
class MappedColumns(Mapping[str, NDArray[Any]]):
    """Columns by name, each mapped when it is asked for."""

    columns: Mapping[str, RowFile]

    def __getitem__(self, name: str) -> NDArray[Any]:
        return self.columns[name].mapped()

    def __contains__(self, name: object) -> bool:
        return name in self.columns

    def __iter__(self) -> Iterator[str]:
        return iter(self.columns)

    def __len__(self) -> int:
        return len(self.columns)


@dataclass(frozen=True)
class MappedBlocks(Mapping[str, Blocks]):
    """Rows by block tag, by encoding; the columns of `order` and `starts` are mapped as used."""

    columns: Mapping[str, tuple[RowFile, RowFile]]

    def __getitem__(self, name: str) -> Blocks:
        order, starts = self.columns[name]
        return Blocks(order.mapped(), starts.mapped())

    def __contains__(self, name: object) -> bool:
        return name in self.columns

    def __iter__(self) -> Iterator[str]:
        return iter(self.columns)

    def __len__(self) -> int:
        return len(self.columns)
