"""Relays sealed attributes from their sender to their recipient; the service cannot open them.

A part is taken only once the log names the sealed file, and only from its sender. It is handed out
to the recipient alone, until its receipt is in the log or the transfer has expired.
"""

from __future__ import annotations

from linkage_service.error_codes import ServiceCode
from linkage_service.service import Service
from policy.base.errors import BadInput, Refused
from policy.base.words import Words
from policy.formats.chunk_stream import SEALED_CHUNK_BYTES
from policy.law.transfers import opened_already, require_open
from policy.project import Project, TransferRecord, taken
from policy.retention import require_usable


def put_part(
    service: Service, project_id: str, member: str, name: str, part: int, data: bytes
) -> None:
    """Keep one part of the sealed file of a transfer; raises Refused, NotYet or BadInput."""
    project = service.ledger.project(project_id)
    record = _open_transfer(service, project, name)
    if member != record.sender:
        raise _not_yours()
    _require_part(record, part)
    if len(data) > SEALED_CHUNK_BYTES:
        raise _unknown_part()
    service.blobs.put(_blob(project_id, record, part), data)


def missing_parts(service: Service, project_id: str, member: str, name: str) -> list[int]:
    """The parts that the sender still has to send."""
    record = _open_transfer(service, service.ledger.project(project_id), name)
    if member not in (record.sender, record.request.body.recipient):
        raise _not_yours()
    parts = taken(record.sent, "transfer-sent").body.parts
    return [
        part for part in range(parts) if not service.blobs.is_whole(_blob(project_id, record, part))
    ]


def get_part(service: Service, project_id: str, member: str, name: str, part: int) -> bytes:
    """One part for the recipient; raises Refused once the transfer was opened or has expired."""
    record = _open_transfer(service, service.ledger.project(project_id), name)
    if member != record.request.body.recipient:
        raise _not_yours()
    _require_part(record, part)
    return service.blobs.get(_blob(project_id, record, part))


def _open_transfer(service: Service, project: Project, name: str) -> TransferRecord:
    """The transfer, if its file is in the log and neither opened nor expired."""
    now = service.clock()
    require_usable(project, "staged-files", now)
    record = project.transfer(name)
    require_open(taken(record.sent, "transfer-sent"), now)
    if record.received is not None:
        raise opened_already()
    return record


def _blob(project_id: str, record: TransferRecord, part: int) -> str:
    digest = taken(record.sent, "transfer-sent").body.ciphertext
    return f"{project_id}/transfers/{digest}.{part}"


def _require_part(record: TransferRecord, part: int) -> None:
    if not 0 <= part < taken(record.sent, "transfer-sent").body.parts:
        raise _unknown_part()


def _unknown_part() -> BadInput:
    return BadInput(
        ServiceCode.UPLOAD_MALFORMED,
        Words("Bagian ini tidak ada pada kiriman itu.", "The transfer has no such part."),
        Words("Jalankan 'padan-encoder share' lagi.", "Run 'padan-encoder share' again."),
    )


def _not_yours() -> Refused:
    return Refused(
        ServiceCode.SERVICE_NOT_ENTITLED,
        Words("Kiriman ini bukan milik Anda.", "This transfer is not yours."),
        Words("Hanya pengirim dan penerimanya.", "Only its sender and its recipient may."),
    )
