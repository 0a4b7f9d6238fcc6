"""Check an uploaded bundle against its manifest, in one pass and constant memory.

    1. Chunk list and seal have the digests that the signed manifest names.
    2. The seal opens with this epoch's key and is bound to project, party and root.
    3. The stream is complete: every chunk is authentic and in order, the last one marked as last.
    4. Rows have the declared width, ascending handles and the declared count. Their Merkle
       root is the one committed before any key existed.

Bundles are stored as the agency sealed them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from operator import ge

import numpy as np
from numpy.typing import NDArray

from linkage_service.error_codes import ServiceCode
from linkage_service.storage.blobs import BlobReader, chunk_name, document_name
from linkage_service.storage.keystore import Keystore
from policy.base.canonical import sha256
from policy.base.clocks import Clock
from policy.base.errors import BadInput, Refused
from policy.base.words import Words
from policy.crypto.envelope import parse_envelope
from policy.crypto.sealing import decrypt_stream, open_seal
from policy.formats.arrays.bundle_rows import RowLayout
from policy.formats.bundle_row import HANDLE_BYTES
from policy.formats.documents import read_chunk_list, read_handle_list
from policy.log import Frontier, leaf_hash
from policy.members.roster import Member
from policy.project import Project
from policy.retention import require_rows
from policy.statements import BundleManifest, SealedRows

# A handle, eight encodings of 65,536 bits and a token take 65,568 bytes.
_MAX_ROW_BYTES = 128 * 1024


@dataclass(frozen=True)
class Intake:
    """Opens bundles of one service."""

    blobs: BlobReader
    keystore: Keystore
    clock: Clock

    def rows(self, project: Project, manifest: SealedRows) -> Iterator[bytes]:
        """Authentic plaintext blocks of a bundle; raises for anything that differs from the
        manifest.

        Nobody reads rows after their last day, a second operator with a hand-over included.
        """
        require_rows(project, self.clock())
        key = self.file_key(project, manifest)
        return decrypt_stream(self._chunks(project.charter.project, manifest), key, manifest.seal)

    def file_key(self, project: Project, manifest: SealedRows) -> bytes:
        """The key of one bundle's stream, from its seal; raises WrongKey or NotYet."""
        require_rows(project, self.clock())
        charter = project.charter
        seal = self._document(charter.project, manifest.seal)
        owner = _owner(project, manifest)
        binding = project.binding(
            manifest.SEAL_TYPE,
            sender=owner.id,
            recipient=project.roster.service().id,
            manifest=manifest.handle_root,
            charter=project.keyed_charter_digest,
            roster=project.keyed_roster_digest,
        )
        epoch_key = self.keystore.get(charter.project, charter.epoch)
        return open_seal(parse_envelope(seal), epoch_key, binding, owner.signing_public())

    def blocks(self, project: Project, manifest: SealedRows) -> Iterator[NDArray[np.uint8]]:
        """The bundle's plaintext in blocks of whole rows, uint8 (rows, row_bytes)."""
        width, left = _width(manifest), b""
        for block in self.rows(project, manifest):
            data = left + block
            whole = len(data) - len(data) % width
            yield np.frombuffer(data, np.uint8, whole).reshape(-1, width)
            left = data[whole:]
        if left:
            raise _wrong_count()

    def check(self, project: Project, manifest: BundleManifest) -> None:
        """Read the whole bundle once; raises Refused or BadInput."""
        frontier = Frontier.empty()
        for handles in self.checked(project, manifest):
            frontier = frontier.extend(map(leaf_hash, handles))
        require_root(manifest, frontier)

    def checked(self, project: Project, manifest: SealedRows) -> Iterator[list[bytes]]:
        """The handles in batches; raises Refused for rows out of order or not as many as
        declared."""
        layout, last, seen = RowLayout.of(manifest), b"", 0
        for rows in self.blocks(project, manifest):
            handles = [row.tobytes() for row in layout.handles(rows)]
            if any(map(ge, (last, *handles), handles)):
                raise refused(
                    ServiceCode.BUNDLE_ORDER,
                    "Pegangan baris tidak urut naik atau berulang.",
                    "The row handles are not in ascending order, or repeat.",
                )
            if not layout.tags_fit(rows):
                raise refused(
                    ServiceCode.BUNDLE_TAG,
                    "Tanda blok memuat lebih banyak bit daripada yang disepakati piagam.",
                    "A block tag has more bits than the charter agrees.",
                )
            yield handles
            last, seen = handles[-1] if handles else last, seen + len(handles)
            if seen > manifest.sent:
                break
        if seen != manifest.sent:
            raise _wrong_count()

    def handles(self, project: Project, digest: str, count: int) -> list[bytes]:
        """The handles of a document, which must list `count` different ones; else raises
        Refused."""
        data = self._document(project.charter.project, digest)
        try:
            handles = read_handle_list(data)
        except ValueError:
            raise _wrong_list() from None
        if not len(set(handles)) == len(handles) == count:
            raise _wrong_list()
        return handles

    def _chunks(self, project_id: str, manifest: SealedRows) -> Iterator[bytes]:
        try:
            listed = read_chunk_list(self._document(project_id, manifest.chunk_list))
        except ValueError:
            raise _wrong_chunks() from None
        if len(listed) != manifest.chunks:
            raise _wrong_chunks()
        for digest in listed:
            yield self.blobs.get(chunk_name(project_id, digest))

    def _document(self, project_id: str, digest: str) -> bytes:
        data = self.blobs.get(document_name(project_id, digest))
        if sha256(data) != digest:
            raise refused(
                ServiceCode.BUNDLE_DIGEST,
                "Sidik dokumen tidak cocok.",
                "A document's digest does not match.",
            )
        return data


