"""Sends again what this agency sent before and the service has lost, as by a restored backup.

What is sent has the digest that is in the log, so nothing new is said and nothing can be exchanged.
"""

from __future__ import annotations

from encoder.steps.bundle import Advance, BundleFolder, send_rows
from encoder.steps.workspace import Workspace
from policy.base.canonical import sha256
from policy.base.error_codes import PolicyCode
from policy.base.errors import Refused
from policy.base.files import read_file
from policy.base.words import Words
from policy.formats.http_api import Lacking
from policy.statements import Committed, Delta
from policy.wire.session import Session

SENT_AGAIN = Words(
    "Yang hilang dari layanan dikirim lagi.", "What the service had lost was sent again."
)
_NOTHING = Lacking(seals=[], documents=[])


def send_again(session: Session, advance: Advance = lambda _: None) -> Lacking:
    """Send what the service lacks and this agency still has; returns what the service lacked.

    Does nothing before this agency's commitment, and with a service that cannot be asked. Call it
    after `sync`.
    """
    if session.me.member.id not in session.project.by_sender(Committed):
        return _NOTHING
    found = _asked(session)
    seals, documents = Workspace(session).seals() if found.seals else {}, set(found.documents)
    for peer in found.seals:
        if peer in seals:
            session.put(f"/projects/{session.project_id}/mailbox/{peer}", seals[peer])
    if documents:
        _send_documents(session, documents, advance)
    return found


def _asked(session: Session) -> Lacking:
    try:
        answer = session.get(f"/projects/{session.project_id}/lacking")
    except Refused as error:
        if error.code != PolicyCode.SERVICE_OLDER:
            raise
        return _NOTHING
    return Lacking.model_validate_json(answer)


def _send_documents(session: Session, documents: set[str], advance: Advance) -> None:
    folder = Workspace(session).folder
    for path in sorted((folder / "bundles").glob("*")):
        bundle = BundleFolder(path)
        if bundle.complete() and documents & _named(bundle):
            send_rows(session, bundle, advance)
    for file in sorted((folder / "withdrawn").glob("*")):
        data = read_file(file)
        if sha256(data) in documents:
            session.put(f"/projects/{session.project_id}/blobs/{sha256(data)}", data)


def _named(bundle: BundleFolder) -> set[str]:
    manifest = bundle.stored()
    left = {manifest.left} if isinstance(manifest, Delta) else set[str]()
    return {manifest.chunk_list, manifest.seal} | left
