"""Block tags: a few keyed bits of some columns, made before hardening.

Rows whose tags differ are not compared. A tag is cut so short that many strangers share each
one: it tells the linkage unit that two rows may agree in those columns, and hardly more.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from numpy.typing import NDArray

from policy.errors import BadInput
from policy.statements import TAG_BYTES
from policy.words import Words

_VALUES_KEPT = 1 << 20
_SALT_LINE = re.compile(r"^  salt: (\[[^\]]*\])$", re.MULTILINE)


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


def with_tags(encodings: str, bits: int) -> str:
    """Encodings in YAML, each with a tag of its own salt columns; comments stay.

    Raises BadInput where none has a salt.
    """
    tagged, count = _SALT_LINE.subn(rf"\g<0>\n  tag: \1\n  tag_bits: {bits}", encodings)
    if not count:
        raise BadInput(
            "schema.no-salt",
            Words(
                "Penyandian ini tidak bergaram (salt): tidak ada kolom untuk tanda bloknya.",
                "These encodings have no salt, and so no columns for block tags.",
            ),
            Words(
                "Pakai padan-id-3, atau tulis 'tag' dan 'tag_bits' sendiri di piagam.",
                "Use padan-id-3, or write 'tag' and 'tag_bits' into the charter yourself.",
            ),
        )
    return tagged
