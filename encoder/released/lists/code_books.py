"""Places by code and by name, in every region: DKI Jakarta by the encoder's own tables of 2019 and
2020, all other regions by the book of all regions (`policy.regions`). All codes are Kemendagri's,
except where a book is named.

Within a province two kecamatan may have one name; their names then say their kabupaten or kota.
"""

from __future__ import annotations

import re
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
from policy.regions import CODEBOOK, YEAR, Level, find, has, inside, kemendagri_of_bps

_PROVINCE_DIGITS = 2
_REGENCY_DIGITS = 4
_DISTRICT_DIGITS = 6
_SHORT_KIND = re.compile(r"^KAB(?!UPATEN)")


def region_code(code: str, codebook: Codebook) -> str:
    """The Kemendagri code of a region; '' if no book here has it."""
    found = by_code(code, codebook)
    if found is not None:
        return found.kemendagri
    if codebook == "bps":
        return kemendagri_of_bps(code) if len(code) <= _REGENCY_DIGITS else ""
    return code if _in_the_book(code, codebook) else ""


def by_village_code(code: str, codebook: Codebook, region: str = "") -> tuple[str, str] | None:
    """Names of the kecamatan and kelurahan with this code, with or without dots.

    `region` is the one of the whole list: in it, the name of a kecamatan is the only one.
    """
    found, digits = by_code(code, codebook), code.replace(".", "")
    if found is not None:
        district = by_code(found.kemendagri[:_DISTRICT_DIGITS], CODEBOOK)
        return (district.name if district else ""), found.name
    if not _in_the_book(digits, codebook):
        return None
    return _district_name(digits[:_DISTRICT_DIGITS], region), find(digits).name


def by_village_name(
    district: str, village: str, region: str, regency: str = ""
) -> tuple[str, str] | None:
    """Names of the kecamatan and kelurahan, if one kelurahan of the region has this name.

    A kecamatan that it has once narrows the search. So does a kabupaten or kota (`regency`, a
    code); one outside of the region is searched instead of it.
    """
    if by_code(regency or region, CODEBOOK) is not None:
        return _in_jakarta(district, village, regency or region)
    found = _village_codes(district, village, regency or region, region)
    return by_village_code(found[0], CODEBOOK, region) if len(found) == 1 else None


def regency_named(name: str, region: str) -> str:
    """The code of the one kabupaten or kota of a province with this name; '' if there is none.

    SUKABUMI alone is two of them, KAB. SUKABUMI and KOTA SUKABUMI are one each.
    """
    letters = _SHORT_KIND.sub("KABUPATEN", spelled(name))
    if len(region) != _PROVINCE_DIGITS or not letters:
        return ""
    known = _named(region, "regency")
    found = [code for kind in ("", "KABUPATEN", "KOTA") for code in known.get(kind + letters, ())]
    return found[0] if len(found) == 1 else ""


def codes_of(district: str, village: str, region: str) -> tuple[str, str]:
    """The codes of a kecamatan and of a kelurahan in it, by the names that lists show; '' if it is
    unknown or not the only one. Without a village, the second is ''.
    """
    within = by_code(region, CODEBOOK)
    if within is not None:
        above = [each.kemendagri for each in _called(district, "district", within)]
        below = [
            each.kemendagri
            for parent in _called(district, "district", within)
            for each in (_called(village, "village", parent) if village else ())
        ]
    elif region:
        above = list(_shown_districts(region).get(spelled(district), ()))
        below = [
            code
            for parent in above
            for code in (_named(parent, "village").get(spelled(village), ()) if village else ())
        ]
    else:
        return "", ""
    one = above[0] if len(above) == 1 else ""
    return one, below[0] if one and len(below) == 1 else ""


def _village_codes(district: str, village: str, within: str, region: str) -> list[str]:
    letters = spelled(district)
    above = _named(within, "district").get(letters) or _shown_districts(region).get(letters, ())
    where = above[0] if len(above) == 1 else within
    return [
        code
        for code in _named(within, "village").get(spelled(village), ())
        if code.startswith(where)
    ]


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


def _district_name(code: str, region: str) -> str:
    name = find(code).name
    if not region or len(_named(region, "district").get(spelled(name), ())) < 2:
        return name
    return f"{name}, {find(code[:_REGENCY_DIGITS]).name}"


@cache
def _shown_districts(region: str) -> Mapping[str, Sequence[str]]:
    """Codes of a region's kecamatan by the letters of the names that lists show."""
    codes: dict[str, list[str]] = defaultdict(list)
    for each in inside(region, "district"):
        codes[spelled(_district_name(each.code, region))].append(each.code)
    return dict(codes)


@cache
def _named(region: str, level: Level) -> Mapping[str, Sequence[str]]:
    """Codes of a region's places by the letters of their names."""
    codes: dict[str, list[str]] = defaultdict(list)
    for each in inside(region, level):
        codes[spelled(each.name)].append(each.code)
    return dict(codes)
