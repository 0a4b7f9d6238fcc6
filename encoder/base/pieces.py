"""Rows divided into pieces by the first bits of a key, so that a store is read in key order.

Rows arrive in file order and leave in the order of their handles, which are evenly distributed.
Each arriving chunk is divided into one piece for each bucket of keys. Later a bucket's pieces from
all chunks are read together and sorted. No row is looked up alone, and memory holds one bucket.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from policy.formats.bundle_row import HANDLE_BYTES

KEY_BYTES = HANDLE_BYTES  # digests and nonces have the width of handles
BUCKETS = 128
_SHIFT = 16 - (BUCKETS - 1).bit_length()
# Normalised text has no control characters: this one separates rows.
_BETWEEN_ROWS = "\x1e"


def in_key_order(keys: bytes) -> NDArray[np.int64]:
    """The positions, int64, of 16-byte keys in ascending order."""
    high, low = np.frombuffer(keys, ">u8").reshape(-1, 2).T.astype(np.uint64)
    order = np.argsort(high)
    ordered = high[order]
    if (ordered[1:] == ordered[:-1]).any():
        return np.lexsort((low, high))
    return order


def bucket_of(key: bytes) -> int:
    return int.from_bytes(key[:2], "big") >> _SHIFT


def in_buckets(keys: bytes) -> tuple[NDArray[np.int64], list[tuple[int, slice]]]:
    """Positions of keys sorted by bucket, and the slice of each bucket that occurs."""
    numbers = np.ascontiguousarray(as_rows(keys)[:, :2]).view(">u2").ravel() >> _SHIFT
    order = np.argsort(numbers.astype(np.uint16), kind="stable")
    ends = np.cumsum(np.bincount(numbers, minlength=BUCKETS)).tolist()
    places = enumerate(pairwise([0, *ends]))
    return order, [(bucket, slice(*place)) for bucket, place in places if place[0] < place[1]]


def as_rows(packed: bytes, width: int = KEY_BYTES) -> NDArray[np.uint8]:
    """Concatenated byte strings of equal length as the rows of an array, uint8 (rows, width)."""
    return np.frombuffer(packed, np.uint8).reshape(-1, width)


def as_list(packed: bytes) -> list[bytes]:
    """The single keys of concatenated ones."""
    return [packed[at : at + KEY_BYTES] for at in range(0, len(packed), KEY_BYTES)]


def half_of(keys: bytes) -> bytes:
    """The first eight bytes of each key of sixteen."""
    return np.frombuffer(keys, np.int64)[::2].tobytes()


def as_numbers(row_numbers: Sequence[int]) -> NDArray[np.int64]:
    """Ascending row numbers as int64. Consecutive numbers, the usual case, need no copying."""
    if row_numbers and row_numbers[-1] - row_numbers[0] + 1 == len(row_numbers):
        return np.arange(row_numbers[0], row_numbers[-1] + 1, dtype=np.int64)
    return np.array(row_numbers, np.int64)


def join_rows(fields: list[str]) -> str:
    """The joined fields of rows as one text, for `split_rows`."""
    return _BETWEEN_ROWS.join(fields)


def split_rows(texts: list[str]) -> list[str]:
    """The rows of one or more texts."""
    return _BETWEEN_ROWS.join(texts).split(_BETWEEN_ROWS) if texts else []


def packed(cells: list[str]) -> str | list[str]:
    """One text if it can be split again: it is sent to another process in half the time."""
    text = join_rows(cells)
    return text if text.count(_BETWEEN_ROWS) == len(cells) - 1 else cells


def unpacked(cells: str | list[str]) -> list[str]:
    """The cells given to `packed`."""
    return cells.split(_BETWEEN_ROWS) if isinstance(cells, str) else cells
