"""The key of an encoding: bytes that are never shown."""

from __future__ import annotations

import os
from pathlib import Path

from encoder.encoding.csv_to_clks import read_secret
from policy.base.errors import BadInput
from policy.base.words import Words

SECRET_BYTES = 32


class Secret:
    """Key bytes whose `repr` and `str` are masked. Two sides that link need the same one.

    Functions take plain `bytes` too; a Secret cannot be printed into a notebook by accident.
    """

    __slots__ = ("_data",)

    def __init__(self, data: bytes) -> None:
        """Raises BadInput (`secret.empty`) if `data` is empty."""
        if not data:
            raise _empty()
        self._data = bytes(data)

    @classmethod
    def draw(cls) -> Secret:
        """32 random bytes, for a test or for both sides to share over a safe channel."""
        return cls(os.urandom(SECRET_BYTES))

    @classmethod
    def read(cls, path: str | os.PathLike[str]) -> Secret:
        """The secret in a file, without surrounding white space, as `padan-encoder hash` reads
        it."""
        return cls(read_secret(Path(path)))

    def reveal(self) -> bytes:
        """The bytes themselves."""
        return self._data

    def __repr__(self) -> str:
        return "Secret(***)"

    def __reduce__(self) -> tuple[type[Secret], tuple[bytes]]:
        raise TypeError("a Secret is not pickled")


def secret_bytes(secret: Secret | bytes) -> bytes:
    """The bytes of either form; raises BadInput if they are empty."""
    return (secret if isinstance(secret, Secret) else Secret(secret)).reveal()


def project_secret(secret: Secret | bytes) -> bytes:
    """At least 32 bytes, like the keys of a project; raises BadInput (`secret.short`) for fewer."""
    data = secret_bytes(secret)
    if len(data) < SECRET_BYTES:
        raise BadInput(
            "secret.short",
            Words(
                f"Rahasia ini {len(data)} bita; kunci proyek sedikitnya {SECRET_BYTES} bita.",
                f"This secret has {len(data)} bytes; a project's key has at least {SECRET_BYTES}.",
            ),
            Words("Pakai padan.Secret.draw().", "Use padan.Secret.draw()."),
        )
    return data


def _empty() -> BadInput:
    return BadInput(
        "secret.empty",
        Words("Rahasianya kosong.", "The secret is empty."),
        Words(
            "Berikan rahasia bersama, sama di semua pihak.",
            "Give the shared secret, the same at all parties.",
        ),
    )
