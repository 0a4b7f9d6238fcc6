"""Coverage in counts: right, without small cells, and safe from subtraction."""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from encoder.released.coverage.counting import ExactCounts, count
from encoder.released.coverage.kept import keep, kept
from encoder.released.coverage.protecting import ProtectedCounts, protect
from encoder.released.coverage.report import report
from encoder.released.coverage.table import header, rows
from encoder.released.coverage.together import are_together
from encoder.released.lists.joined import JoinedRow, SourceColumn, Verdict
from encoder.released.lists.place_columns import Place
from policy.base.apart import apart
from policy.base.errors import BadInput, Refused
from policy.base.words import Words
from policy.charts.page import Figure, as_html
from policy.charts.tiles import TileChart
from policy.formats.http_api import CountBand
from policy.gates.coverage import AreaCounts, Coverage, parse_coverage
from policy.gates.pooling import CellFloor, pool
from policy.papers.meeting.areas import areas_section
from tests.support.coverage import (
    SOURCES,
    Atom,
    Sum,
    atoms,
    coverage_file,
    made_rows,
    range_of,
    row,
    told_charter,
)

K = 10
FLOOR = CellFloor(K, empty_allowed=False)
YES, NO, CHECK = Verdict.CONFIRMED, Verdict.NOT_FOUND, Verdict.TO_CHECK
VILLAGES = {
    ("Tebet", "Menteng Dalam"): 400,
    ("Tebet", "Manggarai"): 260,
    ("Tebet", "Bukit Duri"): 31,
    ("Tebet", "Kebon Baru"): 7,
    ("Senen", "Kramat"): 180,
    ("Senen", "Kwitang"): 90,
    ("Senen", "Bungur"): 24,
    ("Pulau", "Harapan"): 6,
    ("Gambir", "Cideng"): 60,
}
CODES = {"Tebet": "317401", "Senen": "317104", "Gambir": "317101"}


@pytest.fixture(scope="module")
def people() -> list[JoinedRow]:
    return list(made_rows(4, VILLAGES))


@pytest.fixture(scope="module")
def exact(people: list[JoinedRow]) -> ExactCounts:
    return count(people, SOURCES)


@pytest.fixture(scope="module")
def protected(exact: ExactCounts) -> ProtectedCounts:
    return protect(exact, FLOOR, {"dtks-regsosek": CountBand(low=100, high=1000)})


def coverage_of(counts: ProtectedCounts, **more: Any) -> Coverage:
    return coverage_file(counts, K, **more)


# What is counted


def test_counts_are_those_of_the_rows(people: list[JoinedRow], protected: ProtectedCounts) -> None:
    assert protected.people == sum(VILLAGES.values())
    for at, source in enumerate(protected.sources):
        told = Counter(each.verdicts[at] for each in people)
        assert (source.confirmed, source.to_check, source.not_found) == (
            told[YES],
            told[CHECK],
            told[NO],
        )
        assert source.not_confirmed == told[CHECK] + told[NO]
    by_which = Counter(
        tuple(s.domain for s, v in zip(SOURCES, each.verdicts, strict=True) if v is YES)
        for each in people
    )
    assert {each.confirmed_by: each.people for each in protected.combinations} == dict(by_which)
    named = [each for each in protected.areas if not each.pooled]
    assert {each.area for each in named} >= {"Menteng Dalam", "Kramat"}
    for area in named:
        inside = [each for each in people if each.place == Place(area.district, area.area)]
        for at, split in enumerate(area.sources):
            assert split.confirmed == sum(each.verdicts[at] is YES for each in inside)
            assert split.people == len(inside)


def test_small_areas_are_one_remainder_with_enough_people(
    exact: ExactCounts, protected: ProtectedCounts
) -> None:
    named = {each.area for each in protected.areas}
    assert named.isdisjoint({"Kebon Baru", "Harapan"})
    assert "Pulau" not in {each.district for each in protected.districts}
    pooled = [each for each in (*protected.districts, *protected.areas) if each.pooled]
    assert pooled
    assert all(each.pooled > 1 for each in pooled)
    counts = (
        count
        for area in (*protected.districts, *protected.areas)
        for split in area.sources
        for count in (split.confirmed, split.not_confirmed)
    )
    assert min(counts) >= K
    # Negative control: the exact areas have small counts.
    splits = exact.by_area((0, 1)).values()
    assert min(count for counts in splits for pair in counts for count in pair) < K


