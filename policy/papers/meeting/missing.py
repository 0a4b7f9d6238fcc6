"""The section about people of other lists who are not on this one, by area.

The counts come from the owners of the other lists (`policy.gates.reverse_coverage`), and so do the
areas. A tile sets them against the people on both lists in the area of that name on this list: the
owner does not count those, since their areas on both lists would tell who has moved.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from policy.base.words import Words
from policy.charts.numbers import Proportion
from policy.charts.page import Cell, Figure, Section
from policy.charts.tiles import AreaTile, TileChart, TileGroup
from policy.gates.coverage import AreaCounts, Coverage, SourceCounts
from policy.gates.reverse_coverage import AreaMissing, ReverseCoverage
from policy.papers.meeting.areas import DISTRICTS, NONE, area_table, district_name, village_name

_HEADS = (
    Words("Kecamatan", "Kecamatan"),
    Words("Kelurahan", "Kelurahan"),
    Words("Di sumber, tidak di daftar", "At the source, not on the list"),
    Words("Di keduanya", "On both"),
    Words("Bagian yang tidak di daftar", "Share not on the list"),
)
_MANY_ROWS = 12
# The people on both lists in each area of this one, by names of kecamatan and kelurahan.
_OnBoth = Mapping[tuple[str, str], int]


def missing_section(coverage: Coverage, given: Mapping[str, ReverseCoverage], code: str) -> Section:
    """For each source whose owner gave counts: tiles, and a table of every area."""
    return Section(
        code,
        Words("Di sumber, tidak di daftar, menurut wilayah", "Not on the list, by area"),
        Words(
            "Orang di sumber lain yang tidak dikonfirmasi di daftar ini: mungkin terlewat"
            " (eksklusi). Pemilik sumber menghitungnya dari daftarnya sendiri, menurut wilayah di"
            " daftar itu; hitungan kecil digabung.",
            "People of another source who are not confirmed on this list: perhaps left out"
            " (exclusion). The source's owner counted them from its own list, by the areas of that"
            " list; small counts are put together.",
        ),
        tuple(
            _figure(coverage, at, source, given[source.domain], f"{code}-{source.domain}")
            for at, source in enumerate(coverage.shown)
            if source.domain in given
        ),
    )


def _figure(
    coverage: Coverage, at: int, source: SourceCounts, given: ReverseCoverage, code: str
) -> Figure:
    both = _on_both(coverage, at)
    level = "kelurahan" if given.areas else "kecamatan"
    title = Words(
        f"Di {source.title.id}, tidak di daftar, per {level}",
        f"At {source.title.en}, not on the list, by {level}",
    )
    about = Words(
        "Makin kuat warnanya, makin besar bagian yang tidak ada di daftar ini, dari orang sumber"
        " itu di wilayah tersebut. Petak hanya ada untuk wilayah yang tampak di kedua daftar.",
        "The stronger the colour, the larger the share that is not on this list, of the source's"
        " people in that area. Only areas that both lists show have a tile.",
    )
    groups = tuple(group for group in _groups(given, both) if group.tiles)
    chart = TileChart(code, title, about, groups) if groups else None
    rows = list(_rows(given, both))
    table = area_table(code, title, _HEADS, rows, has_villages=bool(given.areas))
    return Figure(title, about, chart, table, folded=len(table.rows) > _MANY_ROWS)


def _groups(given: ReverseCoverage, both: _OnBoth) -> Iterator[TileGroup]:
    if not given.areas:
        yield TileGroup(DISTRICTS, tuple(_tiles(given.districts, both)))
        return
    for district in given.districts:
        yield TileGroup(district_name(district), tuple(_tiles(given.within(district), both)))


def _tiles(areas: tuple[AreaMissing, ...] | list[AreaMissing], both: _OnBoth) -> Iterator[AreaTile]:
    for area in areas:
        share = _share(area, both)
        if share is not None:
            yield AreaTile(village_name(area) if area.area else district_name(area), share)


def _rows(given: ReverseCoverage, both: _OnBoth) -> Iterator[tuple[Cell, ...]]:
    for district in given.districts:
        yield (district_name(district), NONE, *_cells(district, both))
        for area in given.within(district):
            yield (district_name(district), village_name(area), *_cells(area, both))


def _cells(area: AreaMissing, both: _OnBoth) -> tuple[Cell, ...]:
    found, share = both.get(_key(area)), _share(area, both)
    if found is None or share is None:
        return area.people, NONE, NONE
    return area.people, found, share


def _share(area: AreaMissing, both: _OnBoth) -> Proportion | None:
    found = both.get(_key(area))
    return None if found is None else Proportion(area.people, area.people + found)


def _on_both(coverage: Coverage, at: int) -> _OnBoth:
    shown = (*coverage.districts, *coverage.areas)
    return {_key(each): each.sources[at].confirmed for each in shown if not each.pooled}


def _key(area: AreaCounts | AreaMissing) -> tuple[str, str]:
    """The names of an area; several small areas together are those of one list alone."""
    if area.pooled:
        return f"{area.pooled} together", area.district
    return area.district.casefold(), area.area.casefold()
