"""Which counts of a run the service's pages show: none below k, and none that gives one away."""

from __future__ import annotations

from itertools import pairwise
from typing import Any
from unittest.mock import Mock

import numpy as np
import pytest

from linkage_service.matching import Calibration, Groups
from linkage_service.matching.calibration_facts import AtThreshold, ScoreRange, SimilarityBand
from linkage_service.matching.scores import ranges
from linkage_service.runs.overlaps import overlaps
from linkage_service.runs.results import Results
from linkage_service.ui.figures.matched import matched_figure, matched_tables
from linkage_service.ui.figures.overlap import overlap_block, overlaps_of_run
from linkage_service.ui.figures.thresholds import threshold_blocks
from linkage_service.ui.pages.runs import run_figures
from policy.base.shares import Interval
from policy.base.words import Words
from policy.charter import Charter
from policy.charts.page import Block, Figure, Notes
from policy.gates.facts import DomainFacts, MembershipFacts, RunFacts
from policy.gates.pooling import CellFloor, falling
from policy.project.canary_counts import Planted
from tests.support.republic import Republic, charter_from, charter_tree

NAMES = ["regsosek", "dtks", "carik"]


def charter(k: int = 10, *, empty: bool = False) -> Charter:
    tree = charter_tree()
    tree["release"].update(minimum_cell=k, empty_cell_allowed=empty)
    for each in tree["datasets"]:
        each["title"] = {"id": each["id"], "en": each["id"]}
    return charter_from(tree)


def stored(**people: int) -> list[dict[str, Any]]:
    """Counts by first letters of lists: rd=20 is Regsosek and DTKS."""
    letters = {name[0]: name for name in NAMES}
    return [
        {"lists": [letters[each] for each in lists], "people": count}
        for lists, count in people.items()
    ]


def planted(groups: int = 0) -> dict[str, Planted]:
    return {name: Planted(groups, matched={"semua": groups}) for name in NAMES}


def overlap(groups: int = 0, *, empty: bool = False, **people: int) -> Block:
    terms, counts, totals = charter(empty=empty), {"semua": stored(**people)}, frozenset(NAMES)
    found = overlaps_of_run(terms, counts, planted(groups), {"semua": totals})
    return overlap_block(terms, *found["semua"])


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


def test_an_overlap_of_large_combinations_is_exact() -> None:
    large = overlap(rd=20, rc=20, dc=20, rdc=20)
    assert isinstance(large, Figure)
    assert large.drawing is not None
    assert large.drawing.svg("id").count(">20</text>") == 4
    assert not large.table.hides
    assert isinstance(overlap(empty=True, rd=20, dc=20, rdc=20), Figure), "nobody is nobody"


def test_a_small_combination_is_hidden_and_the_others_stay() -> None:
    """Three lists: with their totals, each exact number would tell the small one."""
    figure = overlap(rd=143, rc=42, dc=3, rdc=173)
    assert isinstance(figure, Figure)
    cells = {str(name): cell for name, cell in figure.table.rows}
    assert cells["dtks + carik"] is None
    assert str(cells["Regsosek + dtks + carik"]) == "100–199"
    assert figure.table.hides
    drawn = figure.drawing.svg("en") if figure.drawing else ""
    assert ">*</text>" in drawn
    assert ">319</text>" in drawn, "the total of DTKS"
    assert isinstance(overlap(rd=20, rc=9, dc=20, rdc=20), Notes), "ranges of 20 would be empty"


def test_canaries_do_not_make_a_combination_large() -> None:
    people = {"rd": 200, "rc": 14, "dc": 200, "rdc": 200}
    for groups, hidden in ((0, False), (4, False), (5, True)):  # 9 of the 14 may be people
        figure = overlap(groups, **people)
        assert isinstance(figure, Figure)
        assert (("Regsosek + carik", None) in [(str(a), b) for a, b in figure.table.rows]) is hidden


def facts(**counts: tuple[int, int]) -> RunFacts:
    datasets = {name: MembershipFacts(matched=m, unmatched=u) for name, (m, u) in counts.items()}
    return RunFacts(
        run="r", candidates=5, domains={"semua": DomainFacts(groups=9, datasets=datasets)}
    )


def matched(counted: RunFacts) -> Figure:
    table = matched_tables(charter(), counted, ("semua",))["semua"]
    return matched_figure(charter(), "semua", table)


