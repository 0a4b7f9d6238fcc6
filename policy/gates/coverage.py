"""How much of one list other sources confirmed, in counts that may leave the agency.

The recipient counts its own people and protects the counts before they are
written. The reader of the file checks again: `require_protected` refuses a count below k, and areas
that do not add up, because a difference of two totals would be a count that nobody protected.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from pydantic import Field, ValidationError

from policy.base.canonical import Identifier, Model, One
from policy.base.error_codes import PolicyCode
from policy.base.errors import BadInput
from policy.base.words import Words
from policy.charter.words import Bilingual
from policy.formats.http_api import CountBand
from policy.gates.list_counts import (
    MOST_AREAS,
    CountedArea,
    ListCounts,
    all_inside,
    inside,
    unprotected,
)
from policy.gates.pooling import CellFloor


class SplitCount(Model):
    """People of one area, by one source; `not_confirmed` are those not found or to check."""

    confirmed: int = Field(ge=0)
    not_confirmed: int = Field(ge=0)

    @property
    def people(self) -> int:
        return self.confirmed + self.not_confirmed


class SourceCounts(Model):
    """What one ID domain says of the whole list. A hidden count is null.

    `to_check` is null as well if the charter gives no grades. `not_on_list` is the band of the
    source's people who are not on this list; null if that is unknown or small.
    """

    domain: Identifier
    datasets: tuple[Identifier, ...] = Field(min_length=1)
    title: Bilingual
    confirmed: int | None = None
    not_confirmed: int | None = None
    to_check: int | None = None
    not_found: int | None = None
    not_on_list: CountBand | None = None

    @property
    def is_shown(self) -> bool:
        return self.confirmed is not None


class CombinationCounts(Model):
    """People that exactly these domains confirmed, and none of the others."""

    confirmed_by: tuple[Identifier, ...]
    people: int = Field(ge=0)


class AreaCounts(CountedArea):
    """A split for each source that is shown."""

    sources: tuple[SplitCount, ...] = Field(min_length=1)


class Coverage(ListCounts):
    """The protected counts of one dataset and one release.

    `sources` do not overlap; `left_out` are domains that share a source with one of them.
    `combinations` are all or none. `areas` lists kelurahan of the kecamatan in `districts`.
    """

    type: Literal["padan/coverage"] = "padan/coverage"
    version: One = 1
    deceased: int | None = None
    moved: int | None = None
    sources: tuple[SourceCounts, ...] = Field(min_length=1)
    left_out: tuple[Identifier, ...] = ()
    combinations: tuple[CombinationCounts, ...] = ()
    districts: tuple[AreaCounts, ...] = Field(default=(), max_length=MOST_AREAS)
    areas: tuple[AreaCounts, ...] = Field(default=(), max_length=MOST_AREAS)

    @property
    def shown(self) -> tuple[SourceCounts, ...]:
        """The sources whose counts are not hidden, in the order of each area's splits."""
        return tuple(each for each in self.sources if each.is_shown)

    def counts(self) -> Iterator[int]:
        """Every count of people in the file."""
        yield self.people
        yield from (each for each in (self.deceased, self.moved) if each is not None)
        for source in self.sources:
            four = (source.confirmed, source.not_confirmed, source.to_check, source.not_found)
            yield from (each for each in four if each is not None)
        yield from (each.people for each in self.combinations)
        for area in (*self.districts, *self.areas):
            for split in area.sources:
                yield from (split.confirmed, split.not_confirmed)

    def unmarked(self) -> Iterator[int]:
        """People without each mark that is told, and without any: a reader can subtract."""
        told = [each for each in (self.deceased, self.moved) if each is not None]
        yield from (self.people - each for each in told)
        if len(told) > 1:
            yield self.people - sum(told)

    def require_protected(self, floor: CellFloor | None = None) -> None:
        """Raises BadInput if a count is small, or if counts of one whole do not add up.

        `floor` is the charter's; without it, the one that the file names.
        """
        used = floor or self.floor
        told = (*self.counts(), *self.unmarked())
        if any(used.is_small(count) for count in told) or not all(_adds_up(self)):
            raise unprotected()


def parse_coverage(data: bytes, name: str) -> Coverage:
    """A coverage file; raises BadInput if it is not one, or if it holds a small count."""
    try:
        found = Coverage.model_validate_json(data)
    except ValidationError:
        raise BadInput(
            PolicyCode.COVERAGE_MALFORMED,
            Words(f"{name} bukan berkas cakupan.", f"{name} is not a coverage file."),
            Words(
                "Minta penerima menulisnya lagi: padan-encoder coverage ... --out cakupan.json.",
                "Ask the recipient to write it again: padan-encoder coverage ... --out file.json.",
            ),
        ) from None
    found.require_protected()
    return found


def _adds_up(found: Coverage) -> Iterator[bool]:
    """Whether the counts of each whole sum to it, and each source has one split in an area."""
    shown = found.shown
    domains = {each.domain for each in shown}
    for source in shown:
        yield (source.confirmed or 0) + (source.not_confirmed or 0) == found.people
        if source.not_found is not None:
            yield (source.to_check or 0) + source.not_found == source.not_confirmed
        else:
            yield source.to_check is None
    for hidden in (each for each in found.sources if not each.is_shown):
        yield (hidden.not_confirmed, hidden.to_check, hidden.not_found) == (None, None, None)
    if found.combinations:
        yield sum(each.people for each in found.combinations) == found.people
        yield all(set(each.confirmed_by) <= domains for each in found.combinations)
        for source in shown:
            people = (c.people for c in found.combinations if source.domain in c.confirmed_by)
            yield sum(people) == source.confirmed
    yield all(len(area.sources) == len(shown) for area in (*found.districts, *found.areas))
    if found.districts:
        whole = [(source.confirmed, source.not_confirmed) for source in shown]
        yield _sums(found.districts, len(shown)) == whole
    for district in found.districts:
        if villages := inside(district, found.areas):
            parts = [(split.confirmed, split.not_confirmed) for split in district.sources]
            yield _sums(villages, len(shown)) == parts
    yield all_inside(found.areas, found.districts)


def _sums(areas: tuple[AreaCounts, ...] | list[AreaCounts], sources: int) -> list[tuple[int, int]]:
    return [
        (
            sum(area.sources[at].confirmed for area in areas),
            sum(area.sources[at].not_confirmed for area in areas),
        )
        for at in range(sources)
        if all(len(area.sources) == sources for area in areas)
    ]
