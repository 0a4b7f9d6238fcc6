"""The charter's order `household`: pairs of one family card go before pairs of none.

Two rows that agree under an encoding salted by the family card stand on the same card, but for
chance. Such a pair is taken before a pair that nothing but name, birth or address speaks for.
NIK pairs are taken first as ever, and inside each class the most similar ones. Pairs of a review
band stay behind all that are certain, and are ordered among themselves in the same way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from linkage_service.matching.candidates import Candidates, concatenate
from linkage_service.matching.corroboration import standing
from linkage_service.matching.encodings import EncodedDataset
from linkage_service.matching.ordering import in_order
from policy.pairs import Rule


def household_first(
    candidates: Candidates, datasets: Sequence[EncodedDataset], cards_ppm: Mapping[str, int]
) -> Candidates:
    """The same pairs, each once, in that order.

    `cards_ppm` has the thresholds of the encodings that the family card salts, `datasets` are
    those of the run, by number.
    """
    first = standing(candidates, datasets, Rule(cards_ppm))
    return in_order(concatenate([candidates.take(first), candidates.take(~first).later()]))
