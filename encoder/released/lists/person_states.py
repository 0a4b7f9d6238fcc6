"""Whether a row says that its person is dead or has moved away.

A list says so in a column of remarks (`Ket: meninggal`, `Status: Mati`), or next to the name:
(alm). Rows are marked and stay: people decide. A remark about somebody else (a widow's husband) or
about moving in does not count, and what follows BIN or BINTI is said of the father.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from encoder.normalise.text import text
from encoder.source.mapping import Mapping as SourceMapping
from encoder.source.mapping import columns_of
from encoder.source.presets.headers import plain, without_remark
from encoder.source.presets.layouts import PresetLayout, Role, find
from policy.charter import Charter

PersonState = Literal["", "meninggal", "pindah"]

_REMARKS = frozenset(
    "ket keterangan keteranganlain keterangantambahan catatan remark remarks note notes status"
    " statuspenduduk statuskependudukan statushidup statuswarga statusorang statusindividu"
    " statusdata statuskeberadaan statusverifikasi statusart statusanggota keberadaan kondisi"
    " ketstatus statusket hidup hidupmati hasilverifikasi keberadaanart keberadaananggota"
    " statuskeberadaanart".split()
)
_BEFORE = r"(?:^|[,;:/().\[\]-]\s*)(?:SUDAH |TELAH |SDH |TLH |UDAH |YBS )?"
_OTHERS = r"(?!\W*(?:SUAMI|ISTRI|ISTERI|AYAH|IBU|BAPAK|ANAK|ORANG TUA|ORTU|KK\b|KEPALA))"
_DEAD = re.compile(
    _BEFORE + r"(?:MENINGGAL(?: DUNIA)?|MENINGAL|MENINGGL|MNGGAL|MGL|WAFAT|MATI|MD|ALM|ALMH"
    r"|ALMARHUM(?:AH)?|DECEASED|DEAD)\b" + _OTHERS
)
_MOVED = re.compile(
    _BEFORE + r"(?:PINDAH|PNDH|MOVED|BERPINDAH)\b"
    r"(?! (?:DATANG|MASUK|DARI|AGAMA|KERJA|PEKERJAAN|SEKOLAH|TPS|KK\b))"
)
_WIDOWED = re.compile(r"\bCERAI\W+MATI\b")
_LATE = re.compile(r"\b(?:ALM|ALMH|ALMARHUM|ALMARHUMAH)\b")
# What follows is said of the father, and a title before it says whose wife she is.
_FATHER = re.compile(r"\b(?:BIN|BINTI|BINT|BTE|BT|B)\b")
_WIFE_OF = re.compile(r"\b(?:NY|NYONYA|ISTRI|ISTERI|JANDA|DUDA|SUAMI|AHLI WARIS)\b\W*$")
_CACHED = 1 << 14


@dataclass(frozen=True)
class StateColumns:
    """The columns of remarks, and those of the person's own name."""

    remarks: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        header: Sequence[str],
        mapping: SourceMapping,
        charter: Charter,
        layout: PresetLayout | None,
        roles: Mapping[Role, str],
    ) -> StateColumns:
        """Find them by the mapping, by a known layout and by their names."""
        status = [] if mapping.status is None else [mapping.status.column]
        known = find(layout.roles.get("status", ()), header) if layout else None
        called = (each for each in header if is_remark(each))
        remarks = dict.fromkeys((*status, *([known] if known else []), *called))
        return cls(tuple(remarks), tuple(_own_names(mapping, charter, roles)))

    def all(self) -> tuple[str, ...]:
        """Every column that is read."""
        return (*self.remarks, *self.names)

    def state_of(self, cells: Mapping[str, str]) -> PersonState:
        """The state of one row, from its cells by column name; a death counts before a move."""
        said = [said_in(cells[column]) for column in self.remarks]
        if "meninggal" in said or any(is_late(cells[column]) for column in self.names):
            return "meninggal"
        return "pindah" if "pindah" in said else ""


def _own_names(
    mapping: SourceMapping, charter: Charter, roles: Mapping[Role, str]
) -> Iterable[str]:
    kinds = {each.name: each.kind for each in charter.fields}
    parents = {roles[role] for role in ("mother", "father") if role in roles}
    mapped = [
        column
        for name, source in mapping.fields.items()
        if kinds.get(name) == "name" and not name.startswith(("ibu", "ayah"))
        for column in columns_of(source)
        if column not in parents
    ]
    return dict.fromkeys(mapped or [roles[role] for role in ("name",) if role in roles])


def is_remark(column: str) -> bool:
    """Whether a column of this name says what became of a person."""
    return bool({plain(column), without_remark(column)} & _REMARKS)


@lru_cache(_CACHED)
def said_in(remark: str) -> PersonState:
    """What a cell of a column of remarks says of the person."""
    cleaned = text(remark)
    if not cleaned or _WIDOWED.search(cleaned):
        return ""
    if _DEAD.search(cleaned):
        return "meninggal"
    return "pindah" if _MOVED.search(cleaned) else ""


def is_late(name: str) -> bool:
    """Whether a name is followed by (alm), said of its bearer."""
    if "al" not in name.lower():
        return False
    cleaned = text(name)
    found = _LATE.search(cleaned)
    if found is None:
        return False
    before = cleaned[: found.start()]
    return not _FATHER.search(before) and not _WIFE_OF.search(before)
