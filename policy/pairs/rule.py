"""One weak likeness is none; two of different kinds are.

Strangers who share a date of birth and half a name reach the threshold of one encoding. They
seldom also share a family card or a neighbourhood. So an encoding that speaks by itself must
speak up (`alone_ppm`); one that another of a different kind supports need only reach its
threshold. Two encodings are of different kinds if their salts name no field in common.

Contrary evidence (`contrary`) makes pairs uncertain that would be matches, and confirms some that
reach a threshold and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np

from policy.charter import Charter, ContraryRule
from policy.pairs.contrary import ContraryEvidence, Mask, Pairs


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

    def stands(self, pairs: Pairs) -> Mask:
        """Which of the pairs are matches by their encodings."""
        found = np.zeros(len(pairs), np.bool_)
        reached: dict[str, Mask] = {}
        for name, ppm in sorted(self.thresholds_ppm.items()):
            reached[name] = pairs.reach(name, ppm)
            found |= pairs.reach(name, max(ppm, self.alone_ppm.get(name, ppm)))
        for one, other in combinations(reached, 2):
            if self._of_two_kinds(one, other):
                found |= reached[one] & reached[other]
        if self.contrary is not None:
            at = np.flatnonzero(~found)
            found[at] = self.contrary.confirms(pairs.take(at))
        return found

    def _of_two_kinds(self, one: str, other: str) -> bool:
        salts = self.salted_by.get(one), self.salted_by.get(other)
        return bool(salts[0] and salts[1] and salts[0].isdisjoint(salts[1]))


def charter_rule(charter: Charter, thresholds_ppm: Mapping[str, int] | None = None) -> Rule:
    """The charter's rule, with the thresholds that a run was ordered with."""
    terms, contrary = charter.matching, None
    if charter.encoding.contrary_codes:
        said = terms.contrary or ContraryRule()
        contrary = ContraryEvidence(said.same_name_ppm, said.confirmed_ppm, charter.salted_by_cards)
    thresholds = terms.thresholds_ppm if thresholds_ppm is None else thresholds_ppm
    return Rule(thresholds, terms.alone_ppm, charter.encoding.salted_by, contrary)
