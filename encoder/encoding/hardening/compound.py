"""compound-1 and -2: fuzzy in some fields, and keyed by other fields that must agree exactly.

Every row's votes are drawn under a salt made from the values of its salt columns (year, month
and day of birth; the sound of the name and the year; the NIK; the family card). Rows with
different salts look like unrelated noise to anyone without the key. So an attack with known
pairs is confined to the group of one salt, and the choice of columns keeps such groups small. A
row without a value in a salt column is similar to no other row, and looks like every other row.

Salting by record attributes follows Niedermeyer, Steinmetzer, Kroll and Schnell (2014,
Journal of Privacy and Confidentiality 6(2):3); the votes follow SAUL (see `votes`). The
combination, and drawing votes for tokens instead of for bits of a CLK, is ours and has not
been reviewed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from numpy.typing import NDArray

from encoder.encoding.clk.schema import Feature, parse_schema
from encoder.encoding.hardening.columns import HardenedColumn, as_columns
from encoder.encoding.hardening.prf import Prf
from encoder.encoding.hardening.salting import Salting, lacks_one
from encoder.encoding.hardening.salting import Salts as Salts
from encoder.encoding.hardening.votes import (
    BLOCK_BYTES,
    Counts,
    Words,
    block_pattern,
    count_votes,
    fill_blocks,
    gather_tokens,
    scratch_rows,
    weigh_tokens,
)
from encoder.error_codes import EncoderCode
from policy.base.errors import BadInput
from policy.base.words import Words as BilingualWords
from policy.charter.hardened import BLOCK_BITS, MOST_BLOCKS

# Cipher blocks per batch: they should fit into the processor's cache.
_BYTES_AT_ONCE = 1 << 18
_ROWS_AT_ONCE = 1 << 12
_WORD_BITS = 64
# A missing value differs from all others: this many tokens replace it.
_FILLERS = 12
_NUMBERS_KEPT = 1 << 20


class CompoundEncoder:
    """Encodes rows under one linkage schema, salt columns and 32-byte key.

    The schema (clkhash, version 3) gives the features, their tokens, their weights
    (`strategy`) and the length, a multiple of 128. Each bit is the XOR of `rounds` majorities.
    """

    def __init__(
        self, schema: Mapping[str, object], salt: Salting, rounds: int, key: bytes
    ) -> None:
        parsed = parse_schema(schema, key)
        if parsed.bits % (8 * BLOCK_BYTES) or parsed.folds:
            raise _unfit_length()
        if rounds * parsed.bits > MOST_BLOCKS * BLOCK_BITS:
            raise _too_many_blocks()
        self.bits = parsed.bits
        self.needs = tuple(dict.fromkeys((*parsed.identifiers, *salt.needs)))
        self._salt, self._rounds = salt, rounds
        self._features = [
            _FeatureTokens(each, Prf(key, f"token {each.identifier}")) for each in parsed.features
        ]
        self._key = key
        self._tie = Prf(key, "tie").number(b"")
        # Raw blocks as a pseudorandom function of distinct inputs, not a mode for data.
        self._cipher = Cipher(algorithms.AES(Prf(key, "votes").key), modes.ECB())  # noqa: S305

    def encode(
        self, columns: Mapping[str, Sequence[str]], handles: Sequence[bytes]
    ) -> NDArray[np.uint8]:
        """uint8, shape (rows, bits / 8). Handles make rows without a salt value unique."""
        return self.encode_with_salts(columns, handles)[0]

    def encode_with_salts(
        self, columns: Mapping[str, Sequence[str]], handles: Sequence[bytes]
    ) -> tuple[NDArray[np.uint8], Salts]:
        """The encodings of `encode`, and the numbers of the rows' salt values."""
        rows = len(handles)
        out = np.empty((rows, self.bits // _WORD_BITS), np.uint64)
        own = self._own(as_columns(columns, self.needs), handles)
        salted = self.salts(columns, own)
        salts = salted.numbers
        names = [each.name for each in self._features]
        values = as_columns(columns, names)
        parts = [each.of(of, own) for each, of in zip(self._features, values, strict=True)]
        votes = _Votes(self._cipher, self._rounds, self.bits)
        for start in range(0, rows, _ROWS_AT_ONCE):
            chosen = slice(start, min(start + _ROWS_AT_ONCE, rows))
            starts, tokens, weights = self._tokens(parts, chosen)
            votes.cast(starts, tokens, weights, salts[chosen], out[chosen])
        return out.view(np.uint8), salted

    def salts(self, columns: Mapping[str, Sequence[str]], own: Words) -> Salts:
        """The numbers of the rows' salt values. `own` has a unique number for each row."""
        return self._salt.salts(columns, own, self._key)

    def _own(self, columns: Sequence[HardenedColumn], handles: Sequence[bytes]) -> Words:
        """A unique number for each row with a missing value; 0 for the other rows."""
        own = np.zeros(len(handles), np.uint64)
        lacking = np.flatnonzero(lacks_one(columns))
        own[lacking] = self._salt.own([handles[row] for row in lacking.tolist()], self._key)
        return own

    def _tokens(self, parts: Sequence[_Tokens], rows: slice) -> tuple[Counts, Words, Counts]:
        """The start of each row's tokens, all tokens, and their weights."""
        counts = np.ones(rows.stop - rows.start, np.int64)
        for part in parts:
            counts += part.counts[part.value_of_row[rows]]
        starts = _starts(counts)
        tokens = np.empty(starts[-1], np.uint64)
        weights = np.zeros(starts[-1], np.int64)
        ends = starts[:-1].copy()
        for part in parts:
            values = part.value_of_row[rows]
            gather_tokens(part.starts, part.tokens, part.weights, values, ends, tokens, weights)
        # A row's last token makes the total weight odd, so that no vote is a tie.
        tokens[ends], weights[ends] = self._tie, 1 + np.add.reduceat(weights, starts[:-1]) % 2
        return starts, tokens, weights


class _Votes:
    """Draws and counts votes, for as many rows at a time as fit into the processor's cache."""

    def __init__(self, cipher: Cipher[modes.ECB], rounds: int, bits: int) -> None:
        self._encryptor = cipher.encryptor()
        self._rounds, self._width = rounds, rounds * bits // _WORD_BITS
        self._pattern = block_pattern(self._width)

    def cast(
        self, starts: Counts, tokens: Words, weights: Counts, salts: Words, out: Words
    ) -> None:
        """Write the encodings of rows, given as `starts`, `tokens` and `weights`, to `out`."""
        planes = int(np.add.reduceat(weights, starts[:-1]).max()).bit_length()
        room = max(_BYTES_AT_ONCE // (8 * self._width), int(np.diff(starts).max()))
        votes = np.empty((room + scratch_rows(planes), self._width), np.uint64)
        drawn = votes.data.cast("B")
        ends = np.searchsorted(starts, starts + room, "right") - 1
        first = 0
        while first < len(salts):
            last = int(ends[first])
            here = starts[first : last + 1]
            fill_blocks(here, tokens, salts[first:last], self._pattern, votes)
            filled = 8 * self._width * int(here[-1] - here[0])
            self._encryptor.update_into(drawn[:filled], drawn)
            count_votes(here, weights, votes, self._rounds, planes, out[first:last])
            first = last


def _starts(counts: Counts) -> Counts:
    """The start of each run of `counts` entries, and the end of the last run."""
    return np.concatenate([[0], np.cumsum(counts)])


@dataclass(frozen=True)
class _Tokens:
    """The tokens of a column's values, value by value, and each row's value."""

    starts: Counts
    tokens: Words
    weights: Counts
    value_of_row: Counts

    @cached_property
    def counts(self) -> Counts:
        return np.diff(self.starts)


class _FeatureTokens:
    """Converts one feature's values to keyed token numbers with weights."""

    def __init__(self, feature: Feature, prf: Prf) -> None:
        self.name = feature.identifier
        self._feature, self._prf = feature, prf
        self._numbers: dict[str, int] = {}
        fillers = 1 if feature.exact else _FILLERS
        shares = np.array(feature.bits_per_token(fillers), np.int64)
        count = np.arange(1, fillers + 1, dtype=np.uint64) << np.uint64(8)
        # A token without weight would be drawn without effect.
        self._filler, self._filler_weights = count[shares > 0], shares[shares > 0]

    def of(self, column: HardenedColumn, own: Words) -> _Tokens:
        """The tokens; `own`, a unique number for each row, replaces missing values."""
        starts, tokens, weights = self._of_distinct(column)
        missing, count = column.missing, int(np.count_nonzero(column.missing))
        value_of_row = column.value_of_row
        if count:
            value_of_row = value_of_row.copy()
            value_of_row[missing] = len(column.distinct) + np.arange(count)
        filler_tokens, filler_weights = self._fill(own[missing])
        ends = starts[-1] + len(self._filler) * np.arange(1, count + 1)
        return _Tokens(
            np.concatenate([starts, ends]),
            np.concatenate([tokens, filler_tokens]),
            np.concatenate([weights, filler_weights]),
            value_of_row,
        )

    def _of_distinct(self, column: HardenedColumn) -> tuple[Counts, Words, Counts]:
        if not column.distinct:
            return np.zeros(1, np.int64), np.empty(0, np.uint64), np.empty(0, np.int64)
        found, first = column.tokens(self._feature)
        numbers = np.fromiter(map(self._number, found.tokens), np.uint64, len(found.tokens))
        starts = np.zeros(len(found.counts) + 1, np.int64)
        kept, weights = np.empty_like(found.which), np.empty_like(found.which)
        shares = self._feature.shares(found.counts)
        weigh_tokens(found.counts, found.which, first, shares, starts, kept, weights)
        return starts, numbers[kept[: starts[-1]]], weights[: starts[-1]]

    def _fill(self, own: Words) -> tuple[Words, Counts]:
        """Tokens unique to a row, with the weight that a value would have."""
        tokens = (own[:, np.newaxis] ^ self._filler) ^ np.uint64(self._number(""))
        return tokens.ravel(), np.tile(self._filler_weights, len(own))

    def _number(self, token: str) -> int:
        if len(self._numbers) > _NUMBERS_KEPT:
            self._numbers.clear()
        found = self._numbers.get(token)
        if found is None:
            found = self._numbers[token] = self._prf.number(token.encode())
        return found


def _unfit_length() -> BadInput:
    return BadInput(
        EncoderCode.SCHEMA_LENGTH,
        BilingualWords(
            "Profil compound memerlukan panjang kelipatan 128 bit tanpa lipatan.",
            "The compound profiles need a length that is a multiple of 128, without folds.",
        ),
        BilingualWords("Ubah 'l' di skema.", "Change 'l' in the schema."),
    )


def _too_many_blocks() -> BadInput:
    """The number of a token's block is one byte: more blocks would repeat votes."""
    most = MOST_BLOCKS * BLOCK_BITS
    return BadInput(
        EncoderCode.SCHEMA_VOTES,
        BilingualWords(
            f"'rounds' kali 'l' melebihi {most} bit: suara akan berulang.",
            f"'rounds' times 'l' exceeds {most} bits: votes would repeat.",
        ),
        BilingualWords("Kurangi salah satunya.", "Lower one of them."),
    )