def test_a_person_with_several_rows_counts_once() -> None:
    place = Place("Tebet", "Manggarai")
    once = [row(n, (YES, NO), place) for n in range(50)]
    again = [replace(each, number=1000 + each.number) for each in once[:20]]
    assert count([*once, *again], SOURCES).total == 50
    strangers = [row(n, (YES, NO), place) for n in range(50, 70)]
    assert count([*once, *strangers], SOURCES).total == 70


def test_a_place_is_one_however_it_is_written() -> None:
    spellings = (Place("TEBET", "MANGGARAI"), Place("Tebet", " manggarai "))
    found = count([row(n, (YES, NO), place) for n, place in enumerate(spellings)], SOURCES)
    assert len(found.by_area((0,))) == 1


def test_domains_that_share_a_source_are_not_counted_together() -> None:
    wide = SourceColumn("jakarta", ("regsosek", "carik"), False, Words("Semua", "All"))
    assert apart((("regsosek", "carik"), ("regsosek",), ("carik",))) == (1, 2)
    assert apart((("regsosek", "carik"),)) == (0,)
    found = count([row(1, (YES, YES, NO), Place())], (wide, *SOURCES))
    assert [each.domain for each in found.sources] == ["dtks-regsosek", "dtks-carik"]
    assert found.by_verdict(0)[YES] == 1
    assert found.by_verdict(1)[YES] == 0


def test_a_list_below_the_smallest_cell_is_refused() -> None:
    few = count([row(n, (YES, NO), Place()) for n in range(K - 1)], SOURCES)
    with pytest.raises(Refused, match="fewer people"):
        protect(few, FLOOR, {})


def test_who_is_to_check_is_not_told_if_they_are_few() -> None:
    place = Place("Tebet", "Manggarai")
    verdicts = [YES] * 40 + [NO] * 30 + [CHECK] * 3
    found = protect(
        count([row(n, (v, v), place) for n, v in enumerate(verdicts)], SOURCES), FLOOR, {}
    )
    assert {(s.confirmed, s.not_confirmed, s.to_check, s.not_found) for s in found.sources} == {
        (40, 33, None, None)
    }
    enough = [*verdicts, *[CHECK] * K]
    found = protect(
        count([row(n, (v, v), place) for n, v in enumerate(enough)], SOURCES), FLOOR, {}
    )
    assert {(s.to_check, s.not_found) for s in found.sources} == {(3 + K, 30)}


# The attack


def published(found: ProtectedCounts) -> list[Sum]:
    """Every sum that a reader knows, over all kinds of people."""
    known = atoms(list(VILLAGES))
    told: list[Sum] = [(frozenset(known), found.people)]
    for at, source in enumerate(found.sources):
        for verdicts, people in (
            ({YES}, source.confirmed),
            ({NO, CHECK}, source.not_confirmed),
            ({CHECK}, source.to_check),
            ({NO}, source.not_found),
        ):
            if people is not None:
                told.append((frozenset(a for a in known if a[2][at] in verdicts), people))
    domains = [each.domain for each in found.sources]
    for each in found.combinations:
        kind = tuple(domain in each.confirmed_by for domain in domains)
        inside = frozenset(a for a in known if tuple(v is YES for v in a[2]) == kind)
        told.append((inside, each.people))
    shown = {each.district for each in found.districts if not each.pooled}
    for area in found.districts:
        others = {district for district, _ in VILLAGES} - shown
        told += area_sums(
            area,
            lambda a, names=others, one=area: a[0] in names if one.pooled else a[0] == one.district,
        )
    for area in found.areas:
        named = {each.area for each in found.areas if each.district == area.district}
        told += area_sums(
            area,
            lambda a, names=named, one=area: (
                a[0] == one.district and (a[1] not in names if one.pooled else a[1] == one.area)
            ),
        )
    return told


