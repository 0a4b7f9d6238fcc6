"""Names a row of a form: letters only, so that no spreadsheet makes a number or a date of it.

    BDFG-HJKLMNPRSTVWXZ-BDFG
    form                    the same on all forms of one review
         row                a MAC of domain and handle under the review's key
                        check letters over the rest

A reference stays with its row when a sheet is sorted or rows are deleted. It tells nobody without
the key which row it names.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from typing import Literal

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC

_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
_FORM, _ROW, _CHECK = 4, 14, 4
_SHAPE = re.compile(rf"([{_LETTERS}]{{{_FORM}}})([{_LETTERS}]{{{_ROW}}})([{_LETTERS}]{{{_CHECK}}})")
Fault = Literal["changed", "foreign"]


@dataclass(frozen=True)
class References:
    """Makes and reads the references of one review."""

    key: bytes = field(repr=False)

    def of(self, domain: str, handle: bytes) -> str:
        """The reference of a row's match in a domain."""
        row = _letters(self._mac(b"row", domain.encode(), handle), _ROW)
        return f"{self._form}-{row}-{_check(self._form + row)}"

    def read(self, text: str) -> str | Fault:
        """The reference as it was written, or what is wrong with it."""
        found = _SHAPE.fullmatch(re.sub(r"[\s\-\u2010-\u2015]", "", text).upper())
        if found is None or _check(found[1] + found[2]) != found[3]:
            return "changed"
        if found[1] != self._form:
            return "foreign"
        return "-".join(found.groups())

    def content(self, cells: tuple[str, ...]) -> str:
        """A keyed digest of a row's cells; spaces and letter case do not count."""
        plain = [" ".join(cell.split()).casefold() for cell in cells]
        return self._mac(b"content", *(cell.encode() for cell in plain)).hex()

    def rank(self, seed: int, reference: str) -> bytes:
        """A place in a random order that the seed fixes."""
        return self._mac(b"rank", str(seed).encode(), reference.encode())

    def salt(self, counts: bytes) -> str:
        """The salt of counts that are to be approved."""
        return self._mac(b"salt", counts).hex()

    @property
    def _form(self) -> str:
        return _letters(self._mac(b"form"), _FORM)

    def _mac(self, *parts: bytes) -> bytes:
        mac = HMAC(self.key, SHA256())
        mac.update(b"padan/review/v1")
        for part in parts:
            mac.update(len(part).to_bytes(4, "big") + part)
        return mac.finalize()


def _letters(data: bytes, count: int) -> str:
    number, letters = int.from_bytes(data, "big"), []
    for _ in range(count):
        number, at = divmod(number, len(_LETTERS))
        letters.append(_LETTERS[at])
    return "".join(letters)


def _check(text: str) -> str:
    return _letters(hashlib.sha256(text.encode()).digest(), _CHECK)
