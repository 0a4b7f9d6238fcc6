"""The store of a member's project secrets: one small encrypted file for each secret.

Each file is ChaCha20-Poly1305 under the member's storage key, with the secret's name as associated
data, so that files cannot be swapped. Destroying a secret means overwriting and unlinking its file.
This program cannot reach copies on a disk or in a backup, which is why one-epoch keys never enter a
backup.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from policy.base.error_codes import PolicyCode
from policy.base.errors import NotYet, WrongKey
from policy.base.files import private_folder, shred_file, write_stream
from policy.base.words import Words

_NONCE_BYTES = 12
_SUFFIX = ".secret"


@dataclass(frozen=True)
class Vault:
    """Named secrets in a folder."""

    folder: Path
    key: bytes = field(repr=False)

    def put(self, name: str, secret: bytes) -> None:
        """Store a secret under a name, replacing an earlier one."""
        if not self.folder.exists():
            private_folder(self.folder)
        nonce = os.urandom(_NONCE_BYTES)
        sealed = ChaCha20Poly1305(self.key).encrypt(nonce, secret, name.encode())
        write_stream(self._path(name), (nonce, sealed), private=True)

    def get(self, name: str) -> bytes:
        """The secret; raises NotYet if there is none, WrongKey if it does not decrypt."""
        path = self._path(name)
        if not path.exists():
            raise NotYet(
                PolicyCode.VAULT_MISSING,
                Words(f"Kunci '{name}' belum ada.", f"The key '{name}' is missing."),
                Words(
                    "Jalankan langkah sebelumnya pada proyek ini lebih dahulu.",
                    "Run the step before this one in this project first.",
                ),
            )
        data = memoryview(path.read_bytes())
        try:
            return ChaCha20Poly1305(self.key).decrypt(
                data[:_NONCE_BYTES], data[_NONCE_BYTES:], name.encode()
            )
        except (InvalidTag, ValueError):
            raise WrongKey(
                PolicyCode.VAULT_CLOSED,
                Words(f"Kunci '{name}' tidak terbuka.", f"The key '{name}' does not open."),
                Words(
                    "Pulihkan folder rumah dari cadangan yang cocok dengan berkas kuncinya.",
                    "Restore the home folder from the backup that fits its key file.",
                ),
            ) from None

    def has(self, name: str) -> bool:
        """Whether there is a secret of that name."""
        return self._path(name).exists()

    def destroy(self, name: str) -> None:
        """Overwrite and unlink the secret's file, if it exists."""
        shred_file(self._path(name))

    def names(self) -> list[str]:
        return sorted(path.name.removesuffix(_SUFFIX) for path in self.folder.glob(f"*{_SUFFIX}"))

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}{_SUFFIX}"
