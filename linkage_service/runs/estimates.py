"""A run's estimates of its precision and recall, and how it searched."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, replace
from itertools import combinations
from typing import Any

from linkage_service.intake.arrays import RunData
from linkage_service.matching import (
    Candidates,
    Groups,
    Samplings,
    SearchCoverage,
    calibrate,
    found_among,
    pair_evidence,
    sampled_pairs,
)
from linkage_service.matching.similarity import MILLION
from linkage_service.runs import outcome, plans
from linkage_service.runs.solve import RunInputs, Solution
from policy.charter import Charter
from policy.gates.pooling import CellFloor
from policy.statements import RunOrder


def calibration(inputs: RunInputs, solution: Solution) -> dict[str, Any]:
    """The stored estimates for every ID domain, and how each encoding was searched."""
    data, charter, order = inputs.data, inputs.charter, inputs.order
    certain = solution.pairs.certain()
    estimated: list[dict[str, Any]] = []
    for domain in order.domains:
        groups = solution.domains.groups[domain]
        if charter.release.grades:
            groups = outcome.groups(certain, data, charter, domain, solution.duplicates)
        estimated += estimates(certain, groups, data, charter, domain, order)
    # With a limit on candidates it is unknown how much the search itself found.
    everything = solution.found if charter.matching.top_k is None else None
    sampled = plans.samplings(data, charter, order)
    how = list(searches(everything, data, order, sampled))
    return {"pairs": estimated, "search": how}


def estimates(
    pairs: Candidates,
    groups: Groups,
    data: RunData,
    charter: Charter,
    domain: str,
    order: RunOrder,
) -> Iterator[dict[str, Any]]:
    """The stored estimates: names with the facts of `calibrate`, None if too little is known."""
    rule = outcome.rule(charter, order).without(charter.nik_field)
    members = [charter.dataset_ids.index(each) for each in charter.domain(domain).datasets]
    for i, j in combinations(sorted(members), 2):
        left, right = data.datasets[i], data.datasets[j]
        evidence = pair_evidence(left, right, pairs, groups, (i, j), rule)
        facts = calibrate(evidence, CellFloor.of(charter.release))
        yield {
            "domain": domain,
            "left": data.names[i],
            "right": data.names[j],
            "facts": None if facts is None else asdict(facts),
        }


def searches(
    pairs: Candidates | None, data: RunData, order: RunOrder, samplings: Samplings
) -> Iterator[dict[str, Any]]:
    """How each encoding was searched for every two datasets, as stored.

    `pairs` is everything the search found; if it is None, recall of the search is not estimated.
    """
    for i, j in combinations(range(len(data.datasets)), 2):
        between = None if pairs is None else _between(pairs, i, j)
        for name, threshold_ppm in sorted(order.thresholds_ppm.items()):
            coverage = _coverage(data, (i, j), name, threshold_ppm, between, samplings)
            named = {"left": data.names[i], "right": data.names[j], **asdict(coverage)}
            yield {**named, "estimated_ppm": coverage.estimated_ppm}


def _between(pairs: Candidates, left: int, right: int) -> Candidates:
    return pairs.take((pairs.left_dataset == left) & (pairs.right_dataset == right))


def _coverage(
    data: RunData,
    sides: tuple[int, int],
    name: str,
    threshold_ppm: int,
    between: Candidates | None,
    samplings: Samplings,
) -> SearchCoverage:
    left, right = (data.datasets[side] for side in sides)
    sampling = samplings.get((*sides, name))
    if name not in left.blocks and sampling is None:
        return SearchCoverage(name, "all-pairs", 0, 0, MILLION, 0, 0, 0)
    if sampling is None:
        coverage = SearchCoverage(name, "tags", 0, 0, MILLION, 0, 0, 0)
    else:
        expected, least = (
            int(each * MILLION) for each in (sampling.expected_recall, sampling.least_recall)
        )
        tables, width = sampling.tables, sampling.width
        coverage = SearchCoverage(name, "sampling", tables, width, expected, 0, 0, 0, least)
    if between is None:
        return coverage
    sample = sampled_pairs(left.encoding(name), right.encoding(name), threshold_ppm)
    return replace(
        coverage,
        sampled_rows=sample.rows,
        reached=len(sample.pairs),
        found=found_among(sample.pairs, between),
        near_reached=len(sample.near),
        near_found=found_among(sample.near, between),
    )
