"""Majority votes over keyed token vectors, for many rows at once, on packed bits.

A token's vector is a stream of +-1 votes determined by the key, the salt and the token. Every
output bit is the XOR of `rounds` majorities, each over all tokens of the row with their
weights: the construction of SAUL (doi 10.56553/popets-2026-0033), applied to tokens.

The votes are counted bit-sliced: plane p of the counters holds bit p of 64 counters per word.
Full adders add two vectors at a time (carry-save, as Harley and Seal count bits), so
that a vector costs about one addition instead of one for each plane.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numpy as np
from numba import njit, uint64
from numpy.typing import NDArray

Words = NDArray[np.uint64]
Counts = NDArray[np.int64]
BLOCK_BYTES = 16
_LOW_BYTE = uint64(0xFF)

_Compiled = TypeVar("_Compiled", bound=Callable[..., Any])


def native(function: _Compiled) -> _Compiled:
    """Compile on first use, and keep the result on disk if a folder is writable."""
    try:
        return cast(_Compiled, njit(nogil=True, cache=True)(function))
    except RuntimeError:
        return cast(_Compiled, njit(nogil=True)(function))


@native
def mark_first(counts: Counts, which: Counts, first: Counts) -> None:
    """For each token: the index, within its value, of the first equal token.

    `which` are the values' tokens, value by value; `counts` is the number of tokens of each value.
    """
    read = 0
    for value in range(counts.shape[0]):
        for i in range(counts[value]):
            place = 0
            while which[read + place] != which[read + i]:
                place += 1
            first[read + i] = place
        read += counts[value]


@native
def weigh_tokens(
    counts: Counts,
    which: Counts,
    first: Counts,
    shares: Counts,
    starts: Counts,
    kept: Counts,
    weights: Counts,
) -> None:
    """The distinct tokens of each value with the sums of their shares; zero weights left out.

    `first` comes from `mark_first`; `shares[n]` are the weights in a value with n tokens. Writes
    the start of each value's tokens, the tokens and their weights.
    """
    places = np.empty(shares.shape[0], np.int64)
    read = written = 0
    for value in range(counts.shape[0]):
        n = counts[value]
        end = written
        for i in range(n):
            if first[read + i] == i:
                places[i] = end
                kept[end], weights[end] = which[read + i], 0
                end += 1
            weights[places[first[read + i]]] += shares[n, i]
        for at in range(written, end):
            if weights[at]:
                kept[written], weights[written] = kept[at], weights[at]
                written += 1
        read += n
        starts[value + 1] = written


@native
def gather_tokens(
    starts: Counts,
    tokens: Words,
    weights: Counts,
    value_of_row: Counts,
    row_ends: Counts,
    out_tokens: Words,
    out_weights: Counts,
) -> None:
    """Append one feature's tokens of each row at `row_ends`, and advance `row_ends`."""
    for row in range(value_of_row.shape[0]):
        value = value_of_row[row]
        at = row_ends[row]
        for i in range(starts[value], starts[value + 1]):
            out_tokens[at] = tokens[i]
            out_weights[at] = weights[i]
            at += 1
        row_ends[row] = at


def block_pattern(width: int) -> Words:
    """For `fill_blocks`: which of `width` words hold the salt, and the blocks' numbers."""
    is_salt = np.arange(width) % 2 == 0
    number = np.arange(width) // 2
    return np.array([np.where(is_salt, ~np.uint64(0), 0), np.where(is_salt, 0, number)], np.uint64)


@native
def fill_blocks(
    row_starts: Counts, tokens: Words, salts: Words, pattern: Words, blocks: Words
) -> None:
    """Cipher input: (salt of the row, token with the block's number in its last byte).

    `blocks` has a row of blocks for each token; `row_starts[0]` is the first token. Masks
    instead of a branch, so that the compiler takes eight words at a time.
    """
    for row in range(salts.shape[0]):
        salt = salts[row]
        for i in range(row_starts[row], row_starts[row + 1]):
            token, at = tokens[i] & ~_LOW_BYTE, i - row_starts[0]
            for w in range(pattern.shape[1]):
                mask = pattern[0, w]
                blocks[at, w] = (salt & mask) | (token & ~mask) | pattern[1, w]


@native
def scratch_rows(planes: int) -> int:
    """The rows of words that `count_votes` needs: counters, two carries into each, and two."""
    return planes + 2 * (planes + 1) + 2


@native
def count_votes(
    row_starts: Counts, weights: Counts, votes: Words, rounds: int, planes: int, out: Words
) -> None:
    """`votes` (tokens, rounds * words) to `out` (rows, words): XOR of the rounds' majorities.

    The first vector belongs to token `row_starts[0]`; the last `scratch_rows(planes)` rows are
    working memory. The weights of each row have an odd sum below 2 ** planes.
    """
    waits = np.empty(planes, np.int64)
    for row in range(out.shape[0]):
        here = weights[row_starts[row] : row_starts[row + 1]]
        total = _add_votes(here, votes, row_starts[row] - row_starts[0], waits)
        above = _exceeding(votes, waits, total >> 1)
        words = out.shape[1]
        for w in range(words):
            bits = votes[above, w]
            for number in range(1, rounds):
                bits ^= votes[above, number * words + w]
            out[row, w] = bits


# All vectors are rows of one array: passing arrays costs more than adding them.
@native
def _add_votes(weights: Counts, votes: Words, start: int, waits: Counts) -> int:
    """Count one row's votes, beginning at `start`; returns the sum of their weights.

    `waits` becomes the vector waiting to be added at each plane, or -1.
    """
    planes, width = waits.shape[0], votes.shape[1]
    counters = votes.shape[0] - scratch_rows(planes)
    carries = counters + planes
    total, occurring = 0, 0
    for weight in weights:
        total += weight
        occurring |= weight
    for plane in range(planes):
        waits[plane] = -1
        for w in range(width):
            votes[counters + plane, w] = 0
    for bit in range(planes):
        for i in range(weights.shape[0] if (occurring >> bit) & 1 else 0):
            if not (weights[i] >> bit) & 1:
                continue
            one, plane = start + i, bit
            while plane < planes and waits[plane] >= 0:
                other, waits[plane] = waits[plane], -1
                counter, plane = counters + plane, plane + 1
                carry = carries + 2 * plane
                if plane < planes and waits[plane] == carry:
                    carry += 1
                for w in range(width):
                    held, a, b = votes[counter, w], votes[one, w], votes[other, w]
                    votes[counter, w] = held ^ a ^ b
                    votes[carry, w] = (held & a) | ((held ^ a) & b)
                one = carry
            if plane < planes:
                waits[plane] = one
    return total


@native
def _exceeding(votes: Words, waits: Counts, half: int) -> int:
    """Add the waiting vectors, lowest plane first; returns the row of counters above `half`."""
    planes, width = waits.shape[0], votes.shape[1]
    counters = votes.shape[0] - scratch_rows(planes)
    carry, above, zero = counters + planes, int(votes.shape[0]) - 2, votes.shape[0] - 1
    for w in range(width):
        votes[carry, w] = votes[above, w] = votes[zero, w] = 0
    for plane in range(planes):
        one = waits[plane] if waits[plane] >= 0 else zero
        counter, least = counters + plane, uint64(0) - uint64((half >> plane) & 1)
        for w in range(width):
            held, a, b = votes[counter, w], votes[one, w], votes[carry, w]
            here, below = held ^ a ^ b, votes[above, w]
            votes[carry, w] = (held & a) | ((held ^ a) & b)
            votes[above, w] = (here & below) | ((here | below) & ~least)
    return above
