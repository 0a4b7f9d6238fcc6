"""Open a release: check it, take the canaries out, sign a receipt, list the agency's people.

A released file (`policy.formats.release_file`) stays encrypted in the vault after opening,
since the row secrets are keys.
"""

from __future__ import annotations

import io
import time
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import partial
from tempfile import TemporaryFile
from typing import IO, Literal

from encoder.encoding.canaries import CanaryVerdict
from encoder.error_codes import EncoderCode
from encoder.store.prepared import PreparedDataset
from policy.base.canonical import sha256, sha256_of
from policy.base.errors import BadInput, NotYet, Refused
from policy.base.words import Words
from policy.crypto.envelope import Binding, parse_envelope
from policy.crypto.sealing import decrypt_stream, open_seal
from policy.formats import release_file
from policy.formats.release_file import ReleasedRow, ReleasedRows
from policy.formats.sealed_file import read_parts
from policy.law.conditions import require_requested
from policy.project import Entry
from policy.statements import Decided, Received, StagedFile
from policy.wire.session import Session

_BLOCK = 1 << 20
_NOTHING = sha256(b"")  # a receipt's digest for an unopened file


@dataclass(frozen=True)
class OpenedFile:
    """An opened file without its canaries."""

    file: StagedFile
    rows: Collection[ReleasedRow] = field(repr=False)

    @property
    def to_verify(self) -> int | None:
        """The number of rows for review by people; None without grades."""
        if self.file.form == "private-index" or not any(r.verify is not None for r in self.rows):
            return None
        return sum(bool(row.verify) for row in self.rows)


class AnotherFile(BadInput):
    """The received file is not the approved one. It names the digests of the received file."""

    def __init__(self, ciphertext: str, plaintext: str) -> None:
        said = release_file.altered()
        super().__init__(said.code, said.problem, said.hint)
        self.ciphertext, self.plaintext = ciphertext, plaintext


def released_files(session: Session, release: str) -> tuple[Entry[Decided], list[StagedFile]]:
    """The decision and the files for this member; raises Refused or NotYet."""
    require_requested(session.project, release)
    record = session.project.release(release)
    decision = record.decision
    if decision is None:
        raise NotYet(
            EncoderCode.RELEASE_UNDECIDED,
            Words(f"{release} belum diputuskan.", f"{release} is not decided yet."),
            Words("Lihat 'padan-policy status'.", "See 'padan-policy status'."),
        )
    if record.is_refused:
        from policy.gates.rules import failing

        rules = failing(session.charter.law, decision.body.rules)
        raise Refused(
            EncoderCode.RELEASE_REFUSED,
            Words(
                f"{release} ditolak. Tidak terpenuhi: {rules.id}.",
                f"{release} was refused. Not fulfilled: {rules.en}.",
            ),
            Words(
                "Penuhi aturan itu dan ajukan permintaan baru.",
                "Meet the rules and make a new request.",
            ),
        )
    files = (each.file for each in record.released_files)
    return decision, [file for file in files if file.recipient == session.me.member.id]


def download(session: Session, release: str, file: StagedFile) -> bytes:
    """The authentic plaintext of one file; raises AnotherFile if a digest differs."""
    path = f"/projects/{session.project_id}/releases/{release}/files/{file.ciphertext}"
    # Sealed as it travelled, in a file without a name.
    with TemporaryFile(dir=session.me.home.project_folder(session.project_id)) as answer:
        session.fetch(path, answer)
        return _opened(session, release, file, answer)


def _opened(session: Session, release: str, file: StagedFile, answer: IO[bytes]) -> bytes:
    try:
        handed = sha256_of(read_parts(answer))
    except ValueError:
        answer.seek(0)
        raise AnotherFile(sha256_of(iter(partial(answer.read, _BLOCK), b"")), _NOTHING) from None
    if handed != file.ciphertext:
        raise AnotherFile(handed, _NOTHING)
    # A key that was replaced since then still opens files sealed to it.
    then = session.project.roster_at(session.project.release(release).require_stage())
    parts = read_parts(answer)
    seal = next(parts)
    key = open_seal(
        parse_envelope(seal),
        session.me.under(then).keys.seal,
        release_binding(session, release, file),
        then.service().signing_public(),
    )
    opened = io.BytesIO()
    for block in decrypt_stream(parts, key, sha256(seal)):
        opened.write(block)
    plaintext = opened.getvalue()
    if sha256(plaintext) != file.plaintext:
        raise AnotherFile(handed, sha256(plaintext))
    return plaintext


def open_file(file: StagedFile, plaintext: bytes, prepared: PreparedDataset) -> OpenedFile:
    """Parse a file and take its canaries out."""
    return OpenedFile(file, ReleasedRows(plaintext, prepared.canary_handles()))


def other_receipt(release: str, decision: Entry, file: StagedFile, handed: AnotherFile) -> Received:
    """The recipient's receipt for a file other than the approved one."""
    return _receipt(release, decision, file, handed, "not-looked-at")


def receipt(release: str, decision: Entry, file: StagedFile, canaries: CanaryVerdict) -> Received:
    """The recipient's receipt for the approved file, and the verdict on its canaries."""
    return _receipt(release, decision, file, file, canaries)


def _receipt(
    release: str,
    decision: Entry,
    file: StagedFile,
    received: StagedFile | AnotherFile,
    canaries: CanaryVerdict | Literal["not-looked-at"],
) -> Received:
    return Received(
        at=int(time.time()),
        release=release,
        decision=decision.digest,
        dataset=file.dataset,
        domain=file.domain,
        ciphertext=received.ciphertext,
        plaintext=received.plaintext,
        canaries=canaries,
    )


def release_binding(session: Session, release: str, file: StagedFile) -> Binding:
    """The context to which the seal of a released file's key is bound."""
    stage = session.project.release(release).require_stage()
    return session.project.binding(
        release_file.SEAL_TYPE,
        sender=session.roster.service().id,
        recipient=file.recipient,
        manifest=file.plaintext,
        run=release,
        # The charter and roster of the stage: later ones may have come since.
        charter=stage.statement.binding.charter,
        roster=stage.statement.binding.roster,
    )
