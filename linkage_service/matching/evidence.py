"""The evidence for each candidate pair of two datasets: the NIK token, and which encodings."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from linkage_service.matching.candidates import Candidates
from linkage_service.matching.encodings import EncodedDataset
from linkage_service.matching.nik import TOKEN_BONUS
from linkage_service.matching.row_pairs import RowPairs
from linkage_service.matching.similarity import MILLION, dice_of_rows
from linkage_service.matching.solver import Groups
from policy.pairs import MatchRule


@dataclass(frozen=True, eq=False)
class PairEvidence:
    """Column `i` of every array is one candidate pair of the two datasets.

    Rows are int64. `token`: the NIK tokens are equal. `ways`, int64: how many encodings reach
    their thresholds, or 0 if the rule does not accept the pair. `margin_ppm`, int64: how far
    the best encoding is above its threshold. `accepted`: the solver put both rows into one group.
    """

    left_rows: int
    right_rows: int
    encodings: int
    left: NDArray[np.int64]
    right: NDArray[np.int64]
    token: NDArray[np.bool_]
    ways: NDArray[np.int64]
    margin_ppm: NDArray[np.int64]
    accepted: NDArray[np.bool_]


def pair_evidence(
    left: EncodedDataset,
    right: EncodedDataset,
    candidates: Candidates,
    groups: Groups,
    numbers: tuple[int, int],
    rule: MatchRule,
) -> PairEvidence:
    """The evidence behind the candidates between the two datasets of these numbers.

    `rule` uses only encodings without the NIK: their pairs are then compared with the NIK.
    """
    between = (candidates.left_dataset == numbers[0]) & (candidates.right_dataset == numbers[1])
    found = candidates.take(between)
    rows = found.left_row.astype(np.int64), found.right_row.astype(np.int64)
    ways = np.zeros(len(found), np.int64)
    margin = np.full(len(found), -MILLION, np.int64)
    for name, threshold in sorted(rule.thresholds_ppm.items()):
        dice, reaches = dice_of_rows(left.encoding(name), right.encoding(name), *rows, threshold)
        ways += reaches
        margin = np.maximum(margin, np.rint(dice * MILLION).astype(np.int64) - threshold)
    ways[~rule.stands(RowPairs(left, right, *rows))] = 0
    of_left, of_right = (
        groups.by_row(number, dataset.rows)
        for number, dataset in zip(numbers, (left, right), strict=True)
    )
    accepted = (of_left[rows[0]] == of_right[rows[1]]) & (of_left[rows[0]] >= 0)
    return PairEvidence(
        left.rows,
        right.rows,
        len(rule.thresholds_ppm),
        *rows,
        found.similarity > TOKEN_BONUS,
        ways,
        margin,
        accepted,
    )
