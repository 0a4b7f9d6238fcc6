"""Uploads that a later statement names: seals for peers, chunks, documents."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter

from linkage_service.api.auth import Caller, SignedCaller
from linkage_service.error_codes import ServiceCode
from linkage_service.intake.bundles import require_digest
from linkage_service.intake.quotas import upload_room
from linkage_service.storage.blobs import chunk_folder, chunk_name, document_name
from linkage_service.storage.uploads import Upload
from linkage_service.upkeep.lacking import lacking
from policy.base.canonical import b64, sha256
from policy.base.errors import BadInput, NotYet
from policy.base.words import Words
from policy.formats.chunk_stream import CHUNKS_AT_ONCE, SEALED_CHUNK_BYTES
from policy.formats.documents import read_chunk_list
from policy.formats.http_api import Kept, Lacking
from policy.retention import require_rows

router = APIRouter(prefix="/projects/{project}", tags=["uploads"])


@router.put("/mailbox/{recipient}", response_model=Kept)
def post_seal(project: str, recipient: str, caller: Caller = SignedCaller) -> dict[str, str]:
    """Opaque bytes for a peer; they are deleted once all parties have confirmed."""
    caller.service.post_seal(project, caller.member.id, recipient, caller.body)
    return {"status": "kept"}


@router.get("/mailbox")
def read_seals(project: str, caller: Caller = SignedCaller) -> dict[str, str]:
    """The caller's seals, by sender, base64."""
    caller.require_party(project)
    found = caller.service.seals_for(project, caller.member.id)
    return {sender: b64(seal) for sender, seal in found.items()}


@router.get("/lacking", response_model=Lacking)
def read_lacking(project: str, caller: Caller = SignedCaller) -> Lacking:
    """What this party sent and the service lost, such as by a restored backup: to be sent again."""
    caller.require_party(project)
    return lacking(caller.service, project, caller.member.id)


@router.post("/chunks/missing")
def missing(project: str, caller: Caller = SignedCaller) -> list[str]:
    """Which of these chunks are still to be sent: absent ones, and damaged ones."""
    caller.require_party(project)
    try:
        digests = read_chunk_list(caller.body)
    except ValueError:
        raise _malformed() from None
    return caller.service.blobs.missing(chunk_folder(project), digests)


@router.put("/chunks", response_model=Kept)
def put_chunks(project: str, caller: Caller = SignedCaller) -> dict[str, str]:
    """Sealed chunks of one bundle, one after another: all full but the last.

    A full chunk is 1 MiB and its tag of 16 bytes. Each is kept under its SHA-256.
    """
    caller.require_party(project)
    body = memoryview(caller.body)
    starts = range(0, len(body), SEALED_CHUNK_BYTES)
    chunks = [bytes(body[start : start + SEALED_CHUNK_BYTES]) for start in starts]
    if not 0 < len(chunks) <= CHUNKS_AT_ONCE:
        raise _malformed()
    _keep(caller, project, {chunk_name(project, sha256(chunk)): chunk for chunk in chunks})
    return {"status": "kept"}


@router.put("/chunks/{digest}", response_model=Kept)
def put_chunk(project: str, digest: str, caller: Caller = SignedCaller) -> dict[str, str]:
    """One sealed chunk of at most 1 MiB and its tag, under its SHA-256."""
    caller.require_party(project)
    if len(caller.body) > SEALED_CHUNK_BYTES:
        raise _malformed()
    require_digest(caller.body, digest)
    _keep(caller, project, {chunk_name(project, digest): caller.body})
    return {"status": "kept"}


@router.put("/blobs/{digest}", response_model=Kept)
def put_document(project: str, digest: str, caller: Caller = SignedCaller) -> dict[str, str]:
    """A chunk list or a seal, under its SHA-256."""
    caller.require_party(project)
    require_digest(caller.body, digest)
    _keep(caller, project, {document_name(project, digest): caller.body})
    return {"status": "kept"}


def _keep(caller: Caller, project_id: str, blobs: Mapping[str, bytes]) -> None:
    """Store blobs of a party, within its room, up to the last day of the encodings."""
    service, project = caller.service, caller.service.ledger.project(project_id)
    if not project.in_force:
        raise _early()
    now = service.clock()
    require_rows(project, now)
    sizes = {name: len(data) for name, data in blobs.items()}
    room = upload_room(project.charter, caller.member.id)
    service.reservations.reserve(Upload(project_id, caller.member.id, sizes, room, now))
    service.blobs.put_all(blobs)


def _early() -> NotYet:
    return NotYet(
        ServiceCode.UPLOAD_EARLY,
        Words(
            "Belum semua pihak menandatangani piagam proyek ini.",
            "Not all parties have signed this project's charter yet.",
        ),
        Words(
            "Lihat 'padan-policy status'; kirim setelah piagam berlaku.",
            "See 'padan-policy status'; send once the charter is in force.",
        ),
    )


def _malformed() -> BadInput:
    return BadInput(
        ServiceCode.UPLOAD_MALFORMED,
        Words("Potongan atau daftarnya tidak sah.", "A chunk or a list of chunks is malformed."),
        Words("Sandikan ulang, lalu kirim lagi.", "Encode again, then send again."),
    )
