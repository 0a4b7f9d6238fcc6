"""The transparency log: an RFC 6962 Merkle tree under C2SP checkpoints and cosignatures.

Start with `checkpoint.py` for what is signed and `merkle.py` for what is proved.
Everything here is a function of its arguments: no clock, no randomness, no files.
"""

from policy.log.checkpoint import Checkpoint, open_checkpoint, parse_checkpoint, sign_checkpoint
from policy.log.cosignature import add_signature, cosign, cosigners
from policy.log.merkle import (
    EMPTY_ROOT,
    Frontier,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root_hash,
    verify_consistency,
    verify_inclusion,
)
from policy.log.note import Note, parse_note, verifier_key

__all__ = [
    "EMPTY_ROOT",
    "Checkpoint",
    "Frontier",
    "Note",
    "add_signature",
    "consistency_proof",
    "cosign",
    "cosigners",
    "inclusion_proof",
    "leaf_hash",
    "node_hash",
    "open_checkpoint",
    "parse_checkpoint",
    "parse_note",
    "root_hash",
    "sign_checkpoint",
    "verifier_key",
    "verify_consistency",
    "verify_inclusion",
]
