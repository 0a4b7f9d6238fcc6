"""The similarity function as anonlink calls it, for `anonlink.candidate_generation`.

    anonlink.candidate_generation.find_candidate_pairs(datasets, dice_coefficient, 0.8)

gives what it gives with `anonlink.similarities.dice_coefficient_python`: the same
pairs, similarities and order. (`dice_coefficient_accelerated` of anonlink 0.15.3
misses a few pairs exactly at the threshold: its popcount bound is rounded down,
for instance |a| = 3, |b| = 5, three in common, threshold 0.75.)
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from linkage_service.matching.encodings import pack_words
from linkage_service.matching.similarity import MILLION, dice_pairs

if TYPE_CHECKING:
    from bitarray import bitarray


def dice_coefficient(
    datasets: Sequence[Sequence[bitarray]],
    threshold: float,
    k: int | None = None,
) -> tuple[array[float], tuple[array[int], array[int]]]:
    """Pairs of two datasets with Dice >= threshold: similarities and rows on both sides.

    Filters are bitarrays of one length, any length. With `k`, a record of the
    first dataset keeps its k best. ValueError for other than two datasets or for
    filters of different lengths.
    """
    if len(datasets) != 2:
        raise ValueError(f"exactly two datasets are compared, not {len(datasets)}")
    if not datasets[0] or not datasets[1] or not threshold <= 1:
        return array("d"), (array("I"), array("I"))
    if len({len(filter_) for dataset in datasets for filter_ in dataset}) != 1:
        raise ValueError("inconsistent filter length")
    left, right = _packed(datasets[0]), _packed(datasets[1])
    # Search from the whole parts per million at or below, then compare as anonlink does.
    found = dice_pairs(left, right, max(0, math.floor(threshold * MILLION)), k=k)
    found = found.take(found.similarity >= threshold)
    return (
        array("d", found.similarity.tobytes()),
        (array("I", found.left_row.tobytes()), array("I", found.right_row.tobytes())),
    )


def _packed(filters: Sequence[bitarray]) -> NDArray[np.uint64]:
    # tobytes() fills the last byte with zeros; the buffer itself may hold anything.
    filled = b"".join(filter_.tobytes() for filter_ in filters) or bytes(len(filters))
    return pack_words(np.frombuffer(filled, np.uint8).reshape(len(filters), -1))
