"""Cosignatures: a witness saw a checkpoint, at a time (c2sp.org/tlog-cosignature, v1)."""

from __future__ import annotations

from collections.abc import Mapping

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from policy.log.note import (
    COSIGNATURE_V1,
    Note,
    NoteSignature,
    bad_signature,
    key_id,
    parse_note,
    parse_signature,
)

_TIME_BYTES = 8
_SIGNATURE_BYTES = 64


def cosign(note: str, name: str, key: Ed25519PrivateKey, timestamp: int) -> str:
    """The witness's signature line for this checkpoint. `timestamp` is Unix seconds."""
    text = parse_note(note).text
    signature = timestamp.to_bytes(_TIME_BYTES, "big") + key.sign(_message(text, timestamp))
    return NoteSignature(name, key_id(name, COSIGNATURE_V1, key.public_key()), signature).line()


def cosigners(note: str, witnesses: Mapping[str, Ed25519PublicKey]) -> dict[str, int]:
    """Which of these witnesses cosigned, and when.

    Lines by unknown keys are ignored, as the specification asks; a line by a known
    key that does not verify raises Unverified.
    """
    parsed = parse_note(note)
    found: dict[str, int] = {}
    for name, key in witnesses.items():
        for each in parsed.by(name, key_id(name, COSIGNATURE_V1, key)):
            found[name] = _verify(parsed.text, each, key)
    return found


def add_signature(note: str, line: str) -> str:
    """The note with one more signature line."""
    parsed = parse_note(note)
    return str(Note(parsed.text, (*parsed.signatures, parse_signature(line))))


def _verify(text: str, signature: NoteSignature, key: Ed25519PublicKey) -> int:
    data = signature.signature
    if len(data) != _TIME_BYTES + _SIGNATURE_BYTES:
        raise bad_signature(signature.name)
    timestamp = int.from_bytes(data[:_TIME_BYTES], "big")
    try:
        key.verify(data[_TIME_BYTES:], _message(text, timestamp))
    except InvalidSignature:
        raise bad_signature(signature.name) from None
    return timestamp


def _message(text: str, timestamp: int) -> bytes:
    return f"cosignature/v1\ntime {timestamp}\n{text}".encode()
