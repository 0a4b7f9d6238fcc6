"""The area of a row: its kelurahan, and the kecamatan that it belongs to."""

from __future__ import annotations

from dataclasses import dataclass

from encoder.lists.place_columns import Place


@dataclass(frozen=True, order=True)
class Area:
    """Names of a kecamatan and of a kelurahan; empty if the row does not tell."""

    district: str
    village: str


def area_of(where: Place) -> Area:
    """The area by its names; capital letters and spaces do not make another area."""
    return Area(_name(where.kecamatan), _name(where.kelurahan))


def _name(text: str) -> str:
    return " ".join(text.split()).title()[:120]
