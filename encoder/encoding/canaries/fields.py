"""What fills the canary slots of a dataset."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from encoder.encoding.terms import used_columns
from encoder.normalise import normalise_column
from policy.charter import Charter


@dataclass(frozen=True)
class Slots:
    """Normalised fields by slot; and 16 bytes in place of the handle, by which missing values are
    encoded: all agencies know these, so that they know the encodings. The handle itself is the
    owner's own. Without `own`, it serves for both.
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
