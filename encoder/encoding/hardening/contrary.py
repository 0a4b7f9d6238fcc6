"""Contrary codes show whether two near-certain candidates contradict each other, and no more.

A code is 16 bytes. It is made under the row's *frame*: the values of the encoding's salt columns
and of some further columns (how the name begins, the date of birth). Rows with equal frames share
a pad, so the XOR of their codes is the XOR of the padded contents. The content has 0 for a known
value, tokens of the parts of the NIK and of the date, and all ones for a woman and for a
newborn's name, each in its own bytes (`policy.formats.contrary_code`).

If a row lacks a value, the bytes of this value are noise. If it lacks a value of the frame, all
16 bytes are noise. Rows with different frames share no pad. So the service can compare two rows
only if their frames are equal, and cannot tell whether one or both of these rows lack a value.
docs/explanation/contrary-evidence.md describes what the service learns.

The pad is AES-256 of (frame, 0), a token the first byte of AES-256 of (frame, kind and value),
noise AES-256 of (frame, own number), where the handle determines the row's own number: a
pseudorandom function of distinct blocks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

import numpy as np
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from numpy.typing import NDArray

from encoder.encoding.hardening.claims import Claims
from encoder.encoding.hardening.columns import HardenedColumn
from encoder.encoding.hardening.compound import Salts
from encoder.encoding.hardening.prf import Prf
from encoder.encoding.hardening.votes import BLOCK_BYTES, Words, native
from policy.formats.contrary_code import (
    CONTRARY_CODE_BYTES,
    DATE,
    DATE_STATED,
    DAY,
    MONTH,
    NEWBORN,
    NIK,
    NIK_PARTS,
    SEX,
    YEAR,
    YEAR_FROM_DECEMBER,
)

Bytes = NDArray[np.uint8]
Flags = NDArray[np.bool_]

_ONES = np.uint8(0xFF)
# The positions of tokens, and their kinds. Month and day have one kind, so that an exchange
# can be recognised. Kind 0 is the pad, and the last kind is noise.
TOKENS = np.array([*range(NIK_PARTS.start, NIK_PARTS.stop), YEAR, YEAR_FROM_DECEMBER, MONTH, DAY])
_KINDS = (1, 2, 3, 4, 5, 6, 6)
_NOISE = 7
_KIND_BITS = 56
_VALUE_BITS = np.uint64((1 << _KIND_BITS) - 1)
# Cipher blocks of this many rows fit into the processor's cache.
_ROWS_AT_ONCE = 1 << 11
_NUMBERS_KEPT = 1 << 18


class ValueNumbers(dict[str, int]):
    """A keyed number for each value of a column; frequent values are cached."""

    def __init__(self, prf: Prf) -> None:
        self._prf = prf

    def __missing__(self, value: str) -> int:
        if len(self) > _NUMBERS_KEPT:
            self.clear()
        self[value] = self._prf.number(value.encode())
        return self[value]


class ContraryBatch:
    """The inputs to all codes of some rows, computed once.

    `values` gives the numbers of the values of further columns, by column. `own` is uint64
    (rows,), a unique number for each row.
    """

    def __init__(
        self,
        columns: Mapping[str, HardenedColumn],
        claims: Claims,
        own: Words,
        values: Mapping[str, ValueNumbers],
    ) -> None:
        self.own = own
        self._columns, self._claims, self._values = columns, claims, values
        self._numbers: dict[str, Words] = {}

    def numbers(self, name: str) -> Words:
        """uint64 (rows,): one number for each value of this column, also for a missing value."""
        if name not in self._numbers:
            column, number = self._columns[name], self._values[name].__getitem__
            numbers = np.fromiter(map(number, (*column.distinct, "")), np.uint64)
            of_rows = numbers[column.value_of_row]
            self._numbers[name] = np.where(column.missing, numbers[-1], of_rows)
        return self._numbers[name]

    def missing(self, name: str) -> Flags:
        """bool (rows,)."""
        missing: Flags = self.numbers(name) == np.uint64(self._values[name][""])
        return missing

    @cached_property
    def inputs(self) -> Words:
        """uint64 (rows, 9), the second halves of cipher blocks: pad, tokens, noise."""
        claims = self._claims
        dates = claims.year, claims.year_from_december, claims.month, claims.day
        inputs = np.zeros((len(claims.nik), 2 + len(TOKENS)), np.uint64)
        for at, values in enumerate((*claims.nik_parts, *dates)):
            inputs[:, 1 + at] = values.astype(np.uint64) | np.uint64(_KINDS[at] << _KIND_BITS)
        inputs[:, -1] = (self.own & _VALUE_BITS) | np.uint64(_NOISE << _KIND_BITS)
        return inputs

    @cached_property
    def plain(self) -> Bytes:
        """uint8 (rows, 16): the content under the pads, without the tokens."""
        plain = np.zeros((len(self._claims.nik), CONTRARY_CODE_BYTES), np.uint8)
        plain[self._claims.female, SEX] = _ONES
        plain[self._claims.newborn, NEWBORN] = _ONES
        return plain

    @cached_property
    def known(self) -> Flags:
        """bool (rows, 16): whether the row has a value for this byte; other bytes are noise."""
        claims = self._claims
        known = np.zeros((len(claims.nik), CONTRARY_CODE_BYTES), np.bool_)
        parts = (NIK, claims.nik), (DATE, claims.date), (SEX, claims.sex), (NEWBORN, claims.name)
        for where, rows in parts:
            known[rows, where] = True
        known[claims.stated, DATE_STATED] = True
        return known


class ContraryCoder:
    """One contrary code: under an encoding's salts and further columns, with its own keys."""

    def __init__(self, columns: Sequence[str], key: bytes, number: int) -> None:
        self.needs = tuple(columns)
        self._frame, self._code = (
            block_cipher(Prf(key, f"contrary {number} {use}").key) for use in ("frame", "code")
        )

    def codes(self, batch: ContraryBatch, salts: Salts) -> Bytes:
        """uint8, shape (rows, 16)."""
        frames = self._frames(batch, salts)
        codes = np.empty((len(frames), CONTRARY_CODE_BYTES), np.uint8)
        inputs, plain, known = batch.inputs, batch.plain, batch.known
        width = inputs.shape[1]
        # One block more: the cipher requires room that it does not use.
        blocks = np.empty((_ROWS_AT_ONCE * width + 1, 2), np.uint64)
        memory, drawn = blocks.data.cast("B"), blocks.view(np.uint8)
        encryptor = self._code.encryptor()
        for start in range(0, len(frames), _ROWS_AT_ONCE):
            some = slice(start, min(start + _ROWS_AT_ONCE, len(frames)))
            fill_code_blocks(frames[some], inputs[some], blocks)
            filled = BLOCK_BYTES * width * (some.stop - some.start)
            encryptor.update_into(memory[:filled], memory)
            combine_codes(drawn, width, TOKENS, plain[some], known[some], codes[some])
        return codes

    def _frames(self, batch: ContraryBatch, salts: Salts) -> Words:
        """A number for each row's frame; a unique number if the row lacks a value of the frame."""
        frames, lacking = salts.numbers, salts.lacking
        for name in self.needs:
            frames = first_halves(self._frame, np.stack([frames, batch.numbers(name)], axis=1))
            lacking = lacking | batch.missing(name)
        return np.where(lacking, batch.own, frames)


