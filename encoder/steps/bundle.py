"""One signed, sealed bundle for each dataset or delta: written to a local file, sent in chunks.

    HOME/projects/PROJECT/bundles/DATASET/
        sealed.bin      the encrypted rows: chunks of 1 MiB + 16 bytes, the last shorter
        seal.json       the file key, sealed to the service's key of this epoch
        left.json       delta only: the handles of removed rows
        manifest.json   what the bundle or delta holds; its presence means: complete

A retry sends the same bytes, since rows are encrypted only once.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from encoder.base.parallel import in_order
from encoder.encoding.canaries import CanaryPlan, Slots
from encoder.encoding.project_keys import ProjectKeys
from encoder.encoding.terms import RowEncoder
from encoder.normalise import ruleset_digest
from encoder.store.handles import join_fields, split_columns
from encoder.store.prepared import FrozenRows, PreparedDataset
from policy.base.canonical import sha256, unb64
from policy.base.error_codes import PolicyCode
from policy.base.errors import PadanError
from policy.base.files import read_file, write_file, write_stream
from policy.charter import Charter
from policy.crypto.envelope import Binding
from policy.crypto.sealing import encrypt_stream, new_file_seal
from policy.formats.bundle_row import HANDLE_BYTES
from policy.formats.chunk_stream import CHUNKS_AT_ONCE, SEALED_CHUNK_BYTES
from policy.formats.documents import read_chunk_list, write_chunk_list, write_handle_list
from policy.project import Project
from policy.statements import BundleManifest, Delta, EpochOpened
from policy.wire.session import Session

_ROWS_AT_ONCE = 10_000
# With fewer batches, starting other processes does not pay.
_ALONE = 5
# More requests at once find a service with two cores no faster.
_REQUESTS_AT_ONCE = 3

Advance = Callable[[int], None]


@dataclass(frozen=True)
class BundleFolder:
    """The folder of one dataset's bundle on the agency's machine."""

    path: Path

    @property
    def sealed(self) -> Path:
        return self.path / "sealed.bin"

    @property
    def seal(self) -> Path:
        return self.path / "seal.json"

    @property
    def manifest(self) -> Path:
        return self.path / "manifest.json"

    @property
    def left(self) -> Path:
        return self.path / "left.json"

    def complete(self) -> bool:
        return self.manifest.exists()

    def stored(self) -> BundleManifest | Delta:
        kind = Delta if self.left.exists() else BundleManifest
        return kind.model_validate_json(read_file(self.manifest))

    def chunks(self) -> Iterator[bytes]:
        with self.sealed.open("rb") as file:
            while chunk := file.read(SEALED_CHUNK_BYTES):
                yield chunk


def encode_dataset(
    session: Session,
    plan: CanaryPlan,
    dataset: str,
    prepared: PreparedDataset,
    folder: BundleFolder,
    advance: Advance,
) -> BundleManifest | Delta:
    """Encode, seal and write a bundle or delta; memory does not grow with the rows.

    `plan` has the project's keys and the canaries derived from them.
    """
    project, keys, committed = session.project, plan.keys, prepared.commitment()
    kind = Delta if prepared.generation else BundleManifest
    seal = new_file_seal(
        unb64(_epoch_key(project)),
        bundle_binding(session, dataset, kind.SEAL_TYPE, committed.handle_root),
        session.me.keys.signing,
    )
    slots = Slots(()) if kind is Delta else plan.slots(dataset)
    rows = encode_rows(project.charter, keys, slots, prepared, advance)
    write_stream(folder.sealed, encrypt_stream(rows, seal.key, seal.header_digest), private=True)
    write_file(folder.seal, seal.envelope.canonical())
    layout, digests = RowEncoder(project.charter, keys).layout, [sha256(c) for c in folder.chunks()]
    described: dict[str, Any] = {
        "at": int(time.time()),
        "dataset": dataset,
        "count": committed.count,
        "handle_root": committed.handle_root,
        "terms": project.charter.terms_digest(),
        "rules": ruleset_digest(),
        "encodings": layout.shapes,
        "token_bytes": layout.token_bytes,
        "row_bytes": layout.row_bytes,
        "seal": seal.header_digest,
        "chunks": len(digests),
        "chunk_list": sha256(write_chunk_list(digests)),
    }
    if kind is Delta:
        described |= _changes(project, dataset, prepared, folder)
    else:
        described["canaries"] = plan.counts(dataset)
    manifest = kind(**described)
    write_file(folder.manifest, manifest.canonical())
    return manifest


def _changes(
    project: Project, dataset: str, prepared: PreparedDataset, folder: BundleFolder
) -> dict[str, Any]:
    """The additional fields of a delta's manifest; writes the handles of removed rows."""
    left = write_handle_list(prepared.left_out())
    write_file(folder.left, left)
    changes = prepared.changes()
    return {
        "replaces": project.commitments()[dataset].digest,
        "added": changes.added,
        "changed": changes.changed,
        "withdrawn": changes.withdrawn,
        "left": sha256(left),
    }


