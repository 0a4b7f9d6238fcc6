"""Sealed files of a release that the storage has no more, such as after a restored backup.

Their match IDs and keys were drawn at random, so nobody can make the same files again.
"""

from __future__ import annotations

from collections.abc import Iterator

from linkage_service.error_codes import ServiceCode
from linkage_service.release.files import file_name
from linkage_service.storage.blobs import Blobs
from policy.base.errors import NotYet
from policy.base.words import Words
from policy.statements import Staged

_LOST = (ServiceCode.BLOB_MISSING, ServiceCode.BLOB_DAMAGED)


def require_files(blobs: Blobs, project_id: str, staged: Staged) -> None:
    """Check that every file of a stage can be downloaded; raises NotYet."""
    if not all(blobs.is_whole(file_name(project_id, each.ciphertext)) for each in staged.files):
        raise _lost()


def stream_file(blobs: Blobs, project_id: str, digest: str) -> Iterator[bytes]:
    """A released file in blocks; raises NotYet if it is lost."""
    try:
        return blobs.stream(file_name(project_id, digest))
    except NotYet as error:
        if error.code not in _LOST:
            raise
        raise _lost() from None


def _lost() -> NotYet:
    return NotYet(
        ServiceCode.RELEASE_LOST,
        Words(
            "Penyimpanan layanan tidak lagi memuat berkas rilis ini, atau berkasnya rusak.",
            "The service's storage no longer has this release's file, or it is damaged.",
        ),
        Words(
            "Koordinator memulihkan berkas itu dari cadangan. Bila tidak ada, minta rilis baru"
            " dengan nama lain: 'padan-policy request'.",
            "The coordinator restores the file from a backup. If there is none, request a new"
            " release under another name: 'padan-policy request'.",
        ),
    )
