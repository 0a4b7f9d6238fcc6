"""Candidate pairs as a table, and back."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from linkage_service.matching.candidates import LATER, MOST_SIMILAR, UNCERTAIN, Candidates
from padan.frames import Frame, numbers, require_columns
from policy.base.errors import BadInput
from policy.base.words import Words

ENDS = ("left_dataset", "left_row", "right_dataset", "right_row")


def shown(pairs: Candidates) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Similarities without the scale factors of uncertain and later pairs; and which are
    certain."""
    similarity = pairs.similarity.copy()
    certain = similarity > MOST_SIMILAR * UNCERTAIN
    similarity[~certain] /= UNCERTAIN
    similarity[similarity <= MOST_SIMILAR * LATER] /= LATER
    return similarity, certain


def candidates(frame: Frame) -> Candidates:
    """The pairs of a table returned by `compare`, in row order."""
    require_columns(frame, *ENDS, "similarity")
    left_dataset, left_row, right_dataset, right_row = (numbers(frame, name) for name in ENDS)
    if np.any((left_dataset == right_dataset) & (left_row == right_row)):
        raise BadInput(
            "pairs.self",
            Words(
                "Tabel ini memasangkan sebuah baris dengan dirinya sendiri.",
                "The table pairs a row with itself.",
            ),
            Words("Pakai tabel dari padan.compare.", "Use a table that padan.compare gave."),
        )
    if max(left_dataset.max(initial=0), right_dataset.max(initial=0)) >= 2**16:
        raise BadInput(
            "pairs.datasets",
            Words("Nomor dataset terlalu besar.", "A number of a dataset is too large."),
            Words("Pakai tabel dari padan.compare.", "Use a table that padan.compare gave."),
        )
    return Candidates(
        np.asarray(frame["similarity"].to_numpy(), np.float64),
        left_dataset.astype(np.uint16),
        right_dataset.astype(np.uint16),
        left_row.astype(np.uint32),
        right_row.astype(np.uint32),
    )


def sizes_of(pairs: Candidates) -> list[int]:
    """The number of rows of each dataset, from the largest row in the pairs."""
    datasets = int(max(pairs.left_dataset.max(initial=0), pairs.right_dataset.max(initial=0))) + 1
    sizes: NDArray[Any] = np.zeros(datasets, np.int64)
    np.maximum.at(sizes, pairs.left_dataset, pairs.left_row.astype(np.int64) + 1)
    np.maximum.at(sizes, pairs.right_dataset, pairs.right_row.astype(np.int64) + 1)
    return list(map(int, sizes))
