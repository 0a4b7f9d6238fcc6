"""Epoch keys: one HPKE key a project epoch, outside database and backups.

Everything that an epoch uploads hangs from its key. Destroying the key is what
destroys the encodings (crypto-shredding); nothing else could reach every copy.
"""

from __future__ import annotations

from dataclasses import dataclass

from policy.crypto.keys import SealKey
from policy.crypto.vault import Vault


@dataclass(frozen=True)
class Keystore:
    """A folder for now, a KMS behind the same two calls later."""

    vault: Vault

    def create(self, project: str, epoch: int) -> SealKey:
        """The epoch's key; drawn once, so that a repeated step finds the same one."""
        name = _name(project, epoch)
        if not self.vault.has(name):
            self.vault.put(name, SealKey.generate().secret_bytes())
        return self.get(project, epoch)

    def get(self, project: str, epoch: int) -> SealKey:
        """Raises NotYet if there is none, or no longer."""
        return SealKey.from_bytes(self.vault.get(_name(project, epoch)))

    def has(self, project: str, epoch: int) -> bool:
        return self.vault.has(_name(project, epoch))

    def destroy(self, project: str, epoch: int) -> None:
        """Overwrite and unlink it; done already, it stays done."""
        self.vault.destroy(_name(project, epoch))


def _name(project: str, epoch: int) -> str:
    return f"{project}.{epoch}"
