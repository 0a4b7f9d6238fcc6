"""compound-1: fuzzy in some fields, and keyed by others that must agree exactly.

Every row's votes are drawn under a salt made of the values of its salt columns (year, month
and day of birth; the sound of the name and the year; the NIK; the family card). Rows of
different salts are unrelated noise to whoever lacks the key, so that what can be learnt from
known pairs stays inside one salt's group, which the choice of columns keeps small. Who has no
value in a salt column is like nobody, and looks like everybody else.

Salting by record attributes follows Niedermeyer, Steinmetzer, Kroll and Schnell (2014,
Journal of Privacy and Confidentiality 6(2):3); the votes follow SAUL (see `votes`). The
combination, and drawing votes for tokens instead of for bits of a CLK, is ours and has not
been reviewed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from numpy.typing import NDArray

from encoder.clk.schema import Feature, parse_schema
from encoder.clk.tokens import within
from encoder.hardening.columns import Column, as_columns
from encoder.hardening.votes import BLOCK_BYTES, Words, count_votes, fill_blocks, gather_tokens
from policy.errors import BadInput
from policy.words import Words as BilingualWords

# Some ten thousand cipher blocks at a time stay in the processor's cache.
_BYTES_AT_ONCE = 1 << 20
_WORD_BITS = 64
# A missing value counts as one that differs from all others: so many tokens stand for it.
_FILLERS = 12
_NUMBERS_KEPT = 1 << 20

Counts = NDArray[np.int64]


class CompoundEncoder:
    """Encodes rows under one linkage schema, salt columns and 32-byte key.

    Of the schema (clkhash, version 3) count the features, their tokens, their weights
    (`strategy`) and the length, a multiple of 128. `rounds` majorities make one bit.
    """

    def __init__(
        self, schema: Mapping[str, object], salt: Sequence[str], rounds: int, key: bytes
    ) -> None:
        parsed = parse_schema(schema, key)
        if parsed.bits % (8 * BLOCK_BYTES) or parsed.folds:
            raise _unfit_length()
        self.bits = parsed.bits
        self.needs = tuple(dict.fromkeys((*parsed.identifiers, *salt)))
        self._salt, self._rounds = tuple(salt), rounds
        self._features = [
            _FeatureTokens(each, Prf(key, f"token {each.identifier}")) for each in parsed.features
        ]
        self._salt_numbers, self._own_numbers = Prf(key, "salt"), Prf(key, "own")
        self._tie = Prf(key, "tie").number(b"")
        # Raw blocks as a pseudorandom function of distinct inputs, not a mode for data.
        self._cipher = Cipher(algorithms.AES(Prf(key, "votes").key), modes.ECB())  # noqa: S305

    def encode(
        self, columns: Mapping[str, Sequence[str]], handles: Sequence[bytes]
    ) -> NDArray[np.uint8]:
        """uint8, shape (rows, bits / 8). Handles make rows without a salt value unlike all."""
        rows = len(handles)
        out = np.empty((rows, self.bits // _WORD_BITS), np.uint64)
        own = self._own(as_columns(columns, self.needs), handles)
        salts = self._salts(as_columns(columns, self._salt), own)
        names = [each.name for each in self._features]
        values = as_columns(columns, names)
        parts = [each.of(of, own) for each, of in zip(self._features, values, strict=True)]
        token_bytes = self._rounds * self.bits // 8
        most_tokens = max(1, sum(int(part.counts.max(initial=0)) for part in parts) + 1)
        step = max(1, _BYTES_AT_ONCE // (most_tokens * token_bytes))
        votes = np.empty((step * most_tokens + 1) * token_bytes // 8, np.uint64)
        for start in range(0, rows, step):
            chosen = slice(start, min(start + step, rows))
            self._encode(parts, chosen, salts[chosen], votes, out[chosen])
        return out.view(np.uint8)

    def _own(self, columns: Sequence[Column], handles: Sequence[bytes]) -> Words:
        """A number for each row that lacks a value, like no other row's; 0 for the rest."""
        own = np.zeros(len(handles), np.uint64)
        lacking = _rows_that_lack_one(columns)
        own[lacking] = self._own_numbers.numbers(handles[row] for row in lacking.tolist())
        return own

    def _salts(self, columns: Sequence[Column], own: Words) -> Words:
        cells = columns[0] if len(columns) == 1 else map("\0".join, zip(*columns, strict=True))
        salts = self._salt_numbers.numbers(map(str.encode, cells))
        lacking = _rows_that_lack_one(columns)
        salts[lacking] = own[lacking]
        return salts

    def _encode(
        self, parts: Sequence[_Tokens], rows: slice, salts: Words, votes: Words, out: Words
    ) -> None:
        counts = np.ones(len(salts), np.int64)
        for part in parts:
            counts += part.counts[part.value_of_row[rows]]
        starts = np.concatenate([[0], np.cumsum(counts)])
        tokens = np.empty(starts[-1], np.uint64)
        weights = np.zeros(starts[-1], np.int64)
        ends = starts[:-1].copy()
        for part in parts:
            values = part.value_of_row[rows]
            gather_tokens(part.starts, part.tokens, part.weights, values, ends, tokens, weights)
        # The last token of a row makes its total odd, so that no vote ends in a tie.
        totals = np.add.reduceat(weights, starts[:-1])
        tokens[ends], weights[ends] = self._tie, 1 + totals % 2
        blocks_each = self._rounds * self.bits // 8 // BLOCK_BYTES
        blocks = np.empty((len(tokens) * blocks_each, 2), np.uint64)
        fill_blocks(starts, tokens, salts, blocks_each, blocks)
        self._cipher.encryptor().update_into(blocks.data.cast("B"), votes.data.cast("B"))
        drawn = votes[: blocks.size].reshape(len(tokens), -1)
        planes = int(totals.max() + 2).bit_length()
        count_votes(starts, weights, drawn, self._rounds, planes, out)


