"""Counts of people who are on another list and not on one's own, as their owner gives them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

import pytest

from encoder.released.coverage.counting import count
from encoder.released.coverage.protecting import protect
from encoder.released.coverage.report import report
from encoder.released.coverage.table import header, rows
from encoder.released.lists.joined import JoinedRow, SourceColumn, Verdict
from encoder.released.lists.place_columns import Place
from policy.base.errors import BadInput, Refused
from policy.base.words import Words
from policy.charter.words import Bilingual
from policy.charts.page import Figure, Notes, as_html
from policy.charts.tiles import TileChart
from policy.gates.coverage import Coverage
from policy.gates.list_counts import inside
from policy.gates.pooling import CellFloor
from policy.gates.reverse_coverage import ReverseCoverage, may_count, reverse_of
from policy.papers.meeting.coverage import coverage_sections
from policy.papers.meeting.missing import missing_section
from tests.support.coverage import coverage_file, row, told_charter

K = 10
FLOOR = CellFloor(K, empty_allowed=False)
CHARTER = told_charter("regsosek")
DTKS = SourceColumn("dtks-regsosek", ("regsosek",), False, Words("Regsosek", "Regsosek"))
REGSOSEK = SourceColumn("dtks-regsosek", ("dtks",), False, Words("DTKS", "DTKS"))
TITLE = Bilingual(id="Regsosek", en="Regsosek")
People = Mapping[tuple[str, str], tuple[int, int, int]]
# For each kelurahan: people on both lists, on DTKS alone and in Regsosek alone.
PEOPLE: People = {
    ("Tebet", "Manggarai"): (40, 15, 25),
    ("Tebet", "Bukit Duri"): (30, 12, 3),
    ("Tebet", "Kebon Baru"): (20, 11, 14),
    ("Senen", "Kramat"): (60, 20, 30),
    ("Senen", "Kwitang"): (50, 13, 2),
    ("Senen", "Bungur"): (15, 14, 11),
}


def list_of(source: SourceColumn, alone: int, people_of: People = PEOPLE, **more: Any) -> Coverage:
    """The coverage of a list: `alone` is the place of its own people in `people_of`."""
    found: list[JoinedRow] = []
    for (district, village), people in people_of.items():
        for verdict, many in ((Verdict.CONFIRMED, people[0]), (Verdict.NOT_FOUND, people[alone])):
            for _ in range(many):
                found.append(row(len(found) + 1, [verdict], Place(district, village)))
    return coverage_file(protect(count(found, [source]), FLOOR, {}), K, **more)


@pytest.fixture(scope="module")
def ours() -> Coverage:
    return list_of(DTKS, 1)


@pytest.fixture(scope="module")
def theirs() -> Coverage:
    return list_of(REGSOSEK, 2, dataset="regsosek", owner="bps", title=TITLE)


@pytest.fixture(scope="module")
def given(theirs: Coverage) -> ReverseCoverage:
    return reverse_of(theirs, CHARTER, "dtks")


def test_only_people_who_are_not_on_the_list_are_given(given: ReverseCoverage) -> None:
    assert given.people == sum(alone for *_, alone in PEOPLE.values())
    named = {each.area: each.people for each in given.areas if not each.pooled}
    assert named
    assert all(named[v] == PEOPLE[d, v][2] for d, v in PEOPLE if v in named)
    by_district = Counter[str]()
    for (district, _), people in PEOPLE.items():
        by_district[district] += people[2]
    assert {each.district: each.people for each in given.districts} == by_district
    given.require_protected(FLOOR)


def test_small_areas_are_together_and_nothing_follows_from_totals(given: ReverseCoverage) -> None:
    """Bukit Duri has three, Kwitang two: neither is named, and no difference is as small."""
    named = {each.area for each in given.areas if not each.pooled}
    assert not named & {"Bukit Duri", "Kwitang"}
    for district in given.districts:
        villages = inside(district, given.areas)
        rest = district.people - sum(each.people for each in villages if not each.pooled)
        assert not FLOOR.is_small(rest) or rest == 0
        assert all(each.pooled > 1 for each in villages if each.pooled)


@pytest.mark.parametrize("change", ["small", "sum", "area"])
def test_a_changed_file_is_refused(given: ReverseCoverage, change: str) -> None:
    first, *others = given.districts
    changed = {
        "small": {"people": K - 1, "districts": (), "areas": ()},
        "sum": {"districts": (first.model_copy(update={"people": first.people + 1}), *others)},
        "area": {"districts": tuple(others), "people": sum(each.people for each in others)},
    }[change]
    with pytest.raises(BadInput):
        given.model_copy(update=changed).require_protected(FLOOR)


def test_the_two_files_never_count_the_same_people_twice(
    ours: Coverage, theirs: Coverage, given: ReverseCoverage
) -> None:
    """Who knows both counts of the people on both lists knows by area whose address differs."""

    def of_both(text: str) -> bool:
        return '"confirmed"' in text

    assert of_both(ours.canonical().decode())
    assert of_both(theirs.canonical().decode())  # what is not handed over
    assert not of_both(given.canonical().decode())


def test_one_domain_of_just_two_lists_tells_it(theirs: Coverage, ours: Coverage) -> None:
    with pytest.raises(Refused) as raised:
        reverse_of(theirs, CHARTER, "carik")
    assert raised.value.code == "coverage.no-reverse"
    assert may_count(CHARTER, "dtks-regsosek", "dtks") == "regsosek"
    assert may_count(CHARTER, "dtks-carik", "dtks") is None
    assert may_count(told_charter(), "dtks-regsosek", "dtks") is None


def test_page_and_table_show_both_directions(ours: Coverage, given: ReverseCoverage) -> None:
    page = as_html(report(ours, CHARTER, (given,)), ("id", "en"))
    assert "dihitung pemilik sumber itu (bps)" in page
    assert "tidak seorang pun boleh" not in page
    section = missing_section(ours, {given.domain: given}, "x")
    (figure,) = section.blocks
    assert isinstance(figure, Figure)
    assert isinstance(figure.drawing, TileChart)
    tiles = {t.name.id: t.share for group in figure.drawing.groups for t in group.tiles}
    both, _, alone = PEOPLE["Tebet", "Manggarai"]
    assert tiles["Manggarai"].value == pytest.approx(alone / (alone + both))
    found = [dict(zip(header("en"), each, strict=True)) for each in rows(ours, "31", (given,))]
    line = next(each for each in found if each["kelurahan"] == "Manggarai")
    assert (line["confirmed"], line["on_list_not_at_source"]) == PEOPLE["Tebet", "Manggarai"][:2]
    assert line["at_source_not_on_list"] == alone
    assert line["kecamatan_code"] == "317401"
    counted = [
        each["at_source_not_on_list"] for each in found if each["at_source_not_on_list"] != ""
    ]
    assert min(map(int, counted)) >= K
    assert len(counted) == 1 + len(given.districts) + len(given.areas)


def test_a_hidden_count_does_not_follow_from_the_other_direction(given: ReverseCoverage) -> None:
    """The rows of the source, in the log, less its people not on the list are those on both."""
    nearly_all = [row(at, [Verdict.CONFIRMED], Place("Tebet", "Manggarai")) for at in range(200)]
    nearly_all[:3] = [row(at, [Verdict.NOT_FOUND], Place("Tebet", "Manggarai")) for at in range(3)]
    small = coverage_file(protect(count(nearly_all, [DTKS]), FLOOR, {}), K)
    assert not small.shown
    told = coverage_sections(small, CHARTER, (given,))
    assert [each.code for each in told] == ["coverage-list"]
    (figure, notes) = told[0].blocks
    assert isinstance(figure, Figure)
    assert isinstance(notes, Notes)
    assert [each[1:] for each in figure.table.rows] == [(None, None, None, None)]
    said = " ".join(each.en for each in notes.sentences)
    assert "--missing-on" not in said
    assert "would follow by subtraction" in said
    (line,) = rows(small, "31", (given,), "en")
    assert dict(zip(header("en"), line, strict=True))["at_source_not_on_list"] == ""
    # The same file is shown next to counts that are large enough.
    assert given.people in [each[-1] for each in rows(list_of(DTKS, 1), "31", (given,))]


def both_forms(
    ours: People, theirs: People
) -> tuple[dict[tuple[str, str], tuple[Any, ...]], list[dict[str, Any]]]:
    """The page's rows by kecamatan and kelurahan, and the table's, of two lists of these people."""
    mine = list_of(DTKS, 1, ours)
    other = list_of(REGSOSEK, 2, theirs, dataset="regsosek", owner="bps", title=TITLE)
    reverse = reverse_of(other, CHARTER, "dtks")
    (figure,) = missing_section(mine, {reverse.domain: reverse}, "x").blocks
    assert isinstance(figure, Figure)
    assert figure.table is not None
    page = {(str(r[0].id), str(r[1].id)): r[2:] for r in figure.table.rows}  # type: ignore[union-attr]
    table = (dict(zip(header("en"), each, strict=True)) for each in rows(mine, "", (reverse,)))
    return page, list(table)


def test_an_unnamed_kelurahan_is_not_its_kecamatan() -> None:
    """A list without a column of kecamatan, and with rows that have no place."""
    people: People = {("", "Manggarai"): (40, 15, 25), ("", ""): (30, 12, 14)}
    page, _ = both_forms(people, people)
    whole, unnamed = "Kecamatan tidak diketahui", "Kelurahan tidak diketahui"
    assert page[whole, "-"][:2] == (25 + 14, 40 + 30)
    assert page[whole, unnamed][:2] == (14, 30)
    assert page[whole, "Manggarai"][:2] == (25, 40)


def test_a_place_is_one_on_page_and_table_however_it_is_written() -> None:
    ours: People = {
        ("Kramat Jati", "Balekambang"): (40, 15, 25),
        ("Senen", "Kwitang"): (30, 12, 14),
    }
    theirs: People = {
        ("Kramatjati", "Kel. Bale Kambang"): (41, 16, 26),
        ("Senen", "Bungur"): (31, 12, 15),
    }
    page, table = both_forms(ours, theirs)
    assert page["Kramatjati", "Kel. Bale Kambang"][:2] == (26, 40)
    (line,) = (each for each in table if each["kelurahan"] == "Balekambang")
    assert (line["confirmed"], line["at_source_not_on_list"]) == (40, 26)
    # Bungur and Kwitang are two places.
    assert not isinstance(page["Senen", "Bungur"][1], int)


@pytest.mark.parametrize("first", ["Kramatjati", "Kramat Jati"])
def test_two_areas_of_the_same_letters_keep_their_counts(first: str) -> None:
    ours: People = {("Kramat Jati", "Cawang"): (40, 15, 25)}
    second = "Kramat Jati" if first == "Kramatjati" else "Kramatjati"
    theirs: People = {(first, "Cawang"): (41, 16, 26), (second, "Cawang"): (31, 12, 15)}
    page, table = both_forms(ours, theirs)
    for level in ("kecamatan", "kelurahan"):
        lines = [each for each in table if each["level"] == level]
        counts = [each["at_source_not_on_list"] for each in lines]
        assert sorted(each for each in counts if each) == [15, 26]
        (line,) = (each for each in lines if each["confirmed"])
        assert line["at_source_not_on_list"] == theirs["Kramat Jati", "Cawang"][2]
    assert page["Kramat Jati", "Cawang"][1] == 40
    assert not isinstance(page["Kramatjati", "Cawang"][1], int)


def test_the_page_says_whose_areas_its_counts_are_by(
    ours: Coverage, given: ReverseCoverage
) -> None:
    (figure,) = missing_section(ours, {given.domain: given}, "x").blocks
    assert isinstance(figure, Figure)
    assert figure.table is not None
    assert figure.about is not None
    assert "who by this list live in the area of that name" in figure.about.en
    assert "menurut daftar ini tinggal di wilayah bernama sama" in figure.about.id
    assert [each.en for each in figure.table.heads][3] == "On both (areas of this list)"


def test_without_a_file_the_page_says_why_or_whom_to_ask(ours: Coverage) -> None:
    asked = as_html(report(ours, CHARTER), ("en",))
    assert "--missing-on dtks" in asked
    assert "nobody may count it" not in asked
    closed = as_html(report(ours, told_charter()), ("en",))
    assert "--missing-on" not in closed
    assert "nobody may count it" in closed
    assert json.loads(ours.canonical())["sources"][0]["not_on_list"] is None
