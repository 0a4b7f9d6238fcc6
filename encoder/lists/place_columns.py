"""Which columns of a list say where people live."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from encoder.normalise.codes import rtrw
from encoder.source.presets.layouts import find, recognise
from encoder.source.presets.proposal import propose

_DISTRICT = (
    "kecamatan",
    "kec",
    "nama_kecamatan",
    "nm_kec",
    "kec_name",
    "kecamatan_ktp",
    "kecamatan_domisili",
)


@dataclass(frozen=True)
class Place:
    """Where a row says that its person lives; parts that the list does not have are empty.

    RT and RW are without leading zeros, so that `01` and `001` are one RT.
    """

    kecamatan: str = ""
    kelurahan: str = ""
    rw: str = ""
    rt: str = ""


@dataclass(frozen=True)
class PlaceColumns:
    """The columns of each part of a place; None for a part that the list does not have."""

    district: str | None = None
    village: str | None = None
    rw: str | None = None
    rt: str | None = None
    rt_rw: str | None = None
    address: str | None = None

    @classmethod
    def of(cls, header: Sequence[str]) -> PlaceColumns:
        """Find them among the columns of a list by their names."""
        fit = recognise(header)
        roles = propose(header, fit.layout if fit else None).roles
        return cls(
            find(_DISTRICT, header),
            roles.get("village"),
            roles.get("rw"),
            roles.get("rt"),
            roles.get("rt_rw"),
            roles.get("address"),
        )

    def names(self) -> tuple[str, ...]:
        """The columns that are there, from the district down."""
        each = (self.district, self.village, self.address, self.rt, self.rw, self.rt_rw)
        return tuple(dict.fromkeys(name for name in each if name is not None))

    def place_of(self, cells: Mapping[str, str]) -> Place:
        """The place of one row, from its cells by column name."""
        if self.rt_rw is not None:
            rt, _, rw = rtrw(cells[self.rt_rw])[0].partition("/")
        else:
            rt, rw = _number(cells, self.rt), _number(cells, self.rw)
        return Place(_cell(cells, self.district), _cell(cells, self.village), rw, rt)


def _cell(cells: Mapping[str, str], column: str | None) -> str:
    return "" if column is None else cells[column].strip()


def _number(cells: Mapping[str, str], column: str | None) -> str:
    """`01`, `1` and `1.0` are one RT."""
    return _cell(cells, column).removesuffix(".0").lstrip("0")
