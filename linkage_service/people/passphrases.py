"""Passphrases by Argon2id, under a secret that is not in the database.

A copy of the database alone cannot be tried out: the secret is derived from the service's key file.
3 passes over 64 MiB, the second recommendation of RFC 9106, but in one lane: OpenSSL runs lanes on
threads of a pool, and a second hash at the same time fails there for want of threads.
"""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from linkage_service.error_codes import ServiceCode
from policy.base.errors import BadInput
from policy.base.words import Words

MIN_CHARACTERS, MAX_CHARACTERS = 12, 256
_ITERATIONS, _LANES, _LENGTH = 3, 1, 32
MEMORY_KIB = 64 * 1024
# Each takes 64 MiB: many sign-ins at once wait for each other.
_AT_ONCE = 2


@dataclass(frozen=True)
class Passphrases:
    """Hashes and checks passphrases."""

    secret: bytes = field(repr=False)
    memory_kib: int = MEMORY_KIB
    _turns: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(_AT_ONCE))

    def hash(self, passphrase: str) -> str:
        """The passphrase as a PHC string."""
        with self._turns:
            return Argon2id(
                salt=os.urandom(16),
                length=_LENGTH,
                iterations=_ITERATIONS,
                lanes=_LANES,
                memory_cost=self.memory_kib,
                secret=self.secret,
            ).derive_phc_encoded(passphrase.encode())

    def fits(self, passphrase: str, stored: str) -> bool:
        """Whether the passphrase is the stored one. An account without one takes equally long."""
        with self._turns:
            try:
                known = stored or self._nobodys
                Argon2id.verify_phc_encoded(passphrase.encode(), known, self.secret)
            except InvalidKey:
                return False
        return bool(stored)

    @property
    def _nobodys(self) -> str:
        """A hash of the same cost and of no passphrase: nobody finds one of 32 zero bytes."""
        cost = f"m={self.memory_kib},t={_ITERATIONS},p={_LANES}"
        return f"$argon2id$v=19${cost}${'A' * 22}${'A' * 43}"


def require_good(passphrase: str, again: str, name: str) -> None:
    """Check a new passphrase; raises BadInput."""
    if passphrase != again:
        raise BadInput(
            ServiceCode.PEOPLE_PASSPHRASES_DIFFER,
            Words("Kedua frasa sandi berbeda.", "The two passphrases differ."),
            Words("Ketik lagi keduanya.", "Type both again."),
        )
    if not MIN_CHARACTERS <= len(passphrase) <= MAX_CHARACTERS or _is_plain(passphrase, name):
        raise BadInput(
            ServiceCode.PEOPLE_PASSPHRASE_SHORT,
            Words("Frasa sandi itu mudah ditebak.", "That passphrase is easy to guess."),
            Words(
                f"Pakai {MIN_CHARACTERS} sampai {MAX_CHARACTERS} karakter, misalnya empat kata"
                " acak, tanpa nama akun.",
                f"Use {MIN_CHARACTERS} to {MAX_CHARACTERS} characters, such as four random words,"
                " without the account's name.",
            ),
        )


def _is_plain(passphrase: str, name: str) -> bool:
    """Few different characters, or the account's own name."""
    return len(set(passphrase)) < 5 or name.lower() in passphrase.lower()
