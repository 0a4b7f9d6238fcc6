"""The charter's order `household`: pairs with a common family card come before other pairs.

Two rows that agree under an encoding salted by the family card have the same card, except by
chance. Such a pair is taken before a pair that only name, birth or address supports. NIK pairs
still come first, and inside each class the most similar pairs. Pairs of a review band stay
behind all certain pairs, and have the same order among themselves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from linkage_service.matching.candidates import Candidates, concatenate
from linkage_service.matching.corroboration import standing
from linkage_service.matching.encodings import EncodedDataset
from linkage_service.matching.ordering import in_order
from policy.pairs import MatchRule


def household_first(
    candidates: Candidates, datasets: Sequence[EncodedDataset], cards_ppm: Mapping[str, int]
) -> Candidates:
    """The same pairs, each once, in that order.

    `cards_ppm` has the thresholds of the encodings that the family card salts, `datasets` are
    those of the run, by number.
    """
    first = standing(candidates, datasets, MatchRule(cards_ppm))
    return in_order(concatenate([candidates.take(first), candidates.take(~first).later()]))
