"""What may leave the agency of its counts: nothing small, nothing that tells something small.

whole list    a source's counts are shown if enough people are confirmed and enough are not; the
              latter are divided into "to check" and "not found" if both are enough
combinations  all are shown, or none: with the counts of each source, the ones left would tell the
              one that is missing
marks         those who died and those who moved, if the people left are enough too
areas         small kecamatan are one remainder, and small kelurahan of a kecamatan are another
              (`policy.gates.pooling`); sources are not combined by area
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from encoder.error_codes import EncoderCode
from encoder.released.coverage.counting import ExactCounts
from encoder.released.lists.areas import Area
from encoder.released.lists.joined import SourceColumn, Verdict
from policy.base.errors import Refused
from policy.base.words import Words
from policy.charter.words import Bilingual
from policy.formats.http_api import CountBand
from policy.gates.coverage import AreaCounts, CombinationCounts, SourceCounts, SplitCount
from policy.gates.pooling import CellFloor, Counts, add, pool


@dataclass(frozen=True)
class ProtectedCounts:
    """The parts of a coverage file that are counts of people."""

    people: int
    deceased: int | None
    moved: int | None
    sources: tuple[SourceCounts, ...]
    combinations: tuple[CombinationCounts, ...]
    districts: tuple[AreaCounts, ...]
    areas: tuple[AreaCounts, ...]


def protect(
    exact: ExactCounts, floor: CellFloor, reverse: Mapping[str, CountBand | None]
) -> ProtectedCounts:
    """The counts without small ones; `reverse` are bands by domain.

    Raises Refused if the list itself is too small to be counted.
    """
    if exact.total < floor.minimum:
        raise _too_few()
    sources = tuple(
        _whole(exact, at, source, floor, reverse.get(source.domain))
        for at, source in enumerate(exact.sources)
    )
    shown = [at for at, source in enumerate(sources) if source.is_shown]
    districts, areas = _areas(exact.by_area(shown), floor) if shown else ((), ())
    deceased, moved = _marks(exact, floor)
    return ProtectedCounts(
        exact.total,
        deceased,
        moved,
        sources,
        _combinations(exact, shown, floor),
        districts,
        areas,
    )


def _whole(
    exact: ExactCounts, at: int, source: SourceColumn, floor: CellFloor, reverse: CountBand | None
) -> SourceCounts:
    by = exact.by_verdict(at)
    confirmed, check, missing = (
        by[each] for each in (Verdict.CONFIRMED, Verdict.TO_CHECK, Verdict.NOT_FOUND)
    )
    title = Bilingual(id=source.title.id, en=source.title.en)
    if floor.is_small(confirmed) or floor.is_small(check + missing):
        return SourceCounts(domain=source.domain, datasets=source.sources, title=title)
    divided = not (floor.is_small(check) or floor.is_small(missing))
    return SourceCounts(
        domain=source.domain,
        datasets=source.sources,
        title=title,
        confirmed=confirmed,
        not_confirmed=check + missing,
        to_check=check if source.graded and divided else None,
        not_found=missing if divided or not source.graded else None,
        not_on_list=reverse,
    )


def _combinations(
    exact: ExactCounts, shown: Sequence[int], floor: CellFloor
) -> tuple[CombinationCounts, ...]:
    found = exact.combinations(shown)
    if not shown or any(floor.is_small(people) for people in found.values()):
        return ()
    names = [exact.sources[at].domain for at in shown]
    return tuple(
        CombinationCounts(
            confirmed_by=tuple(name for name, yes in zip(names, key, strict=True) if yes),
            people=people,
        )
        for key, people in found.items()
    )


def _areas(
    by_area: Mapping[Area, Counts], floor: CellFloor
) -> tuple[tuple[AreaCounts, ...], tuple[AreaCounts, ...]]:
    inside: dict[str, dict[str, Counts]] = {}
    for area, counts in by_area.items():
        inside.setdefault(area.kecamatan, {})[area.kelurahan] = counts
    whole = {district: add(list(each.values())) for district, each in inside.items()}
    districts = tuple(_pooled(whole, floor, None))
    areas = [
        each
        for district in districts
        if not district.pooled
        for each in _pooled(inside[district.district], floor, district.district)
    ]
    return districts, tuple(areas)


def _pooled(
    areas: Mapping[str, Counts], floor: CellFloor, district: str | None
) -> Iterator[AreaCounts]:
    """The areas shown by name, then the remainder; `district` is the one they are in, if any."""
    found = pool(areas, floor)
    if found is None or not found.shown:
        return
    for name, counts in found.shown.items():
        if district is None:
            yield AreaCounts(district=name, sources=_splits(counts))
        else:
            yield AreaCounts(district=district, area=name, sources=_splits(counts))
    if found.remainder is not None:
        yield AreaCounts(
            district=district or "", pooled=len(found.pooled), sources=_splits(found.remainder)
        )


def _splits(counts: Counts) -> tuple[SplitCount, ...]:
    return tuple(SplitCount(confirmed=yes, not_confirmed=no) for yes, no in counts)


def _marks(exact: ExactCounts, floor: CellFloor) -> tuple[int | None, int | None]:
    """People marked as deceased and as moved, where neither they nor the people left are few."""
    deceased, moved = (exact.states.get(state, 0) for state in ("meninggal", "pindah"))
    both = all(_may_be_said(exact.total, people, floor) for people in (deceased, moved))
    if both and floor.is_small(exact.total - deceased - moved):
        # The two together would tell who is neither; more people have the larger one.
        deceased, moved = (deceased, 0) if deceased >= moved else (0, moved)
    return _told(exact.total, deceased, floor), _told(exact.total, moved, floor)


def _told(total: int, people: int, floor: CellFloor) -> int | None:
    return people if _may_be_said(total, people, floor) else None


def _may_be_said(total: int, people: int, floor: CellFloor) -> bool:
    return people > 0 and not (floor.is_small(people) or floor.is_small(total - people))


def _too_few() -> Refused:
    return Refused(
        EncoderCode.COVERAGE_TOO_FEW,
        Words(
            "Daftar ini memuat lebih sedikit orang daripada sel terkecil piagam.",
            "This list has fewer people than the charter's smallest cell.",
        ),
        Words(
            "Cakupannya tidak ditulis; pakai daftar yang lebih besar.",
            "Its coverage is not written; use a larger list.",
        ),
    )
