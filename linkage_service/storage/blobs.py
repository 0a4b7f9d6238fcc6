"""Object storage: create-once blobs, named by digest or by step."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import LocalStore

from linkage_service.error_codes import ServiceCode
from policy.base.errors import NotYet
from policy.base.words import Words


class BlobReader(Protocol):
    """Reads bytes by name: from a service's blobs, or from a hand-over."""

    def get(self, name: str) -> bytes:
        """The whole blob; raises a PadanError if it is missing or differs from its name."""
        ...


@dataclass(frozen=True)
class Blobs:
    """A folder now, S3 later: the store is obstore's."""

    store: Any

    @classmethod
    def in_folder(cls, folder: Path) -> Blobs:
        folder.mkdir(parents=True, exist_ok=True)
        return cls(LocalStore(folder))

    def put(self, name: str, data: bytes) -> None:
        """Write once. An existing blob stays: names are digests or steps."""
        try:
            obstore.put(self.store, name, data, mode="create")
        except AlreadyExistsError:
            return
        except (BaseError, OSError):
            raise _not_written() from None

    def has(self, name: str) -> bool:
        try:
            obstore.head(self.store, name)
        except FileNotFoundError:
            return False
        return True

    def get(self, name: str) -> bytes:
        try:
            return bytes(obstore.get(self.store, name).bytes())
        except FileNotFoundError:
            raise NotYet(
                ServiceCode.BLOB_MISSING,
                Words("Sebagian berkas belum dikirim.", "A part has not been sent yet."),
                Words(
                    "Kirim ulang; bagian yang ada tidak dikirim lagi.", "Send again; it resumes."
                ),
            ) from None

    def under(self, folder: str) -> set[str]:
        """The names of the blobs in a folder, without the folder's name."""
        pages = obstore.list(self.store, prefix=folder)
        return {blob["path"].removeprefix(f"{folder}/") for page in pages for blob in page}

    def delete_under(self, folder: str) -> None:
        """Delete every blob in a folder, many in one request where the store can."""
        for page in obstore.list(self.store, prefix=folder):
            paths = [blob["path"] for blob in page]
            if paths:
                obstore.delete(self.store, paths)

    def delete(self, name: str) -> None:
        if self.has(name):
            obstore.delete(self.store, name)


def _not_written() -> NotYet:
    return NotYet(
        ServiceCode.BLOB_NOT_WRITTEN,
        Words(
            "Penyimpanan layanan tidak dapat ditulisi, atau penuh.",
            "The service's storage cannot be written to, or is full.",
        ),
        Words(
            "Kosongkan ruang, lalu ulangi perintah itu; yang sudah tersimpan tidak diulang.",
            "Free space, then give the command again; what is stored is not done again.",
        ),
    )