def upload_bundle(session: Session, folder: BundleFolder, advance: Advance) -> str:
    """Send the chunks that the service does not have yet, then the signed manifest."""
    stored = folder.stored()
    send_rows(session, folder, advance)
    return session.say(stored.model_copy(update={"at": int(time.time())}))


def send_rows(session: Session, folder: BundleFolder, advance: Advance) -> None:
    """Send all that the manifest names and the service does not have."""
    base = f"/projects/{session.project_id}"
    digests = [sha256(chunk) for chunk in folder.chunks()]
    chunk_list = write_chunk_list(digests)
    missing = set(read_chunk_list(session.ask(f"{base}/chunks/missing", chunk_list)))
    send_chunks(session, batches_of(folder, digests, missing), advance)
    documents = [chunk_list, read_file(folder.seal)]
    if folder.left.exists():
        documents.append(read_file(folder.left))
    for document in documents:
        session.put(f"{base}/blobs/{sha256(document)}", document)


def batches_of(
    folder: BundleFolder, digests: list[str], missing: set[str]
) -> Iterator[tuple[int, bytes]]:
    """Bodies of missing chunks, and how many chunks each brings the upload forward."""
    passed, body = 0, list[bytes]()
    for digest, chunk in zip(digests, folder.chunks(), strict=True):
        passed += 1
        if digest in missing:
            body.append(chunk)
        if len(body) == CHUNKS_AT_ONCE:
            yield passed, b"".join(body)
            passed, body = 0, []
    if passed:
        yield passed, b"".join(body)


def send_chunks(session: Session, batches: Iterator[tuple[int, bytes]], advance: Advance) -> None:
    """Send a few requests at a time; the first error ends the upload, which then resumes."""

    path = f"/projects/{session.project_id}/chunks"
    many = _takes_many(session, path)

    def send(passed: int, body: bytes) -> int:
        starts = range(0, len(body), SEALED_CHUNK_BYTES)
        if body and many:
            session.put(path, body)
        elif body:
            for chunk in (body[start : start + SEALED_CHUNK_BYTES] for start in starts):
                session.put(f"{path}/{sha256(chunk)}", chunk)
        return passed

    waiting: deque[Future[int]] = deque()
    with ThreadPoolExecutor(_REQUESTS_AT_ONCE) as pool:
        for batch in batches:
            if len(waiting) == _REQUESTS_AT_ONCE:
                advance(waiting.popleft().result())
            waiting.append(pool.submit(send, *batch))
        for each in waiting:
            advance(each.result())


def _takes_many(session: Session, path: str) -> bool:
    """Whether the service takes several chunks in a request; the version before takes one.

    Asked without a body, which no service keeps: one that ends before its answer would look like a
    lost connection.
    """
    try:
        session.put(path, b"")
    except PadanError as error:
        return error.code != PolicyCode.SERVICE_OLDER
    return True


def bundle_binding(session: Session, dataset: str, kind: str, handle_root: str) -> Binding:
    """The context to which the seal of a bundle's file key is bound."""
    project = session.project
    return project.binding(
        kind,
        sender=project.charter.dataset(dataset).owner,
        recipient=project.roster.service().id,
        manifest=handle_root,
        charter=project.keyed_charter_digest,
        roster=project.keyed_roster_digest,
    )


def encode_rows(
    charter: Charter,
    keys: ProjectKeys,
    slots: Slots,
    prepared: PreparedDataset,
    advance: Advance,
    workers: int | None = None,
) -> Iterator[bytes]:
    """All frozen rows as sent, in handle order, on `workers` cores (all if None).

    `slots` are the dataset's canaries.
    """
    batches = prepared.rows(list(map(join_fields, slots.rows)), _ROWS_AT_ONCE)
    planted = prepared.canary_handles() if slots.own else {}
    own = {handle: slots.own[slot] for handle, slot in planted.items()}
    for rows, encoded in in_order(
        _batch_encoder, (charter, keys, own), batches, alone=_ALONE, workers=workers
    ):
        yield encoded
        advance(rows)


def _batch_encoder(
    charter: Charter, keys: ProjectKeys, own: Mapping[bytes, bytes]
) -> Callable[[FrozenRows], tuple[int, bytes]]:
    """`own` has bytes that replace the handles of some rows in encoding."""
    encoder = RowEncoder(charter, keys)

    def encode(batch: FrozenRows) -> tuple[int, bytes]:
        handles = batch.handles
        others = {at: own[handle] for at, handle in enumerate(handles) if handle in own}
        given = [others.get(at, handle) for at, handle in enumerate(handles)] if others else handles
        encoded = encoder.encode_columns(given, split_columns(batch.fields))
        for at in others:
            encoded[at, :HANDLE_BYTES] = np.frombuffer(handles[at], np.uint8)
        return len(handles), encoded.tobytes()

    return encode


def _epoch_key(project: Project) -> str:
    return project.of(EpochOpened)[0].body.service_key
