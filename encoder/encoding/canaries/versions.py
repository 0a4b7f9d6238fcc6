"""Canaries as each list has them: its own fields, missing cells and errors."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from functools import cache
from random import Random

from encoder.encoding.canaries.fields import normalise_rows
from encoder.encoding.canaries.likeness import ALL, profile_of
from encoder.encoding.canaries.town import Town, town_region
from encoder.normalise.regions import postal_codes
from encoder.synthetic.care import chances, operator_number, operators
from encoder.synthetic.errors import SyntheticEntry, misrecord
from encoder.synthetic.names import draw_name
from encoder.synthetic.places import DKI, places
from encoder.synthetic.population import Person
from policy.charter import Charter, FieldKind
from policy.regions import inside
from policy.statements import DatasetCommitment

# Cells that no error model leaves out: the list's shape gives their missing rate.
_TRIES = 50
_MADE: frozenset[FieldKind] = frozenset({"nik", "date", "sex", "rtrw"})


def rows_in(
    charter: Charter, town: Town, secret: bytes, dataset: str, committed: DatasetCommitment
) -> list[tuple[str, ...]]:
    """Normalised fields of every canary slot of a dataset, in slot order."""
    seed = int.from_bytes(secret, "big")
    rng = Random(f"{seed}/{dataset}/versions")  # noqa: S311 - the secrecy is in the seed
    likely = chances(profile_of(charter, committed))
    region = town_region(charter)
    typists, where = operators(dataset, seed, region), places(region)

    def said_of(part: int, place: int) -> tuple[Person, SyntheticEntry]:
        around = town.blocks[part]
        person = around[place]
        typist = typists[operator_number(where, person.kelurahan, person.region, person.rw)]
        mother = _mother(person, seed)
        return person, misrecord(rng, person, likely, around, typist, mother=mother, where=where)

    entries = [said_of(*at) for at in town.listed[dataset]]
    rows = normalise_rows(charter, _raw(charter, committed, seed, rng, entries))
    # Equal rows of one person become one row, as for real people when they are prepared.
    for _ in range(_TRIES):
        first = {row: at for at, row in reversed(list(enumerate(rows)))}
        again = [at for at, row in enumerate(rows) if first[row] != at]
        if not again:
            break
        entries = [said_of(*town.listed[dataset][at]) for at in again]
        other = normalise_rows(charter, _raw(charter, committed, seed, rng, entries))
        for at, row in zip(again, other, strict=True):
            rows[at] = row
    return rows


def _raw(
    charter: Charter,
    committed: DatasetCommitment,
    seed: int,
    rng: Random,
    entries: list[tuple[Person, SyntheticEntry]],
) -> dict[str, list[str]]:
    missing: Mapping[str, int] = {} if committed.shape is None else committed.shape.missing
    columns: dict[str, list[str]] = {}
    met: set[FieldKind] = set()
    for each in charter.fields:
        first, share = each.kind not in met, missing.get(each.name, 0) / 100
        met.add(each.kind)
        cell = _CELLS[each.kind] if first or each.kind != "name" else _mothers_name
        cells = [cell(entry, _own(person, seed, each.name)) for person, entry in entries]
        made = each.kind in _MADE or (each.kind == "name" and not first)
        if share == ALL:
            cells = [""] * len(cells)
        elif not made:
            lacking = share - cells.count("") / max(1, len(cells))
            cells = [cell if rng.random() >= lacking else "" for cell in cells]
        columns[each.name] = cells
    return columns


def _own(person: Person, seed: int, field: str) -> Random:
    """The random source for a person's values that are the same on every list."""
    material = hashlib.sha256(f"{seed}/{person.number}/{field}".encode()).digest()
    return Random(material)  # noqa: S311 - as above


def _mother(person: Person, seed: int) -> str:
    """The mother's name, the same on every list; siblings share it, wherever she lives."""
    if person.mother:
        return person.mother
    whose = f"household {person.household}" if person.relation == 3 else f"person {person.number}"
    rng = Random(f"{seed}/mother of {whose}")  # noqa: S311 - as above
    return draw_name(rng, male=False, child=False)


def _mothers_name(entry: SyntheticEntry, own: Random) -> str:
    return entry.mother


def _date(entry: SyntheticEntry, own: Random) -> str:
    return entry.birth.strftime("%d-%m-%Y") if entry.birth else ""


def _rtrw(entry: SyntheticEntry, own: Random) -> str:
    return f"{entry.rt:03d}/{entry.rw:03d}" if entry.rt else ""


@cache
def _postal_codes(region: str) -> tuple[str, ...]:
    """Those of the kab/kota; within DKI Jakarta those of the whole province."""
    if region.startswith(DKI):
        return tuple(sorted(postal_codes()))
    return tuple(sorted({each.postal for each in inside(region, "village")}))


_CELLS: dict[FieldKind, Callable[[SyntheticEntry, Random], str]] = {
    "name": lambda entry, own: entry.name,
    "text": lambda entry, own: entry.street,
    "date": _date,
    "sex": lambda entry, own: {"M": "L", "F": "P", "": ""}[entry.sex],
    "digits": lambda entry, own: f"08{own.randrange(10**9):09d}",
    "nik": lambda entry, own: entry.nik,
    "kk": lambda entry, own: entry.kk,
    "place": lambda entry, own: entry.kelurahan,
    "address": lambda entry, own: entry.street,
    "postal": lambda entry, own: own.choice(_postal_codes(entry.region)),
    "rtrw": _rtrw,
}
