"""Argon2id that remembers: a story unlocks the same few key files again and again.

Each derivation takes 64 MiB and a fifth of a second, on purpose. Within one test process the
same passphrase, salt and cost give the key that Argon2id gave the first time. Key files, their
cost and their errors stay those of the product.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from policy.crypto import keys

_derived: dict[tuple[object, ...], bytes] = {}


class RememberingArgon2id:
    def __init__(self, **cost: Any) -> None:
        self._cost = tuple(sorted(cost.items()))
        self._kdf = Argon2id(**cost)

    def derive(self, passphrase: bytes) -> bytes:
        question = (*self._cost, bytes(passphrase))
        if question not in _derived:
            _derived[question] = self._kdf.derive(passphrase)
        return _derived[question]


@contextmanager
def each_passphrase_derived_once() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keys, "Argon2id", RememberingArgon2id)
        yield