def test_small_counts_of_a_list_are_hidden_with_their_complement() -> None:
    counted = facts(regsosek=(300, 100), dtks=(397, 3), carik=(250, 90))
    figure = matched(counted)
    cells = {str(row[0]): row[1:3] for row in figure.table.rows}
    assert cells["dtks"] == (None, None), "397 of 400 would give 3 away"
    shown = [row for row in cells.values() if None not in row]
    assert len(shown) == 1, "a column with one hidden count would give it away"
    assert figure.drawing is not None
    drawn = figure.drawing.svg("en")
    assert ">dtks<" not in drawn
    assert ">carik<" in drawn or ">Regsosek<" in drawn
    large = matched(facts(regsosek=(30, 10), dtks=(39, 30)))
    assert None not in [cell for row in large.table.rows for cell in row], "the control"


def test_a_domain_is_shown_alike_whether_or_not_others_are_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An officer sees one domain after its stage and both later: 319 less 316 in DTKS are 3."""
    republic = Republic().to("run")
    part, whole = (each.id for each in republic.charter.domains)
    counts = {whole: stored(rd=143, rc=42, dc=3, rdc=173), part: stored(rd=316)}
    monkeypatch.setattr(Results, "overlaps", lambda self, domain: counts[domain])
    service = Mock(clock=lambda: republic.now)
    service.opened.return_value = republic.opened[-1]

    def figures(*opened: str) -> set[str]:
        run = republic.project.run("run-1")
        blocks, gone = run_figures(service, republic.project, run, opened)
        assert gone is None
        return set(map(repr, blocks))

    both = figures(part, whole)
    assert len(both) == 4
    assert figures(part) | figures(whole) == both
    assert figures() == set()
    monkeypatch.setitem(counts, whole, [])
    assert not figures(part) <= both, "the control: alone, more of it is shown"


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
    assert falling(counts, CellFloor(10, empty_allowed=False)) == shown
    kept = [count for count, fits in zip(counts, shown, strict=True) if fits]
    between = [a - b for a, b in pairwise(kept)]
    assert all(count >= 10 for count in [*kept, *between])


def test_an_empty_range_is_shown_where_the_charter_lets_it() -> None:
    assert falling((100, 100, 0), CellFloor(10, empty_allowed=True)) == (True, True, True)


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


# -- ranges of scores ------------------------------------------------------------------------------

FLOOR = CellFloor(10, empty_allowed=False)


def test_ranges_of_scores_are_large_and_keep_the_edges_of_the_curve() -> None:
    random = np.random.default_rng(5)
    scores = np.minimum(random.exponential(25_000, 3_000).astype(np.int64), 139_999)
    found = list(ranges(scores, 5_000, FLOOR, edges=(5_000, 20_000)))
    assert 20 <= len(found) <= 40
    assert [low for low, _, _ in found[1:]] == [high for _, high, _ in found[:-1]]
    assert {0, 5_000, 20_000} <= {low for low, _, _ in found}
    assert sum(pairs for _, _, pairs in found) == 3_000
    assert min(pairs for _, _, pairs in found) >= 10
    alone = [np.count_nonzero(scores // 5_000 == at) for at in range(28)]
    assert min(alone) < 10, "the control: ranges that are not joined are small"


def test_few_scores_are_told_as_one_range_or_not_at_all() -> None:
    assert list(ranges(np.arange(12) * 9_000, 5_000, FLOOR)) == [(0, 100_000, 12)]
    assert list(ranges(np.arange(9) * 9_000, 5_000, FLOOR)) == []


def spread(*edges: int, pairs: int = 50) -> Calibration:
    """As much between two thresholds of the curve as between two of these edges."""
    some = Interval(900_000, 800_000, 950_000)
    found = tuple(ScoreRange(low, high, pairs, some) for low, high in pairwise(edges))
    old = calibration(100, 50)
    return Calibration(**{**vars(old), "scores": found, "nik_scores": (ScoreRange(0, 9, 20),)})


def test_the_distribution_has_the_ranges_of_the_run() -> None:
    lists = Words("a – b", "a – b")
    figure = threshold_blocks(charter(), "x", lists, spread(0, 5_000, 140_000))[0]
    assert isinstance(figure, Figure)
    assert [row[1] for row in figure.table.rows] == [50, 50]
    drawn = figure.drawing.svg("id") if figure.drawing else ""
    assert drawn.count('class="column"/>') == 3, "two ranges, and their key"
    assert 'class="mark"' in drawn, "the threshold"


@pytest.mark.parametrize("found", [spread(), spread(0, 10_000, 140_000), spread(0, 5_000, pairs=9)])
def test_an_older_run_or_ranges_that_tell_more_get_the_columns_of_the_curve(
    found: Calibration,
) -> None:
    """None; edges that differ from those of the curve; fewer pairs than the smallest cell."""
    figure = threshold_blocks(charter(), "x", Words("a", "a"), found)[0]
    assert isinstance(figure, Figure)
    assert [row[1] for row in figure.table.rows] == [50, 50]
