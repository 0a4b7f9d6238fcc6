"""Open attributes that another party sent: check the file, open the own rows, sign a receipt.

Only rows whose secret a released file gave to this agency open. The rest of the file is dropped and
not stored. What was opened stays encrypted in the vault.
"""

from __future__ import annotations

import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from encoder.error_codes import EncoderCode
from encoder.released.attributes.received import opened_name, pack, unpack
from encoder.released.attributes.rows import RowOpener
from encoder.released.attributes.share import columns_of, opened_file
from encoder.steps.open_release import prepared_for
from encoder.steps.workspace import Workspace
from policy.base.canonical import sha256
from policy.base.errors import BadInput, Refused
from policy.base.files import read_file
from policy.base.words import Words
from policy.crypto.envelope import parse_envelope
from policy.crypto.sealing import decrypt_stream, open_seal
from policy.formats import attribute_file, release_file
from policy.formats.attribute_file import AttributeFile, EncryptedRow, altered
from policy.formats.sealed_file import SealedFile
from policy.law.conditions import require_covered
from policy.law.in_time import require_sent_in_time
from policy.law.transfers import opened_already, require_open, require_transfer
from policy.project import Entry, TransferRecord, taken
from policy.statements import TransferReceived, TransferSent
from policy.wire.session import Session
from policy.witnessing.witness_times import Witnessed


@dataclass(frozen=True)
class Opened:
    """What was opened: one's own rows, and how many of them have a value."""

    record: TransferRecord
    rows: int
    filled: int


def open_attributes(session: Session, name: str, file: Path | None = None) -> Opened:
    """Open what was sent, from the service or from a carried file, and sign the receipt.

    Opened before on this machine, it is only read again. Raises NotYet before it was sent and
    witnessed, Refused for another member, an expired transfer and a second opening.
    """
    session.sync()
    workspace = Workspace(session)
    record = require_transfer(session.project, name)
    if record.request.body.recipient != session.me.member.id:
        raise _not_yours(name)
    workspace.require_kept("opened-releases", "attributes")
    sent = taken(record.sent, "transfer-sent")
    if workspace.vault.has(opened_name(name)):
        return _again(workspace, record, sent)
    if record.received is not None:
        raise opened_already()
    now = int(time.time())
    require_open(sent, now)
    cosigned = session.replica().cosigned_sizes()
    require_covered(session.project, [sent], cosigned)
    require_sent_in_time(session.project, sent, Witnessed.of(session.project, cosigned))
    values = _open_rows(workspace, record, sent, _plaintext(session, record, sent, file))
    workspace.vault.put(opened_name(name), pack(values))
    return _again(workspace, record, sent)


def _again(workspace: Workspace, record: TransferRecord, sent: Entry[TransferSent]) -> Opened:
    """Sign the receipt unless that is done, and count what is in the vault."""
    values = unpack(workspace.vault.get(opened_name(record.name)))
    if record.received is None:
        body = TransferReceived(
            at=int(time.time()),
            transfer=record.name,
            sent=sent.digest,
            plaintext=sent.body.plaintext,
            ciphertext=sent.body.ciphertext,
        )
        workspace.session.say(body, run=record.name)
    return Opened(record, len(values), sum(any(each) for each in values.values()))


def _plaintext(
    session: Session, record: TransferRecord, sent: Entry[TransferSent], file: Path | None
) -> bytes:
    """The authentic plaintext; raises BadInput if any digest or the seal's binding differs."""
    try:
        sealed = SealedFile.read(read_file(file)) if file else _download(session, record, sent)
    except ValueError:
        raise altered() from None
    if sealed.digest() != sent.body.ciphertext:
        raise altered()
    then = session.project.roster_at(sent)
    binding = session.project.binding(
        attribute_file.SEAL_TYPE,
        sender=sent.sender,
        recipient=session.me.member.id,
        manifest=sent.body.plaintext,
        run=record.name,
        charter=sent.statement.binding.charter,
        roster=sent.statement.binding.roster,
    )
    key = open_seal(
        parse_envelope(sealed.seal),
        session.me.under(then).keys.seal,
        binding,
        then.member(sent.sender).signing_public(),
    )
    plaintext = b"".join(decrypt_stream(sealed.chunks, key, sha256(sealed.seal)))
    if sha256(plaintext) != sent.body.plaintext:
        raise altered()
    return plaintext


def _download(session: Session, record: TransferRecord, sent: Entry[TransferSent]) -> SealedFile:
    address = f"/projects/{session.project_id}/transfers/{record.name}/parts"
    parts = [session.get(f"{address}/{part}") for part in range(sent.body.parts)]
    return SealedFile(parts[0], parts[1:])


def _open_rows(
    workspace: Workspace, record: TransferRecord, sent: Entry[TransferSent], plaintext: bytes
) -> dict[bytes, tuple[str, ...]]:
    """The values of one's own rows by handle; raises BadInput if columns or rows are not as agreed.

    Every ID of a domain of two datasets is in both files, so that a missing one means another file.
    Where several rows of the sender share an ID and differ, there are no values.
    """
    asked = record.request.body
    then = workspace.session.project.until(sent.index)
    agreed = columns_of(then.charter.shared(asked.dataset, asked.recipient), asked.columns)
    file = AttributeFile.read(plaintext)
    if file.columns != agreed:
        raise _other_columns()
    dataset = record.recipient_dataset
    prepared = prepared_for(workspace, asked.release, dataset)
    canaries = prepared.canary_handles()
    rows = defaultdict[bytes, list[EncryptedRow]](list)
    for row in file.rows():
        rows[row.match_id].append(row)
    opener = RowOpener(file, record.request.digest)
    values: dict[bytes, tuple[str, ...]] = {}
    for own in release_file.read(opened_file(workspace, asked.release, asked.domain, dataset)):
        if own.match_id not in rows:
            raise altered()
        told = {opener.open(row, own.secret) for row in rows[own.match_id]}
        if own.handle not in canaries:
            values[own.handle] = told.pop() if len(told) == 1 else ("",) * len(agreed)
    return values


def _other_columns() -> BadInput:
    return BadInput(
        EncoderCode.ATTRIBUTES_COLUMNS,
        Words(
            "Kolom berkas ini bukan kolom yang disetujui; tidak ada yang dibuka.",
            "The columns of this file are not those approved; nothing was opened.",
        ),
        Words(
            "Beri tahu pengirim dan auditor; ajukan permintaan baru.",
            "Tell the sender and the auditor; make a new request.",
        ),
    )


def _not_yours(name: str) -> Refused:
    return Refused(
        EncoderCode.ATTRIBUTES_FOREIGN,
        Words(f"Kiriman {name} bukan untuk Anda.", f"The transfer {name} is not for you."),
        Words("Lihat 'padan-policy attributes'.", "See 'padan-policy attributes'."),
    )