def block_cipher(key: bytes) -> Cipher[modes.ECB]:
    """AES-256 of raw blocks: a pseudorandom function of distinct inputs, not a mode for data."""
    return Cipher(algorithms.AES(key), modes.ECB())  # noqa: S305


def first_halves(cipher: Cipher[modes.ECB], blocks: Words) -> Words:
    """uint64 (rows,): the first half of each encrypted block; `blocks` is uint64 (rows, 2)."""
    encrypted = np.frombuffer(cipher.encryptor().update(blocks.tobytes()), np.uint64)
    return np.ascontiguousarray(encrypted[::2])


@native
def fill_code_blocks(frames: Words, inputs: Words, blocks: Words) -> None:
    """Cipher input: (frame of the row, each of its inputs)."""
    width = inputs.shape[1]
    for row in range(frames.shape[0]):
        for at in range(width):
            blocks[row * width + at, 0] = frames[row]
            blocks[row * width + at, 1] = inputs[row, at]


@native
def combine_codes(
    drawn: Bytes, width: int, tokens: NDArray[np.int64], plain: Bytes, known: Flags, codes: Bytes
) -> None:
    """Pad and plain bytes, then tokens at their positions, and noise for unknown values."""
    for row in range(codes.shape[0]):
        pad, noise = row * width, row * width + width - 1
        for at in range(codes.shape[1]):
            codes[row, at] = drawn[pad, at] ^ plain[row, at]
        for number in range(tokens.shape[0]):
            codes[row, tokens[number]] ^= drawn[pad + 1 + number, 0]
        for at in range(codes.shape[1]):
            if not known[row, at]:
                codes[row, at] = drawn[noise, at]