class Prf:
    """64-bit numbers for byte strings, by HMAC-SHA256 under a key for this purpose alone."""

    def __init__(self, key: bytes, purpose: str) -> None:
        mac = HMAC(key, SHA256())
        mac.update(b"padan/compound-1\0" + purpose.encode())
        self.key = mac.finalize()
        self._keyed = HMAC(self.key, SHA256())

    def number(self, value: bytes) -> int:
        return int(self.numbers([value])[0])

    def numbers(self, values: Iterable[bytes]) -> Words:
        """uint64, one a value; writable."""
        found = bytearray()
        fresh = self._keyed.copy
        for value in values:
            mac = fresh()
            mac.update(value)
            found += mac.finalize()[:8]
        return np.frombuffer(found, ">u8").astype(np.uint64)


def _rows_that_lack_one(columns: Sequence[Column]) -> Counts:
    """Indices of rows in which a cell is missing, in order."""
    return np.flatnonzero(np.logical_or.reduce([column.missing for column in columns]))


@dataclass(frozen=True)
class _Tokens:
    """The tokens of a column's values, one value after the other, and each row's value."""

    starts: Counts
    tokens: Words
    weights: Counts
    value_of_row: Counts

    @cached_property
    def counts(self) -> Counts:
        return np.diff(self.starts)


class _FeatureTokens:
    """One feature's values to keyed token numbers with their weights."""

    def __init__(self, feature: Feature, prf: Prf) -> None:
        self.name = feature.identifier
        self._feature, self._prf = feature, prf
        self._numbers: dict[str, int] = {}
        self._fillers = 1 if feature.exact else _FILLERS

    def of(self, column: Column, own: Words) -> _Tokens:
        """`own` has a number of each row that no other row has; it fills missing values."""
        starts, tokens, weights = self._of_distinct(column)
        missing, count = column.missing, int(np.count_nonzero(column.missing))
        value_of_row = column.value_of_row
        if count:
            value_of_row = value_of_row.copy()
            value_of_row[missing] = len(column.distinct) + np.arange(count)
        filler_tokens, filler_weights = self._fill(own[missing])
        ends = starts[-1] + self._fillers * np.arange(1, count + 1)
        return _Tokens(
            np.concatenate([starts, ends]),
            np.concatenate([tokens, filler_tokens]),
            np.concatenate([weights, filler_weights]),
            value_of_row,
        )

    def _of_distinct(self, column: Column) -> tuple[Counts, Words, Counts]:
        if not column.distinct:
            return np.zeros(1, np.int64), np.empty(0, np.uint64), np.empty(0, np.int64)
        found = column.occurrences(self._feature)
        numbers = np.fromiter(map(self._number, found.tokens), np.uint64, len(found.tokens))
        starts = np.concatenate([[0], np.cumsum(found.counts)])
        return starts, numbers[found.which], self._weights(found.counts)

    def _weights(self, counts: Counts) -> Counts:
        """The weight of every token of values with so many tokens, one value after the other."""
        most = int(counts.max())
        shares = np.zeros((most + 1, most), np.int64)
        for n in np.unique(counts).tolist():
            shares[n, :n] = self._feature.bits_per_token(n)
        return shares[np.repeat(counts, counts), within(counts)]

    def _fill(self, own: Words) -> tuple[Words, Counts]:
        """Tokens that no other row has, of the weight that a value would have."""
        count = np.arange(1, self._fillers + 1, dtype=np.uint64) << np.uint64(8)
        tokens = (own[:, np.newaxis] ^ count) ^ np.uint64(self._number(""))
        share = np.array(self._feature.bits_per_token(self._fillers), np.int64)
        return tokens.ravel(), np.tile(share, len(own))

    def _number(self, token: str) -> int:
        if len(self._numbers) > _NUMBERS_KEPT:
            self._numbers.clear()
        found = self._numbers.get(token)
        if found is None:
            found = self._numbers[token] = self._prf.number(token.encode())
        return found


def _unfit_length() -> BadInput:
    return BadInput(
        "schema.length",
        BilingualWords(
            "Profil compound-1 memerlukan panjang kelipatan 128 bit tanpa lipatan.",
            "The profile compound-1 needs a length that is a multiple of 128, without folds.",
        ),
        BilingualWords("Ubah 'l' di skema.", "Change 'l' in the schema."),
    )
