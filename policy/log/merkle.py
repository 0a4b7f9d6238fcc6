"""The RFC 6962 Merkle tree with SHA-256, and its proofs.

1. A leaf hashes as 0x00 || entry, a node as 0x01 || left || right, so that a node
   can never pass as an entry (RFC 6962 section 2.1).
2. An inclusion proof shows that an entry is at an index of a tree.
3. A consistency proof shows that a larger tree only added to a smaller one.
4. A proof does not vouch for the size it is checked against: sizes and roots come
   from a signed checkpoint, never from the side that hands over the proof.

Making a proof here hashes the whole tree once; `hashed_tree` keeps what it hashed, and `Frontier`
appends without any of it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from policy.base.error_codes import PolicyCode
from policy.base.errors import BadInput, Unverified
from policy.base.words import Words

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()

MAX_SIZE = 2**63 - 1  # entries; a signed 64-bit integer holds it in every implementation
_MAX_PROOF = 64  # hashes; no path in a tree of MAX_SIZE entries is longer

_FRONTIER_HEADER = b"padan/frontier/v1\n"
_SIZE_BYTES = 8
_LEAVES_AT_ONCE = 1 << 14


def leaf_hash(entry: bytes) -> bytes:
    """The hash of one entry (RFC 6962 section 2.1)."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two adjacent subtrees (RFC 6962 section 2.1)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_hash(leaf_hashes: Sequence[bytes]) -> bytes:
    """The root over all leaves, in order (RFC 9162 section 2.1.1)."""
    level = list(leaf_hashes)
    while len(level) > 1:
        level = _level_above(level)
    return level[0] if level else EMPTY_ROOT


def inclusion_proof(leaf_hashes: Sequence[bytes], index: int) -> list[bytes]:
    """The sibling hashes on the path from a leaf to the root (RFC 9162 section 2.1.3.1)."""
    return inclusion_proofs(leaf_hashes, (index,))[0]


def inclusion_proofs(leaf_hashes: Sequence[bytes], indices: Sequence[int]) -> list[list[bytes]]:
    """A proof for each index, hashing the tree only once; raises BadInput."""
    if not all(0 <= index < len(leaf_hashes) for index in indices):
        raise out_of_range()
    proofs: list[list[bytes]] = [[] for _ in indices]
    level, at = list(leaf_hashes), list(indices)
    while len(level) > 1:
        for proof, index in zip(proofs, at, strict=True):
            if index ^ 1 < len(level):
                proof.append(level[index ^ 1])
        level, at = _level_above(level), [index >> 1 for index in at]
    return proofs