def _owner(project: Project, manifest: SealedRows) -> Member:
    """The bundle's owner, with the key of the day on which the bundle was sent."""
    owner = project.charter.dataset(manifest.dataset).owner
    sent = (e for e in project.of(type(manifest)) if e.body == manifest)
    roster = next((project.roster_at(entry) for entry in sent), project.roster)
    return roster.member(owner)


def _width(manifest: SealedRows) -> int:
    """The declared width in bytes, checked against the largest possible row: it bounds memory."""
    if not HANDLE_BYTES <= manifest.row_bytes <= _MAX_ROW_BYTES:
        raise refused(
            ServiceCode.BUNDLE_WIDTH,
            "Lebar baris di manifes tidak mungkin.",
            "The manifest's row width is not possible.",
        )
    return manifest.row_bytes


def require_root(manifest: SealedRows, frontier: Frontier) -> None:
    """Check that the handles of the whole dataset have the committed root; raises Refused."""
    if frontier.root().hex() != manifest.handle_root:
        raise refused(
            ServiceCode.BUNDLE_HANDLE_ROOT,
            "Akar pegangan berbeda dari yang dikunci.",
            "The handle root differs from the committed one.",
        )


def require_digest(data: bytes, digest: str) -> None:
    """Check that content-addressed bytes have the digest in their name; raises BadInput."""
    if hashlib.sha256(data).hexdigest() != digest:
        raise BadInput(
            ServiceCode.UPLOAD_DIGEST,
            Words("Isi berbeda dari sidik di alamatnya.", "The content does not have that digest."),
            Words("Kirim ulang potongan itu.", "Send that chunk again."),
        )


def _wrong_count() -> Refused:
    return refused(
        ServiceCode.BUNDLE_COUNT,
        "Jumlah atau lebar baris berbeda dari manifes.",
        "Row count or row width differ from the manifest.",
    )


def _wrong_list() -> Refused:
    return refused(
        ServiceCode.BUNDLE_WITHDRAWN,
        "Daftar baris yang ditarik tidak sesuai pernyataannya.",
        "The list of withdrawn rows does not fit its statement.",
    )


def _wrong_chunks() -> Refused:
    return refused(
        ServiceCode.BUNDLE_CHUNKS,
        "Daftar potongan tidak sesuai manifes.",
        "The list of chunks does not fit the manifest.",
    )


def refused(code: str, indonesian: str, english: str) -> Refused:
    return Refused(
        code,
        Words(indonesian, english),
        Words(
            "Sandikan ulang dari baris yang dibekukan, lalu kirim lagi.",
            "Encode again from the frozen rows, then send again.",
        ),
    )
