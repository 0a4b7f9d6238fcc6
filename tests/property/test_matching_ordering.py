"""The fast order is the order of the columns themselves, whatever comes twice."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from linkage_service.matching import Candidates
from linkage_service.matching.ordering import in_order, is_in_order
from linkage_service.matching.radix import sorting_order
from tests.support.thorough import how_many

ROWS = st.one_of(st.integers(0, 3), st.sampled_from([2**31, 2**32 - 1]))
PAIRS = st.lists(
    st.tuples(
        st.sampled_from([0.0, 0.6, np.nextafter(0.6, 1), 1.0, 1.6]),
        *[st.sampled_from([0, 1, 2])] * 2,
        *[ROWS] * 2,
    ),
    max_size=40,
)


@settings(max_examples=how_many(300, default=75))
@given(PAIRS)
def test_each_pair_once_and_most_similar_first(
    pairs: list[tuple[float, int, int, int, int]],
) -> None:
    columns = list(zip(*pairs, strict=True)) or [()] * 5
    kinds = (np.float64, np.uint16, np.uint16, np.uint32, np.uint32)
    candidates = Candidates(*map(np.array, columns, kinds))
    best: dict[tuple[int, ...], float] = {}
    for similarity, *pair in pairs:
        best[tuple(pair)] = max(similarity, best.get(tuple(pair), 0.0))
    expected = sorted((-similarity, *pair) for pair, similarity in best.items())
    found = in_order(candidates)
    assert [(-s, *p) for s, *p in zip(*(c.tolist() for c in found.columns()), strict=True)] == (
        expected
    )
    assert is_in_order(found)
    backwards = found.take(np.arange(len(found))[::-1])
    assert len(found) < 2 or not is_in_order(backwards)


@given(st.lists(st.integers(0, 2**64 - 1) | st.integers(0, 3)))
def test_radix_sorting_is_stable_sorting(numbers: list[int]) -> None:
    keys = np.array(numbers, np.uint64)
    assert sorting_order(keys).tolist() == np.argsort(keys, kind="stable").tolist()
