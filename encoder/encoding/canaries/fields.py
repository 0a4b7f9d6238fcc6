"""The contents of a dataset's canary slots."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from encoder.encoding.terms import used_columns
from encoder.normalise import normalise_column
from policy.charter import Charter


@dataclass(frozen=True)
class Slots:
    """Normalised fields by slot, and 16 bytes that replace the handle.

    Missing values are encoded by these bytes. All agencies know them, and so know the encodings;
    the handle itself is known only to the owner. Without `own`, the handle is used.
    """

    rows: Sequence[Sequence[str]] = field(repr=False)
    own: Sequence[bytes] = field(default=(), repr=False)


def normalise_rows(charter: Charter, raw: Mapping[str, list[str]]) -> list[tuple[str, ...]]:
    """Raw columns of the charter's fields as rows of normalised identifiers."""
    columns: list[list[str]] = []
    used = used_columns(charter)
    for each in charter.fields:
        columns += normalise_column(each.name, each.kind, raw[each.name], used).columns.values()
    return list(zip(*columns, strict=True))
