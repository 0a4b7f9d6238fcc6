"""Places by code and by name, in every region: DKI Jakarta by the encoder's own tables of 2019 and
2020, all other regions by the book of all regions (`policy.regions`). All codes are Kemendagri's,
except where a book is named.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Literal

from encoder.normalise.regions import (
    Codebook,
    ResolvedRegion,
    by_code,
    by_letters,
    by_name,
    spelled,
)
from policy.regions import CODEBOOK, YEAR, Level, find, has, inside

_DISTRICT_DIGITS = 6


def region_code(code: str, codebook: Codebook) -> str:
    """The Kemendagri code of a region; '' if no book here has it."""
    found = by_code(code, codebook)
    if found is not None:
        return found.kemendagri
    return code if _in_the_book(code, codebook) else ""


def by_village_code(code: str, codebook: Codebook) -> tuple[str, str] | None:
    """Names of the kecamatan and kelurahan with this code, with or without dots."""
    found, digits = by_code(code, codebook), code.replace(".", "")
    if found is not None:
        district = by_code(found.kemendagri[:_DISTRICT_DIGITS], CODEBOOK)
        return (district.name if district else ""), found.name
    if not _in_the_book(digits, codebook):
        return None
    return find(digits[:_DISTRICT_DIGITS]).name, find(digits).name


def by_village_name(district: str, village: str, region: str) -> tuple[str, str] | None:
    """Names of the kecamatan and kelurahan, if one kelurahan of the region has this name.

    A kecamatan that the region has once narrows the search.
    """
    if by_code(region, CODEBOOK) is not None:
        return _in_jakarta(district, village, region)
    above = _named(region, "district").get(spelled(district), ())
    where = above[0] if len(above) == 1 else region
    found = [
        code
        for code in _named(region, "village").get(spelled(village), ())
        if code.startswith(where)
    ]
    return by_village_code(found[0], CODEBOOK) if len(found) == 1 else None


def _in_jakarta(district: str, village: str, region: str) -> tuple[str, str] | None:
    within = by_code(region, CODEBOOK)
    if within is None:
        return None
    above = _called(district, "district", within) if district else []
    found = _called(village, "village", above[0] if len(above) == 1 else within)
    return by_village_code(found[0].kemendagri, CODEBOOK) if len(found) == 1 else None


def _called(
    name: str, level: Literal["district", "village"], parent: ResolvedRegion
) -> list[ResolvedRegion]:
    """The regions of this name, also if its words are joined."""
    return by_name(name, level, parent) or by_letters(name, level, parent)


def _in_the_book(code: str, codebook: Codebook) -> bool:
    return has(code, codebook, YEAR)


@cache
def _named(region: str, level: Level) -> Mapping[str, Sequence[str]]:
    """Codes of a region's places by the letters of their names."""
    codes: dict[str, list[str]] = defaultdict(list)
    for each in inside(region, level):
        codes[spelled(each.name)].append(each.code)
    return dict(codes)
