"""What rows must agree in before their encodings can look alike: salts, and what splits them.

A salt that many people share, as they share a date of birth, is split by further columns, and by
more of them where the date is one that offices write for an unknown one: else a thousand strangers
would be one group.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import compress
from typing import Protocol

import numpy as np
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from numpy.typing import NDArray

from encoder.encoding.hardening.columns import Column, as_columns
from encoder.encoding.hardening.placeholders import placeholders
from encoder.encoding.hardening.prf import Prf
from encoder.encoding.hardening.votes import Words

Flags = NDArray[np.bool_]
Columns = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Salts:
    """A number for each row's salt values: equal for equal values. `lacking` has none of its own:
    a value is missing, and the number is like no other row's."""

    numbers: Words
    lacking: Flags


class Salting(Protocol):
    """How one encoding is salted; `needs` are the columns that it reads."""

    @property
    def needs(self) -> tuple[str, ...]: ...

    def own(self, handles: Sequence[bytes], key: bytes) -> Words:
        """A number for each row that is like no other row's; `key` is the encoding's."""

    def salts(self, columns: Columns, own: Words, key: bytes) -> Salts:
        """`own` has such a number of each row, for those that lack a value."""


@dataclass(frozen=True)
class JoinedSalt:
    """compound-1: one keyed number of the values of all salt columns."""

    needs: tuple[str, ...]

    def own(self, handles: Sequence[bytes], key: bytes) -> Words:
        return Prf(key, "own").numbers(handles)

    def salts(self, columns: Columns, own: Words, key: bytes) -> Salts:
        read = as_columns(columns, self.needs)
        lacking = lacks_one(read)
        cells = read[0] if len(read) == 1 else map("\0".join, zip(*read, strict=True))
        salts = own.copy()
        whole = compress(cells, (~lacking).tolist())
        salts[~lacking] = Prf(key, "salt").numbers(map(str.encode, whole))
        return Salts(salts, lacking)


@dataclass(frozen=True)
class SaltValues:
    """A keyed number for each value of a column, the same for all encodings of a project."""

    key: bytes = field(repr=False)
    _prfs: dict[str, Prf] = field(init=False, repr=False, default_factory=dict)

    def numbers(self, name: str, column: Column) -> Words:
        """uint64 (rows,)."""
        if name not in self._prfs:
            self._prfs[name] = Prf(self.key, f"value {name}")
        return column.numbered(self._prfs[name])


@dataclass(frozen=True)
class ChainedSalt:
    """compound-2: the numbers of the values of salt and split columns, chained by AES-256.

    Rows with a placeholder date have those of `placeholder_split` as well.
    """

    salt: tuple[str, ...]
    split: tuple[str, ...]
    placeholder_split: tuple[str, ...]
    values: SaltValues

    @property
    def needs(self) -> tuple[str, ...]:
        return (*self.salt, *self.split, *self.placeholder_split)

    def own(self, handles: Sequence[bytes], key: bytes) -> Words:
        return _first_halves(_cipher(key, "own"), b"".join(handles))

    def salts(self, columns: Columns, own: Words, key: bytes) -> Salts:
        cipher = _cipher(key, "salt")
        names = (*self.salt, *self.split)
        salts, lacking = self._chained(cipher, columns, names, slice(None))
        if self.placeholder_split:
            rows = np.flatnonzero(placeholders(columns, self.salt))
            names = (*names, *self.placeholder_split)
            salts[rows], lacking[rows] = self._chained(cipher, columns, names, rows)
        return Salts(np.where(lacking, own, salts), lacking)

    def _chained(
        self,
        cipher: Cipher[modes.ECB],
        columns: Columns,
        names: Sequence[str],
        rows: slice | NDArray[np.int64],
    ) -> tuple[Words, Flags]:
        """Salts of these rows, and which of them lack a value. The count of columns comes first."""
        read = as_columns(columns, names)
        lacking = lacks_one(read)[rows]
        blocks = np.empty((len(lacking), 2), np.uint64)
        blocks[:, 0] = len(names)
        for name, column in zip(names, read, strict=True):
            blocks[:, 1] = self.values.numbers(name, column)[rows]
            blocks[:, 0] = _first_halves(cipher, blocks.tobytes())
        return blocks[:, 0].copy(), lacking


def _cipher(key: bytes, purpose: str) -> Cipher[modes.ECB]:
    """AES-256 of raw blocks: a pseudorandom function of distinct inputs, not a mode for data."""
    return Cipher(algorithms.AES(Prf(key, purpose).key), modes.ECB())  # noqa: S305


def _first_halves(cipher: Cipher[modes.ECB], blocks: bytes) -> Words:
    """uint64, of each encrypted block of 16 bytes its first half."""
    return np.frombuffer(cipher.encryptor().update(blocks), np.uint64)[::2]


def lacks_one(columns: Sequence[Column]) -> Flags:
    """Whether a cell of the row is missing."""
    missing: Flags = np.logical_or.reduce([column.missing for column in columns])
    return missing
