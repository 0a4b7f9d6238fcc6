"""Majority votes over keyed token vectors, for many rows at once, on packed bits.

A token's vector is a stream of +-1 votes that the key, the salt and the token decide. Every
output bit is the XOR of `rounds` majorities, each over all tokens of the row with their
weights: the construction of SAUL (doi 10.56553/popets-2026-0033), on tokens.

The votes are counted bit-sliced: plane p of the counters holds bit p of 64 counters a word,
so that adding one token's votes to a thousand counters takes a few dozen instructions.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numpy as np
from numba import njit, uint64
from numpy.typing import NDArray

Words = NDArray[np.uint64]
BLOCK_BYTES = 16
_LOW_BYTE = uint64(0xFF)

_Compiled = TypeVar("_Compiled", bound=Callable[..., Any])


def _native(function: _Compiled) -> _Compiled:
    """Compile on first use, keep the result on disk where that can be written to."""
    try:
        return cast(_Compiled, njit(nogil=True, cache=True)(function))
    except RuntimeError:
        return cast(_Compiled, njit(nogil=True)(function))


@_native
def gather_tokens(
    starts: NDArray[np.int64],
    tokens: Words,
    weights: NDArray[np.int64],
    value_of_row: NDArray[np.int64],
    row_ends: NDArray[np.int64],
    out_tokens: Words,
    out_weights: NDArray[np.int64],
) -> None:
    """Append one feature's tokens of each row where `row_ends` says; moves `row_ends` on."""
    for row in range(value_of_row.shape[0]):
        value = value_of_row[row]
        at = row_ends[row]
        for i in range(starts[value], starts[value + 1]):
            out_tokens[at] = tokens[i]
            out_weights[at] = weights[i]
            at += 1
        row_ends[row] = at


@_native
def fill_blocks(
    row_starts: NDArray[np.int64], tokens: Words, salts: Words, blocks_each: int, blocks: Words
) -> None:
    """Cipher input: (salt of the row, token with the block's number in its last byte)."""
    at = 0
    for row in range(salts.shape[0]):
        for i in range(row_starts[row], row_starts[row + 1]):
            for number in range(blocks_each):
                blocks[at, 0] = salts[row]
                blocks[at, 1] = (tokens[i] & ~_LOW_BYTE) | uint64(number)
                at += 1


@_native
def count_votes(
    row_starts: NDArray[np.int64],
    weights: NDArray[np.int64],
    votes: Words,
    rounds: int,
    planes: int,
    out: Words,
) -> None:
    """`votes` (tokens, rounds * words) to `out` (rows, words): XOR of the rounds' majorities.

    The weights of each row have an odd sum below 2 ** planes.
    """
    width = votes.shape[1]
    words = width // rounds
    counters = np.empty((planes, width), np.uint64)
    carry = np.empty(width, np.uint64)
    above = np.empty(width, np.uint64)
    for row in range(out.shape[0]):
        counters[:] = 0
        total = 0
        for i in range(row_starts[row], row_starts[row + 1]):
            total += weights[i]
            for bit in range(planes):
                if (weights[i] >> bit) & 1:
                    carry[:] = votes[i]
                    _add(counters, carry, bit)
        _compare(counters, total >> 1, above)
        for w in range(words):
            bits = above[w]
            for number in range(1, rounds):
                bits ^= above[number * words + w]
            out[row, w] = bits


@_native
def _add(counters: Words, carry: Words, lowest: int) -> None:
    """Add 2 ** lowest to every counter whose bit in `carry` is set; uses `carry` up."""
    for plane in range(lowest, counters.shape[0]):
        for w in range(carry.shape[0]):
            held = counters[plane, w]
            counters[plane, w] = held ^ carry[w]
            carry[w] = held & carry[w]


@_native
def _compare(counters: Words, half: int, above: Words) -> None:
    """Set the bits of `above` whose counters exceed `half`."""
    above[:] = 0
    for plane in range(counters.shape[0]):
        if (half >> plane) & 1:
            for w in range(above.shape[0]):
                above[w] &= counters[plane, w]
        else:
            for w in range(above.shape[0]):
                above[w] |= counters[plane, w]
