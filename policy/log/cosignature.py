"""Cosignatures (c2sp.org/tlog-cosignature, cosignature/v1): which witness saw a checkpoint, when.

1. A witness signs `cosignature/v1`, the time, and the text of the checkpoint.
2. It thereby states that at this time, this was the largest tree of this log that it
   had seen, and that it extends every earlier one. The caller checks this.
3. The signed message has no name in it, so a key must cosign under one name only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from policy.base.error_codes import PolicyCode
from policy.base.errors import BadInput
from policy.base.words import Words
from policy.log.checkpoint import parse_checkpoint
from policy.log.note import (
    COSIGNATURE,
    Note,
    NoteSignature,
    VerifierKey,
    bad_signature,
    parse_note,
    parse_signature_line,
)

MAX_TIMESTAMP = 2**63 - 1  # seconds since 1970 (tlog-cosignature, section "Format")

_TIMESTAMP_BYTES = 8
_SIGNATURE_BYTES = 64


def cosign(note: str, name: str, private_key: Ed25519PrivateKey, timestamp: int) -> str:
    """The signature line, with its newline, by which a witness cosigns a checkpoint.

    `timestamp` is in Unix seconds. Open the checkpoint and check its consistency first: this
    function signs anything that has the form of a checkpoint.
    """
    if not 0 <= timestamp <= MAX_TIMESTAMP:
        raise _bad_time()
    text = _checkpoint_note(note).text
    key = VerifierKey.of(name, private_key.public_key(), COSIGNATURE)
    signature = private_key.sign(_message(text, timestamp))
    blob = timestamp.to_bytes(_TIMESTAMP_BYTES, "big") + signature
    return NoteSignature(name, key.key_id, blob).line()


def cosigners(note: str, witnesses: Mapping[str, Ed25519PublicKey]) -> dict[str, int]:
    """The witnesses that cosigned, each with its time in Unix seconds; raises Unverified.

    Lines by other keys are ignored. One invalid line by a witness makes the note invalid. If a
    witness cosigned more than once, the earliest time counts: the checkpoint existed by then.
    """
    parsed = _checkpoint_note(note)
    times: dict[str, int] = {}
    for name, public in witnesses.items():
        key = VerifierKey.of(name, public, COSIGNATURE)
        verified = [_verified_time(parsed.text, key, each) for each in parsed.by(key)]
        if verified:
            times[name] = min(verified)
    return times


def add_signature(note: str, line: str) -> str:
    """The note with one more signature line; a line by the same key is replaced.

    The line is not verified here. Call `cosigners` on the result and keep it only if the witness is
    among them: `cosigners` ignores a line by an unknown key.
    """
    parsed, added = parse_note(note), parse_signature_line(line)
    others = (s for s in parsed.signatures if (s.name, s.key_id) != (added.name, added.key_id))
    together = str(Note(parsed.text, (*others, added)))
    parse_note(together)  # the bounds on size and number apply to written notes too
    return together


def time_of_line(line: str) -> int:
    """The time that a signature line's cosignature states, in Unix seconds; raises Unverified.

    The line is not verified here.
    """
    return _time_in(parse_signature_line(line).signature)


def first_and_newest(notes: Iterable[str]) -> tuple[str, ...]:
    """At most two notes that contain the first and the newest times of these notes.

    All notes are of one checkpoint. The first result has each key's first line. The second has its
    newest line and is left out if it equals the first. Both contain every key, so that each shows
    by itself who cosigned. Lines are not verified here, and other signature lines are kept.
    """
    first: dict[tuple[str, bytes], NoteSignature] = {}
    newest: dict[tuple[str, bytes], NoteSignature] = {}
    text = ""
    for note in notes:
        parsed = parse_note(note)
        text = text or parsed.text
        if parsed.text != text:
            raise BadInput(
                PolicyCode.LOG_NOTES,
                Words("Itu titik periksa yang berlainan.", "These are different checkpoints."),
                Words("Gabungkan per titik periksa.", "Join them checkpoint by checkpoint."),
            )
        for line in parsed.signatures:
            key = (line.name, line.key_id)
            first[key] = min(first.get(key, line), line, key=_order)
            newest[key] = max(newest.get(key, line), line, key=_order)
    joined = [str(Note(text, tuple(lines.values()))) for lines in (first, newest) if lines]
    return tuple(dict.fromkeys(joined))


def _order(line: NoteSignature) -> int:
    is_cosignature = len(line.signature) == _TIMESTAMP_BYTES + _SIGNATURE_BYTES
    return _time_in(line.signature) if is_cosignature else 0


def _time_in(blob: bytes) -> int:
    return int.from_bytes(blob[:_TIMESTAMP_BYTES], "big")


def _verified_time(text: str, key: VerifierKey, line: NoteSignature) -> int:
    """The time in a cosignature by a known key; raises Unverified."""
    blob = line.signature
    timestamp = _time_in(blob)
    if len(blob) != _TIMESTAMP_BYTES + _SIGNATURE_BYTES or timestamp > MAX_TIMESTAMP:
        raise bad_signature(key.name)
    key.verify(_message(text, timestamp), blob[_TIMESTAMP_BYTES:])
    return timestamp


def _message(text: str, timestamp: int) -> bytes:
    """The signed bytes (tlog-cosignature, section "Ed25519 signed message")."""
    return f"cosignature/v1\ntime {timestamp}\n{text}".encode()


def _checkpoint_note(note: str) -> Note:
    """A note whose text is a checkpoint; nothing else is ever cosigned."""
    parsed = parse_note(note)
    parse_checkpoint(parsed.text)
    return parsed


def _bad_time() -> BadInput:
    return BadInput(
        PolicyCode.LOG_TIME,
        Words("Waktu untuk kosignatur tidak sah.", "The time for a cosignature is out of range."),
        Words("Periksa jam komputer ini.", "Check the clock of this computer."),
    )
