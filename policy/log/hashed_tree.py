"""A tree whose full subtrees are hashed once, so that a proof costs the logarithm of its size.

64 bytes a leaf. `merkle` makes the same proofs from all leaves.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from policy.log.merkle import EMPTY_ROOT, HASH_BYTES, node_hash, out_of_range


@dataclass
class HashedTree:
    """Appends leaves, and proves what it has of any earlier size."""

    # Of each height the hashes of all full subtrees, from the left.
    _levels: list[bytearray] = field(default_factory=lambda: [bytearray()])

    @property
    def size(self) -> int:
        """The number of leaves."""
        return len(self._levels[0]) // HASH_BYTES

    def extend(self, leaf_hashes: Iterable[bytes]) -> None:
        """Add leaves at the end."""
        for each in leaf_hashes:
            self._add(each)

    def root(self, size: int) -> bytes:
        """The root of the first `size` leaves; raises BadInput for more than there are."""
        self._require(0 <= size <= self.size)
        return self._hash(0, size) if size else EMPTY_ROOT

    def inclusion_proof(self, index: int, size: int) -> list[bytes]:
        """As `merkle.inclusion_proof` of the first `size` leaves; raises BadInput."""
        self._require(0 <= index < size <= self.size)
        proof, start, end = list[bytes](), 0, size
        while end - start > 1:
            middle = start + _largest_power_below(end - start)
            if index < middle:
                proof.append(self._hash(middle, end))
                end = middle
            else:
                proof.append(self._hash(start, middle))
                start = middle
        return proof[::-1]

    def _add(self, node: bytes) -> None:
        height = 0
        while True:
            level = self._levels[height]
            level += node
            if len(level) % (2 * HASH_BYTES):
                return
            node = node_hash(bytes(level[-2 * HASH_BYTES : -HASH_BYTES]), node)
            height += 1
            if height == len(self._levels):
                self._levels.append(bytearray())

    def _hash(self, start: int, end: int) -> bytes:
        """The hash over the leaves start..end-1, a subtree of a tree that ends there."""
        count = end - start
        if count & (count - 1) == 0:
            height = count.bit_length() - 1
            at = (start >> height) * HASH_BYTES
            return bytes(self._levels[height][at : at + HASH_BYTES])
        middle = start + _largest_power_below(count)
        return node_hash(self._hash(start, middle), self._hash(middle, end))

    def _require(self, holds: bool) -> None:
        if not holds:
            raise out_of_range()


def _largest_power_below(count: int) -> int:
    """The largest power of two that is smaller than this count, which is above 1."""
    return 1 << ((count - 1).bit_length() - 1)
