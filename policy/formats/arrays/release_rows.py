"""A released file (`release_file`) from arrays, some rows at a time."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from policy.formats.release_file import GRADED_MAGIC, MAGIC, SALT_BYTES

Bytes = NDArray[np.uint8]
Rows = NDArray[np.integer]
_ROWS_AT_ONCE = 1 << 14


@dataclass(frozen=True, eq=False)
class Part:
    """A column of the file: the rows `at` of an array, uint8 (n, bytes); all if None."""

    values: Bytes
    at: Rows | None = None

    def take(self, chosen: Rows) -> Bytes:
        return self.values[chosen if self.at is None else self.at[chosen]]


@dataclass(frozen=True, eq=False)
class ReleaseRows:
    """A released file with a new salt. `blocks` gives the same bytes each time.

    `verify` is bool (rows,), or None without grades. Rows are written in the order of their
    random match IDs, so the order reveals nothing.
    """

    handles: Part
    match_ids: Part
    secrets: Part
    verify: NDArray[np.bool_] | None
    salt: bytes = field(default_factory=lambda: os.urandom(SALT_BYTES))

    def blocks(self) -> Iterator[bytes]:
        """The bytes of the file, about a MiB at a time."""
        parts, order = [self.handles, self.match_ids, self.secrets], self._order
        if self.verify is not None:
            parts.append(Part(self.verify[:, np.newaxis].view(np.uint8)))
        yield (MAGIC if self.verify is None else GRADED_MAGIC) + self.salt
        for start in range(0, len(order), _ROWS_AT_ONCE):
            some = order[start : start + _ROWS_AT_ONCE]
            yield np.concatenate([part.take(some) for part in parts], axis=1).tobytes()

    @cached_property
    def _order(self) -> NDArray[np.int64]:
        ids = self.match_ids.values
        ids = ids if self.match_ids.at is None else ids[self.match_ids.at]
        halves = np.ascontiguousarray(ids).view(">u8")
        return np.lexsort((halves[:, 1], halves[:, 0]))