def area_sums(area: AreaCounts, inside: Any) -> list[Sum]:
    known = [atom for atom in atoms(list(VILLAGES)) if inside(atom)]
    return [
        pair
        for at, split in enumerate(area.sources)
        for pair in (
            (frozenset(a for a in known if a[2][at] is YES), split.confirmed),
            (frozenset(a for a in known if a[2][at] is not YES), split.not_confirmed),
        )
    ]


def small_counts(people: list[JoinedRow]) -> dict[frozenset[Atom], int]:
    """Every count of an area and a source that is small, by the kinds of people that it counts."""
    known = atoms(list(VILLAGES))
    found = {}
    for village in VILLAGES:
        for at in range(len(SOURCES)):
            for confirmed in (True, False):
                true = sum(
                    (each.place.kecamatan, each.place.kelurahan) == village
                    and (each.verdicts[at] is YES) is confirmed
                    for each in people
                )
                kinds = frozenset(
                    a for a in known if a[:2] == village and (a[2][at] is YES) is confirmed
                )
                if true < K:
                    found[kinds] = true
    return found


def found_out(people: list[JoinedRow], told: list[Sum]) -> int:
    """How many small counts the attacker knows to be small: no solution has k people or more."""
    known = atoms(list(VILLAGES))
    ranges = [range_of(kinds, told, known) for kinds in small_counts(people)]
    return sum(most < K for _, most in ranges)


@pytest.mark.parametrize("seed", [4, 5, 6])
def test_no_small_count_follows_from_everything_published(seed: int) -> None:
    people = list(made_rows(seed, VILLAGES))
    assert small_counts(people)
    told = published(protect(count(people, SOURCES), FLOOR, {}))
    assert found_out(people, told) == 0


def test_hiding_small_cells_alone_is_found_out(people: list[JoinedRow]) -> None:
    """Negative control: with totals and all other areas, a hidden count is a subtraction."""
    found = protect(count(people, SOURCES), FLOOR, {})
    told = published(found)
    known = atoms(list(VILLAGES))
    small = small_counts(people)
    for village in VILLAGES:
        for at in range(len(SOURCES)):
            for confirmed in (True, False):
                kinds = frozenset(
                    a for a in known if a[:2] == village and (a[2][at] is YES) is confirmed
                )
                if kinds not in small:
                    true = sum(
                        (each.place.kecamatan, each.place.kelurahan) == village
                        and (each.verdicts[at] is YES) is confirmed
                        for each in people
                    )
                    told.append((kinds, true))
    assert found_out(people, told) > 0


def with_few_in_both() -> list[JoinedRow]:
    """Three people whom Carik alone confirmed; every other combination is large."""
    place = Place("Tebet", "Manggarai")
    kinds = [(YES, YES)] * 60 + [(YES, NO)] * 40 + [(NO, YES)] * 3 + [(NO, NO)] * 50
    return [row(n, kind, place) for n, kind in enumerate(kinds)]


def test_one_small_combination_hides_them_all() -> None:
    found = protect(count(with_few_in_both(), SOURCES), FLOOR, {})
    assert found.combinations == ()
    assert [each.confirmed for each in found.sources] == [100, 63]
    known = atoms([("Tebet", "Manggarai")])
    few = frozenset(a for a in known if a[2][0] is not YES and a[2][1] is YES)
    margins: list[Sum] = [
        (frozenset(known), 153),
        (frozenset(a for a in known if a[2][0] is YES), 100),
        (frozenset(a for a in known if a[2][1] is YES), 63),
    ]
    assert range_of(few, margins, known)[1] >= K
    # Negative control: the three large combinations would tell the fourth.
    both = frozenset(a for a in known if a[2] == (YES, YES))
    assert range_of(few, [*margins, (both, 60)], known) == (3, 3)


def test_pooling_takes_the_smallest_area_shown_and_gives_up_if_all_are_few() -> None:
    areas = {"a": ((50, 60),), "b": ((30, 20),), "c": ((3, 40),)}
    found = pool(areas, FLOOR)
    assert found is not None
    assert (set(found.shown), found.pooled, found.remainder) == ({"a"}, ("b", "c"), ((33, 60),))
    assert pool({"a": ((3, 40),), "b": ((4, 50),)}, FLOOR) is None
    none_small = pool({"a": ((10, 10),)}, FLOOR)
    assert none_small is not None
    assert none_small.remainder is None
    # An empty count is shown only where the charter allows it.
    empty = {"a": ((50, 60),), "b": ((30, 0),)}
    assert pool(empty, CellFloor(K, empty_allowed=True)) == replace(
        none_small, shown=empty, pooled=(), remainder=None
    )
    assert pool(empty, FLOOR) == replace(
        none_small, shown={}, pooled=("a", "b"), remainder=((80, 60),)
    )


