"""One weak likeness is none; two of different kinds are.

Strangers who share a date of birth and half a name reach the threshold of one encoding. They
seldom also share a family card or a neighbourhood. So an encoding that speaks by itself must
speak up (`alone_ppm`); one that another of a different kind supports need only reach its
threshold. Two encodings are of different kinds if their salts name no field in common.

Contrary evidence (`contrary`) makes pairs uncertain that would be matches, and confirms some that
reach a threshold and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from linkage_service.matching.candidates import UNCERTAIN, Candidates
from linkage_service.matching.contrary import ContraryEvidence, RowPairs
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
    `contrary` is None where rows have no contrary codes.
    """

    thresholds_ppm: Mapping[str, int]
    alone_ppm: Mapping[str, int] = field(default_factory=dict)
    salted_by: Mapping[str, frozenset[str]] = field(default_factory=dict)
    contrary: ContraryEvidence | None = None

    def without(self, salt_field: str | None) -> Rule:
        """The same of the encodings whose salts do not name this field.

        Without contrary evidence, for that compares this field too.
        """
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
        if self.contrary is not None:
            at = np.flatnonzero(~found)
            pairs = RowPairs(left, right, left_rows[at], right_rows[at])
            found[at] = self.contrary.confirms(pairs)
        return found

    def _of_two_kinds(self, one: str, other: str) -> bool:
        salts = self.salted_by.get(one), self.salted_by.get(other)
        return bool(salts[0] and salts[1] and salts[0].isdisjoint(salts[1]))


def corroborated(
    candidates: Candidates, datasets: Sequence[EncodedDataset], rule: Rule
) -> Candidates:
    """The pairs that stand by the rule or by their NIK tokens; contradicted ones as uncertain.

    In the same order, the uncertain ones last. `datasets` are those of the run, by number.
    """
    return with_band(candidates, datasets, rule, {})


def with_band(
    candidates: Candidates,
    datasets: Sequence[EncodedDataset],
    rule: Rule,
    review_ppm: Mapping[str, int],
) -> Candidates:
    """The pairs that stand, then as uncertain those of which an encoding reaches `review_ppm`.

    A match that is contradicted is uncertain too.
    """
    stands = standing(candidates, datasets, rule)
    certain = stands.copy()
    if rule.contrary is not None:
        certain[stands] = ~_contradicted(candidates.take(stands), datasets, rule.contrary)
    unsure = stands & ~certain
    if review_ppm:
        unsure[~stands] = standing(candidates.take(~stands), datasets, Rule(review_ppm))
    judged = candidates.take(np.concatenate([np.flatnonzero(certain), np.flatnonzero(unsure)]))
    scale = np.where(np.arange(len(judged)) < np.count_nonzero(certain), 1.0, UNCERTAIN)
    return replace(judged, similarity=judged.similarity * scale)


def standing(candidates: Candidates, datasets: Sequence[EncodedDataset], rule: Rule) -> Mask:
    """Which of the pairs stand by the rule or by their NIK tokens."""
    stands = candidates.similarity > TOKEN_BONUS
    for left, right, at, rows in _by_datasets(candidates, datasets, np.flatnonzero(~stands)):
        stands[at] = rule.stands(left, right, *rows)
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
    """The chosen pairs of every two datasets: these two, which pairs, and their rows."""
    sides = np.stack([candidates.left_dataset, candidates.right_dataset])[:, chosen]
    for left, right in np.unique(sides, axis=1).T.tolist():
        at = chosen[(sides[0] == left) & (sides[1] == right)]
        rows = candidates.left_row[at].astype(np.int64), candidates.right_row[at].astype(np.int64)
        yield datasets[left], datasets[right], at, rows
