"""Report pages and their charts: escaped, whole, the same numbers in drawing and table."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from policy.base.words import Language, Words
from policy.charter.source_names import domain_title
from policy.charts.bars import Bar, BarChart
from policy.charts.intervals import IntervalChart, IntervalRow
from policy.charts.numbers import Proportion
from policy.charts.page import (
    Drawing,
    Figure,
    Notes,
    ReportPage,
    ReportTable,
    Section,
    as_html,
    as_json,
)
from policy.charts.pdf import as_pdf
from policy.charts.stacked import StackedBars, StackedPart, StackedRow
from policy.charts.tiles import AreaTile, ColourScale, TileChart, TileGroup
from policy.charts.upset import Combination, UpsetPlot
from policy.papers.meeting.quality import (
    CalibrationFile,
    estimated,
    parse_calibration,
    quality_section,
)
from policy.project.naming import IDS
from tests.support.republic import charter_from, charter_tree

EVIL = '"><script>alert(1)</script><img src=x onerror=y>\u202e&'
NAME = Words(EVIL, EVIL)
PLAIN = Words("Nama", "Name")


def charts(name: Words) -> tuple[Drawing, ...]:
    parts = (StackedPart(name, "good"), StackedPart(name, "plain"))
    tiles = (AreaTile(name, Proportion(3, 4)), AreaTile(name, Proportion(1, 9), together=True))
    return (
        BarChart("bars", name, name, (Bar(name, 40), Bar(name, 0)), 100, name),
        BarChart("counts", name, name, (Bar(name, 41),), 100, name, shares=False),
        StackedBars("stacked", name, name, parts, (StackedRow(name, (30, None)),)),
        TileChart("tiles", name, name, (TileGroup(name, tiles),)),
        UpsetPlot("upset", name, name, (name,), (30,), (Combination(frozenset({0}), 30),)),
        IntervalChart("intervals", name, name, (IntervalRow(name, 1, 2, 3),)),
    )


def page(name: Words) -> ReportPage:
    table = ReportTable("table", name, (name, name), ((name, 1234), (EVIL, None)))
    figures = tuple(Figure(name, name, each, table) for each in charts(name))
    notes = Notes("notes", (name,))
    section = Section("section", name, name, (*figures, table, notes))
    return ReportPage("test", name, name, name, ((name, Proportion(1, 8)),), (section,), name)


def test_texts_of_strangers_stay_texts() -> None:
    as_long = Words("N" * len(EVIL), "N" * len(EVIL))  # charts give long names more room
    evil, plain = (as_html(page(name), ("id", "en")) for name in (NAME, as_long))
    tags = [re.findall(r"<([a-z]+)", each) for each in (evil, plain)]
    assert tags[0] == tags[1]
    assert "\u202e" not in evil
    for each in charts(NAME):
        for drawing in re.findall(r"<svg.*?</svg>", each.svg("id"), flags=re.DOTALL):
            ElementTree.fromstring(drawing)  # our own text
            assert "<script" not in drawing


def test_a_hidden_count_is_a_star_with_a_note_and_null_in_json() -> None:
    text = as_html(page(PLAIN), ("en",))
    assert "* hidden: too few people" in text
    assert "1,234" in text
    told = as_json(page(PLAIN))["sections"]["section"]["table"]["rows"]
    assert told == [[{"id": "Nama", "en": "Name"}, 1234], [EVIL, None]]
    whole = ReportTable("t", PLAIN, (PLAIN, PLAIN), (("a", 1),))
    assert not whole.hides


def test_numbers_are_written_as_each_language_does() -> None:
    indonesian, english = (as_html(page(PLAIN), (each,)) for each in ("id", "en"))
    assert "1.234" in indonesian
    assert "12,5 %" in indonesian
    assert "12.5%" in english


def test_a_bar_says_its_share_or_its_count() -> None:
    shares, counts = (each.svg("id") for each in charts(PLAIN)[:2])
    assert ">40,0 %<" in shares
    assert ">41<" in counts
    assert "%" not in counts


@pytest.mark.parametrize(
    ("low", "high", "steps"),
    [
        (0, 1000, ("0 sampai 20 %", "80 sampai 100 %")),
        (548, 876, ("50 sampai 60 %", "90 sampai 100 %")),
        (714, 926, ("70 sampai 75 %", "90 sampai 95 %")),
        (761, 768, ("76 sampai 78 %", "84 sampai 86 %")),
        (990, 1000, ("90 sampai 92 %", "98 sampai 100 %")),
    ],
)
def test_colours_of_tiles_follow_the_range_of_the_shares(
    low: int, high: int, steps: tuple[str, str]
) -> None:
    scale = ColourScale.over([Proportion(each, 1000) for each in (low, high)])
    assert (scale.name(0).id, scale.name(4).id) == steps
    assert scale.step(Proportion(low, 1000)) < scale.step(Proportion(high, 1000)) or high - low < 20


@pytest.mark.parametrize(
    ("part", "step"), [(0, 0), (199, 0), (200, 1), (799, 3), (800, 4), (1000, 4)]
)
def test_a_tile_has_the_colour_of_its_share(part: int, step: int) -> None:
    assert ColourScale(0, 20).step(Proportion(part, 1000)) == step


def test_districts_of_one_tile_share_their_rows() -> None:
    """Forty kecamatan whose kelurahan are too small were forty rows of one tile each."""
    share = Proportion(3, 4)
    whole = [TileGroup(IDS.same(f"K{at}"), (AreaTile(PLAIN, share),), True) for at in range(40)]
    parted = TileGroup(IDS.same("Koja"), (AreaTile(PLAIN, share), AreaTile(PLAIN, share)))
    drawn = TileChart("tiles", PLAIN, PLAIN, (parted, *whole)).svg("id")
    heads = re.findall(r'class="group">([^<]+)<', drawn)
    assert heads == ["Kecamatan seutuhnya", "Koja"]
    heights = [int(each) for each in re.findall(r'viewBox="0 0 640 (\d+)"', drawn)]
    assert sum(heights) < 14 * 62 + 400
    assert max(heights) < 400, "a sheet of paper can break between two drawings"
    assert all(f">K{at}<" in drawn for at in range(40))


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_long_name_has_lines_apart_and_leaves_room_for_its_number(language: Language) -> None:
    """On a phone the lines lay upon each other."""
    name = IDS.same("Regsosek - Data Terpadu Kesejahteraan Sosial (Regsosek, DTKS): orang" * 2)
    for chart in (
        IntervalChart("i", PLAIN, PLAIN, (IntervalRow(name, 1, 2, 3),) * 2),
        StackedBars("s", PLAIN, PLAIN, (), (StackedRow(name, ()),) * 2),
    ):
        found = re.findall(r'<text x="0" y="([\d.]+)"[^>]*>([^<]*)<', chart.svg(language))
        places = [float(y) for y, _ in found]
        assert len(places) >= 8
        assert min(b - a for a, b in pairwise(places)) >= 22, "a phone's letters are 21 or 22 high"
        assert max(len(line) for _, line in found) <= 42


def test_an_upset_plot_has_one_dot_for_each_list_of_a_combination() -> None:
    names = (Words("A", "A"), Words("B", "B"), Words("C", "C"))
    found = (
        Combination(frozenset({0, 2}), 70),
        Combination(frozenset({1}), 90),
        Combination(frozenset(), 20),
    )
    drawing = UpsetPlot("u", PLAIN, PLAIN, names, (70, 90, 70), found).svg("en")
    assert drawing.count('class="dot"') == 3
    assert drawing.count('class="no-dot"') == 6
    assert drawing.count('class="link"') == 1
    assert drawing.index(">90<", drawing.index('class="over"')) < drawing.rindex(">20<")


def test_a_stacked_row_is_as_long_as_its_whole() -> None:
    parts = (StackedPart(PLAIN, "good"), StackedPart(PLAIN, "look"), StackedPart(PLAIN, "plain"))
    row = StackedRow(PLAIN, (30, None, 10))
    drawing = StackedBars("s", PLAIN, PLAIN, parts, (row,)).svg("id")
    widths = [float(each) for each in re.findall(r'width="([\d.]+)" height="26"', drawing)]
    assert widths == [480.0, 160.0]
    assert row.whole == 40
    assert 'class="part look"' not in drawing


def test_a_pdf_has_the_page_in_each_language_and_its_colours() -> None:
    one, both = as_pdf(page(PLAIN), ("id",)), as_pdf(page(PLAIN), ("id", "en"))
    assert one.startswith(b"%PDF-")
    assert pages_of(both) == 2 * pages_of(one)


def pages_of(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf))


CHARTER = charter_from(charter_tree())
assert CHARTER.release.minimum_cell == 10


def calibration(*bands: int) -> CalibrationFile:
    interval = {"estimate": 900_000, "low": 800_000, "high": 990_000}
    facts = {
        "other_pairs": sum(bands),
        "precision_ppm": interval,
        "recall_ppm": interval,
        "bands": [{"ways": n, "pairs": p, "right_ppm": interval} for n, p in enumerate(bands, 1)],
    }
    pair = {"domain": "d", "left": "a", "right": "b", "facts": facts}
    return parse_calibration(json.dumps({"run": "r", "pairs": [pair]}).encode(), "k.json")


def test_the_chart_leaves_out_what_is_too_wide_or_part_of_another() -> None:
    strata = list(estimated(calibration(40, 30), CHARTER))
    wide = replace(strata[1], low=30_000, high=1_000_000)
    figure = quality_section([strata[0], wide, *strata[2:]]).blocks[0]
    assert isinstance(figure, Figure)
    assert isinstance(figure.drawing, IntervalChart)
    assert [each.name for each in figure.drawing.rows] == [strata[0].name]
    assert len(figure.table.rows) == 4
    assert [each[-1] == strata[0].origin for each in figure.table.rows] == [True, False, True, True]
    # Negative control: the same stratum with its narrow band is drawn.
    narrow = quality_section(strata[:2]).blocks[0]
    assert isinstance(narrow, Figure)
    assert isinstance(narrow.drawing, IntervalChart)
    assert len(narrow.drawing.rows) == 2


def test_a_pair_has_the_names_of_its_sources_in_both_languages() -> None:
    """Not ids of the charter; the domain only where two have the pair.

    The charter has two lists of DTKS, which are told apart by their titles.
    """
    found = calibration(40, 30)
    (pair,) = found.pairs
    named = pair.model_copy(update={"left": "dtks", "right": "regsosek", "domain": "semua"})
    (recall, *_) = estimated(found.model_copy(update={"pairs": (named,)}), CHARTER)
    assert recall.name.en == "Integrated social welfare data - Regsosek: people found"
    other = named.model_copy(update={"domain": "dtks-regsosek"})
    both = found.model_copy(update={"pairs": (named, other)})
    names = [each.name.id for each in estimated(both, CHARTER) if each.pairs is None]
    lists = "Data Terpadu Kesejahteraan Sosial - Regsosek"
    assert names == [
        f"{lists} ({domain_title(CHARTER, domain).id}): orang yang ditemukan"
        for domain in ("semua", "dtks-regsosek")
    ]
    assert "semua" not in names[0]


def test_a_small_stratum_does_not_follow_from_the_others() -> None:
    assert [each.pairs for each in estimated(calibration(40, 30), CHARTER)] == [None, 70, 40, 30]
    assert [each.pairs for each in estimated(calibration(40, 3), CHARTER)] == [None, 43]
    assert [each.pairs for each in estimated(calibration(4, 3), CHARTER)] == [None]
