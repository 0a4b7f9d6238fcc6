"""C2SP signed notes (c2sp.org/signed-note): a text, a blank line, signature lines.

1. A note is UTF-8 without control characters other than the newline. The last
   blank line separates the text, which ends in a newline, from the signature lines.
2. A signature line is `— <name> base64(key id || signature)`. Name and key id
   together say which key signed; the key id covers name, type and public key.
3. Signatures by unknown keys are ignored. A note is invalid if a signature by a known
   key does not verify, or if no known key signed it.
4. Base64 is accepted only as we would write it, so that no one can alter a line
   without changing its meaning.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from policy.base.canonical import b64, unb64
from policy.base.error_codes import PolicyCode
from policy.base.errors import BadInput, Unverified
from policy.base.words import Words
from policy.crypto import ed25519

MAX_NOTE_BYTES = 1_000_000
MAX_SIGNATURES = 100

# Signature types (signed-note, section "Signature types").
ED25519 = 0x01
COSIGNATURE = 0x04

_EM_DASH = "\u2014"
_KEY_ID_BYTES = 4
# ASCII control characters except the newline, and halves of surrogate pairs, which UTF-8
# lacks but JSON can put into a str.
_FORBIDDEN = re.compile(r"[\x00-\x09\x0b-\x1f\ud800-\udfff]")
# 33 bytes of type and public key are 44 characters of base64, without padding.
_VKEY = re.compile(r"([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]{44})")


@dataclass(frozen=True)
class VerifierKey:
    """A public key with a name, for one type of signature (a "vkey")."""

    name: str
    algorithm: int
    public: bytes

    def __post_init__(self) -> None:
        if not _is_name(self.name) or self.algorithm not in (ED25519, COSIGNATURE):
            raise _bad_vkey()
        try:
            ed25519.public_key(self.public)
        except ValueError:
            raise _bad_vkey() from None

    @classmethod
    def of(cls, name: str, public: Ed25519PublicKey, algorithm: int = ED25519) -> VerifierKey:
        """A public key under a name."""
        return cls(name, algorithm, public.public_bytes_raw())

    @classmethod
    def parse(cls, text: str) -> VerifierKey:
        """Read `name+key id+base64(type || public key)`; raises BadInput."""
        match = _VKEY.fullmatch(text)
        if match is None:
            raise _bad_vkey()
        typed = unb64(match[3])
        key = cls(match[1], typed[0], typed[1:])
        if key.key_id.hex() != match[2]:
            raise _bad_vkey()
        return key

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{b64(self._typed)}"

    @property
    def key_id(self) -> bytes:
        """SHA-256(name || newline || type || public key), cut to 4 bytes."""
        whole = hashlib.sha256(self.name.encode() + b"\n" + self._typed)
        return whole.digest()[:_KEY_ID_BYTES]

    @property
    def _typed(self) -> bytes:
        return bytes([self.algorithm]) + self.public

    def verify(self, message: bytes, signature: bytes) -> None:
        """Ed25519 (RFC 8032) over the message; raises Unverified."""
        try:
            ed25519.verify(ed25519.public_key(self.public), signature, message)
        except (InvalidSignature, ValueError):
            raise bad_signature(self.name) from None


@dataclass(frozen=True)
class NoteSignature:
    """One signature line, not yet verified."""

    name: str
    key_id: bytes
    signature: bytes

    def is_by(self, key: VerifierKey) -> bool:
        return self.name == key.name and self.key_id == key.key_id

    def line(self) -> str:
        """The line as written in a note, with its newline."""
        return f"{_EM_DASH} {self.name} {b64(self.key_id + self.signature)}\n"


@dataclass(frozen=True)
class Note:
    """A parsed note. Verify a signature before using the text."""

    text: str
    signatures: tuple[NoteSignature, ...]

    def __str__(self) -> str:
        return self.text + "\n" + "".join(each.line() for each in self.signatures)

    def by(self, key: VerifierKey) -> list[NoteSignature]:
        """The signatures with the name and id of this key, not yet verified."""
        return [each for each in self.signatures if each.is_by(key)]


def parse_note(note: str) -> Note:
    """Parse a note (signed-note, section "Format"); raises Unverified."""
    _check_characters(note)
    blank = note.rfind("\n\n")
    lines = note[blank + 2 :]
    if blank < 0 or not lines.endswith("\n") or lines.count("\n") > MAX_SIGNATURES:
        raise malformed_note()
    signatures = tuple(parse_signature_line(f"{line}\n") for line in lines[:-1].split("\n"))
    return Note(note[: blank + 1], signatures)


def parse_signature_line(line: str) -> NoteSignature:
    """Read one signature line with its newline; raises Unverified."""
    parts = line.split(" ")
    if len(parts) != 3 or parts[0] != _EM_DASH or not parts[2].endswith("\n"):
        raise malformed_note()
    try:
        data = strict_base64(parts[2][:-1])
    except ValueError:
        raise malformed_note() from None
    if not _is_name(parts[1]) or len(data) <= _KEY_ID_BYTES:
        raise malformed_note()
    return NoteSignature(parts[1], data[:_KEY_ID_BYTES], data[_KEY_ID_BYTES:])


def open_note(note: str, keys: Iterable[VerifierKey]) -> str:
    """The text of a note that a known key signed; raises Unverified.

    All signatures by known keys must verify. This is for keys of type 0x01, whose signatures are
    over the text itself; `cosignature` verifies cosignatures.
    """
    parsed = parse_note(note)
    found = [(key, each) for key in keys for each in parsed.by(key) if key.algorithm == ED25519]
    for key, each in found:
        key.verify(parsed.text.encode(), each.signature)
    if not found:
        raise _not_signed()
    return parsed.text


def only_by(note: str, keys: Iterable[VerifierKey]) -> str:
    """The note with only the signatures by the names and ids of these keys, unverified."""
    parsed, known = parse_note(note), {(key.name, key.key_id) for key in keys}
    lines = (each for each in parsed.signatures if (each.name, each.key_id) in known)
    return str(Note(parsed.text, tuple(lines)))


def sign_note(text: str, name: str, private_key: Ed25519PrivateKey) -> str:
    """A note with one Ed25519 signature (signed-note, "Ed25519 signatures"); raises Unverified."""
    key = VerifierKey.of(name, private_key.public_key())
    _check_characters(text)
    signature = NoteSignature(name, key.key_id, private_key.sign(text.encode()))
    note = Note(text, (signature,))
    # Never write a note that we would not read: without a last newline, or too long.
    if parse_note(str(note)) != note:
        raise malformed_note()
    return str(note)


def strict_base64(text: str) -> bytes:
    """As `unb64`, for callers that report malformed text themselves; raises ValueError."""
    try:
        return unb64(text)
    except BadInput:
        raise ValueError("malformed base64") from None


def _check_characters(text: str) -> None:
    # Count characters first, which are never more than the bytes: then no huge text is
    # encoded only to be measured.
    if len(text) > MAX_NOTE_BYTES or _FORBIDDEN.search(text):
        raise malformed_note()
    if len(text.encode()) > MAX_NOTE_BYTES:
        raise malformed_note()


def _is_name(name: str) -> bool:
    """Whether a key name is not empty and has no Unicode spaces and no plus (section "Format")."""
    if not name or "+" in name or _FORBIDDEN.search(name):
        return False
    return not any(character.isspace() for character in name)


def malformed_note() -> Unverified:
    return Unverified(
        PolicyCode.LOG_NOTE,
        Words("Catatan bertanda tangan tidak sah bentuknya.", "The signed note is malformed."),
        Words("Minta catatan itu dikirim ulang.", "Ask for the note to be sent again."),
    )


def bad_signature(name: str) -> Unverified:
    return Unverified(
        PolicyCode.LOG_SIGNATURE,
        Words(
            f"Tanda tangan '{name}' pada catatan log tidak sah.",
            f"The signature of '{name}' on the log's note does not verify.",
        ),
        Words(
            "Berhenti dan simpan catatan itu sebagai bukti, lalu hubungi auditor.",
            "Stop and keep the note as evidence, then call the auditor.",
        ),
    )


def _not_signed() -> Unverified:
    return Unverified(
        PolicyCode.LOG_UNSIGNED,
        Words(
            "Catatan log tidak ditandatangani oleh kunci yang dikenal.",
            "The log's note is not signed by a known key.",
        ),
        Words(
            "Periksa apakah roster Anda versi terbaru, lalu minta catatan itu dikirim ulang.",
            "Check that your roster is the latest version, then ask for the note again.",
        ),
    )


def _bad_vkey() -> BadInput:
    return BadInput(
        PolicyCode.LOG_VKEY,
        Words("Kunci pemeriksa log tidak sah.", "The log's verifier key is malformed."),
        Words(
            "Salin lagi kunci itu: nama+8 angka heksadesimal+base64, tanpa spasi.",
            "Copy the key again: name+8 hexadecimal digits+base64, without spaces.",
        ),
    )
