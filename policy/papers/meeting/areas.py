"""The section about the areas of one list."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from policy.base.words import Words
from policy.charts.numbers import Proportion
from policy.charts.page import Cell, Figure, ReportTable, Section
from policy.charts.tiles import AreaTile, TileChart, TileGroup
from policy.gates.coverage import AreaCounts, Coverage, SourceCounts
from policy.gates.list_counts import CountedArea, inside

NONE = Words("-", "-")
HEADS = (
    Words("Kecamatan", "Kecamatan"),
    Words("Kelurahan", "Kelurahan"),
    Words("Dikonfirmasi", "Confirmed"),
    Words("Belum dikonfirmasi", "Not confirmed"),
    Words("Bagian", "Share"),
)
_DISTRICT_UNKNOWN = Words("Kecamatan tidak diketahui", "Kecamatan not known")
_AREA_UNKNOWN = Words("Kelurahan tidak diketahui", "Kelurahan not known")
WHOLE = Words("seluruhnya", "the whole of it")
DISTRICTS = Words("Kecamatan", "Kecamatan")
_TITLE = Words("Menurut wilayah", "By area")
_BY_AREA = Words(
    "Tiap petak satu kelurahan, di bawah kecamatannya",
    "Each tile is a kelurahan, under its kecamatan",
)
_BY_DISTRICT = Words(
    "Tiap petak satu kecamatan, karena kelurahannya terlalu kecil untuk ditampilkan",
    "Each tile is a kecamatan, since its kelurahan are too small to be shown",
)


def areas_section(coverage: Coverage, code: str, without: Collection[str] = ()) -> Section:
    """The share of each area that each source confirmed, as tiles and as a table.

    `without` are domains whose people on both lists another section has by area.
    """
    figures = tuple(
        _area_figure(coverage, at, source, f"{code}-{source.domain}")
        for at, source in enumerate(coverage.shown)
        if source.domain not in without
    )
    return Section(
        code,
        _TITLE,
        Words(
            "Kelurahan dan kecamatan yang terlalu kecil digabung, sehingga tidak ada hitungan kecil"
            " yang dapat dicari dari selisih.",
            "Kelurahan and kecamatan that are too small are put together, so that no small count"
            " follows from a difference.",
        ),
        figures,
    )


def left_out(code: str) -> Section:
    """The section in place of the areas of a list of which another section has told people."""
    return Section(
        code,
        _TITLE,
        Words(
            "Tidak ditampilkan: bersama hitungan di bagian daftar lain, wilayah orang di kedua"
            " daftar akan terlihat dua kali, dan juga siapa yang pindah.",
            "Not shown: with the counts at another list, the areas of people on both lists would be"
            " told twice, and so who has moved.",
        ),
        (),
    )


def _area_figure(coverage: Coverage, at: int, source: SourceCounts, code: str) -> Figure:
    title = source.title
    level, tile = ("kelurahan", _BY_AREA) if coverage.areas else ("kecamatan", _BY_DISTRICT)
    chart = TileChart(
        code,
        Words(f"Dikonfirmasi {title.id}, per {level}", f"Confirmed by {title.en}, by {level}"),
        Words(
            f"{tile.id}; makin kuat warnanya, makin besar bagian orangnya yang dikonfirmasi.",
            f"{tile.en}; the stronger the colour, the larger the share of its people who are"
            " confirmed.",
        ),
        tuple(_groups(coverage, at)),
    )
    rows: list[tuple[Cell, ...]] = []
    for district in coverage.districts:
        rows.append((district_name(district), NONE, *_cells(district, at)))
        rows += [
            (district_name(district), village_name(area), *_cells(area, at))
            for area in inside(district, coverage.areas)
        ]
    table = area_table(code, chart.title, HEADS, rows, has_villages=bool(coverage.areas))
    return Figure(chart.title, chart.about, chart, table, folded=len(rows) > 12)


def area_table(
    code: str,
    title: Words,
    heads: Sequence[Words],
    rows: Sequence[tuple[Cell, ...]],
    *,
    has_villages: bool,
) -> ReportTable:
    """A table by area, without the column of kelurahan if none is shown."""
    if not has_villages:
        heads, rows = (heads[0], *heads[2:]), [(row[0], *row[2:]) for row in rows]
    return ReportTable(code, title, tuple(heads), tuple(rows))


def _groups(coverage: Coverage, at: int) -> Iterator[TileGroup]:
    """A group for each kecamatan; one of all kecamatan if no kelurahan is large enough."""
    if not coverage.areas:
        shown = (
            AreaTile(district_name(each), _share(each, at), together=bool(each.pooled))
            for each in coverage.districts
        )
        yield TileGroup(DISTRICTS, tuple(shown))
        return
    for district in coverage.districts:
        areas = inside(district, coverage.areas)
        tiles = tuple(
            AreaTile(village_name(area), _share(area, at), together=bool(area.pooled))
            for area in areas
        )
        alone = (AreaTile(WHOLE, _share(district, at), together=True),)
        yield TileGroup(district_name(district), tiles or alone, whole=not tiles)


def _cells(area: AreaCounts, at: int) -> tuple[Cell, ...]:
    split = area.sources[at]
    return (split.confirmed, split.not_confirmed, Proportion(split.confirmed, split.people))


def _share(area: AreaCounts, at: int) -> Proportion:
    split = area.sources[at]
    return Proportion(split.confirmed, split.people)


def district_name(area: CountedArea) -> Words:
    if area.pooled:
        return Words(f"{area.pooled} kecamatan lainnya", f"{area.pooled} other kecamatan")
    return Words(area.district, area.district) if area.district else _DISTRICT_UNKNOWN


def village_name(area: CountedArea) -> Words:
    if area.pooled:
        return Words(f"{area.pooled} lainnya", f"{area.pooled} others")
    return Words(area.area, area.area) if area.area else _AREA_UNKNOWN
