"""Block tags: a few keyed bits of some columns, made before hardening.

Rows whose tags differ are not compared. A tag is cut so short that many strangers share each
one: it tells the linkage unit that two rows may agree in those columns, and hardly more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from numpy.typing import NDArray

from policy.statements import TAG_BYTES

_VALUES_KEPT = 1 << 20


@dataclass
class Tagger:
    """Tags of `bits` bits (1 to 16) from the columns `needs`, under a 32-byte key."""

    needs: tuple[str, ...]
    bits: int
    key: bytes = field(repr=False)
    _known: dict[bytes, int] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._keyed = HMAC(self.key, SHA256())

    def tags(
        self, columns: Mapping[str, Sequence[str]], handles: Sequence[bytes]
    ) -> NDArray[np.uint8]:
        """uint8, shape (rows, TAG_BYTES), little-endian; the bits above `bits` are 0.

        Who lacks a value has a tag of its own handle: like nobody's, and looking like any.
        """
        cells = zip(*(columns[name] for name in self.needs), strict=True)
        numbers = [
            self._of_value(b"value\0" + "\0".join(row).encode())
            if all(row)
            else self._number(b"missing\0" + handle)
            for row, handle in zip(cells, handles, strict=True)
        ]
        return np.array(numbers, "<u2").view(np.uint8).reshape(len(handles), TAG_BYTES)

    def _of_value(self, value: bytes) -> int:
        if len(self._known) > _VALUES_KEPT:
            self._known.clear()
        found = self._known.get(value)
        if found is None:
            found = self._known[value] = self._number(value)
        return found

    def _number(self, value: bytes) -> int:
        mac = self._keyed.copy()
        mac.update(value)
        return int.from_bytes(mac.finalize()[:TAG_BYTES], "little") >> (8 * TAG_BYTES - self.bits)
