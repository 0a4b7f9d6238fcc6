"""Cells to the text for encoding: `encoder.normalise` for a table."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from narwhals.typing import IntoDataFrameT

from encoder.encoding.terms import used_columns
from encoder.normalise import normalise_column
from encoder.normalise.dates import Order
from padan.frames import opened, series, texts
from policy.charter import Charter, FieldKind

_IDENTIFIERS = ("nik", "kk")


def normalise(
    frame: IntoDataFrameT,
    fields: Mapping[str, FieldKind] | Charter,
    *,
    parts: Collection[str] = (),
    orders: Mapping[str, Order] | None = None,
) -> IntoDataFrameT:
    """The table with these fields replaced by normalised columns; other columns stay.

    `fields` are columns and their kinds, or a charter with its fields. Every result is
    String, and '' for a missing or unusable cell. A date `born` becomes `born.year`,
    `born.month` and `born.day`. `parts` are further columns that a kind can yield
    (`name.ordered`, `born.about`, ...); a charter brings its own. `orders` marks a field
    of dates as `month-first`.

    Raises BadInput: `frame.columns` for a field without a column, `frame.digits` for a NIK or KK
    that was read as a floating point number.
    """
    given = opened(frame)
    kinds: Mapping[str, FieldKind]
    if isinstance(fields, Charter):
        kinds = {each.name: each.kind for each in fields.fields}
        parts = used_columns(fields)
    else:
        kinds = fields
    made: dict[str, list[str]] = {}
    for name, kind in kinds.items():
        cells = texts(given, name, identifier=kind in _IDENTIFIERS)
        order = (orders or {}).get(name, "day-first")
        made |= normalise_column(name, kind, cells, parts, order).columns
    kept: Any = given.drop(*kinds)
    columns = [series(name, cells, given.implementation) for name, cells in made.items()]
    if kept.columns:
        native: IntoDataFrameT = kept.with_columns(*columns).to_native()
        return native
    only: IntoDataFrameT = given.with_columns(*columns).select(*made).to_native()
    return only
