"""Rows cut into pieces by the first bits of a key, so that a store is read in the key's order.

Rows come in the file's order and go in that of their handles, which are spread evenly. Sorted as
they come, each chunk is cut into a piece for each bucket of keys; a bucket's pieces from all
chunks are later read together and sorted once more. No row is looked up by itself, and memory
holds one bucket.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

KEY_BYTES = 16
BUCKETS = 512
_SHIFT = np.uint64(64 - BUCKETS.bit_length() + 1)
# Normalised text has no control characters: this one stands between rows.
_BETWEEN_ROWS = "\x1e"


def in_key_order(keys: bytes) -> NDArray[np.int64]:
    """The positions of 16-byte keys in ascending order; of equal ones the first comes first."""
    words = np.frombuffer(keys, ">u8").reshape(-1, 2).astype(np.uint64)
    return np.lexsort((words[:, 1], words[:, 0]))


def bucket_of(key: bytes) -> int:
    return int.from_bytes(key[:8], "big") >> int(_SHIFT)


def buckets(sorted_keys: NDArray[np.uint8]) -> Iterator[tuple[int, slice]]:
    """Each bucket that occurs, and where it lies. `sorted_keys` has a row of bytes for each."""
    first = np.ascontiguousarray(sorted_keys[:, :8]).view(">u8").ravel().astype(np.uint64)
    ends = np.searchsorted(first >> _SHIFT, np.arange(BUCKETS + 1, dtype=np.uint64)).tolist()
    for bucket, (start, end) in enumerate(pairwise(ends)):
        if start < end:
            yield bucket, slice(start, end)


def as_rows(packed: bytes, width: int = KEY_BYTES) -> NDArray[np.uint8]:
    """Equally long byte strings, one after the other, as the rows of an array."""
    return np.frombuffer(packed, np.uint8).reshape(-1, width)


def as_list(packed: bytes) -> list[bytes]:
    """Keys that were joined, each by itself."""
    return [packed[at : at + KEY_BYTES] for at in range(0, len(packed), KEY_BYTES)]


def join_rows(fields: list[str]) -> str:
    """Joined fields of rows to one text, for `split_rows`."""
    return _BETWEEN_ROWS.join(fields)


def split_rows(texts: list[str]) -> list[str]:
    """The rows of one text or more."""
    return _BETWEEN_ROWS.join(texts).split(_BETWEEN_ROWS) if texts else []