def verify_inclusion(
    leaf_hash: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> None:
    """Checks that the leaf is at `index` of the tree (RFC 9162 2.1.3.2); raises Unverified."""
    if not 0 <= index < size <= MAX_SIZE or not _well_formed(proof, leaf_hash, root):
        raise _not_included()
    fn, sn, r = index, size - 1, leaf_hash
    for p in proof:
        if sn == 0:
            raise _not_included()
        if fn & 1 or fn == sn:
            r = node_hash(p, r)
            fn, sn = _up_to_a_left_sibling(fn, sn)
        else:
            r = node_hash(r, p)
        fn, sn = fn >> 1, sn >> 1
    if sn != 0 or r != root:
        raise _not_included()


def consistency_proof(leaf_hashes: Sequence[bytes], old_size: int) -> list[bytes]:
    """Proof that the tree extends its first `old_size` leaves (RFC 9162 2.1.4.1).

    Raises BadInput if there are not that many leaves.
    """
    if not 0 < old_size <= len(leaf_hashes):
        raise out_of_range()
    return _subproof(leaf_hashes, old_size, known=True)


def verify_consistency(
    old_size: int, old_root: bytes, new_size: int, new_root: bytes, proof: Sequence[bytes]
) -> None:
    """Checks that the new tree starts with the old one (RFC 9162 2.1.4.2); raises Unverified.

    An old size of zero is refused: a caller that has seen nothing has nothing to compare.
    """
    if not 0 < old_size <= new_size <= MAX_SIZE or not _well_formed(proof, old_root, new_root):
        raise _not_consistent()
    if old_size == new_size:
        # The RFC's algorithm is for trees that grew; trees of equal size have equal roots.
        if proof or old_root != new_root:
            raise _not_consistent()
        return
    if _both_roots(old_size, old_root, new_size, proof) != (old_root, new_root):
        raise _not_consistent()


def _both_roots(
    old_size: int, old_root: bytes, new_size: int, proof: Sequence[bytes]
) -> tuple[bytes, bytes]:
    """The two roots that a proof leads to, by the steps of RFC 9162 section 2.1.4.2."""
    if not proof:
        raise _not_consistent()
    # The root of a full old tree is a node of the new tree, so the proof omits it.
    path = [old_root, *proof] if old_size & (old_size - 1) == 0 else list(proof)
    fn, sn = old_size - 1, new_size - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = path[0]
    for c in path[1:]:
        if sn == 0:
            raise _not_consistent()
        if fn & 1 or fn == sn:
            fr, sr = node_hash(c, fr), node_hash(c, sr)
            fn, sn = _up_to_a_left_sibling(fn, sn)
        else:
            sr = node_hash(sr, c)
        fn, sn = fn >> 1, sn >> 1
    if sn != 0:
        raise _not_consistent()
    return fr, sr


@dataclass(frozen=True)
class Frontier:
    """A tree reduced to its peaks: the roots of its full subtrees, largest first.

    It suffices for appending and for the root. Its size grows with the logarithm of the log.
    """

    size: int
    peaks: tuple[bytes, ...]

    def __post_init__(self) -> None:
        if not 0 <= self.size <= MAX_SIZE or len(self.peaks) != self.size.bit_count():
            raise _bad_frontier()
        if any(len(peak) != HASH_BYTES for peak in self.peaks):
            raise _bad_frontier()

    @classmethod
    def empty(cls) -> Frontier:
        """The frontier of an empty tree."""
        return cls(0, ())

    def append(self, leaf_hash: bytes) -> Frontier:
        """The frontier with one more leaf."""
        return self.extend((leaf_hash,))

    def extend(self, leaf_hashes: Iterable[bytes]) -> Frontier:
        """The frontier with these leaves after its own."""
        frontier, leaves = self, iter(leaf_hashes)
        while some := list(islice(leaves, _LEAVES_AT_ONCE)):
            frontier = frontier._with(some)
        return frontier

    def _with(self, leaf_hashes: list[bytes]) -> Frontier:
        if set(map(len, leaf_hashes)) != {HASH_BYTES}:
            raise _bad_frontier()
        peaks, level, rest = list(self.peaks), leaf_hashes, self.size
        lone: list[bytes] = []  # new peaks, smallest first
        while level:
            if rest & 1:  # a peak of this height is the left neighbour of the new node
                level = [peaks.pop(), *level]
            if len(level) & 1:
                lone.append(level[-1])
            pairs = zip(level[::2], level[1::2], strict=False)
            level = [hashlib.sha256(b"\x01" + left + right).digest() for left, right in pairs]
            rest >>= 1
        return Frontier(self.size + len(leaf_hashes), (*peaks, *reversed(lone)))

    def root(self) -> bytes:
        """The root of the tree, as `root_hash` would compute it from all leaves."""
        if not self.peaks:
            return EMPTY_ROOT
        root = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            root = node_hash(peak, root)
        return root

    def to_bytes(self) -> bytes:
        """Type and version, the size in 8 bytes big-endian, then the peaks."""
        return _FRONTIER_HEADER + self.size.to_bytes(_SIZE_BYTES, "big") + b"".join(self.peaks)

    @classmethod
    def from_bytes(cls, data: bytes) -> Frontier:
        """Read the bytes of a frontier; raises Unverified."""
        start = len(_FRONTIER_HEADER) + _SIZE_BYTES
        size = int.from_bytes(data[len(_FRONTIER_HEADER) : start], "big")
        length = start + size.bit_count() * HASH_BYTES
        if not data.startswith(_FRONTIER_HEADER) or len(data) != length:
            raise _bad_frontier()
        return cls(
            size, tuple(data[at : at + HASH_BYTES] for at in range(start, length, HASH_BYTES))
        )


def _level_above(level: list[bytes]) -> list[bytes]:
    """Pair neighbours; a last node without a neighbour moves up unchanged."""
    above = [node_hash(level[at], level[at + 1]) for at in range(0, len(level) - 1, 2)]
    return above + level[-1:] if len(level) & 1 else above


def _subproof(leaves: Sequence[bytes], old: int, *, known: bool) -> list[bytes]:
    """SUBPROOF of RFC 9162 section 2.1.4.1; `known`: the verifier already has this root."""
    if old == len(leaves):
        return [] if known else [root_hash(leaves)]
    split = 1 << ((len(leaves) - 1).bit_length() - 1)
    left, right = leaves[:split], leaves[split:]
    if old <= split:
        return [*_subproof(left, old, known=known), root_hash(right)]
    return [*_subproof(right, old - split, known=False), root_hash(left)]


def _up_to_a_left_sibling(fn: int, sn: int) -> tuple[int, int]:
    """Skip the levels at which the last node of the tree has no neighbour."""
    while fn and not fn & 1:
        fn, sn = fn >> 1, sn >> 1
    return fn, sn


def _well_formed(proof: Sequence[bytes], *others: bytes) -> bool:
    return len(proof) <= _MAX_PROOF and all(len(h) == HASH_BYTES for h in (*proof, *others))


_EVIDENCE = Words(
    "Berhenti dan simpan bukti ini. Minta salinan baru; bila tetap gagal, hubungi auditor.",
    "Stop and keep this evidence. Ask for a fresh copy; if it fails again, call the auditor.",
)


def _not_included() -> Unverified:
    return Unverified(
        PolicyCode.LOG_INCLUSION,
        Words(
            "Bukti bahwa catatan itu ada di dalam log tidak sah.",
            "The proof that the entry is in the log does not hold.",
        ),
        _EVIDENCE,
    )


def _not_consistent() -> Unverified:
    return Unverified(
        PolicyCode.LOG_CONSISTENCY,
        Words(
            "Bukti bahwa log hanya bertambah sejak terakhir dilihat tidak sah.",
            "The proof that the log has only grown since it was last seen does not hold.",
        ),
        _EVIDENCE,
    )


def _bad_frontier() -> Unverified:
    return Unverified(
        PolicyCode.LOG_FRONTIER,
        Words("Ringkasan pohon log rusak.", "The summary of the log's tree is damaged."),
        Words("Hitung ulang dari seluruh catatan log.", "Rebuild it from all entries of the log."),
    )


def out_of_range() -> BadInput:
    return BadInput(
        PolicyCode.LOG_RANGE,
        Words(
            "Log tidak memiliki catatan atau ukuran yang diminta.",
            "The log has no such entry or size.",
        ),
        Words(
            "Minta nomor yang ada di bawah checkpoint terbaru.",
            "Ask for a number that the latest checkpoint covers.",
        ),
    )
