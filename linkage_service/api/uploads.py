"""Uploads that a later statement names: seals for peers, chunks, documents."""

from __future__ import annotations

from fastapi import APIRouter

from linkage_service.api.auth import Caller, SignedCaller
from linkage_service.error_codes import ServiceCode
from linkage_service.intake.bundles import require_digest
from linkage_service.storage.blobs import chunk_folder, chunk_name, document_name
from policy.base.canonical import b64
from policy.base.errors import BadInput
from policy.base.words import Words
from policy.formats.chunk_stream import SEALED_CHUNK_BYTES
from policy.formats.documents import read_chunk_list
from policy.formats.http_api import Kept
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


@router.post("/chunks/missing")
def missing(project: str, caller: Caller = SignedCaller) -> list[str]:
    """Which of these chunks are still to be sent."""
    caller.require_party(project)
    try:
        digests = read_chunk_list(caller.body)
    except ValueError:
        raise _malformed() from None
    return caller.service.blobs.missing(chunk_folder(project), digests)


@router.put("/chunks/{digest}", response_model=Kept)
def put_chunk(project: str, digest: str, caller: Caller = SignedCaller) -> dict[str, str]:
    """One sealed chunk of at most 1 MiB and its tag, under its SHA-256."""
    caller.require_party(project)
    _require_intake_open(caller, project)
    if len(caller.body) > SEALED_CHUNK_BYTES:
        raise _malformed()
    require_digest(caller.body, digest)
    caller.service.blobs.put(chunk_name(project, digest), caller.body)
    return {"status": "kept"}


@router.put("/blobs/{digest}", response_model=Kept)
def put_document(project: str, digest: str, caller: Caller = SignedCaller) -> dict[str, str]:
    """A chunk list or a seal, under its SHA-256."""
    caller.require_party(project)
    _require_intake_open(caller, project)
    require_digest(caller.body, digest)
    caller.service.blobs.put(document_name(project, digest), caller.body)
    return {"status": "kept"}


def _require_intake_open(caller: Caller, project: str) -> None:
    """Refuse uploads from the last day of the encodings on."""
    require_rows(caller.service.ledger.project(project), caller.service.clock())


def _malformed() -> BadInput:
    return BadInput(
        ServiceCode.UPLOAD_MALFORMED,
        Words("Potongan atau daftarnya tidak sah.", "A chunk or a list of chunks is malformed."),
        Words("Sandikan ulang, lalu kirim lagi.", "Encode again, then send again."),
    )
