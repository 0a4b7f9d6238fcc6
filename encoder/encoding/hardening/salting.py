"""Salts: values that rows must share before their encodings can be similar.

Many people share a salt such as a date of birth, so further columns split it. More columns split
it if the date is a placeholder for an unknown date: otherwise a thousand strangers would form
one group.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import compress
from typing import Protocol

import numpy as np
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from numpy.typing import NDArray

from encoder.encoding.hardening.columns import HardenedColumn, as_columns
from encoder.encoding.hardening.placeholders import placeholders
from encoder.encoding.hardening.prf import Prf
from encoder.encoding.hardening.votes import Words

Flags = NDArray[np.bool_]
Columns = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Salts:
    """A number for each row's salt values: equal for equal values.

    `lacking` marks rows with a missing value, whose numbers are unique.
    """

    numbers: Words
    lacking: Flags


class Salting(Protocol):
    """How one encoding is salted; `needs` are the columns it reads."""

    @property
    def needs(self) -> tuple[str, ...]: ...

    def own(self, handles: Sequence[bytes], key: bytes) -> Words:
        """A unique number for each row; `key` is the encoding's."""

    def salts(self, columns: Columns, own: Words, key: bytes) -> Salts:
        """The salts; `own` has a unique number for each row, for rows with missing values."""


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
    """A keyed number for each value of a column, common to all encodings of a project."""

    key: bytes = field(repr=False)
    _prfs: dict[str, Prf] = field(init=False, repr=False, default_factory=dict)

    def numbers(self, name: str, column: HardenedColumn) -> Words:
        """uint64 (rows,)."""
        if name not in self._prfs:
            self._prfs[name] = Prf(self.key, f"value {name}")
        return column.numbered(self._prfs[name])


@dataclass(frozen=True)
class ChainedSalt:
    """compound-2: the numbers of the values of salt and split columns, chained by AES-256.

    For rows with a placeholder date, the columns of `placeholder_split` are chained too.
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
        """The salts of these rows, and which rows lack a value. The number of columns comes
        first."""
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
    """uint64: the first half of each encrypted block of 16 bytes."""
    return np.frombuffer(cipher.encryptor().update(blocks), np.uint64)[::2]


def lacks_one(columns: Sequence[HardenedColumn]) -> Flags:
    """bool (rows,): whether a cell of the row is missing."""
    missing: Flags = np.logical_or.reduce([column.missing for column in columns])
    return missing