def test_pooling_of_random_areas_never_leaves_a_small_part() -> None:
    draw = random.Random(7)
    seen = set()
    for _ in range(400):
        areas = {
            str(n): tuple((draw.randint(0, 30), draw.randint(0, 30)) for _ in range(2))
            for n in range(draw.randint(1, 8))
        }
        found = pool(areas, FLOOR)
        seen.add(found is None)
        if found is None:
            continue
        parts = [*found.shown.values(), *([found.remainder] if found.remainder else [])]
        assert not any(FLOOR.any_small(part) for part in parts)
        assert len(found.pooled) != 1
        assert len(found.shown) + len(found.pooled) == len(areas)
    assert seen == {True, False}


# The file


def test_the_file_is_read_again_and_a_changed_one_is_refused(protected: ProtectedCounts) -> None:
    coverage = coverage_of(protected)
    coverage.require_protected()
    assert parse_coverage(coverage.canonical(), "x.json") == coverage
    tree = json.loads(coverage.canonical())

    def changed(*path: Any, value: Any) -> bytes:
        copy = json.loads(json.dumps(tree))
        at = copy
        for key in path[:-1]:
            at = at[key]
        at[path[-1]] = value
        return json.dumps(copy).encode()

    small = changed("areas", 0, "sources", 0, "confirmed", value=3)
    sums = changed("areas", 0, "sources", 0, "confirmed", value=4000)
    partial = changed("combinations", value=tree["combinations"][:-1])
    stray = changed("areas", 0, "district", value="Lain")
    for data in (small, sums, partial, stray):
        with pytest.raises(BadInput) as raised:
            parse_coverage(data, "x.json")
        assert raised.value.code == "coverage.unprotected"
    for data in (b"{}", b"\xff", changed("people", value="544")):
        with pytest.raises(BadInput) as raised:
            parse_coverage(data, "x.json")
        assert raised.value.code == "coverage.malformed"
    # The charter's own floor counts, whatever the file says of itself.
    with pytest.raises(BadInput):
        coverage.require_protected(CellFloor(10_000, empty_allowed=False))


def test_a_second_count_that_differs_by_one_person_is_refused(
    people: list[JoinedRow], protected: ProtectedCounts, tmp_path: Path
) -> None:
    keep(tmp_path, coverage_of(protected))
    first = kept(tmp_path, "rilis-1", "dtks")
    assert first == coverage_of(protected)
    keep(tmp_path, coverage_of(protected))
    without_one = coverage_of(protect(count(people[1:], SOURCES), FLOOR, {}))
    with pytest.raises(Refused, match="nearly"):
        keep(tmp_path, without_one)
    assert kept(tmp_path, "rilis-1", "dtks") == first
    # Another release is another count.
    keep(tmp_path, coverage_of(protected, release="rilis-2"))


def test_a_detour_to_nearly_the_same_counts_is_refused(
    people: list[JoinedRow], protected: ProtectedCounts, tmp_path: Path
) -> None:
    """Each count is far from the one before, but the third is one person from the first."""
    one, two, three = (
        coverage_of(replace(protected, deceased=dead, moved=None)) for dead in (50, 70, 51)
    )
    assert are_together(one, two)
    assert are_together(two, three)
    keep(tmp_path, one)
    keep(tmp_path, two)
    for _ in range(2):
        with pytest.raises(Refused, match="nearly"):
            keep(tmp_path, three)
    keep(tmp_path, two)
    assert kept(tmp_path, "rilis-1", "dtks") == two


