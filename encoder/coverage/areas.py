"""The area of a row: its kelurahan, and the kecamatan that it belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from encoder.lists.place_columns import Place
from encoder.normalise.places import place
from encoder.normalise.regions import Region, by_code, by_name
from encoder.normalise.text import text

_DISTRICT_DIGITS = 6


@dataclass(frozen=True, order=True)
class Area:
    """Names of a kecamatan and of a kelurahan; empty if the row does not tell."""

    district: str
    village: str


def area_of(where: Place) -> Area:
    """The area with the code book's names, or with those of the list if the book has none."""
    return _area(where.kecamatan, where.kelurahan)


@lru_cache(maxsize=65_536)
def _area(district: str, village: str) -> Area:
    parents = by_name(district, "district") if district else []
    found = _villages(village, parents)
    if len(found) == 1:
        parent = by_code(found[0].kemendagri[:_DISTRICT_DIGITS], "kemendagri")
        return Area(parent.name if parent else "", found[0].name)
    named = parents[0].name if len(parents) == 1 else text(district).title()
    return Area(named, text(village).title())


def _villages(name: str, parents: list[Region]) -> list[Region]:
    """The villages of the book with this name, within one of the parents if there are any."""
    if not name:
        return []
    cleaned = place(name)
    if not parents:
        return by_name(cleaned, "village")
    return [found for parent in parents for found in by_name(cleaned, "village", parent)]
