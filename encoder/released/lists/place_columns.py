"""Which columns of a list say where people live, and the place of a row."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from encoder.normalise.codes import rtrw
from encoder.normalise.places import CODE
from encoder.normalise.regions import Codebook
from encoder.released.lists.code_books import (
    by_village_code,
    by_village_name,
    regency_named,
    region_code,
)
from encoder.source.joined_columns import CodeColumn, RegionColumns, RtRwColumns
from encoder.source.mapping import FieldSource, columns_of
from encoder.source.mapping import Mapping as SourceMapping
from encoder.source.presets.layouts import find, recognise
from encoder.source.presets.proposal import propose
from policy.charter import Charter

_DISTRICT = (
    *("kecamatan", "kec", "nama_kecamatan", "nama_kec", "nm_kec", "nm_kecamatan", "kec_name"),
    *("kecamatan_ktp", "kecamatan_domisili", "103_kecamatan", "103_kec", "district"),
)
_REGENCY = (
    *("kabupaten", "kab", "kabupaten_kota", "kabkota", "kab_kota", "kabkot", "kota"),
    *("nama_kabupaten", "nama_kab", "nm_kab", "kab_name", "kabupaten_kota_ktp", "102_kab_kota"),
    *("kabupatenkota", "nama_kabupaten_kota", "kabupaten_kota_domisili"),
)
_DIGITS = re.compile(r"\d{1,3}")
# How a kelurahan is shown of which only the code is known; the digits are in groups.
_CODED = re.compile(r"(?:BPS|Kemendagri) \d[\d .]+")
_CACHED = 1 << 14


@dataclass(frozen=True)
class Place:
    """Where a row says that its person lives; parts that the list does not have are empty.

    Names are those of the code book where the book has the place, so that KRAMAT JATI and
    Kramatjati are one. A place of which only a code is known, that no book here has, is shown by
    book and code. RT and RW are without leading zeros, so that `01` and `001` are one RT.
    """

    kecamatan: str = ""
    kelurahan: str = ""
    rw: str = ""
    rt: str = ""


@dataclass(frozen=True)
class PlaceColumns:
    """The columns of each part of a place; None for a part that the list does not have.

    `code` are the columns of a kelurahan's code. `region` is the Kemendagri code of the region
    within which names are looked up, `regency` a column that says the kabupaten or kota in it.
    """

    district: str | None = None
    village: str | None = None
    rw: str | None = None
    rt: str | None = None
    rt_rw: str | None = None
    address: str | None = None
    code: CodeColumn | RegionColumns | None = field(default=None)
    region: str = ""
    regency: str | None = None

    @classmethod
    def of(
        cls,
        header: Sequence[str],
        mapping: SourceMapping | None = None,
        charter: Charter | None = None,
    ) -> PlaceColumns:
        """Find them by the mapping, then by their names."""
        fit = recognise(header)
        roles = propose(header, fit.layout if fit else None).roles
        place, pair = _mapped(mapping, charter, "place"), _mapped(mapping, charter, "rtrw")
        rt, rw, rt_rw = roles.get("rt"), roles.get("rw"), roles.get("rt_rw")
        if isinstance(pair, RtRwColumns):
            rt, rw, rt_rw = pair.rt, pair.rw, None
        elif isinstance(pair, str):
            rt, rw, rt_rw = None, None, pair
        elif rt and rw:
            rt_rw = None
        return cls(
            find(_DISTRICT, header),
            place if isinstance(place, str) else roles.get("village"),
            rw,
            rt,
            rt_rw,
            roles.get("address"),
            place if isinstance(place, CodeColumn | RegionColumns) else None,
            _region(charter),
            find(_REGENCY, header),
        )

    def names(self) -> tuple[str, ...]:
        """The columns that are there, from the district down."""
        code = () if self.code is None else self.code.columns()
        address = (self.address, self.rt, self.rw, self.rt_rw)
        each = (self.regency, self.district, self.village, *code, *address)
        return tuple(dict.fromkeys(name for name in each if name is not None))

    def place_of(self, cells: Mapping[str, str]) -> Place:
        """The place of one row, from its cells by column name."""
        if self.rt_rw is not None:
            rt, _, rw = rtrw(cells[self.rt_rw])[0].partition("/")
        else:
            rt, rw = _number(cells, self.rt), _number(cells, self.rw)
        district, village = _cell(cells, self.district), _cell(cells, self.village)
        regency = _cell(cells, self.regency)
        if self.code is None:
            return Place(*_of_names(district, village, self.region, regency), rw, rt)
        code = self.code.join(tuple(cells[each] for each in self.code.columns()))
        coded = _of_code(code, self.region)
        if coded is None and village:
            coded = _of_names(district, village, self.region, regency, _regency_of(code))
        return Place(*(coded or _shown_code(code)), rw, rt)


def _mapped(mapping: SourceMapping | None, charter: Charter | None, kind: str) -> FieldSource:
    """The columns that the mapping names for the first field of this kind."""
    if mapping is None or charter is None:
        return None
    named = [each.name for each in charter.fields if each.kind == kind]
    return next(
        (mapping.fields[name] for name in named if columns_of(mapping.fields.get(name))), None
    )


def _region(charter: Charter | None) -> str:
    if charter is None or charter.region is None:
        return ""
    return region_code(charter.region.code, charter.region.codebook)


def is_coded(kelurahan: str) -> bool:
    """Whether a kelurahan is shown by its code alone, since no book here has its name."""
    return _CODED.fullmatch(kelurahan) is not None


def _book_and_code(code: str) -> tuple[Codebook, str] | None:
    found = CODE.fullmatch(code)
    if found is None:
        return None
    return ("bps" if found[1] == "BPS" else "kemendagri"), found[2].replace(".", "")


@lru_cache(_CACHED)
def _of_code(code: str, region: str) -> tuple[str, str] | None:
    """Names of kecamatan and kelurahan; None if the code is in no book."""
    found = _book_and_code(code)
    return None if found is None else by_village_code(found[1], found[0], region)


def _regency_of(code: str) -> str:
    """The Kemendagri code of the kabupaten or kota of a kelurahan's code; '' if unknown."""
    found = _book_and_code(code)
    return "" if found is None else region_code(found[1][:4], found[0])


