"""A review band adds what is to be verified, and changes nothing of what is certain."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from linkage_service.intake.arrays import RunData
from linkage_service.matching import Candidates, Groups
from linkage_service.runs import outcome, plans
from linkage_service.runs.solve import RunInputs, solve
from policy.charter import Charter
from tests.property.test_matching_incremental import (
    NAMES,
    TILE_ROWS,
    charter,
    found_by,
    ordered,
    random_rows,
    run_data,
)

People = set[frozenset[tuple[int, int]]]


def people(groups: Groups) -> People:
    rows = np.stack([groups.dataset, groups.row, groups.group], axis=1).tolist()
    return {
        frozenset((dataset, row) for dataset, row, group in rows if group == number)
        for number in range(groups.count)
    }


def solved(data: RunData, agreed: Charter) -> tuple[Candidates, Groups, outcome.Flags]:
    order, domain = ordered(agreed), "semua"
    found = found_by(plans.whole(data, agreed, order, TILE_ROWS))
    solution = solve(RunInputs(agreed, order, data, recipients=()), found)
    domains = solution.domains
    return solution.pairs, domains.groups[domain], domains.verify[domain]


@settings(max_examples=60)
@given(
    st.integers(0, 2**32),
    st.sampled_from(["one-to-one", "one-to-many"]),
    st.sampled_from(["similarity", "household"]),
    st.sampled_from([None, 1, 3]),
)
def test_what_is_certain_is_what_it_would_be_without_a_band(
    seed: int, cardinality: str, order: str, top_k: int | None
) -> None:
    """Without tags: of random rows those of two tags can be alike, of real ones they cannot."""
    random = np.random.default_rng(seed)
    data = run_data([random_rows(random, int(random.integers(1, 25))) for _ in NAMES], tagged=False)
    plain_pairs, plain, never = solved(data, charter(cardinality, False, order, top_k))
    pairs, groups, verify = solved(data, charter(cardinality, True, order, top_k))

    assert not never.any()
    for mine, wanted in zip(pairs.certain().columns(), plain_pairs.columns(), strict=True):
        assert mine.tolist() == wanted.tolist()
    counted = outcome.PairCounts.of(pairs)
    assert (counted.all, counted.all - counted.uncertain) == (len(pairs), len(plain_pairs))
    sure, unsure = people(groups.only(~verify)), people(groups.only(verify))
    assert sure <= people(plain)
    # A group without the band is certain, or part of one that is to be verified.
    for person in people(plain):
        assert person in sure or any(person < larger for larger in unsure)
    assert not unsure & people(plain)
