"""Finds keys that occur on several rows, without storing a key.

A key becomes eight bytes of BLAKE2b under a secret drawn for this run and
discarded with it. Memory stays bounded (`encoder.base.spilled`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import numpy as np

from encoder.base.spilled import Rows, Spilled
from encoder.quality.counts import RepeatCounts

_HELD = 32 << 20  # bytes
_DIGEST = 8


def digests_under(secret: bytes) -> Callable[[str], bytes]:
    """A function that turns a key or its companion value into eight bytes in this run."""
    keyed = hashlib.blake2b(digest_size=_DIGEST, key=secret)

    def digest(text: str) -> bytes:
        one = keyed.copy()
        one.update(text.encode())
        return one.digest()

    return digest


class Tally:
    """Counts rows by a key, and whether rows with one key differ in their companion value."""

    def __init__(self, held: int = _HELD) -> None:
        self._pairs = Spilled(2, held)

    def add(self, pairs: bytes | bytearray) -> None:
        """Add pairs of digests, one after the other: of the key and of its companion value."""
        self._pairs.add(pairs)

    def repeats(self) -> RepeatCounts:
        found = [_repeats(pairs) for pairs in self._pairs.parts()]
        return RepeatCounts(
            sum(each.rows for each in found),
            sum(each.keys for each in found),
            max(each.largest for each in found),
            sum(each.differing for each in found),
        )


def _repeats(pairs: Rows) -> RepeatCounts:
    if not len(pairs):
        return RepeatCounts(0, 0, 0, 0)
    ordered = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]
    starts = np.flatnonzero(np.r_[True, ordered[1:, 0] != ordered[:-1, 0]])
    sizes = np.diff(np.r_[starts, len(ordered)])
    ends = starts + sizes - 1
    several = sizes > 1
    # Sorted by the second digest: the first and last row of a group differ if any two do.
    differ = ordered[starts, 1] != ordered[ends, 1]
    return RepeatCounts(
        int(sizes[several].sum()),
        int(several.sum()),
        int(sizes[several].max(initial=0)),
        int((several & differ).sum()),
    )
