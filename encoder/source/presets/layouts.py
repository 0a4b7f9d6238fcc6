"""Layouts and synonyms as data, and which of them fits a header."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import product
from typing import Any, Literal, get_args

import yaml

from encoder.normalise.regions import Codebook
from encoder.source.presets.headers import plain, without_remark
from policy.base.canonical import Model
from policy.charter import Bilingual, Residence
from policy.charter.data import Source

Role = Literal[
    "record_id",
    "nik",
    "kk",
    "name",
    "birth_place",
    "dob",
    "dob_day",
    "dob_month",
    "dob_year",
    "age",
    "sex",
    "mother",
    "father",
    "address",
    "rt",
    "rw",
    "rt_rw",
    "village",
    "postal",
    "code_region",
    "code_province",
    "code_regency",
    "code_district",
    "code_village",
    "status",
]
ROLES: tuple[Role, ...] = get_args(Role)
_FEWEST = 3
_LEAST = 0.8


class PresetLayout(Model):
    """The columns of one known source. `others` are known but not needed."""

    id: str
    title: Bilingual
    source: Source | None = None
    marks: tuple[str, ...]
    roles: dict[Role, tuple[str, ...]]
    others: tuple[str, ...] = ()
    payload: tuple[str, ...] = ()
    note: Bilingual | None = None
    layout: Literal["table", "bip"] = "table"
    codebook: Codebook = "kemendagri"
    residence: Residence | None = None
    year: int | None = None  # in which ages were recorded
    leave_out: tuple[str, ...] = ()  # values of `status` that exclude a row

    def known(self) -> tuple[tuple[str, ...], ...]:
        """The names of each column, one entry a column."""
        each = tuple((name,) for name in (*self.others, *self.payload))
        return (*(names for names in self.roles.values() if names), *each)


@dataclass(frozen=True)
class Fit:
    """How well a layout fits: the headers that it knows, out of all headers of the file."""

    layout: PresetLayout
    fitting: int
    headers: int
    score: float


@cache
def layouts() -> tuple[PresetLayout, ...]:
    return tuple(PresetLayout.model_validate(each, strict=False) for each in _read("layouts.yaml"))


@cache
def synonyms() -> dict[Role, tuple[str, ...]]:
    read = _read("synonyms.yaml")
    return {role: tuple(read[role]) for role in ROLES if role in read}


def find(names: Iterable[str], headers: Sequence[str]) -> str | None:
    """The header that matches one of the names, in the names' order; remarks count last."""
    for name, read in product(names, (plain, without_remark)):
        wanted, prefix = plain(str(name)), str(name).endswith("*")
        for header in headers:
            found = read(header)
            if found == wanted or (prefix and found.startswith(wanted)):
                return header
    return None


def recognise(headers: Sequence[str]) -> Fit | None:
    """The layout that shares most columns with the header and has one of its marks."""
    filled = [header for header in headers if plain(header)]
    fits = [_fit(layout, filled) for layout in layouts() if find(layout.marks, filled)]
    if not fits:
        return None
    best = max(fits, key=lambda fit: fit.score)
    return best if best.fitting >= _FEWEST and best.score >= _LEAST else None


def known_headers(headers: Sequence[str]) -> int:
    """How many of the cells are a known column name."""
    return sum(not _all_names().isdisjoint((plain(h), without_remark(h))) for h in headers)


def meant_with_group(group: str, name: str, names: Sequence[str]) -> bool:
    """Whether a name has a meaning only with its group's: `Tanggal` below `Kelahiran`.

    A day below such a group is a whole date, unless the source has months of its own.
    """
    if not known_headers([f"{group} {name}"]):
        return False
    day = plain(name) in map(plain, synonyms()["dob_day"])
    months = find(synonyms()["dob_month"], names)
    return not known_headers([name]) or (day and months is None)


@cache
def _all_names() -> frozenset[str]:
    whole = [names for layout in layouts() for names in layout.known()]
    return frozenset(plain(n) for names in (*whole, *synonyms().values()) for n in names) - {""}


def _fit(layout: PresetLayout, headers: Sequence[str]) -> Fit:
    fitting = sum(any(find(names, [header]) for names in layout.known()) for header in headers)
    wanted = [names for names in layout.roles.values() if names]
    found = sum(find(names, headers) is not None for names in wanted)
    # Neither a small layout nor a large one wins by its size.
    return Fit(layout, fitting, len(headers), fitting / len(headers) + found / len(wanted))


def _read(name: str) -> Any:
    return yaml.safe_load((resources.files("encoder.source.presets") / name).read_text("utf-8"))
