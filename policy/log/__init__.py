"""The project's log: its statements in order, and which members saw them.

1. The log is an RFC 6962 Merkle tree with SHA-256. A leaf is the canonical bytes
   of one signed statement; entries are only ever added (`merkle`).
2. A checkpoint says how large the tree is and what its root is; the service
   signs it as a C2SP signed note (`note`, `checkpoint`).
3. Parties and the auditor cosign a checkpoint with the time at which they saw
   that it extends the log they remember (`cosignature`).

Everything here is a function of its arguments: no clock, no randomness, no I/O. Checks raise and
never return a bool. The formats are those published at c2sp.org, so that other implementations can
verify our logs, and ours theirs.
"""

from policy.log.checkpoint import Checkpoint, open_checkpoint, parse_checkpoint, sign_checkpoint
from policy.log.cosignature import (
    add_signature,
    cosign,
    cosigners,
    first_and_newest,
    time_of_line,
)
from policy.log.hashed_tree import HashedTree
from policy.log.merkle import (
    EMPTY_ROOT,
    Frontier,
    consistency_proof,
    inclusion_proof,
    inclusion_proofs,
    leaf_hash,
    node_hash,
    root_hash,
    verify_consistency,
    verify_inclusion,
)
from policy.log.note import (
    COSIGNATURE,
    ED25519,
    Note,
    NoteSignature,
    VerifierKey,
    only_by,
    open_note,
    parse_note,
    sign_note,
)

__all__ = [
    "COSIGNATURE",
    "ED25519",
    "EMPTY_ROOT",
    "Checkpoint",
    "Frontier",
    "HashedTree",
    "Note",
    "NoteSignature",
    "VerifierKey",
    "add_signature",
    "consistency_proof",
    "cosign",
    "cosigners",
    "first_and_newest",
    "inclusion_proof",
    "inclusion_proofs",
    "leaf_hash",
    "node_hash",
    "only_by",
    "open_checkpoint",
    "open_note",
    "parse_checkpoint",
    "parse_note",
    "root_hash",
    "sign_checkpoint",
    "sign_note",
    "time_of_line",
    "verify_consistency",
    "verify_inclusion",
]
