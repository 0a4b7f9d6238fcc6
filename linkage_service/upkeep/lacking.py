"""What a member sent and this service no longer has: after a restored backup, or a damaged disk.

The log says what was sent. Only the sender has it a second time, and sends it again.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from linkage_service.service import Service
from linkage_service.storage.blobs import chunk_folder, document_name
from linkage_service.storage.records.tables import mailbox
from policy.base.canonical import sha256
from policy.base.errors import NotYet
from policy.formats.documents import read_chunk_list
from policy.formats.http_api import Lacking
from policy.project import Project
from policy.statements import Confirmed, Delta, Destroyed, Revealed, SealedRows, Withdrawn


def lacking(service: Service, project_id: str, member: str) -> Lacking:
    """The member's seals and documents that its peers or the next run need and that are lost."""
    project = service.ledger.project(project_id)
    gone = {entry.body.what for entry in project.of(Destroyed)}
    documents = [] if "encodings" in gone else list(_documents(service, project, member))
    return Lacking(seals=_seals(service, project, member), documents=documents)


def _seals(service: Service, project: Project, sender: str) -> list[str]:
    """The recipients who have not confirmed and whose seal is not in the mailbox."""
    revealed = project.by_sender(Revealed).get(sender)
    if revealed is None:
        return []
    here = select(mailbox.c.recipient, mailbox.c.seal).filter_by(
        project=project.charter.project, sender=sender
    )
    with service.ledger.database.reading() as connection:
        kept = {name: sha256(bytes(seal)) for name, seal in connection.execute(here)}
    confirmed = project.by_sender(Confirmed)
    return [
        recipient
        for recipient, digest in sorted(revealed.seals.items())
        if recipient not in confirmed and kept.get(recipient) != digest
    ]


def _documents(service: Service, project: Project, sender: str) -> Iterator[str]:
    """The digests of the documents that statements of this member name.

    A damaged one is lacking, and so is a chunk list if one of its chunks is.
    """
    name, blobs = project.charter.project, service.blobs
    accepted = {entry.digest for entry in project.accepted()}
    for entry in project.entries:
        body = entry.body
        if entry.sender != sender:
            continue
        if isinstance(body, SealedRows) and entry.digest in accepted:
            wanted = [body.seal, *([body.left] if isinstance(body, Delta) else [])]
            if not _has_rows(service, name, body):
                yield body.chunk_list
        else:
            wanted = [body.handles] if isinstance(body, Withdrawn) else []
        yield from (each for each in wanted if not blobs.is_whole(document_name(name, each)))


def _has_rows(service: Service, project_id: str, body: SealedRows) -> bool:
    try:
        listed = read_chunk_list(service.blobs.get(document_name(project_id, body.chunk_list)))
    except NotYet:
        return False
    return not service.blobs.missing(chunk_folder(project_id), listed)
