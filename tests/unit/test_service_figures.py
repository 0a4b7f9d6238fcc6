"""Which counts of a run the service's pages show: none below k, and none that gives one away."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from linkage_service.matching import Calibration, Groups
from linkage_service.matching.calibration_facts import AtThreshold, SimilarityBand
from linkage_service.runs.overlaps import overlaps
from linkage_service.ui.figures.matched import matched_figures
from linkage_service.ui.figures.overlap import overlap_block
from linkage_service.ui.figures.smallest import shown_of_falling
from linkage_service.ui.figures.thresholds import threshold_blocks
from policy.base.shares import Interval
from policy.base.words import Words
from policy.charter import Charter
from policy.charts.page import Block, Figure, Notes
from policy.gates.facts import DomainFacts, MembershipFacts, RunFacts
from policy.project.canary_counts import Planted
from policy.project.naming import IDS
from tests.support.republic import charter_from, charter_tree

NAMES = ["regsosek", "dtks", "carik"]


def charter(k: int = 10, *, empty: bool = False) -> Charter:
    tree = charter_tree()
    tree["release"].update(minimum_cell=k, empty_cell_allowed=empty)
    return charter_from(tree)


def stored(**people: int) -> list[dict[str, Any]]:
    """Counts by first letters of lists: rd=20 is Regsosek and DTKS."""
    letters = {name[0]: name for name in NAMES}
    return [
        {"lists": [letters[each] for each in lists], "people": count}
        for lists, count in people.items()
    ]


def planted(groups: int = 0) -> dict[str, Planted]:
    return {name: Planted(groups, groups={"semua": groups}) for name in NAMES}


def overlap(groups: int = 0, *, empty: bool = False, **people: int) -> Block:
    return overlap_block(charter(empty=empty), "semua", stored(**people), planted(groups), IDS)


def test_overlaps_count_every_combination_once() -> None:
    groups = Groups(
        np.array([0, 1, 0, 1, 2, 1, 2], np.uint16),
        np.arange(7, dtype=np.uint32),
        np.array([0, 0, 1, 1, 1, 2, 2], np.uint32),
    )
    found = {tuple(each["lists"]): each["people"] for each in overlaps(groups, NAMES)}
    assert found == {("regsosek", "dtks"): 1, tuple(NAMES): 1, ("dtks", "carik"): 1}
    assert overlaps(groups, [str(n) for n in range(65)]) == []
    nobody = Groups(*(np.zeros(0, kind) for kind in (np.uint16, np.uint32, np.uint32)))
    assert overlaps(nobody, NAMES) == []


def test_an_overlap_is_shown_whole_or_not_at_all() -> None:
    large = overlap(rd=20, rc=20, dc=20, rdc=20)
    assert isinstance(large, Figure)
    assert large.drawing is not None
    assert large.drawing.svg("id").count(">20</text>") == 4
    for small in (overlap(rd=20, rc=9, dc=20, rdc=20), overlap(rd=20, dc=20, rdc=20)):
        assert isinstance(small, Notes)
        assert not re.search(r"\d", small.sentences[0].id), "no number at all"
    assert isinstance(overlap(empty=True, rd=20, dc=20, rdc=20), Figure), "nobody is nobody"


def test_canaries_do_not_make_a_combination_large() -> None:
    people = {"rd": 20, "rc": 14, "dc": 20, "rdc": 20}
    assert isinstance(overlap(0, **people), Figure)
    assert isinstance(overlap(4, **people), Figure)
    assert isinstance(overlap(5, **people), Notes), "9 of the 14 may be people"


def facts(**counts: tuple[int, int]) -> RunFacts:
    datasets = {name: MembershipFacts(matched=m, unmatched=u) for name, (m, u) in counts.items()}
    return RunFacts(
        run="r", candidates=5, domains={"semua": DomainFacts(groups=9, datasets=datasets)}
    )


def test_small_counts_of_a_list_are_hidden_with_their_complement() -> None:
    counted = facts(regsosek=(300, 100), dtks=(397, 3), carik=(250, 90))
    figure = matched_figures(charter(), counted, ("semua",), IDS)[0]
    cells = {str(row[0]): row[1:3] for row in figure.table.rows}
    assert cells["dtks"] == (None, None), "397 of 400 would give 3 away"
    shown = [row for row in cells.values() if None not in row]
    assert len(shown) == 1, "a column with one hidden count would give it away"
    assert figure.drawing is not None
    drawn = figure.drawing.svg("en")
    assert "dtks" not in drawn
    large = matched_figures(charter(), facts(regsosek=(30, 10), dtks=(39, 30)), ("semua",), IDS)
    assert None not in [cell for row in large[0].table.rows for cell in row], "the control"


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ((100, 80, 60), (True, True, True)),
        ((100, 95, 60), (True, False, True)),  # 5 between the first two
        ((100, 95, 92, 89, 60), (True, False, False, True, True)),
        ((100, 100, 60), (True, False, True)),  # an empty range is a small one
        ((9, 5, 0), (False, False, False)),
        ((100, 12, 4), (True, True, False)),
    ],
)
def test_a_falling_row_shows_no_small_difference(
    counts: tuple[int, ...], shown: tuple[bool, ...]
) -> None:
    assert shown_of_falling(counts, charter()) == shown
    kept = [count for count, fits in zip(counts, shown, strict=True) if fits]
    between = [a - b for a, b in pairwise(kept)]
    assert all(count >= 10 for count in [*kept, *between])


def test_an_empty_range_is_shown_where_the_charter_lets_it() -> None:
    assert shown_of_falling((100, 100, 0), charter(empty=True)) == (True, True, True)


def calibration(*pairs: int, bands: tuple[int, ...] = ()) -> Calibration:
    some = Interval(950_000, 900_000, 990_000)
    curve = tuple(AtThreshold(at * 5_000, count, some, some) for at, count in enumerate(pairs))
    ways = tuple(SimilarityBand(at + 1, count, some) for at, count in enumerate(bands))
    return Calibration(200, pairs[0], 0, 9, 1, 950_000, some, some, ways, curve)


def numbers(blocks: list[Block]) -> set[int]:
    tables = [block.table for block in blocks if isinstance(block, Figure)]
    return {cell for table in tables for row in table.rows for cell in row if isinstance(cell, int)}


def test_the_distribution_joins_ranges_until_they_are_large() -> None:
    lists = Words("a – b", "a – b")
    found = numbers(threshold_blocks(charter(), "x", lists, calibration(100, 95, 92, 60, 57)))
    assert found == {100, 60, 40}, "100 to 60, and 60 and up"
    assert numbers(threshold_blocks(charter(), "x", lists, calibration(9, 5, 1))) == set()
    whole = calibration(100, 60, bands=(50, 40, 10))
    assert {50, 40, 10} <= numbers(threshold_blocks(charter(), "x", lists, whole))
    small = calibration(100, 60, bands=(51, 40, 9))
    assert not {51, 9} & numbers(threshold_blocks(charter(), "x", lists, small))


def test_a_range_is_as_right_as_its_ends_say() -> None:
    """80 of 100 and 45 of 50 are right: 35 of the 50 between."""
    curve = (
        AtThreshold(0, 100, Interval(800_000, 700_000, 900_000), Interval(1, 0, 2)),
        AtThreshold(5_000, 50, Interval(900_000, 800_000, 950_000), Interval(1, 0, 2)),
    )
    some = calibration(100, 50)
    exact = Calibration(**{**vars(some), "curve": curve})
    figure = threshold_blocks(charter(), "x", Words("a", "a"), exact)[0]
    assert isinstance(figure, Figure)
    assert str(figure.table.rows[0][2]).startswith("70,0 %")
    assert figure.drawing is not None
    assert "<polyline" in figure.drawing.svg("en")
