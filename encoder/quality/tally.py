"""Which keys stand on several rows, without keeping a key.

A key becomes eight bytes of BLAKE2b under a key that is drawn for this run and
forgotten with it. Hashes beyond a bound go to unnamed files, parted by their first
bits, so that memory stays bounded and what lies on disk names nobody.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable
from typing import IO

import numpy as np
import numpy.typing as npt

from encoder.quality.counts import Repeats

_PARTS = 64
_HELD = 32 << 20  # bytes
_DIGEST = 8
Pairs = npt.NDArray[np.uint64]


def digests_under(secret: bytes) -> Callable[[str], bytes]:
    """How a key, or what stands beside it, becomes eight bytes in this run."""
    keyed = hashlib.blake2b(digest_size=_DIGEST, key=secret)

    def digest(text: str) -> bytes:
        one = keyed.copy()
        one.update(text.encode())
        return one.digest()

    return digest


class Tally:
    """Counts rows by a key, and whether rows of one key differ in what stands beside it."""

    def __init__(self, held: int = _HELD) -> None:
        self._held = held
        self._pairs = bytearray()
        self._spilled: list[IO[bytes]] = []

    def add(self, pairs: bytes | bytearray) -> None:
        """Pairs of digests, one after the other: of the key and of what stands beside it."""
        self._pairs += pairs
        if len(self._pairs) >= self._held:
            self._spill()

    def repeats(self) -> Repeats:
        if not self._spilled:
            return _repeats(_as_pairs(bytes(self._pairs)))
        self._spill()
        found = []
        for file in self._spilled:
            file.seek(0)
            found.append(_repeats(_as_pairs(file.read())))
            file.close()
        return Repeats(
            sum(each.rows for each in found),
            sum(each.keys for each in found),
            max(each.largest for each in found),
            sum(each.differing for each in found),
        )

    def _spill(self) -> None:
        if not self._spilled:
            self._spilled = [tempfile.TemporaryFile() for _ in range(_PARTS)]  # noqa: SIM115
        pairs = _as_pairs(bytes(self._pairs))
        self._pairs.clear()
        part = pairs[:, 0] % np.uint64(_PARTS)
        for number, file in enumerate(self._spilled):
            file.write(pairs[part == number].tobytes())


def _as_pairs(data: bytes) -> Pairs:
    return np.frombuffer(data, dtype=np.uint64).reshape(-1, 2)


def _repeats(pairs: Pairs) -> Repeats:
    if not len(pairs):
        return Repeats(0, 0, 0, 0)
    ordered = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]
    starts = np.flatnonzero(np.r_[True, ordered[1:, 0] != ordered[:-1, 0]])
    sizes = np.diff(np.r_[starts, len(ordered)])
    ends = starts + sizes - 1
    several = sizes > 1
    # Sorted by the second key: the first and the last row of a group tell the most apart.
    differ = ordered[starts, 1] != ordered[ends, 1]
    return Repeats(
        int(sizes[several].sum()),
        int(several.sum()),
        int(sizes[several].max(initial=0)),
        int((several & differ).sum()),
    )
