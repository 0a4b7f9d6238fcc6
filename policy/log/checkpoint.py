"""Checkpoints: the log's size and root, signed by the log (c2sp.org/tlog-checkpoint)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from policy.canonical import b64, unb64
from policy.errors import PadanError
from policy.log.merkle import HASH_BYTES
from policy.log.note import (
    ED25519,
    Note,
    NoteSignature,
    bad_signature,
    key_id,
    malformed_note,
    parse_note,
)

_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")


@dataclass(frozen=True)
class Checkpoint:
    """A tree head. The origin names the log and is the name of its key."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        return f"{self.origin}\n{self.size}\n{b64(self.root)}\n"


def sign_checkpoint(checkpoint: Checkpoint, log_key: Ed25519PrivateKey) -> str:
    """The checkpoint as a note signed by the log."""
    text = checkpoint.text()
    signature = NoteSignature(
        checkpoint.origin,
        key_id(checkpoint.origin, ED25519, log_key.public_key()),
        log_key.sign(text.encode()),
    )
    return str(Note(text, (signature,)))


def open_checkpoint(note: str, origin: str, log_key: Ed25519PublicKey) -> Checkpoint:
    """The checkpoint, if that log signed it; raises Unverified."""
    parsed = parse_note(note)
    signatures = parsed.by(origin, key_id(origin, ED25519, log_key))
    if len(signatures) != 1:
        raise bad_signature(origin)
    try:
        log_key.verify(signatures[0].signature, parsed.text.encode())
    except InvalidSignature:
        raise bad_signature(origin) from None
    checkpoint = parse_checkpoint(parsed.text)
    if checkpoint.origin != origin:
        raise bad_signature(origin)
    return checkpoint


def parse_checkpoint(text: str) -> Checkpoint:
    """Origin, size, root; extension lines are allowed and ignored."""
    lines = text.split("\n")
    if len(lines) < 4 or not lines[0] or _SIZE.fullmatch(lines[1]) is None:
        raise malformed_note()
    if any(not line for line in lines[3:-1]):
        raise malformed_note()
    try:
        root = unb64(lines[2])
    except PadanError:
        raise malformed_note() from None
    if len(root) != HASH_BYTES or b64(root) != lines[2]:
        raise malformed_note()
    return Checkpoint(lines[0], int(lines[1]), root)
