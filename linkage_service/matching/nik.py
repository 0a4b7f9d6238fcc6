"""The NIK leg: pairs with equal NIK tokens whose filters do not contradict them.

A wrong or borrowed NIK links two strangers. So a pair with equal tokens must also
reach a minimum Dice similarity in some encoding. Pairs that reach it are more certain
than any pair found by similarity alone, and rank before all of them.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from linkage_service.error_codes import ServiceCode
from linkage_service.matching.candidates import Candidates
from linkage_service.matching.encodings import EncodedDataset
from linkage_service.matching.similarity import dice_of_rows
from policy.base.errors import BadInput
from policy.base.words import Words

MOST_ROWS_PER_TOKEN = 50
TOKEN_BONUS = 1.0

Rows = NDArray[np.int64]


def match_tokens(
    left: EncodedDataset,
    right: EncodedDataset,
    *,
    left_dataset: int,
    right_dataset: int,
    encodings: Sequence[str],
    floor_ppm: int,
    most_rows: int = MOST_ROWS_PER_TOKEN,
) -> Candidates:
    """Join two datasets on their NIK tokens, in the solver's order.

    A pair is a candidate if its Dice coefficient in any of `encodings` is at least
    `floor_ppm` parts per million (1 to 1 000 000). Its similarity is 1 plus the
    largest Dice coefficient: above 1, so that the greedy solver takes it before
    every pair that was found by similarity alone. A token may join several rows. A
    token that more than `most_rows` rows of a side share identifies nobody
    (a placeholder typed by an officer) and is dropped.
    """
    if floor_ppm < 1 or not encodings:
        raise _no_floor()
    left_rows, right_rows = _join(left.tokens, right.tokens, most_rows)
    best = np.zeros(left_rows.shape[0], np.float64)
    good = np.zeros(left_rows.shape[0], np.bool_)
    for name in encodings:
        similarity, reaches = dice_of_rows(
            left.encoding(name), right.encoding(name), left_rows, right_rows, floor_ppm
        )
        best = np.maximum(best, similarity)
        good |= reaches
    found = Candidates(
        TOKEN_BONUS + best[good],
        np.full(np.count_nonzero(good), left_dataset, np.uint16),
        np.full(np.count_nonzero(good), right_dataset, np.uint16),
        left_rows[good].astype(np.uint32),
        right_rows[good].astype(np.uint32),
    )
    return found.ordered()


def _join(left: NDArray[np.uint8], right: NDArray[np.uint8], most_rows: int) -> tuple[Rows, Rows]:
    """The left and right row, int64, of every pair with equal tokens; crowded tokens dropped."""
    numbers = _numbered(np.concatenate([left, right]))
    left_numbers, right_numbers = numbers[: left.shape[0]], numbers[left.shape[0] :]
    tokens = int(numbers.max(initial=-1)) + 1
    left_count = np.bincount(left_numbers, minlength=tokens)
    right_count = np.bincount(right_numbers, minlength=tokens)
    wanted = (np.minimum(left_count, right_count) > 0) & (
        np.maximum(left_count, right_count) <= most_rows
    )
    left_order = np.argsort(left_numbers, kind="stable")
    right_order = np.argsort(right_numbers, kind="stable")
    left_order = left_order[wanted[left_numbers[left_order]]]
    # Each left row meets the run of right rows that carry its token.
    met = left_numbers[left_order]
    run_starts = np.cumsum(right_count) - right_count
    left_rows = np.repeat(left_order, right_count[met])
    right_rows = right_order[_runs(run_starts[met], right_count[met])]
    return left_rows, right_rows


def _numbered(tokens: NDArray[np.uint8]) -> Rows:
    """A number for each row, uint8 (rows, 16); equal numbers where all 16 bytes are equal."""
    halves = np.ascontiguousarray(tokens).view(np.uint64)
    order = np.lexsort((halves[:, 0], halves[:, 1]))
    ordered = halves[order]
    changes = np.any(ordered[1:] != ordered[:-1], axis=1)
    numbers = np.zeros(tokens.shape[0], np.int64)
    numbers[order[1:]] = np.cumsum(changes)
    return numbers


def _runs(starts: Rows, lengths: Rows) -> Rows:
    """starts[0], starts[0] + 1, ... as long as lengths[0], then the same for the next."""
    ends = np.cumsum(lengths)
    positions: Rows = np.arange(int(lengths.sum()), dtype=np.int64)
    positions += np.repeat(starts - ends + lengths, lengths)
    return positions


def _no_floor() -> BadInput:
    return BadInput(
        ServiceCode.MATCHING_FLOOR,
        Words(
            "Kecocokan NIK memerlukan ambang bawah kemiripan sedikitnya satu per sejuta.",
            "NIK matches need a similarity floor of at least one part per million.",
        ),
        Words(
            "Tetapkan ambang bawah dan penyandiannya di piagam.",
            "Set the floor and its encodings in the charter.",
        ),
    )
