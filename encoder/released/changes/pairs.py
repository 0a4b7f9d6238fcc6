"""Each person of two tables: by the own record id, else by the handle; never by a match ID.

Match IDs are drawn for every release, and a row that changed has another handle. Both tables are
sorted by their key in bounded memory.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import groupby

from encoder.base.sorted_rows import SortedRow, SortedRows
from encoder.released.changes.compare import Positions, Told, told
from encoder.released.lists.joined import JoinedRow, JoinedTable, Verdict
from encoder.released.lists.person_states import PersonState
from encoder.released.lists.place_columns import Place

_BEFORE, _AFTER = "0", "1"
Leaves = Callable[[JoinedRow], bool]


@dataclass(frozen=True)
class Side:
    """A row of one release; `own` are its own columns, `cells` all received ones."""

    number: int
    handle: str
    told: Told
    place: Place = field(repr=False)
    own: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True)
class RowInBoth:
    """One row of the agency in both releases; None where it is not on the list."""

    before: Side | None
    after: Side | None

    @property
    def row_changed(self) -> bool:
        """Whether the agency's own row has other content now, and so another handle."""
        if self.before is None or self.after is None:
            return False
        return self.before.handle != self.after.handle

    @property
    def latest(self) -> Side:
        """The row as it is now, or as it was if it is on the earlier list alone."""
        side = self.after or self.before
        assert side is not None, "a pair has one side at least"
        return side


@dataclass(frozen=True)
class ComparedTable:
    """A table of one release, and where its compared sources and columns are."""

    table: JoinedTable
    at: Positions


def pairs(
    before: ComparedTable, after: ComparedTable, is_left_out: Leaves, advance: Callable[[int], None]
) -> Iterator[RowInBoth]:
    """All rows of both tables, paired. A record id that several rows have is told by its handle.

    Rows of `is_left_out` are in no pair. A person that only one table has by the record id is
    looked for again by the handle, since a record id may change.
    """
    by_id = before.table.record_ids == after.table.record_ids is not None
    with closing(SortedRows()) as rows, closing(SortedRows()) as alone:
        for side, compared in ((_BEFORE, before), (_AFTER, after)):
            for row in compared.table.rows():
                advance(1)
                if not is_left_out(row):
                    rows.add(_key(row, side, by_id=by_id), [_pack(compared, row)])
        for pair in _paired(rows):
            if by_id and (pair.before is None or pair.after is None):
                one, side = pair.latest, _AFTER if pair.before is None else _BEFORE
                alone.add([one.handle, side, one.handle, _digits(one.number)], [_text(one)])
            else:
                yield pair
        yield from _paired(alone)


def _key(row: JoinedRow, side: str, *, by_id: bool) -> list[str]:
    """A row without an id of its own is found by its handle."""
    handle = row.handle.hex()
    first = f"id {row.record_id}" if by_id and row.record_id else handle
    return [first, side, handle, _digits(row.number)]


def _digits(number: int) -> str:
    return str(number).zfill(12)


def _paired(rows: SortedRows) -> Iterator[RowInBoth]:
    for _, group in groupby(iter(rows), key=lambda row: row[0][0]):
        yield from _pairs_of(list(group))


def _pairs_of(group: list[SortedRow]) -> Iterator[RowInBoth]:
    """Rows of one key: those of one handle, then the one that is left on each side."""
    before = [_unpack(cells[0]) for key, cells in group if key[1] == _BEFORE]
    after = [_unpack(cells[0]) for key, cells in group if key[1] == _AFTER]
    lost: list[Side] = []
    for each in before:
        same = next((other for other in after if other.handle == each.handle), None)
        if same is None:
            lost.append(each)
        else:
            after.remove(same)
            yield RowInBoth(each, same)
    if len(lost) == len(after) == 1:
        yield RowInBoth(lost[0], after[0])
        return
    yield from (RowInBoth(each, None) for each in lost)
    yield from (RowInBoth(None, each) for each in after)


def _pack(compared: ComparedTable, row: JoinedRow) -> str:
    said = told(row, compared.table.attributes, compared.at)
    return _text(Side(row.number, row.handle.hex(), said, row.place, row.own))


def _text(side: Side) -> str:
    said, place = side.told, side.place
    return json.dumps(
        [
            side.number,
            side.handle,
            list(map(str, said.verdicts)),
            said.cells,
            said.state,
            said.changed,
            [place.kecamatan, place.kelurahan, place.rw, place.rt],
            side.own,
        ]
    )


def _unpack(text: str) -> Side:
    number, handle, verdicts, cells, state, changed, place, own = json.loads(text)
    known: PersonState = state
    said = Told(tuple(map(Verdict, verdicts)), tuple(cells), known, changed)
    return Side(number, handle, said, Place(*place), tuple(own))
