"""From column names to a mapping: by the layout, else by the usual meaning of names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from encoder.source.joined_columns import (
    AgeColumns,
    CodeColumn,
    DateColumns,
    PostalColumns,
    RegionColumns,
    RtRwColumns,
)
from encoder.source.mapping import FieldSource, StatusColumn, columns_of
from encoder.source.presets.headers import plain
from encoder.source.presets.layouts import ROLES, PresetLayout, Role, find, synonyms
from encoder.source.presets.payload import payload_reason
from encoder.source.presets.rt_rw import rt_rw_column
from policy.charter import FieldKind, LinkageField

DEFAULT_FIELDS = (
    LinkageField(name="nama", kind="name"),
    LinkageField(name="lahir", kind="date"),
    LinkageField(name="jk", kind="sex"),
    LinkageField(name="kelurahan", kind="place"),
    LinkageField(name="nik", kind="nik"),
    LinkageField(name="kk", kind="kk"),
)
# Without a charter, proposed only if the source has them.
OPTIONAL_FIELDS = (
    LinkageField(name="alamat", kind="address"),
    LinkageField(name="rtrw", kind="rtrw"),
    LinkageField(name="ibu", kind="name"),
)
_ROLE_OF: dict[FieldKind, Role] = {
    "nik": "nik",
    "kk": "kk",
    "sex": "sex",
    "address": "address",
}


@dataclass
class Proposal:
    """Columns by role; every column is assigned once."""

    layout: PresetLayout | None
    roles: dict[Role, str]
    _headers: Sequence[str]
    _used: set[str] = field(default_factory=set)

    def fields(self, wanted: Iterable[LinkageField] | None) -> dict[str, FieldSource]:
        """The fields of a charter, or without one the fields that most charters have."""
        if wanted is not None:
            return {each.name: self._source(each) for each in wanted}
        found = {each.name: self._source(each) for each in DEFAULT_FIELDS}
        optional = {each.name: self._source(each) for each in OPTIONAL_FIELDS}
        return found | {name: source for name, source in optional.items() if source is not None}

    def status(self) -> StatusColumn | None:
        """The column by which the layout marks people as deceased or rows as not valid."""
        column = self.roles.get("status")
        if column is None or self.layout is None or not self.layout.leave_out:
            return None
        return StatusColumn(column=column, leave_out=self.layout.leave_out)

    def _source(self, wanted: LinkageField) -> FieldSource:
        source = self._guess(wanted)
        columns = {source.postal} if isinstance(source, PostalColumns) else set(columns_of(source))
        if self._used & columns:
            return None
        self._used.update(columns)
        return source

    def elsewhere(self, wanted: LinkageField) -> bool:
        """Whether the source has people's other address (A10): at home, or on the card."""
        there = self.layout.residence if self.layout else None
        return wanted.residence is not None and there not in (None, wanted.residence)

    def _guess(self, wanted: LinkageField) -> FieldSource:
        if self.elsewhere(wanted):
            return None
        if wanted.kind in _ROLE_OF:
            return self.roles.get(_ROLE_OF[wanted.kind])
        if wanted.kind == "date":
            return self._dates_or_ages()
        if wanted.kind == "rtrw":
            return self.roles.get("rt_rw") or self._rt_and_rw()
        if wanted.kind == "place":
            return self.roles.get("village") or self._code() or self._region()
        if wanted.kind == "postal":
            return self._postal()
        if wanted.kind == "name":
            return self._name(wanted.name)
        return find([wanted.name], self._headers) or self._by_synonym(wanted.name)

    def _name(self, name: str) -> str | None:
        for role, starts in (("mother", "ibu"), ("father", "ayah")):
            if starts in plain(name) or role in plain(name):
                return next((c for r, c in self.roles.items() if r == role), None)
        return find([name], self._headers) or self.roles.get("name")

    def _by_synonym(self, name: str) -> str | None:
        meant = (role for role, names in synonyms().items() if plain(name) in map(plain, names))
        return next((self.roles[role] for role in meant if role in self.roles), None)

    def _dates_or_ages(self) -> FieldSource:
        date, age = self.roles.get("dob"), self.roles.get("age")
        recorded = self.layout.year if self.layout else None
        three = None if date else self._three_dates()
        if age is None or recorded is None or three is not None:
            return date or three
        return AgeColumns(age=age, recorded=recorded, date=date)

    def _postal(self) -> FieldSource:
        code, village = self.roles.get("postal"), self.roles.get("village")
        return PostalColumns(postal=code, village=village) if code and village else code

    def _code(self) -> CodeColumn | None:
        code = self.roles.get("code_region")
        if code is None or self.layout is None:
            return None
        return CodeColumn(code=code, codebook=self.layout.codebook)

    def _three_dates(self) -> DateColumns | None:
        found = [self.roles.get(r) for r in ROLES if r in ("dob_day", "dob_month", "dob_year")]
        day, month, year = found
        return DateColumns(day=day, month=month, year=year) if day and month and year else None

    def _rt_and_rw(self) -> RtRwColumns | None:
        rt, rw = self.roles.get("rt"), self.roles.get("rw")
        return RtRwColumns(rt=rt, rw=rw) if rt and rw else None

    def _region(self) -> RegionColumns | None:
        parts = ("code_province", "code_regency", "code_district", "code_village")
        found = [self.roles[role] for role in ROLES if role in parts and role in self.roles]
        if len(found) < len(parts):
            return None
        codebook = self.layout.codebook if self.layout else "kemendagri"
        return RegionColumns(
            province=found[0],
            regency=found[1],
            district=found[2],
            village=found[3],
            codebook=codebook,
        )


def propose(
    headers: Sequence[str],
    layout: PresetLayout | None,
    cells: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> Proposal:
    """Assign roles to columns; payload and repeated names are never proposed.

    `cells` are those of the first rows. By them RT and RW are found under any name.
    """
    free = [
        header
        for header in headers
        if plain(header) and headers.count(header) == 1 and payload_reason(header, layout) is None
    ]
    roles: dict[Role, str] = {}
    for role in ROLES:
        known = layout.roles.get(role, ()) if layout else ()
        found = find((*known, *synonyms().get(role, ())), free)
        if found is not None:
            roles[role] = found
            free.remove(found)
    if "rt_rw" not in roles and not {"rt", "rw"} <= roles.keys():
        both = rt_rw_column(cells, free)
        if both is not None:
            roles["rt_rw"] = both
            free.remove(both)
    return Proposal(layout, roles, [*free, *roles.values()])
