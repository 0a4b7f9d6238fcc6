"""One weak likeness is none; two of different kinds are.

Strangers who share a date of birth and half a name reach the threshold of one encoding. They
seldom also share a family card or a neighbourhood. So an encoding that speaks by itself must
speak up (`alone_ppm`); one that another of a different kind supports need only reach its
threshold. Two encodings are of different kinds if their salts name no field in common.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from linkage_service.matching.candidates import Candidates, concatenate
from linkage_service.matching.encodings import EncodedDataset
from linkage_service.matching.nik import TOKEN_BONUS
from linkage_service.matching.similarity import dice_of_rows

Mask = NDArray[np.bool_]
Rows = NDArray[np.int64]


@dataclass(frozen=True)
class Rule:
    """When encodings alone make a pair a match.

    Thresholds are parts per million. An encoding without an entry in `alone_ppm` stands by its
    threshold. `salted_by` has the fields that an encoding's salt names, of those in `alone_ppm`.
    """

    thresholds_ppm: Mapping[str, int]
    alone_ppm: Mapping[str, int] = field(default_factory=dict)
    salted_by: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def without(self, salt_field: str | None) -> Rule:
        """The same of the encodings whose salts do not name this field."""
        left = {
            name: ppm
            for name, ppm in self.thresholds_ppm.items()
            if salt_field not in self.salted_by.get(name, ())
        }
        return Rule(left, self.alone_ppm, self.salted_by)

    def stands(
        self, left: EncodedDataset, right: EncodedDataset, left_rows: Rows, right_rows: Rows
    ) -> Mask:
        """Of pairs of rows of two datasets, which are matches."""
        found = np.zeros(len(left_rows), np.bool_)
        reached: dict[str, Mask] = {}
        for name, ppm in sorted(self.thresholds_ppm.items()):
            sides = left.encoding(name), right.encoding(name), left_rows, right_rows
            reached[name] = dice_of_rows(*sides, ppm)[1]
            found |= dice_of_rows(*sides, max(ppm, self.alone_ppm.get(name, ppm)))[1]
        for one, other in combinations(reached, 2):
            if self._of_two_kinds(one, other):
                found |= reached[one] & reached[other]
        return found

    def _of_two_kinds(self, one: str, other: str) -> bool:
        salts = self.salted_by.get(one), self.salted_by.get(other)
        return bool(salts[0] and salts[1] and salts[0].isdisjoint(salts[1]))


def corroborated(
    candidates: Candidates, datasets: Sequence[EncodedDataset], rule: Rule
) -> Candidates:
    """The pairs that stand by the rule or by their NIK tokens, in the same order.

    `datasets` are those of the run, by number.
    """
    return candidates.take(standing(candidates, datasets, rule))


def with_band(
    candidates: Candidates,
    datasets: Sequence[EncodedDataset],
    rule: Rule,
    review_ppm: Mapping[str, int],
) -> Candidates:
    """The pairs that stand, then as uncertain those of which an encoding reaches `review_ppm`."""
    stands = standing(candidates, datasets, rule)
    others = candidates.take(~stands)
    unsure = corroborated(others, datasets, Rule(review_ppm)).uncertain()
    return concatenate([candidates.take(stands), unsure])


def standing(candidates: Candidates, datasets: Sequence[EncodedDataset], rule: Rule) -> Mask:
    """Which of the pairs stand by the rule or by their NIK tokens."""
    stands = candidates.similarity > TOKEN_BONUS
    sides = np.stack([candidates.left_dataset, candidates.right_dataset])
    for left, right in np.unique(sides[:, ~stands], axis=1).T.tolist():
        at = np.flatnonzero(~stands & (sides[0] == left) & (sides[1] == right))
        rows = candidates.left_row[at].astype(np.int64), candidates.right_row[at].astype(np.int64)
        stands[at] = rule.stands(datasets[left], datasets[right], *rows)
    return stands
