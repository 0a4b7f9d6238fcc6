"""Object storage: create-once blobs named by what they are."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import obstore
from obstore.exceptions import AlreadyExistsError
from obstore.store import LocalStore

from policy.errors import NotYet
from policy.words import Words


@dataclass(frozen=True)
class Blobs:
    """A folder now, S3 later: the store is obstore's."""

    store: Any

    @classmethod
    def in_folder(cls, folder: Path) -> Blobs:
        folder.mkdir(parents=True, exist_ok=True)
        return cls(LocalStore(folder))

    def put(self, name: str, data: bytes) -> None:
        """Write once. A blob that is there already stays: names are digests or steps."""
        try:
            obstore.put(self.store, name, data, mode="create")
        except AlreadyExistsError:
            return

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
                "blob.missing",
                Words("Sebagian berkas belum dikirim.", "A part has not been sent yet."),
                Words(
                    "Kirim ulang; bagian yang ada tidak dikirim lagi.", "Send again; it resumes."
                ),
            ) from None

    def delete(self, name: str) -> None:
        if self.has(name):
            obstore.delete(self.store, name)
