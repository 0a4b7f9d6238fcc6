"""What a solved run says of its own precision and recall, for every two datasets of a domain."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from itertools import combinations
from typing import Any

from linkage_service.datasets import RunData
from linkage_service.matching import Candidates, Groups, calibrate, pair_evidence
from policy.charter import Charter
from policy.statements import RunOrder


def estimates(
    pairs: Candidates,
    groups: Groups,
    data: RunData,
    charter: Charter,
    domain: str,
    order: RunOrder,
) -> Iterator[dict[str, Any]]:
    """As they are stored: names, and the facts of `calibrate`; none where too little is known."""
    members = [charter.dataset_ids.index(each) for each in charter.domain(domain).datasets]
    for i, j in combinations(sorted(members), 2):
        left, right = data.datasets[i], data.datasets[j]
        evidence = pair_evidence(left, right, pairs, groups, (i, j), order.thresholds_ppm)
        facts = calibrate(evidence)
        yield {
            "domain": domain,
            "left": data.names[i],
            "right": data.names[j],
            "facts": None if facts is None else asdict(facts),
        }
