"""Which candidate pairs a charter accepts as matches, in the charter's order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from linkage_service.matching.candidates import Candidates
from linkage_service.matching.corroboration import corroborated, with_band
from linkage_service.matching.encodings import EncodedDataset
from linkage_service.matching.household import household_first
from policy.charter import Charter
from policy.pairs import charter_rule


def judge(
    pairs: Candidates,
    datasets: Sequence[EncodedDataset],
    charter: Charter,
    thresholds_ppm: Mapping[str, int],
) -> Candidates:
    """The matches, then the uncertain pairs of the charter's review band, both in its order.

    `pairs` are in the solver's order; `datasets` are those of the pairs, by number.
    """
    judged = _matches(pairs, datasets, charter, thresholds_ppm)
    if charter.matching.order == "similarity":
        return judged
    cards = charter.salted_by_cards
    cards_ppm = {name: ppm for name, ppm in thresholds_ppm.items() if name in cards}
    return household_first(judged, datasets, cards_ppm)


def _matches(
    pairs: Candidates,
    datasets: Sequence[EncodedDataset],
    charter: Charter,
    thresholds_ppm: Mapping[str, int],
) -> Candidates:
    rule = charter_rule(charter, thresholds_ppm)
    if charter.matching.review_ppm:
        return with_band(pairs, datasets, rule, charter.matching.review_ppm)
    if not charter.matching.alone_ppm and not charter.encoding.contrary_codes:
        return pairs
    return corroborated(pairs, datasets, rule)
