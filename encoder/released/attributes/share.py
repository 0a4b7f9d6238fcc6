"""Send approved columns of the own file under match IDs: read, encrypt, seal, log, hand over.

A row is written for every ID that the sender has, canaries included, so that the file's size says
no more than the released file did. Rows of people who objected, or whose row has changed since it
matched, have empty values.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from encoder.error_codes import EncoderCode
from encoder.released.attributes.rows import PlainRow, encrypt_rows
from encoder.released.attributes.values import AttributeValues, read_columns_of
from encoder.steps.open_release import kept, prepared_for
from encoder.steps.source_match import SourceNow, source_now
from encoder.steps.withdraw import withdrawn_handles
from encoder.steps.workspace import SHARED, Workspace
from policy.base.canonical import sha256
from policy.base.errors import NotYet
from policy.base.files import read_file, shred_file, write_file
from policy.base.output import Output
from policy.base.words import Words
from policy.charter import SharedAttributes
from policy.crypto.sealing import encrypt_stream, new_file_seal
from policy.formats import attribute_file, release_file
from policy.formats.attribute_file import Column
from policy.formats.http_api import MISSING_PARTS
from policy.formats.sealed_file import SealedFile
from policy.gates.transfers import require_passed, transfer_case, transfer_gate
from policy.law.conditions import require_covered
from policy.law.in_time import DAY_SECONDS
from policy.law.transfers import require_transfer
from policy.project import TransferRecord
from policy.statements import StagedFile, TransferSent
from policy.wire.session import Session


@dataclass(frozen=True)
class SourceOptions:
    """Where the sender's file is now, and the header of a column that has another name there."""

    path: Path | None = None
    mapping: Path | None = None
    headers: Mapping[str, str] | None = None
    despite_changes: bool = False


@dataclass(frozen=True)
class SharedColumns:
    """What was sent. `empty` rows have no values, `unlike` people have rows that differ.

    The numbers are None when the file had been sealed before and was only handed over again.
    """

    record: TransferRecord
    rows: int | None = None
    empty: int | None = None
    unlike: int | None = None


def share(
    session: Session, name: str, options: SourceOptions = SourceOptions(), out: Output | None = None
) -> SharedColumns:
    """Seal and send one approved transfer; repeated, it only hands over what is still missing.

    Raises NotYet while votes or witnesses are missing, and Refused if a rule fails. With `out` the
    sealed file is written there, to be carried, and not sent to the service.
    """
    session.sync()
    workspace = Workspace(session)
    record = require_transfer(session.project, name)
    workspace.require_own(record.request.body.dataset)
    workspace.require_kept("opened-releases", "handle-map")
    done = SharedColumns(record)
    if record.sent is None:
        done = _seal(workspace, record, options)
    if out is not None or record.received is None:
        _hand_over(workspace, name, out)
    return done


def require_decided(session: Session, record: TransferRecord, at: int) -> None:
    """Checks that every rule of the transfer holds and witnesses saw its votes."""
    require_passed(transfer_gate(transfer_case(session.project, record.request, at)))
    cosigned = session.replica().cosigned_sizes()
    require_covered(session.project, [record.request, *record.votes], cosigned)


def _seal(workspace: Workspace, record: TransferRecord, options: SourceOptions) -> SharedColumns:
    session, asked, at = workspace.session, record.request, int(time.time())
    require_decided(session, record, at)
    permit = session.charter.shared(asked.body.dataset, asked.body.recipient)
    columns = columns_of(permit, asked.body.columns)
    released = _released(workspace, record)
    values = _values(workspace, record, columns, options, released)
    rows = [
        PlainRow(row.match_id, row.secret, values.of(row.handle))
        for row in release_file.read(released)
    ]
    plaintext = encrypt_rows(rows, columns, asked.digest)
    sealed = _sealed(session, record, plaintext)
    body = TransferSent(
        at=at,
        transfer=record.name,
        request=asked.digest,
        votes=tuple(each.digest for each in record.votes),
        rules=transfer_gate(transfer_case(session.project, asked, at)).rules(),
        plaintext=sha256(plaintext),
        ciphertext=sealed.digest(),
        parts=1 + len(sealed.chunks),
        expires=at + session.charter.release.stage_valid_days * DAY_SECONDS,
    )
    # Kept first: what the log names can then be handed over again after an interruption.
    write_file(_kept_path(workspace, sealed.digest()), sealed.write(), private=True)
    session.say(body, run=record.name)
    sent = session.project.transfer(record.name)
    return SharedColumns(sent, len(rows), len(rows) - values.filled(rows), values.unlike)


