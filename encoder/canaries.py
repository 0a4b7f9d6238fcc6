"""Canaries: secret rows by which agencies catch a service that drops or invents matches (T17).

Slots are reserved at prepare; what fills them follows from the canary subkey, so
that the service cannot tell them from people. The first `pairs` slots hold the
same synthetic person in every dataset and must match; every second of these has
no NIK and so tests the CLK leg by itself. The other slots hold persons that occur
in one dataset only and must not match; nobody has a name like theirs, since a canary
that is like somebody by chance would accuse an honest service.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from encoder.normalise import normalise_column
from encoder.synthetic.published_records import synthetic_raw
from encoder.terms import identifiers, used_columns
from policy.ceremony import ProjectKeys
from policy.charter import Charter, FieldKind

CanaryVerdict = Literal["all-as-expected", "missing", "unexpected", "missing-and-unexpected"]


def canary_rows(charter: Charter, keys: ProjectKeys, dataset: str) -> list[tuple[str, ...]]:
    """Normalised fields of every canary slot of a dataset, in slot order."""
    terms = charter.encoding.canaries
    kinds: dict[str, FieldKind] = {f.name: f.kind for f in charter.fields}
    pairs = normalise_rows(
        charter, synthetic_raw(kinds, keys.subkey("canary", "pairs"), terms.pairs)
    )
    singles = normalise_rows(
        charter,
        synthetic_raw(
            kinds, keys.subkey("canary", f"singles/{dataset}"), terms.singles, unheard=True
        ),
    )
    return [_without_nik(charter, row) if i % 2 else row for i, row in enumerate(pairs)] + singles


def normalise_rows(charter: Charter, raw: Mapping[str, list[str]]) -> list[tuple[str, ...]]:
    """Raw columns of the charter's fields as rows of normalised identifiers."""
    columns: list[list[str]] = []
    used = used_columns(charter)
    for each in charter.fields:
        columns += normalise_column(each.name, each.kind, raw[each.name], used).columns.values()
    return list(zip(*columns, strict=True))


@dataclass(frozen=True)
class CanaryCheck:
    """What an opened membership file says about the canaries."""

    missing: int
    unexpected: int

    @property
    def verdict(self) -> CanaryVerdict:
        if self.missing and self.unexpected:
            return "missing-and-unexpected"
        if self.missing:
            return "missing"
        return "unexpected" if self.unexpected else "all-as-expected"


def check_canaries(
    charter: Charter, canaries: Mapping[bytes, int], released: Iterable[bytes], form: str
) -> CanaryCheck:
    """Compare the handles of an opened file with what the canary slots promise.

    In a private index every row has an ID, so all slots must be there; in a
    membership file the paired ones must be there and the others must not.
    """
    found = {canaries[handle] for handle in released if handle in canaries}
    expected = set(range(charter.encoding.canaries.total))
    if form == "membership":
        expected = set(range(charter.encoding.canaries.pairs))
    return CanaryCheck(missing=len(expected - found), unexpected=len(found - expected))


def _without_nik(charter: Charter, row: tuple[str, ...]) -> tuple[str, ...]:
    nik = charter.nik_field
    if nik is None:
        return row
    position = identifiers(charter).index(nik)
    return (*row[:position], "", *row[position + 1 :])
