"""Raw cells by the charter's fields, and these as normalised rows."""

from __future__ import annotations

from collections.abc import Mapping

from encoder.normalise import normalise_column
from encoder.terms import used_columns
from policy.charter import Charter


def normalise_rows(charter: Charter, raw: Mapping[str, list[str]]) -> list[tuple[str, ...]]:
    """Raw columns of the charter's fields as rows of normalised identifiers."""
    columns: list[list[str]] = []
    used = used_columns(charter)
    for each in charter.fields:
        columns += normalise_column(each.name, each.kind, raw[each.name], used).columns.values()
    return list(zip(*columns, strict=True))
