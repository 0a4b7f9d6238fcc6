"""The RFC 6962 Merkle tree: roots, and proofs of inclusion and consistency.

Leaves and nodes are hashed by SHA-256 under different prefixes (RFC 6962
section 2.1). Proofs are verified by the algorithms of RFC 9162, sections 2.1.3.2
and 2.1.4.2. Verification raises; nothing here returns a verdict to be ignored.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from policy.errors import BadInput, Unverified
from policy.words import Words

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(leaf: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_hash(leaf_hashes: Sequence[bytes]) -> bytes:
    """The tree head over leaf hashes (not leaves)."""
    frontier = Frontier.empty()
    for each in leaf_hashes:
        frontier = frontier.append(each)
    return frontier.root()


@dataclass(frozen=True)
class Frontier:
    """The roots of the perfect subtrees of a tree, largest first: all that appending needs.

    There is one peak for each bit set in `size`.
    """

    size: int
    peaks: tuple[bytes, ...]

    @classmethod
    def empty(cls) -> Frontier:
        return cls(0, ())

    def append(self, leaf: bytes) -> Frontier:
        """The frontier with one more leaf hash: O(log n)."""
        peaks, size, node = list(self.peaks), self.size, leaf
        while size & 1:
            node = node_hash(peaks.pop(), node)
            size >>= 1
        return Frontier(self.size + 1, (*peaks, node))

    def root(self) -> bytes:
        if not self.peaks:
            return EMPTY_ROOT
        node = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            node = node_hash(peak, node)
        return node

    def to_bytes(self) -> bytes:
        return self.size.to_bytes(8, "big") + b"".join(self.peaks)

    @classmethod
    def from_bytes(cls, data: bytes) -> Frontier:
        size, rest = int.from_bytes(data[:8], "big"), data[8:]
        if len(data) < 8 or len(rest) != HASH_BYTES * size.bit_count():
            raise BadInput(
                "log.frontier",
                Words("Ringkasan log rusak.", "The stored log summary is damaged."),
                Words("Pulihkan basis data.", "Restore the database."),
            )
        peaks = (rest[i : i + HASH_BYTES] for i in range(0, len(rest), HASH_BYTES))
        return cls(size, tuple(peaks))


def inclusion_proof(leaf_hashes: Sequence[bytes], index: int) -> list[bytes]:
    """The audit path of one leaf (RFC 6962 section 2.1.1)."""
    if not 0 <= index < len(leaf_hashes):
        raise _bad_range()
    if len(leaf_hashes) == 1:
        return []
    split = _split(len(leaf_hashes))
    if index < split:
        return [*inclusion_proof(leaf_hashes[:split], index), root_hash(leaf_hashes[split:])]
    return [
        *inclusion_proof(leaf_hashes[split:], index - split),
        root_hash(leaf_hashes[:split]),
    ]


def consistency_proof(leaf_hashes: Sequence[bytes], old_size: int) -> list[bytes]:
    """That the first `old_size` leaves are a prefix (RFC 6962 section 2.1.2)."""
    if not 0 < old_size <= len(leaf_hashes):
        raise _bad_range()
    return _subproof(leaf_hashes, old_size, complete=True)


def _subproof(leaves: Sequence[bytes], old_size: int, *, complete: bool) -> list[bytes]:
    if old_size == len(leaves):
        return [] if complete else [root_hash(leaves)]
    split = _split(len(leaves))
    if old_size <= split:
        inner = _subproof(leaves[:split], old_size, complete=complete)
        return [*inner, root_hash(leaves[split:])]
    inner = _subproof(leaves[split:], old_size - split, complete=False)
    return [*inner, root_hash(leaves[:split])]


def verify_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> None:
    """Raises Unverified unless the leaf hash stands at `index` of that tree."""
    if not 0 <= index < size or not _well_formed((leaf, root, *proof)):
        raise _no_inclusion()
    position, last, node = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            raise _no_inclusion()
        if position & 1 or position == last:
            node = node_hash(sibling, node)
            while position and not position & 1:
                position, last = position >> 1, last >> 1
        else:
            node = node_hash(node, sibling)
        position, last = position >> 1, last >> 1
    if last != 0 or node != root:
        raise _no_inclusion()


def verify_consistency(
    old_size: int, old_root: bytes, new_size: int, new_root: bytes, proof: Sequence[bytes]
) -> None:
    """Raises Unverified unless the old tree is a prefix of the new one."""
    if not 0 < old_size <= new_size or not _well_formed((old_root, new_root, *proof)):
        raise _no_consistency()
    if old_size == new_size:
        if proof or old_root != new_root:
            raise _no_consistency()
        return
    path = list(proof)
    if old_size & (old_size - 1) == 0:
        path.insert(0, old_root)
    if not path:
        raise _no_consistency()
    position, last = old_size - 1, new_size - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            raise _no_consistency()
        if position & 1 or position == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while position and not position & 1:
                position, last = position >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        position, last = position >> 1, last >> 1
    if last != 0 or old != old_root or new != new_root:
        raise _no_consistency()


def _split(size: int) -> int:
    """The largest power of two smaller than `size`."""
    return 1 << (size - 1).bit_length() - 1


def _well_formed(hashes: Sequence[bytes]) -> bool:
    return all(len(each) == HASH_BYTES for each in hashes)


def _bad_range() -> BadInput:
    return BadInput(
        "log.range",
        Words("Urutan di luar ukuran log.", "The index lies outside the log."),
        Words("Periksa ukuran log.", "Check the size of the log."),
    )


def _no_inclusion() -> Unverified:
    return Unverified(
        "log.inclusion",
        Words("Bukti keberadaan di log tidak sah.", "The inclusion proof does not hold."),
        Words("Simpan bukti ini dan hubungi auditor.", "Keep this proof and call the auditor."),
    )


def _no_consistency() -> Unverified:
    return Unverified(
        "log.consistency",
        Words("Log lama bukan awal dari log baru.", "The old log is no prefix of the new one."),
        Words("Simpan bukti ini dan hubungi auditor.", "Keep this proof and call the auditor."),
    )
