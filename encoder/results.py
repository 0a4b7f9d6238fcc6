"""Open a release: check it, take the canaries out, sign a receipt, list one's own people.

A released file (`policy.release_file`) stays encrypted in the vault after it was opened, since
the row secrets are keys.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from encoder.canaries import CanaryVerdict
from encoder.prepared import PreparedDataset
from policy.canonical import sha256
from policy.client import Session
from policy.conditions import require_requested
from policy.envelope import Binding, parse_envelope
from policy.errors import BadInput, NotYet, PadanError, Refused
from policy.project import Entry, body_of, taken
from policy.release_file import (
    GRADED_MAGIC,
    HANDLE_BYTES,
    ID_BYTES,
    MAGIC,
    SALT_BYTES,
    SEAL_TYPE,
    SECRET_BYTES,
)
from policy.sealing import decrypt_stream, open_seal
from policy.statements import Decided, Received, Staged, StagedFile
from policy.words import Words

_NOTHING = sha256(b"")  # what could not be opened holds, as far as a receipt can say
_ID_END = HANDLE_BYTES + ID_BYTES
_ROW_BYTES = _ID_END + SECRET_BYTES


@dataclass(frozen=True)
class ReleasedRow:
    """One row of one's own with its match ID. `secret` opens attributes filed under it.

    `verify` says that people should look before they act; None where the charter gives no grades.
    """

    handle: bytes
    match_id: bytes
    secret: bytes = field(repr=False)
    verify: bool | None = None


@dataclass(frozen=True)
class OpenedFile:
    """An opened file without its canaries."""

    file: StagedFile
    rows: list[ReleasedRow] = field(repr=False)

    @property
    def to_verify(self) -> int | None:
        """How many rows people should look at; None where there are no grades."""
        if self.file.form == "private-index" or not any(r.verify is not None for r in self.rows):
            return None
        return sum(bool(row.verify) for row in self.rows)


class AnotherFile(BadInput):
    """Not the file that was approved. It names the digests of what came instead."""

    def __init__(self, ciphertext: str, plaintext: str) -> None:
        said = _not_the_file()
        super().__init__(said.code, said.problem, said.hint)
        self.ciphertext, self.plaintext = ciphertext, plaintext


def released_files(session: Session, release: str) -> tuple[Entry, list[StagedFile]]:
    """The decision and the files for this member; raises Refused or NotYet."""
    require_requested(session.project, release)
    decision = session.project.decision(release)
    if decision is None:
        raise NotYet(
            "release.undecided",
            Words(f"{release} belum diputuskan.", f"{release} is not decided yet."),
            Words("Lihat 'padan-policy status'.", "See 'padan-policy status'."),
        )
    decided = body_of(decision, Decided)
    if decided.verdict != "released":
        failing = ", ".join(rule.rule for rule in decided.rules if not rule.passed)
        raise Refused(
            "release.refused",
            Words(
                f"{release} ditolak karena aturan: {failing}.",
                f"{release} was refused by these rules: {failing}.",
            ),
            Words(
                "Penuhi aturan itu dan ajukan permintaan baru.",
                "Meet the rules and make a new request.",
            ),
        )
    staged = body_of(session.project.entry(decided.stage), Staged)
    return decision, [f for f in staged.files if f.recipient == session.me.member.id]


def download(session: Session, release: str, file: StagedFile) -> bytes:
    """The authentic plaintext of one file; raises AnotherFile if a digest does not hold."""
    path = f"/projects/{session.project_id}/releases/{release}/files/{file.ciphertext}"
    container = session.get(path)
    try:
        seal, chunks = _unpack(container)
    except BadInput:
        raise AnotherFile(sha256(container), _NOTHING) from None
    handed = sha256(b"".join((seal, *chunks)))
    if handed != file.ciphertext:
        raise AnotherFile(handed, _NOTHING)
    # A key that was exchanged since opens what was sealed to it.
    then = session.project.roster_at(taken(session.project.stage(release), "stage"))
    key = open_seal(
        parse_envelope(seal),
        session.me.under(then).keys.seal,
        release_binding(session, release, file),
        then.service().signing_public(),
    )
    plaintext = b"".join(decrypt_stream(chunks, key, sha256(seal)))
    if sha256(plaintext) != file.plaintext:
        raise AnotherFile(handed, sha256(plaintext))
    return plaintext


def open_file(file: StagedFile, plaintext: bytes, prepared: PreparedDataset) -> OpenedFile:
    """Parse a file and take its canaries out."""
    canaries = prepared.canary_handles()
    rows = [row for row in parse_release(plaintext) if row.handle not in canaries]
    return OpenedFile(file, rows)


def other_receipt(release: str, decision: Entry, file: StagedFile, handed: AnotherFile) -> Received:
    """What the recipient says when it is handed another file than the one approved."""
    return Received(
        at=int(time.time()),
        release=release,
        decision=decision.digest,
        dataset=file.dataset,
        domain=file.domain,
        ciphertext=handed.ciphertext,
        plaintext=handed.plaintext,
        canaries="not-looked-at",
    )


def receipt(release: str, decision: Entry, file: StagedFile, canaries: CanaryVerdict) -> Received:
    """What the recipient says of the file that was approved, and of the canaries in it."""
    return Received(
        at=int(time.time()),
        release=release,
        decision=decision.digest,
        dataset=file.dataset,
        domain=file.domain,
        ciphertext=file.ciphertext,
        plaintext=file.plaintext,
        canaries=canaries,
    )


def parse_release(plaintext: bytes) -> Iterator[ReleasedRow]:
    """Rows of a release file; raises BadInput for a malformed one."""
    start, width = len(MAGIC) + SALT_BYTES, _row_bytes(plaintext)
    if not width or (len(plaintext) - start) % width:
        raise _not_the_file()
    for offset in range(start, len(plaintext), width):
        row = plaintext[offset : offset + width]
        secret = row[_ID_END:_ROW_BYTES]
        verify = bool(row[_ROW_BYTES]) if width > _ROW_BYTES else None
        yield ReleasedRow(row[:HANDLE_BYTES], row[HANDLE_BYTES:_ID_END], secret, verify)


def _row_bytes(plaintext: bytes) -> int:
    """The width of a row in this form of file; 0 if it is none."""
    if plaintext.startswith(GRADED_MAGIC):
        return _ROW_BYTES + 1
    return _ROW_BYTES if plaintext.startswith(MAGIC) else 0


def holds_handle(plaintext: bytes, handle: bytes) -> bool:
    """Whether a release file has a row for this handle; faster than parsing all of them."""
    start, width = len(MAGIC) + SALT_BYTES, _row_bytes(plaintext)
    at = plaintext.find(handle, start)
    while at >= 0 and (at - start) % width:
        at = plaintext.find(handle, at + 1)
    return at >= 0


def release_binding(session: Session, release: str, file: StagedFile) -> Binding:
    """What the seal of a released file's key is bound to."""
    stage = taken(session.project.stage(release), "stage")
    return session.project.binding(
        SEAL_TYPE,
        sender=session.roster.service().id,
        recipient=file.recipient,
        manifest=file.plaintext,
        run=release,
        # Those of the stage: an amendment or a roster may have come since.
        charter=stage.statement.binding.charter,
        roster=stage.statement.binding.roster,
    )


def _unpack(container: bytes) -> tuple[bytes, list[bytes]]:
    """Length-prefixed parts: the seal, then the sealed chunks."""
    parts = []
    offset = 0
    while offset < len(container):
        length = int.from_bytes(container[offset : offset + 4], "big")
        part = container[offset + 4 : offset + 4 + length]
        if len(part) != length:
            raise _not_the_file()
        parts.append(part)
        offset += 4 + length
    if len(parts) < 2:
        raise _not_the_file()
    return parts[0], parts[1:]


def _not_the_file() -> PadanError:
    return BadInput(
        "release.altered",
        Words(
            "Berkas yang diunduh bukan berkas yang disetujui.",
            "The file downloaded is not the file that was approved.",
        ),
        Words(
            "Unduh ulang; bila tetap begini, hubungi auditor.",
            "Download it again; if that does not help, call the auditor.",
        ),
    )