def test_people_of_an_area_do_not_change_by_a_few(protected: ProtectedCounts) -> None:
    """Confirmed fall by 12, others rise by 10: both are enough, but two people have gone."""
    area = protected.areas[0]
    split = area.sources[0]

    def with_split(confirmed: int, others: int) -> Coverage:
        changed = split.model_copy(
            update={
                "confirmed": split.confirmed + confirmed,
                "not_confirmed": split.not_confirmed + others,
            }
        )
        sources = (changed, *area.sources[1:])
        areas = (area.model_copy(update={"sources": sources}), *protected.areas[1:])
        return coverage_of(replace(protected, areas=areas))

    assert are_together(with_split(0, 0), with_split(12, -12))
    assert not are_together(with_split(0, 0), with_split(12, -10))


def test_people_without_any_mark_are_not_few() -> None:
    """Of 100 people 50 died and 45 moved: each is enough alone, together they tell of five."""
    marked = {"meninggal": 50, "pindah": 45}
    sources = SOURCES[:1]
    states = ["meninggal"] * 50 + ["pindah"] * 45 + [""] * 5
    made = [
        row(at, [YES if at % 2 else NO], Place("Tebet", "Manggarai"), state)
        for at, state in enumerate(states)
    ]
    exact = count(made, sources)
    assert {name: exact.states[name] for name in marked} == marked
    found = protect(exact, FLOOR, {})
    assert (found.deceased, found.moved) == (50, None)
    coverage_of(found).require_protected()
    with pytest.raises(BadInput):
        coverage_of(replace(found, moved=45)).require_protected()
    with pytest.raises(BadInput):
        coverage_of(replace(found, deceased=95)).require_protected()


def test_the_page_has_every_count_of_the_file_in_its_tables(protected: ProtectedCounts) -> None:
    coverage = coverage_of(protected)
    page = as_html(report(coverage, told_charter()), ("id", "en"))
    shown = {text.replace(".", "") for text in cells_of(page)}
    divided = {each.not_confirmed for each in coverage.sources if each.not_found is not None}
    assert {str(each) for each in coverage.counts() if each not in divided} <= shown
    assert "1,000" not in page
    assert "100 sampai 999" in page
    assert "100 to 999" in page


def cells_of(page: str) -> list[str]:
    body = re.sub(r"<svg.*?</svg>", "", page, flags=re.DOTALL)
    return re.findall(r">([0-9.]+)<", body)


def test_the_table_has_one_row_for_each_area_and_source(protected: ProtectedCounts) -> None:
    coverage = coverage_of(protected)
    found = list(rows(coverage))
    areas = len(coverage.districts) + len(coverage.areas)
    assert len(found) == len(SOURCES) * (1 + areas)
    assert all(each[7] + each[8] == each[9] for each in found)  # type: ignore[operator]
    assert min(int(n) for each in found for n in each[7:10]) >= K
    assert {len(each) for each in found} == {len(header("id"))}


def test_the_table_has_the_codes_of_its_areas_by_the_code_book(protected: ProtectedCounts) -> None:
    found = list(rows(coverage_of(protected), "31", language="en"))
    codes = {each[2]: each[1] for each in found if each[0] == "kecamatan" and each[2] in CODES}
    assert codes
    assert all(codes[name] == CODES[name] for name in codes)
    villages = [each for each in found if each[0] == "kelurahan" and "other" not in str(each[4])]
    assert villages
    assert all(str(each[3]).startswith(str(each[1])) for each in villages)
    assert {len(str(each[3])) for each in villages} == {10}
    assert not any(each[3] for each in found if "other" in str(each[4]))
    assert header("id") != header("en")


def test_without_a_large_kelurahan_the_tiles_are_kecamatan(protected: ProtectedCounts) -> None:
    def drawn(counts: ProtectedCounts) -> tuple[str, list[str]]:
        figure = areas_section(coverage_of(counts), "a").blocks[0]
        assert isinstance(figure, Figure)
        assert isinstance(figure.drawing, TileChart)
        tiles = [tile.name.id for group in figure.drawing.groups for tile in group.tiles]
        return figure.title.id, tiles

    title, tiles = drawn(replace(protected, areas=()))
    assert title.endswith("per kecamatan")
    assert {each.district for each in protected.districts if not each.pooled} <= set(tiles)
    title, tiles = drawn(protected)
    assert title.endswith("per kelurahan")
    assert "Kramat" in tiles
