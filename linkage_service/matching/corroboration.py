"""Which candidates the charter's rule accepts (`policy.pairs`), and which are contradicted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from linkage_service.matching.candidates import UNCERTAIN, Candidates
from linkage_service.matching.encodings import EncodedDataset
from linkage_service.matching.nik import TOKEN_BONUS
from linkage_service.matching.row_pairs import RowPairs
from policy.pairs import ContraryEvidence, Mask, MatchRule

Rows = NDArray[np.int64]


def corroborated(
    candidates: Candidates, datasets: Sequence[EncodedDataset], rule: MatchRule
) -> Candidates:
    """The pairs accepted by the rule or by their NIK tokens; contradicted ones as uncertain.

    Keeps the order, with uncertain pairs last. `datasets` are those of the run, by number.
    """
    return with_band(candidates, datasets, rule, {})


def with_band(
    candidates: Candidates,
    datasets: Sequence[EncodedDataset],
    rule: MatchRule,
    review_ppm: Mapping[str, int],
) -> Candidates:
    """The accepted pairs, then as uncertain the pairs of which an encoding reaches `review_ppm`.

    A contradicted match is uncertain too.
    """
    stands = standing(candidates, datasets, rule)
    certain = stands.copy()
    if rule.contrary is not None:
        certain[stands] = ~_contradicted(candidates.take(stands), datasets, rule.contrary)
    unsure = stands & ~certain
    if review_ppm:
        unsure[~stands] = standing(candidates.take(~stands), datasets, MatchRule(review_ppm))
    judged = candidates.take(np.concatenate([np.flatnonzero(certain), np.flatnonzero(unsure)]))
    scale = np.where(np.arange(len(judged)) < np.count_nonzero(certain), 1.0, UNCERTAIN)
    return replace(judged, similarity=judged.similarity * scale)


def standing(candidates: Candidates, datasets: Sequence[EncodedDataset], rule: MatchRule) -> Mask:
    """Which pairs the rule or their NIK tokens accept: bool (pairs,)."""
    stands = candidates.similarity > TOKEN_BONUS
    for left, right, at, rows in _by_datasets(candidates, datasets, np.flatnonzero(~stands)):
        stands[at] = rule.stands(RowPairs(left, right, *rows))
    return stands


def _contradicted(
    candidates: Candidates, datasets: Sequence[EncodedDataset], contrary: ContraryEvidence
) -> Mask:
    found = np.zeros(len(candidates), np.bool_)
    one_nik = candidates.similarity > TOKEN_BONUS
    for left, right, at, rows in _by_datasets(candidates, datasets, np.arange(len(candidates))):
        found[at] = contrary.contradicts(RowPairs(left, right, *rows), one_nik[at])
    return found


def _by_datasets(
    candidates: Candidates, datasets: Sequence[EncodedDataset], chosen: Rows
) -> Iterator[tuple[EncodedDataset, EncodedDataset, Rows, tuple[Rows, Rows]]]:
    """For every two datasets: the datasets, the positions of their chosen pairs, and the rows."""
    sides = np.stack([candidates.left_dataset, candidates.right_dataset])[:, chosen]
    for left, right in np.unique(sides, axis=1).T.tolist():
        at = chosen[(sides[0] == left) & (sides[1] == right)]
        rows = candidates.left_row[at].astype(np.int64), candidates.right_row[at].astype(np.int64)
        yield datasets[left], datasets[right], at, rows
