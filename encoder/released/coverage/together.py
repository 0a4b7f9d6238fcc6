"""Several coverage files of one agency: what two of them tell together.

Each file is safe alone (`encoder.released.coverage.protecting`). Two files can be subtracted:

    one list, two releases    the difference of a count is who came or went in between
    two lists                 if one list contains the other, it is who is on the larger one alone

So a difference is treated as a count of people. A further file is published only as finely as no
such count is small: without kelurahan, else without areas, else without combinations and marks,
else only with the sources that differ enough. Files are compared at each level that both have.
There their areas are the same (one list), or are made the same by adding up those that only one of
them shows (two lists).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from policy.gates.coverage import AreaCounts, Coverage, SourceCounts

Key = tuple[str, ...]
_REST: Key = ("", "")


def fitting(later: Coverage, earlier: Sequence[Coverage]) -> Coverage | None:
    """The finest form of `later` that tells nothing small with any of `earlier`; else None."""
    without_areas = {"areas": (), "districts": ()}
    coarser: tuple[Mapping[str, object], ...] = (
        {},
        {"areas": ()},
        without_areas,
        {**without_areas, "combinations": (), "deceased": None, "moved": None},
    )
    forms = [later.model_copy(update=change) for change in coarser]
    forms.append(_fewer_sources(forms[-1], earlier))
    fit = (form for form in forms if form.shown and all(are_together(e, form) for e in earlier))
    return next(fit, later if not earlier else None)


def _fewer_sources(later: Coverage, earlier: Sequence[Coverage]) -> Coverage:
    """Only the sources that tell nothing small, each without those to check."""

    def hidden(source: SourceCounts) -> SourceCounts:
        return SourceCounts(domain=source.domain, datasets=source.datasets, title=source.title)

    def alone(source: SourceCounts) -> Coverage:
        sources = (each if each is source else hidden(each) for each in undivided)
        return later.model_copy(update={"sources": tuple(sources)})

    undivided = tuple(
        each.model_copy(update={"to_check": None, "not_found": None}) for each in later.sources
    )
    sources = tuple(
        each if all(are_together(e, alone(each)) for e in earlier) else hidden(each)
        for each in undivided
    )
    return later.model_copy(update={"sources": sources})


def are_together(earlier: Coverage, later: Coverage) -> bool:
    """Whether every count that follows from the two is 0, or at least the charter's smallest."""
    same_list = earlier.dataset == later.dataset
    differences = _of_releases(earlier, later) if same_list else _of_lists(earlier, later)
    least = max(earlier.minimum_cell, later.minimum_cell)
    return all(each is not None and (each == 0 or abs(each) >= least) for each in differences)


def _of_releases(earlier: Coverage, later: Coverage) -> Iterator[int | None]:
    """Differences of the counts that both have; None if a level of both has other areas."""
    yield from _shared(_whole(earlier), _whole(later))
    for before, after in _levels(earlier, later):
        one, two = (dict(_cells(each)) for each in (before, after))
        if one.keys() != two.keys():
            yield None
        yield from _shared(one, two)


def _of_lists(earlier: Coverage, later: Coverage) -> Iterator[int | None]:
    """Differences of two lists, by each source that tells of both."""
    yield later.people - earlier.people
    both = [
        (at, other)
        for at, mine in enumerate(later.shown)
        for other, theirs in enumerate(earlier.shown)
        if mine.datasets == theirs.datasets
    ]
    for at, other in both:
        mine, theirs = later.shown[at], earlier.shown[other]
        yield (mine.confirmed or 0) - (theirs.confirmed or 0)
        yield (mine.not_confirmed or 0) - (theirs.not_confirmed or 0)
    for before, after in _levels(earlier, later):
        named = _names(before) & _names(after)
        # People by area follow from any source; without one in common, from any of each.
        for at, other in both or [(0, 0)]:
            one, two = _added(before, other, named), _added(after, at, named)
            for name in one.keys() & two.keys():
                (yes, no), (then_yes, then_no) = two[name], one[name]
                yield yes + no - then_yes - then_no
                if both:
                    yield yes - then_yes
                    yield no - then_no


def _shared(one: Mapping[Key, int], two: Mapping[Key, int]) -> Iterator[int]:
    return (two[key] - one[key] for key in one.keys() & two.keys())


def _levels(
    earlier: Coverage, later: Coverage
) -> Iterator[tuple[tuple[AreaCounts, ...], tuple[AreaCounts, ...]]]:
    for before, after in (
        (earlier.districts, later.districts),
        (earlier.areas, later.areas),
    ):
        if before and after:
            yield before, after


def _whole(coverage: Coverage) -> dict[Key, int]:
    """The counts of the whole list."""
    marks = {"deceased": coverage.deceased, "moved": coverage.moved}
    found: dict[Key, int | None] = {("people",): coverage.people}
    told = {name: count for name, count in marks.items() if count is not None}
    for name, count in told.items():
        found[name,] = count
        found["unmarked", name] = coverage.people - count
    if len(told) > 1:
        found["unmarked",] = coverage.people - sum(told.values())
    for source in coverage.sources:
        found |= {
            (source.domain, "confirmed"): source.confirmed,
            (source.domain, "not-confirmed"): source.not_confirmed,
            (source.domain, "to-check"): source.to_check,
            (source.domain, "not-found"): source.not_found,
        }
    for each in coverage.combinations:
        found["combination", *each.confirmed_by] = each.people
    return {key: count for key, count in found.items() if count is not None}


def _cells(areas: Iterable[AreaCounts]) -> Iterator[tuple[Key, int]]:
    """Every count of each area, and its people; a remainder is known by how many are in it."""
    for area in areas:
        where = (area.district, area.area, str(area.pooled))
        yield (*where, "people"), area.sources[0].people
        for at, split in enumerate(area.sources):
            yield (*where, str(at), "confirmed"), split.confirmed
            yield (*where, str(at), "not-confirmed"), split.not_confirmed


def _names(areas: Iterable[AreaCounts]) -> set[Key]:
    return {(each.district, each.area) for each in areas if not each.pooled}


def _added(areas: Iterable[AreaCounts], source: int, named: set[Key]) -> dict[Key, tuple[int, int]]:
    """People confirmed and not in each of these areas, and in all others of its kecamatan."""
    found: dict[Key, tuple[int, int]] = {}
    for area in areas:
        name = (area.district, area.area)
        within = area.district if area.area or (area.pooled and area.district) else ""
        key = name if name in named and not area.pooled else (within, *_REST)
        yes, no = found.get(key, (0, 0))
        split = area.sources[source]
        found[key] = (yes + split.confirmed, no + split.not_confirmed)
    return found
