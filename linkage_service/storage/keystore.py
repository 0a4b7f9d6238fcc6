"""Epoch keys: one HPKE key for each project epoch, kept outside database and backups.

Everything uploaded in an epoch is encrypted under its key. Destroying the key destroys the
encodings (crypto-shredding); no other method reaches every copy. With a hardware token, each key is
also encrypted under a key of the token: then even a copy of the folder is worthless once the
token's key is destroyed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

from linkage_service.storage.tokens import token_needed
from policy.crypto.keys import SealKey
from policy.crypto.vault import Vault

# In front of a key that a token has encrypted; a key itself has another length.
_WRAPPED: Final = b"padan/wrapped-1\0"


class Wrapping(Protocol):
    """Encrypts small secrets under keys of its own, one for each name (`storage.tokens`)."""

    def wrap(self, name: str, secret: bytes) -> bytes: ...

    def unwrap(self, name: str, wrapped: bytes) -> bytes: ...

    def has(self, name: str) -> bool: ...

    def destroy(self, name: str) -> None: ...


@dataclass(frozen=True)
class Keystore:
    """Epoch keys in a folder, and under a token if there is one.

    Keys that were drawn before there was a token stay as they are until their end.
    """

    vault: Vault
    token: Wrapping | None = None

    def create(self, project: str, epoch: int) -> SealKey:
        """The epoch's key; drawn once, so that a repeated step gets the same key."""
        name = _name(project, epoch)
        if not self.vault.has(name):
            secret = SealKey.generate().secret_bytes()
            if self.token is not None:
                secret = _WRAPPED + self.token.wrap(name, secret)
            self.vault.put(name, secret)
        return self.get(project, epoch)

    def get(self, project: str, epoch: int) -> SealKey:
        """The epoch's key; raises NotYet if it was not yet drawn or is already destroyed."""
        name = _name(project, epoch)
        secret = self.vault.get(name)
        if secret.startswith(_WRAPPED):
            secret = self._token(name).unwrap(name, secret.removeprefix(_WRAPPED))
        return SealKey.from_bytes(secret)

    def has(self, project: str, epoch: int) -> bool:
        """Whether the key, or a part of it, is still here."""
        name = _name(project, epoch)
        return self.vault.has(name) or (self.token is not None and self.token.has(name))

    def destroy(self, project: str, epoch: int) -> None:
        """Destroy the token's key, then overwrite and delete the file; harmless if repeated.

        Raises NotYet if the key is under a token that is not set: a copy could still open.
        """
        name = _name(project, epoch)
        if self.vault.has(name) and self.vault.get(name).startswith(_WRAPPED):
            self._token(name)
        if self.token is not None:
            self.token.destroy(name)
        self.vault.destroy(name)

    def _token(self, name: str) -> Wrapping:
        if self.token is None:
            raise token_needed(name)
        return self.token


def _name(project: str, epoch: int) -> str:
    return f"{project}.{epoch}"
