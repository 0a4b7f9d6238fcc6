"""Signed notes: a text and signature lines below it (c2sp.org/signed-note).

<text, ending in a line feed>
<empty line>
— <name> <base64(4-byte key id || signature)>
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from policy.canonical import b64, unb64
from policy.errors import PadanError, Unverified
from policy.words import Words

MAX_NOTE_BYTES = 1_000_000
MAX_SIGNATURES = 100
ED25519 = 0x01
COSIGNATURE_V1 = 0x04

_LINE = re.compile(r"— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})")


@dataclass(frozen=True)
class NoteSignature:
    """One signature line: key name, 4-byte key id, and the signature after it."""

    name: str
    key_id: bytes
    signature: bytes

    def line(self) -> str:
        return f"— {self.name} {b64(self.key_id + self.signature)}"


@dataclass(frozen=True)
class Note:
    """A parsed note; no signature verified yet."""

    text: str
    signatures: tuple[NoteSignature, ...]

    def __str__(self) -> str:
        return self.text + "\n" + "".join(s.line() + "\n" for s in self.signatures)

    def by(self, name: str, key_id: bytes) -> list[NoteSignature]:
        return [s for s in self.signatures if (s.name, s.key_id) == (name, key_id)]


def key_id(name: str, algorithm: int, public_key: Ed25519PublicKey) -> bytes:
    """SHA-256(name || LF || algorithm || key), first four bytes."""
    material = name.encode() + b"\n" + bytes([algorithm]) + public_key.public_bytes_raw()
    return hashlib.sha256(material).digest()[:4]


def verifier_key(name: str, algorithm: int, public_key: Ed25519PublicKey) -> str:
    """The published form of a key: name+hash+base64(algorithm || key)."""
    encoded = b64(bytes([algorithm]) + public_key.public_bytes_raw())
    return f"{name}+{key_id(name, algorithm, public_key).hex()}+{encoded}"


def parse_note(note: str) -> Note:
    """Strict and bounded; raises Unverified."""
    if len(note.encode()) > MAX_NOTE_BYTES or not note.endswith("\n"):
        raise malformed_note()
    if any((ord(c) < 0x20 and c != "\n") or ord(c) == 0x7F for c in note):
        raise malformed_note()
    text, separator, tail = note.rpartition("\n\n")
    lines = tail[:-1].split("\n")
    if not separator or not text or not 1 <= len(lines) <= MAX_SIGNATURES:
        raise malformed_note()
    return Note(text + "\n", tuple(map(parse_signature, lines)))


def parse_signature(line: str) -> NoteSignature:
    match = _LINE.fullmatch(line)
    if match is None:
        raise malformed_note()
    try:
        data = unb64(match[2])
    except PadanError:
        raise malformed_note() from None
    if len(data) < 5:
        raise malformed_note()
    return NoteSignature(match[1], data[:4], data[4:])


def malformed_note() -> Unverified:
    return Unverified(
        "log.note",
        Words("Catatan bertanda tangan tidak sah bentuknya.", "The signed note is malformed."),
        Words("Unduh ulang titik periksa itu.", "Download the checkpoint again."),
    )


def bad_signature(name: str) -> Unverified:
    return Unverified(
        "log.signature",
        Words(
            f"Tanda tangan {name} pada titik periksa tidak sah.",
            f"The signature of {name} on the checkpoint does not verify.",
        ),
        Words("Simpan catatan ini dan hubungi auditor.", "Keep this note and call the auditor."),
    )
