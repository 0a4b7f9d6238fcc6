"""One weak similarity is not evidence; two independent ones are.

Strangers who share a date of birth and half a name reach the threshold of one encoding. They seldom
also share a family card or a neighbourhood. So an encoding that decides alone must reach a higher
threshold (`alone_ppm`). An encoding that an independent one supports only needs to reach its own
threshold. Two encodings are independent if their salts have no field in common.

Contrary evidence (`contrary`) makes some matches uncertain, and confirms some pairs that only reach
one threshold.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np

from policy.charter import Charter, ContraryRule
from policy.pairs.contrary import ContraryEvidence, Mask, Pairs


@dataclass(frozen=True)
class MatchRule:
    """When encodings alone make a pair a match.

    Thresholds are in parts per million. An encoding without an entry in `alone_ppm` decides by its
    threshold. `salted_by` has the salt fields of each encoding in `alone_ppm`. `contrary` is None
    if rows have no contrary codes.
    """

    thresholds_ppm: Mapping[str, int]
    alone_ppm: Mapping[str, int] = field(default_factory=dict)
    salted_by: Mapping[str, frozenset[str]] = field(default_factory=dict)
    contrary: ContraryEvidence | None = None

    def without(self, salt_field: str | None) -> MatchRule:
        """The same rule for the encodings whose salts do not contain this field.

        Contrary evidence is left out, because it compares this field too.
        """
        left = {
            name: ppm
            for name, ppm in self.thresholds_ppm.items()
            if salt_field not in self.salted_by.get(name, ())
        }
        return MatchRule(left, self.alone_ppm, self.salted_by)

    def stands(self, pairs: Pairs) -> Mask:
        """Mask of pairs that are matches by their encodings."""
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


def charter_rule(charter: Charter, thresholds_ppm: Mapping[str, int] | None = None) -> MatchRule:
    """The charter's rule, with the thresholds of a run's order, if given."""
    terms, contrary = charter.matching, None
    if charter.encoding.contrary_codes:
        said = terms.contrary or ContraryRule()
        contrary = ContraryEvidence(
            said.same_name_ppm,
            said.confirmed_ppm,
            charter.salted_by_cards,
            charter.encoding.shape_codes,
        )
    thresholds = terms.thresholds_ppm if thresholds_ppm is None else thresholds_ppm
    return MatchRule(thresholds, terms.alone_ppm, charter.encoding.salted_by, contrary)
