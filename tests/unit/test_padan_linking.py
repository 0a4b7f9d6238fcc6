"""Comparing, linking and scoring: thresholds as written, no row with itself, honest intervals."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import padan
from policy.base.shares import wilson
from tests.support.tables import cells, made


def clks(*bits: str, ids: list[str] | None = None) -> Any:
    """A table of filters, each given as zeros and ones."""
    filled = [np.packbits([int(bit) for bit in each]).tobytes() for each in bits]
    columns: dict[str, list[Any]] = {"clk": filled}
    return made(columns if ids is None else {"record_id": ids, **columns}, "pandas")


A, B, C = "1111110000000000", "0111111000000000", "0011111100000000"  # neighbours: Dice 5/6
FAR = "0000000011111111"


def ends(pairs: Any) -> list[tuple[int, int, int, int]]:
    found = cells(pairs)
    names = ("left_dataset", "left_row", "right_dataset", "right_row")
    return list(zip(*(found[name] for name in names), strict=True))


def members(groups: Any) -> list[set[tuple[int, int]]]:
    found = cells(groups)
    sets: dict[int, set[tuple[int, int]]] = {}
    for group, dataset, row in zip(found["group"], found["dataset"], found["row"], strict=True):
        sets.setdefault(group, set()).add((dataset, row))
    return list(sets.values())


@pytest.mark.parametrize(
    ("threshold", "found"),
    [
        (Fraction(5, 6), 1),
        ("0.8333333", 1),
        (0.833333, 1),
        (Decimal("0.84"), 0),
        ("0.83333334", 0),
        (Fraction(5, 6) + Fraction(1, 10**12), 0),
    ],
)
def test_a_threshold_is_used_exactly_as_it_is_written(threshold: Any, found: int) -> None:
    assert len(ends(padan.compare(clks(A), clks(B), threshold=threshold))) == found


@pytest.mark.parametrize("threshold", [0, -0.5, 1.01, "0,8", "nan", float("nan"), Fraction(9, 8)])
def test_a_threshold_outside_of_zero_to_one_is_refused(threshold: Any) -> None:
    with pytest.raises(padan.BadInput) as error:
        padan.compare(clks(A), clks(B), threshold=threshold)
    assert error.value.code == "matching.threshold"


def test_filters_of_other_lengths_are_refused_even_in_as_many_words() -> None:
    one, other = clks("1" * 8 * 125), clks("1" * 8 * 128)
    with pytest.raises(padan.BadInput) as error:
        padan.compare(one, other, threshold=0.5)
    assert error.value.code == "matching.filters-differ"
    with pytest.raises(padan.BadInput) as mixed:
        padan.compare(clks("1" * 8, "1" * 16), one, threshold=0.5)
    assert mixed.value.code == "frame.filters"


def test_one_table_is_compared_with_itself_and_no_row_with_itself() -> None:
    pairs = padan.compare(clks(A, A, B, FAR), threshold=0.8)
    assert ends(pairs) == [(0, 0, 0, 1), (0, 0, 0, 2), (0, 1, 0, 2)]
    # Against a copy of itself each row is found twice, and with itself.
    assert len(ends(padan.compare(clks(A, A, B, FAR), clks(A, A, B, FAR), threshold=0.8))) == 10


def test_tiles_cut_no_pair_off(monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(7)
    noisy = random.integers(0, 2, (60, 64))
    table = clks(*("".join(map(str, row)) for row in noisy.tolist()))
    whole = padan.compare(table, threshold=0.6), padan.compare(table, table, threshold=0.6)
    monkeypatch.setattr("padan.comparing.TILE_ROWS", 7)
    small = padan.compare(table, threshold=0.6), padan.compare(table, table, threshold=0.6)
    assert list(map(cells, small)) == list(map(cells, whole))
    assert len(ends(whole[0])) > 10


def test_complete_and_connected_linkage_differ_on_a_chain() -> None:
    """A and C are no pair: B joins them only under `connected`."""
    pairs = padan.compare(clks(A, B, C), threshold=0.8)
    assert ends(pairs) == [(0, 0, 0, 1), (0, 1, 0, 2)]
    assert members(padan.link(pairs)) == [{(0, 0), (0, 1)}]
    assert members(padan.link(pairs, linkage="connected")) == [{(0, 0), (0, 1), (0, 2)}]
    with pytest.raises(padan.BadInput) as error:
        padan.link(pairs, linkage="single")  # type: ignore[arg-type]
    assert error.value.code == "link.linkage"


def test_connected_components_are_those_of_a_graph() -> None:
    """Against the plain definition: all rows that can be reached."""
    random = np.random.default_rng(3)
    for edges in (5, 40, 90):
        pairs = {tuple(sorted(p)) for p in random.integers(0, 60, (edges, 2)).tolist()}
        chosen = [(a, b) for a, b in pairs if a != b]
        table = made(
            {
                "left_dataset": [0] * len(chosen),
                "left_row": [a for a, _ in chosen],
                "right_dataset": [0] * len(chosen),
                "right_row": [b for _, b in chosen],
                "similarity": [0.9] * len(chosen),
            },
            "pandas",
        )
        reach = {row: {row} for pair in chosen for row in pair}
        for _ in reach:
            for a, b in chosen:
                both = reach[a] | reach[b]
                for row in both:
                    reach[row] = both
        expected = {frozenset((0, row) for row in each) for each in reach.values()}
        assert {frozenset(each) for each in members(padan.link(table, linkage="connected"))} == (
            expected
        )


def test_three_tables_are_compared_two_by_two() -> None:
    pairs = padan.compare(clks(A, FAR), clks(A), clks(A, FAR), threshold=0.9)
    found = {(0, 0, 1, 0), (0, 0, 2, 0), (0, 1, 2, 1), (1, 0, 2, 0)}
    assert set(ends(pairs)) == found
    groups = padan.link(pairs)
    assert members(groups) == [{(0, 0), (1, 0), (2, 0)}, {(0, 1), (2, 1)}]
    assert set(ends(padan.pairs_of(groups))) == found


def test_a_row_without_a_partner_and_an_empty_table_are_in_no_group() -> None:
    empty = clks()
    assert ends(padan.compare(clks(A), empty, threshold=0.5)) == []
    assert ends(padan.compare(empty, threshold=0.5)) == []
    assert members(padan.link(padan.compare(clks(A), clks(FAR), threshold=0.5))) == []


@pytest.mark.parametrize(
    "change", [{"left_row": [-1]}, {"left_row": [0.5]}, {"left_dataset": [1]}, {"left_row": ["x"]}]
)
def test_a_table_that_is_not_of_pairs_is_refused(change: dict[str, list[Any]]) -> None:
    row: dict[str, list[Any]] = {
        "left_dataset": [0],
        "left_row": [0],
        "right_dataset": [1],
        "right_row": [0],
        "similarity": [0.9],
    }
    assert members(padan.link(made(row, "pandas")))
    with pytest.raises(padan.BadInput) as error:
        padan.link(made(row | change, "pandas"))
    assert error.value.code in ("frame.numbers", "pairs.self")


def truth(*pairs: tuple[str, str]) -> Any:
    return made({"left_id": [a for a, _ in pairs], "right_id": [b for _, b in pairs]}, "pandas")


def test_a_score_counts_each_pair_once_in_any_order() -> None:
    left, right = clks(A, FAR, ids=["l1", "l2"]), clks(FAR, A, ids=["r1", "r2"])
    groups = padan.link(padan.compare(left, right, threshold=0.9))
    found = padan.score(groups, truth(("l1", "r2"), ("l1", "r2"), ("l2", "r9")))
    assert (found.correct, found.found, found.true) == (1, 2, 2)
    assert (found.precision.value, found.recall.value, found.f1.value) == (0.5, 0.5, 0.5)
    within = padan.compare(clks(A, A, ids=["x", "y"]), threshold=0.9)
    assert padan.score(within, truth(("y", "x"))).recall.value == 1.0


def test_intervals_are_wilsons_and_hold_the_value() -> None:
    score = padan.Score(correct=90, found=100, true=120)
    precision = wilson(0.9, 100)
    assert score.precision.low == precision.low / 1e6
    assert score.recall.value == 0.75
    assert score.f1.value == pytest.approx(2 * 0.9 * 0.75 / (0.9 + 0.75))
    for share in (score.precision, score.recall, score.f1):
        assert 0 <= share.low < share.value < share.high <= 1
    nothing = padan.Score(0, 0, 0)
    assert (nothing.precision.low, nothing.precision.high) == (0.0, 1.0)
    assert "0.9000" in score._repr_html_()


def test_the_interval_of_f1_holds_the_true_one_as_often_as_it_says() -> None:
    """Pairs drawn at random: each is right and found, wrong, or missed."""
    random = np.random.default_rng(11)
    held, draws, shares = 0, 600, (0.8, 0.12, 0.08)
    true_f1 = 2 * 0.8 / (2 * 0.8 + 0.12 + 0.08)
    for both, wrong, missed in random.multinomial(300, shares, draws).tolist():
        f1 = padan.Score(both, both + wrong, both + missed).f1
        held += f1.low <= true_f1 <= f1.high
    assert 0.925 <= held / draws <= 0.985


def test_true_pairs_are_rows_of_one_person() -> None:
    one = made({"record_id": ["l1", "l2", "l3"], "person": ["p", "q", ""]}, "pandas")
    other = made({"record_id": ["r1", "r2", "r3"], "person": ["q", "q", ""]}, "pandas")
    between = cells(padan.true_pairs(one, other))
    assert list(zip(between["left_id"], between["right_id"], strict=True)) == [
        ("l2", "r1"),
        ("l2", "r2"),
    ]
    assert cells(padan.true_pairs(other))["left_id"] == ["r1"]


def test_a_threshold_table_is_a_linkage_at_each_threshold() -> None:
    left, right = clks(A, FAR, ids=["l1", "l2"]), clks(B, FAR, ids=["r1", "r2"])
    pairs, real = padan.compare(left, right, threshold=0.5), truth(("l1", "r1"), ("l2", "r2"))
    found = cells(padan.threshold_table(pairs, real, [0.5, 0.9]))
    assert (found["found"], found["correct"]) == ([2, 1], [2, 1])
    assert found["recall"] == [1.0, 0.5]
    assert found["recall_low"][1] < 0.5 < found["recall_high"][1]
    assert len(cells(padan.threshold_table(pairs, real))["threshold"]) == 21


def test_charts_are_whole_svg_in_both_languages(tmp_path: Path) -> None:
    import xml.etree.ElementTree as ElementTree

    left, right = clks(A, FAR, ids=["l1", "<l2>"]), clks(B, FAR, ids=["r1", "r2"])
    pairs, real = padan.compare(left, right, threshold=0.2), truth(("l1", "r1"))
    for chart in (
        padan.score_distribution(pairs),
        padan.score_distribution(pairs, real),
        padan.threshold_chart(pairs, real),
    ):
        for language in ("id", "en"):
            drawn = chart.svg(language)  # type: ignore[arg-type]
            ElementTree.fromstring(drawn)
            assert "l2" not in drawn, "a chart holds counts alone"
        assert chart.svg("id") != chart.svg("en")
        assert chart._repr_svg_() in (chart.svg("id"), chart.svg("en"))
        assert chart.save(tmp_path / "chart.svg", "en").read_text() == chart.svg("en")


def test_a_distribution_counts_every_pair_in_its_bin() -> None:
    pairs = padan.compare(clks(A, FAR), clks(A, B, FAR), threshold=0.5)
    bars = padan.score_distribution(pairs, bins=4).svg("en").count('fill-opacity=".6"')
    assert bars == 2  # two pairs at 1, one at 5/6
