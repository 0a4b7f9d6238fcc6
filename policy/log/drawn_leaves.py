"""Rows that an agency opens on site: drawn by a later checkpoint and checked against the log.

    1. An agency committed to its rows before any key existed: a Merkle root over their handles.
    2. A later checkpoint, which nobody could predict, draws some of the rows (`draw_positions`).
    3. The agency opens only these rows: record id, linkage fields and nonce, and a proof that
       each handle is in the root. A handle is an HMAC of them, so no other record fits it.

The opened rows are personal data. They stay on the agency's machine, where the auditor compares
them with the records themselves. The checks here name positions and never a value.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from cryptography.hazmat.primitives.constant_time import bytes_eq
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC

from policy.base.error_codes import PolicyCode
from policy.base.errors import PadanError, Unverified
from policy.base.words import Words
from policy.formats.bundle_row import HANDLE_BYTES
from policy.formats.opened_leaves import OpenedLeaf, OpenedLeaves
from policy.log import Checkpoint, leaf_hash, verify_inclusion

# Normalised text has no control characters, so this character can separate fields.
BETWEEN_FIELDS = "\x1f"
_CANARY = "canary"


def draw_positions(
    commitment: str, dataset: str, checkpoint: Checkpoint, rows: int, number: int
) -> tuple[int, ...]:
    """`number` different positions below `rows`, ascending; all positions if there are no more.

    Each candidate is SHA-256 of the seed and a counter, modulo the rows. Numbers above the last
    whole multiple of the rows are drawn again, so that all positions are equally likely.
    """
    seed = "\0".join(
        (
            "padan/leaf-draw/v1",
            checkpoint.origin,
            str(checkpoint.size),
            checkpoint.root.hex(),
            dataset,
            commitment,
        )
    )
    found: set[int] = set()
    for at in _numbers(seed, rows):
        if len(found) >= min(number, rows):
            break
        found.add(at)
    return tuple(sorted(found))


def _numbers(seed: str, below: int) -> Iterator[int]:
    last = 2**64 - 2**64 % below
    counter = 0
    while True:
        digest = hashlib.sha256(f"{seed}\0{counter}".encode()).digest()
        number = int.from_bytes(digest[:8], "big")
        counter += 1
        if number < last:
            yield number % below


def handle_of(key: bytes, digest: bytes, nonce: bytes, record_id: str) -> bytes:
    """The handle of a record: 16 bytes. `digest` and `nonce` have 16 bytes each."""
    mac = HMAC(key, SHA256())
    mac.update(digest + nonce + record_id.encode())
    return mac.finalize()[:HANDLE_BYTES]


def require_opened(answer: OpenedLeaves, root: bytes) -> None:
    """Checks that every drawn row is opened and equals its commitment; raises Unverified."""
    draw = answer.draw
    if tuple(leaf.position for leaf in answer.leaves) != draw.positions:
        raise _not_opened("posisi yang dibuka bukan yang diundi", "other rows than those drawn")
    key = bytes.fromhex(answer.key)
    for leaf in answer.leaves:
        try:
            handle, nonce = bytes.fromhex(leaf.handle), bytes.fromhex(leaf.nonce)
            proof = [bytes.fromhex(each) for each in leaf.proof]
            verify_inclusion(leaf_hash(handle), leaf.position, draw.rows, proof, root)
        except (ValueError, PadanError):
            raise _not_opened(
                f"baris ke-{leaf.position} tidak ada dalam akar yang dikomitmenkan",
                f"row {leaf.position} is not in the root that was committed",
            ) from None
        made = (handle_of(key, digest, nonce, name) for digest, name in _committed(leaf))
        if not any(bytes_eq(handle, each) for each in made):
            raise _not_opened(
                f"baris ke-{leaf.position} bukan yang dikomitmenkan",
                f"row {leaf.position} is not the one committed",
            )


def _committed(leaf: OpenedLeaf) -> tuple[tuple[bytes, str], ...]:
    """The (digest, record id) pairs that the handle may be computed from, with the nonce.

    A canary has no fields yet when its handle is computed; earlier builds used its slot's number.
    """
    if leaf.slot is not None:
        number = leaf.slot.to_bytes(HANDLE_BYTES, "big")
        return (bytes(HANDLE_BYTES), _CANARY), (number, _CANARY)
    digest = hashlib.sha256(BETWEEN_FIELDS.join(leaf.fields).encode()).digest()
    return ((digest[:HANDLE_BYTES], leaf.record_id or ""),)


def _not_opened(indonesian: str, english: str) -> Unverified:
    return Unverified(
        PolicyCode.LEAVES_DIFFER,
        Words(f"Pembukaan baris: {indonesian}.", f"Opened rows: {english}."),
        Words(
            "Periksa bersama instansi itu di tempat; ulangi 'padan-encoder open-leaves'.",
            "Look into it with the agency on site; run 'padan-encoder open-leaves' again.",
        ),
    )