def columns_of(permit: SharedAttributes | None, names: Sequence[str]) -> tuple[Column, ...]:
    """The columns of a file, with the room that the charter gives each."""
    found = [permit.column(name) if permit else None for name in names]
    return tuple(Column(each.name, each.bytes) for each in found if each is not None)


def _released(workspace: Workspace, record: TransferRecord) -> bytes:
    """The sender's opened file of the release; raises NotYet if it was not opened here."""
    asked = record.request.body
    return opened_file(workspace, asked.release, asked.domain, asked.dataset)


def opened_file(workspace: Workspace, release: str, domain: str, dataset: str) -> bytes:
    """The plaintext of one's own file of a release; raises NotYet if it was not opened here."""
    files = (each.file for each in workspace.session.project.release(release).released_files)
    mine = next(each for each in files if (each.domain, each.dataset) == (domain, dataset))
    return _require_opened(workspace, release, mine)


def _require_opened(workspace: Workspace, release: str, file: StagedFile) -> bytes:
    plaintext = kept(workspace.session, release, file)
    if plaintext is None:
        raise NotYet(
            EncoderCode.ATTRIBUTES_RELEASE_CLOSED,
            Words(
                f"Berkas rilis {release} belum dibuka di komputer ini.",
                f"The file of {release} was not opened on this machine.",
            ),
            Words(
                f"Jalankan 'padan-encoder open PROYEK {release}' lebih dahulu.",
                f"Run 'padan-encoder open PROJECT {release}' first.",
            ),
        )
    return plaintext


def _values(
    workspace: Workspace,
    record: TransferRecord,
    columns: Sequence[Column],
    options: SourceOptions,
    released: bytes,
) -> AttributeValues:
    asked, charter = record.request.body, workspace.session.charter
    prepared = prepared_for(workspace, asked.release, asked.dataset)
    now: SourceNow = source_now(prepared, charter, options.path, options.mapping, workspace.seal())
    handles = {row.handle for row in release_file.read(released)} - set(prepared.canary_handles())
    standing = workspace.prepared(asked.dataset).present(handles)
    people = standing - withdrawn_handles(workspace, asked.dataset)
    headers = options.headers or {}
    return read_columns_of(
        prepared,
        charter,
        now,
        people,
        [(column, headers.get(column.name, column.name)) for column in columns],
        despite_changes=options.despite_changes,
    )


def _sealed(session: Session, record: TransferRecord, plaintext: bytes) -> SealedFile:
    """The plaintext under a fresh key, which is sealed to the recipient."""
    recipient = record.request.body.recipient
    binding = session.project.binding(
        attribute_file.SEAL_TYPE,
        sender=session.me.member.id,
        recipient=recipient,
        manifest=sha256(plaintext),
        run=record.name,
    )
    key = session.roster.member(recipient).seal_public()
    seal = new_file_seal(key, binding, session.me.keys.signing)
    chunks = tuple(encrypt_stream([plaintext], seal.key, seal.header_digest))
    return SealedFile(seal.envelope.canonical(), chunks)


def _hand_over(workspace: Workspace, name: str, out: Output | None) -> None:
    """Write the kept file to `out`, or send the service the parts that it lacks."""
    session = workspace.session
    sent = require_transfer(session.project, name).sent
    assert sent is not None, "a transfer is handed over once it is in the log"
    path = _kept_path(workspace, sent.body.ciphertext)
    if out is not None:
        out.write(read_file(_require_kept(path)))
        return
    address = f"/projects/{session.project_id}/transfers/{name}"
    missing = MISSING_PARTS.validate_json(session.get(f"{address}/missing"))
    if missing:
        sealed = SealedFile.read(read_file(_require_kept(path)))
        parts = (sealed.seal, *sealed.chunks)
        for part in missing:
            session.put(f"{address}/parts/{part}", parts[part])
    shred_file(path)


def _kept_path(workspace: Workspace, digest: str) -> Path:
    return workspace.folder / SHARED / f"{digest}.sealed"


def _require_kept(path: Path) -> Path:
    if not path.exists():
        raise NotYet(
            EncoderCode.ATTRIBUTES_NOT_HERE,
            Words(
                "Berkas kiriman itu tidak ada di komputer ini.",
                "The sealed file of this transfer is not on this machine.",
            ),
            Words(
                "Jalankan di komputer yang menyegelnya, atau ajukan permintaan baru.",
                "Run this on the machine that sealed it, or make a new request.",
            ),
        )
    return path
