"""The section about people of other lists who are not on this one, by area.

The counts come from the owners of the other lists (`policy.gates.reverse_coverage`), and so do the
areas. A tile sets them against the people on both lists in the area of that name on this list: the
owner does not count those, since their areas on both lists would tell who has moved.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from policy.base.words import Words
from policy.charts.numbers import Proportion
from policy.charts.page import Cell, Figure, Section
from policy.charts.tiles import AreaTile, TileChart, TileGroup
from policy.gates.coverage import AreaCounts, Coverage, SourceCounts
from policy.gates.list_counts import inside
from policy.gates.reverse_coverage import AreaMissing, ReverseCoverage
from policy.gates.same_areas import same_areas
from policy.papers.meeting.areas import DISTRICTS, NONE, area_table, district_name, village_name

_HEADS = (
    Words("Kecamatan", "Kecamatan"),
    Words("Kelurahan", "Kelurahan"),
    Words("Di sumber, tidak di daftar", "At the source, not on the list"),
    Words("Di keduanya (wilayah di daftar ini)", "On both (areas of this list)"),
    Words("Bagian yang tidak di daftar", "Share not on the list"),
)
_MANY_ROWS = 12
_Key: TypeAlias = tuple[str, str, int]
_Confirmed: TypeAlias = Mapping[_Key, int]


@dataclass(frozen=True)
class _OnBoth:
    """The people on both lists by this one's areas, for each of the other list's of that name."""

    districts: _Confirmed
    areas: _Confirmed


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
    both = _on_both(coverage, at, given)
    level = "kelurahan" if given.areas else "kecamatan"
    title = Words(
        f"Di {source.title.id}, tidak di daftar, per {level}",
        f"At {source.title.en}, not on the list, by {level}",
    )
    about = Words(
        "Makin kuat warnanya, makin banyak orang sumber itu yang tidak ada di daftar ini,"
        " dibandingkan dengan orang di keduanya yang menurut daftar ini tinggal di wilayah bernama"
        " sama. Petak hanya ada untuk wilayah yang tampak di kedua daftar.",
        "The stronger the colour, the more people of the source are not on this list, against the"
        " people on both who by this list live in the area of that name. Only areas that both"
        " lists show have a tile.",
    )
    groups = tuple(group for group in _groups(given, both) if group.tiles)
    chart = TileChart(code, title, about, groups) if groups else None
    rows = list(_rows(given, both))
    table = area_table(code, title, _HEADS, rows, has_villages=bool(given.areas))
    return Figure(title, about, chart, table, folded=len(table.rows) > _MANY_ROWS)


def _groups(given: ReverseCoverage, both: _OnBoth) -> Iterator[TileGroup]:
    if not given.areas:
        yield TileGroup(DISTRICTS, tuple(_tiles(given.districts, both.districts, district_name)))
        return
    for district in given.districts:
        tiles = _tiles(inside(district, given.areas), both.areas, village_name)
        yield TileGroup(district_name(district), tuple(tiles))


def _tiles(
    areas: Sequence[AreaMissing], both: _Confirmed, named: Callable[[AreaMissing], Words]
) -> Iterator[AreaTile]:
    for area in areas:
        share = _share(area, both)
        if share is not None:
            yield AreaTile(named(area), share)


def _rows(given: ReverseCoverage, both: _OnBoth) -> Iterator[tuple[Cell, ...]]:
    for district in given.districts:
        yield (district_name(district), NONE, *_cells(district, both.districts))
        for area in inside(district, given.areas):
            yield (district_name(district), village_name(area), *_cells(area, both.areas))


def _cells(area: AreaMissing, both: _Confirmed) -> tuple[Cell, ...]:
    found, share = both.get(_key(area)), _share(area, both)
    if found is None or share is None:
        return area.people, NONE, NONE
    return area.people, found, share


def _share(area: AreaMissing, both: _Confirmed) -> Proportion | None:
    found = both.get(_key(area))
    return None if found is None else Proportion(area.people, area.people + found)


def _on_both(coverage: Coverage, at: int, given: ReverseCoverage) -> _OnBoth:
    def confirmed(ours: Sequence[AreaCounts], theirs: Sequence[AreaMissing]) -> _Confirmed:
        pairs = zip(theirs, same_areas(ours, theirs), strict=True)
        return {
            _key(each): ours[place].sources[at].confirmed
            for each, place in pairs
            if place is not None
        }

    return _OnBoth(
        confirmed(coverage.districts, given.districts), confirmed(coverage.areas, given.areas)
    )


def _key(area: AreaMissing) -> _Key:
    return area.district, area.area, area.pooled
