"""The coverage of one list as one table: a row for each area and source.

Areas have their Kemendagri codes next to their names, where the code book has them. Both directions
of one area are in one row; a cell is empty where a count is hidden or nobody gave it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from encoder.released.lists.code_books import codes_of
from policy.base.words import Language, Words
from policy.gates.bands import in_words
from policy.gates.coverage import Coverage, SourceCounts
from policy.gates.reverse_coverage import ReverseCoverage, given_for
from policy.gates.same_areas import same_areas
from policy.terminal.table_files import Row

_HEADER = (
    Words("tingkat", "level"),
    Words("kode_kecamatan", "kecamatan_code"),
    Words("kecamatan", "kecamatan"),
    Words("kode_kelurahan", "kelurahan_code"),
    Words("kelurahan", "kelurahan"),
    Words("sumber", "source"),
    Words("nama_sumber", "source_name"),
    Words("dikonfirmasi", "confirmed"),
    Words("di_daftar_tidak_di_sumber", "on_list_not_at_source"),
    Words("orang_di_daftar", "people_on_list"),
    Words("di_sumber_tidak_di_daftar", "at_source_not_on_list"),
)
_LIST = Words("daftar", "list")
_Key = tuple[str, str, int]
_Count = int | str


@dataclass(frozen=True)
class _Line:
    """The counts of one area; '' for one that is hidden or was not given."""

    confirmed: _Count = ""
    not_confirmed: _Count = ""
    people: _Count = ""
    not_on_list: _Count = ""


def header(language: Language) -> tuple[str, ...]:
    return tuple(each.in_language(language) for each in _HEADER)


def rows(
    coverage: Coverage,
    region: str = "",
    reverse: Sequence[ReverseCoverage] = (),
    language: Language = "id",
) -> Iterator[Row]:
    """All rows. `region` is the Kemendagri code within which names are looked up."""
    given = given_for(coverage, reverse)
    for source in coverage.sources:
        whole = _whole(coverage, source, given.get(source.domain), language)
        yield _row(_LIST.in_language(language), ("", "", 0), region, source, whole, language)
    for level, at in (("kecamatan", 0), ("kelurahan", 1)):
        for place, source in enumerate(coverage.shown):
            lines = _areas(coverage, place, at, given.get(source.domain))
            for key, line in lines:
                yield _row(level, key, region, source, line, language)


def _whole(
    coverage: Coverage, source: SourceCounts, given: ReverseCoverage | None, language: Language
) -> _Line:
    if not source.is_shown:
        return _Line(people=coverage.people)
    band = in_words(source.not_on_list).in_language(language) if source.not_on_list else ""
    missing = given.people if given else band
    return _Line(source.confirmed or 0, source.not_confirmed or 0, coverage.people, missing)


def _areas(
    coverage: Coverage, source: int, level: int, given: ReverseCoverage | None
) -> Iterator[tuple[_Key, _Line]]:
    """Both directions by area, in one row where both lists show that area."""
    ours = (coverage.districts, coverage.areas)[level]
    theirs = () if given is None else (given.districts, given.areas)[level]
    places = same_areas(ours, theirs)
    missing = {
        place: each.people for each, place in zip(theirs, places, strict=True) if place is not None
    }
    for at, area in enumerate(ours):
        split = area.sources[source]
        counts = (split.confirmed, split.not_confirmed, split.people)
        yield (area.district, area.area, area.pooled), _Line(*counts, missing.get(at, ""))
    for each, place in zip(theirs, places, strict=True):
        if place is None:
            yield (each.district, each.area, each.pooled), _Line(not_on_list=each.people)


def _row(
    level: str, key: _Key, region: str, source: SourceCounts, line: _Line, language: Language
) -> Row:
    district, village, pooled = key
    codes = ("", "") if pooled and not district else codes_of(district, village, region)
    if pooled:
        others = Words(f"{pooled} {level} lainnya", f"{pooled} other {level}")
        told = others.in_language(language)
        district, village = (district, told) if district else (told, "")
    return (
        level,
        codes[0],
        district,
        codes[1],
        village,
        source.domain,
        source.title.words().in_language(language),
        line.confirmed,
        line.not_confirmed,
        line.people,
        line.not_on_list,
    )
