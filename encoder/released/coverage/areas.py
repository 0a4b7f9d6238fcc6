"""The area of a row: its kelurahan, and the kecamatan that it belongs to."""

from __future__ import annotations

from encoder.released.lists.areas import Area, named_place
from encoder.released.lists.place_columns import Place, is_coded

_LONGEST = 120


def area_of(where: Place) -> Area:
    """The area by its names; capital letters and spaces do not make another area."""
    place = named_place(where)
    if is_coded(place.kelurahan):
        return Area(place.kecamatan, place.kelurahan)
    return Area(_name(place.kecamatan), _name(place.kelurahan))


def _name(text: str) -> str:
    return " ".join(text.split()).title()[:_LONGEST]
