"""Epoch keys: one HPKE key for each project epoch, kept outside database and backups.

Everything uploaded in an epoch is encrypted under its key. Destroying the key destroys the
encodings (crypto-shredding); no other method reaches every copy.
"""

from __future__ import annotations

from dataclasses import dataclass

from policy.crypto.keys import SealKey
from policy.crypto.vault import Vault


@dataclass(frozen=True)
class Keystore:
    """Epoch keys in a folder; a KMS could serve the same calls."""

    vault: Vault

    def create(self, project: str, epoch: int) -> SealKey:
        """The epoch's key; drawn once, so that a repeated step gets the same key."""
        name = _name(project, epoch)
        if not self.vault.has(name):
            self.vault.put(name, SealKey.generate().secret_bytes())
        return self.get(project, epoch)

    def get(self, project: str, epoch: int) -> SealKey:
        """The epoch's key; raises NotYet if it was not yet drawn or is already destroyed."""
        return SealKey.from_bytes(self.vault.get(_name(project, epoch)))

    def has(self, project: str, epoch: int) -> bool:
        return self.vault.has(_name(project, epoch))

    def destroy(self, project: str, epoch: int) -> None:
        """Overwrite and delete the key; harmless if it is already destroyed."""
        self.vault.destroy(_name(project, epoch))


def _name(project: str, epoch: int) -> str:
    return f"{project}.{epoch}"
