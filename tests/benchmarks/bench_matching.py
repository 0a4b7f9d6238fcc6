"""Search beside anonlink's, on CLKs like those of five Indonesian fields."""

from __future__ import annotations

import anonlink.similarities
import numpy as np
from bitarray import bitarray
from numpy.typing import NDArray

from linkage_service.matching import dice_pairs, pack_words
from tests.benchmarks.figures import Figure, faster, seconds

BITS = 1024
ALWAYS = 0.178  # share of the bits that nearly everybody sets: common bigrams
VALUE = 0.0755  # share of the bits that one value of a field sets
VOCABULARIES = (3000, 1000, 400, 366, 60)  # values of the five fields, Zipf distributed
ROWS = 6_000


def run() -> list[Figure]:
    return search_figures()


def search_figures() -> list[Figure]:
    left, right = clks(ROWS, seed=1), clks(ROWS, seed=2)
    right[: ROWS // 20] = left[: ROWS // 20] ^ noise(ROWS // 20, 0.03)
    words = pack_words(left), pack_words(right)
    filters = as_bitarrays(left), as_bitarrays(right)
    figures = []
    for percent in (80, 85, 90):
        found = dice_pairs(*words, percent * 10_000)
        sims, rows = anonlink.similarities.dice_coefficient_accelerated(filters, percent / 100)
        assert found.similarity.tolist() == sims.tolist()
        assert found.left_row.tolist() == rows[0].tolist()
        times = seconds(
            {
                "ours": lambda ppm=percent * 10_000: dice_pairs(*words, ppm),
                "peer": lambda t=percent / 100: anonlink.similarities.dice_coefficient_accelerated(
                    filters, t
                ),
            }
        )
        rates = {name: ROWS * ROWS / time / 1e6 for name, time in times.items()}
        figures.append(
            faster(
                f"exact search, Dice >= {percent / 100}",
                "M comparisons/s, one core",
                "anonlink 0.15.3 dice_coefficient_accelerated",
                rates,
            )
        )
    return figures


def clks(rows: int, seed: int) -> NDArray[np.uint8]:
    """About 440 of 1024 bits set; two strangers have Dice .58 on average, .76 in one of 1000."""
    law, random = np.random.default_rng(0), np.random.default_rng(seed)
    bits = (law.random(BITS) < ALWAYS) & (random.random((rows, BITS)) < 0.97)
    for vocabulary in VOCABULARIES:
        share = VALUE * law.uniform(0.6, 1.4, (vocabulary, 1))
        values = law.random((vocabulary, BITS)) < share
        zipf = 1 / np.arange(1, vocabulary + 1)
        bits |= values[random.choice(vocabulary, rows, p=zipf / zipf.sum())]
    return np.packbits(bits, axis=1)


def noise(rows: int, share: float) -> NDArray[np.uint8]:
    return np.packbits(np.random.default_rng(3).random((rows, BITS)) < share, axis=1)


def as_bitarrays(filters: NDArray[np.uint8]) -> list[bitarray]:
    found = []
    for row in filters:
        filter_ = bitarray()
        filter_.frombytes(row.tobytes())
        found.append(filter_)
    return found
