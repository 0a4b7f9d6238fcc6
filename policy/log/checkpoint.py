"""Checkpoints (c2sp.org/tlog-checkpoint): a log's size and root in a signed note.

1. The text has the origin, the size in decimal without leading zeros, the root in
   base64, and optional extension lines. No line is empty.
2. The origin is also the name of the log's key. So a checkpoint of one project is
   never accepted for another, even if one key were to sign both.
3. The root of an empty log is fixed; any other root is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from policy.base.canonical import b64
from policy.base.error_codes import PolicyCode
from policy.base.errors import Unverified
from policy.base.words import Words
from policy.log.merkle import EMPTY_ROOT, HASH_BYTES, MAX_SIZE
from policy.log.note import VerifierKey, open_note, sign_note, strict_base64

# At most 19 digits, so that no huge number is ever converted.
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")


@dataclass(frozen=True)
class Checkpoint:
    """The size of a log in entries, and its Merkle root."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def body(self) -> str:
        """The signed text (tlog-checkpoint, section "Note text")."""
        lines = (self.origin, str(self.size), b64(self.root), *self.extensions)
        return "".join(f"{line}\n" for line in lines)


def parse_checkpoint(body: str) -> Checkpoint:
    """Read the text of a checkpoint; raises Unverified. Its signature is checked elsewhere."""
    origin, size, root, *extensions = _lines(body)
    if _SIZE.fullmatch(size) is None or int(size) > MAX_SIZE:
        raise _malformed()
    try:
        checkpoint = Checkpoint(origin, int(size), strict_base64(root), tuple(extensions))
    except ValueError:
        raise _malformed() from None
    if len(checkpoint.root) != HASH_BYTES:
        raise _malformed()
    if checkpoint.size == 0 and checkpoint.root != EMPTY_ROOT:
        raise _malformed()
    return checkpoint


def sign_checkpoint(checkpoint: Checkpoint, log_key: Ed25519PrivateKey) -> str:
    """The checkpoint as a note, signed under its origin as the key's name.

    Raises Unverified if the checkpoint would not read back unchanged.
    """
    body = checkpoint.body()
    # A line break in a field would change the checkpoint that is read back.
    if parse_checkpoint(body) != checkpoint:
        raise _malformed()
    return sign_note(body, checkpoint.origin, log_key)


def open_checkpoint(note: str, origin: str, log_key: Ed25519PublicKey) -> Checkpoint:
    """The checkpoint that this log signed; raises Unverified."""
    checkpoint = parse_checkpoint(open_note(note, [VerifierKey.of(origin, log_key)]))
    if checkpoint.origin != origin:
        raise Unverified(
            PolicyCode.LOG_ORIGIN,
            Words("Checkpoint itu milik log lain.", "The checkpoint belongs to another log."),
            Words(
                "Minta checkpoint log proyek ini.", "Ask for the checkpoint of this project's log."
            ),
        )
    return checkpoint


def _lines(body: str) -> list[str]:
    """The lines, at least three; none is empty, and each ends with a newline."""
    lines = body.split("\n")
    if lines.pop() or len(lines) < 3 or not all(lines):
        raise _malformed()
    return lines


def _malformed() -> Unverified:
    return Unverified(
        PolicyCode.LOG_CHECKPOINT,
        Words("Checkpoint log tidak sah bentuknya.", "The log's checkpoint is malformed."),
        Words("Minta checkpoint itu dikirim ulang.", "Ask for the checkpoint to be sent again."),
    )