def _shown_code(code: str) -> tuple[str, str]:
    """A kecamatan and kelurahan by their code, so that people of one code stay together."""
    found = _book_and_code(code)
    if found is None:
        return "", ""
    book, digits = found
    if book == "bps":
        parts = (digits[:4], digits[4:7], digits[7:])
        return f"BPS {parts[0]} {parts[1]}", f"BPS {' '.join(parts)}"
    dotted = ".".join((digits[:2], digits[2:4], digits[4:6], digits[6:]))
    return f"Kemendagri {dotted[:8]}", f"Kemendagri {dotted}"


@lru_cache(_CACHED)
def _of_names(
    district: str, village: str, region: str, regency: str = "", coded: str = ""
) -> tuple[str, str]:
    """The book's names, where exactly one kelurahan of the region has this name; else as given.

    `regency` is the name, `coded` the code of the kabupaten or kota in the region.
    """
    if not region or not village:
        return district, village
    inside = coded or regency_named(regency, region)
    return by_village_name(district, village, region, inside) or (district, village)


def _cell(cells: Mapping[str, str], column: str | None) -> str:
    return "" if column is None else " ".join(cells[column].split())


def _number(cells: Mapping[str, str], column: str | None) -> str:
    """`01`, `1`, `1.0` and `RT 01` are one RT."""
    found = _DIGITS.findall(_cell(cells, column).removesuffix(".0"))
    return found[0].lstrip("0") if len(found) == 1 else ""
