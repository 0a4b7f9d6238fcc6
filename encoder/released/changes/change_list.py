"""The list of changes: one row for every change of every person, sorted for field work."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from itertools import groupby

from encoder.base.sorted_rows import SortedRows
from encoder.normalise.text import clean
from encoder.released.changes.births import Births
from encoder.released.changes.compare import Change, Comparable, Teller, changes_of, comparable
from encoder.released.changes.kinds import MEANINGS, ChangeKind, FollowUp
from encoder.released.changes.pairs import ComparedTable, Leaves, RowInBoth, Side, pairs
from encoder.released.lists.areas import place_key
from encoder.released.lists.joined import JoinedRow, JoinedTable
from encoder.released.lists.list_columns import STATE, all_different, confirmed_by
from encoder.released.lists.wording import all_in_list, in_list
from encoder.source.presets.headers import plain
from policy.base.words import Language

_NO_AID = frozenset(["TIDAK", "TDK", "NO", "N", "FALSE", "BUKAN", "0"])
_PLACE = ("kecamatan", "kelurahan", "RW", "RT")
_HEAD = ("jenis", "tindakan", "alasan", "reason", "saran", "advice")
_REASONS: dict[Language, int] = {"id": 2, "en": 3}
_ADVICE = (4, 5)


@dataclass
class ChangeList:
    """All changes between two releases, and their counts; no counts of other agencies' people."""

    header: tuple[str, ...]
    what: Comparable
    counts: Counter[tuple[ChangeKind, FollowUp]] = field(default_factory=Counter)
    # Rows of the agency that were compared, and those of them with a change.
    compared: int = 0
    changed: int = 0
    # Rows left out, since their people objected.
    objected: int = 0
    _rows: SortedRows = field(default_factory=SortedRows, repr=False)

    def shown_columns(self, language: Language) -> list[int]:
        """Positions of the columns that a page in this language shows: one reason, no advice."""
        hidden = {_REASONS["en" if language == "id" else "id"], *_ADVICE}
        return [at for at in range(len(self.header)) if at not in hidden]

    def of_kind(self, kind: ChangeKind) -> int:
        return sum(self.counts[kind, action] for action in FollowUp)

    def of_action(self, action: FollowUp) -> int:
        """Changes with this action; a person with two changes counts twice."""
        return sum(self.counts[kind, action] for kind in ChangeKind)

    def rows(self) -> Iterator[list[str]]:
        """Every row, by kind, then by place."""
        return (cells for _, cells in self._rows)

    def by_kind(self) -> Iterator[tuple[ChangeKind, Iterator[list[str]]]]:
        """The rows of every kind, also of those without any."""
        read = groupby(iter(self._rows), key=lambda row: row[0][0])
        waiting = next(read, None)
        for number, kind in enumerate(ChangeKind):
            if waiting is not None and waiting[0] == _order_of(number):
                yield kind, (cells for _, cells in waiting[1])
                waiting = next(read, None)
            else:
                yield kind, iter(())


@dataclass(frozen=True)
class Releases:
    """The names of both releases and their tables; `receives` names the own column of the aid.

    Without `births`, who was born is just new on the list.
    """

    before: str
    after: str
    table_before: JoinedTable
    table_after: JoinedTable
    receives: str | None = None
    language: Language = "id"
    births: Births | None = None

    def comparable(self) -> Comparable:
        return comparable(
            Teller(self.table_before.sources, self.table_before.attributes),
            Teller(self.table_after.sources, self.table_after.attributes),
        )


@contextmanager
def change_list(
    of: Releases, objected: Leaves, advance: Callable[[int], None] = lambda _: None
) -> Iterator[ChangeList]:
    """Compare two releases; the rows are given up at the end."""
    what = of.comparable()
    header = _Header(of, what)
    found = ChangeList(header.names, what)

    def is_left_out(row: JoinedRow) -> bool:
        out = objected(row)
        found.objected += out
        return out

    before, after = (
        ComparedTable(of.table_before, what.before),
        ComparedTable(of.table_after, what.after),
    )
    with closing(found._rows):
        for pair in pairs(before, after, is_left_out, advance):
            found.compared += 1
            told = (side.told if side else None for side in (pair.before, pair.after))
            born = of.births.born(pair.latest.own) if of.births and pair.before is None else None
            changes = changes_of(what, *told, row_changed=pair.row_changed, born=born)
            found.changed += bool(changes)
            for change in changes:
                action = change.action(receives=header.receives(pair))
                found.counts[change.kind, action] += 1
                key = _order(change.kind, pair.latest)
                found._rows.add(key, header.cells(pair, change, action))
        yield found


def _order_of(kind: int) -> str:
    return f"{kind:02d}"


def _order(kind: ChangeKind, side: Side) -> list[str]:
    return [
        _order_of(list(ChangeKind).index(kind)),
        place_key(side.place),
        str(side.number).zfill(12),
    ]


class _Header:
    """The columns of the list, and the cells of a row."""

    def __init__(self, of: Releases, what: Comparable) -> None:
        self._own = of.table_after.own
        self._then = {name: at for at, name in enumerate(of.table_before.own)}
        self._receives = of.receives
        known = {plain(name) for name in self._own}
        self._places = tuple(at for at, name in enumerate(_PLACE) if plain(name) not in known)
        self._language = of.language
        told = [
            *(confirmed_by(what.sources, each, of.language) for each in what.sources),
            *(each.title.in_language(of.language) for each in what.columns),
            in_list(STATE, of.language),
        ]
        both = [f"{name} ({release})" for name in told for release in (of.before, of.after)]
        self.names = all_different(
            [
                *all_in_list(_HEAD, of.language),
                *self._own,
                *both,
                *(_PLACE[at] for at in self._places),
            ]
        )

    def receives(self, pair: RowInBoth) -> bool:
        """Whether the person receives aid now; yes unless the own column says no."""
        if self._receives is None:
            return True
        own = self._own_cells(pair)
        return clean(own[self._own.index(self._receives)]) not in _NO_AID

    def cells(self, pair: RowInBoth, change: Change, action: FollowUp) -> list[str]:
        meaning, side = MEANINGS[change.kind], pair.latest
        told = [
            self._told_cells(pair.before),
            self._told_cells(pair.after),
        ]
        both = [cell for couple in zip(*told, strict=False) for cell in couple]
        place = (side.place.kecamatan, side.place.kelurahan, side.place.rw, side.place.rt)
        return [
            meaning.title.in_language(self._language),
            in_list(action.value, self._language),
            change.reason.id,
            change.reason.en,
            meaning.advice.id,
            meaning.advice.en,
            *self._own_cells(pair),
            *both,
            *(place[at] for at in self._places),
        ]

    def _own_cells(self, pair: RowInBoth) -> Sequence[str]:
        """As they are now; of somebody who is on the earlier list alone, as they were."""
        if pair.after is not None:
            return pair.after.own
        then = pair.latest.own
        return [then[self._then[name]] if name in self._then else "" for name in self._own]

    def _told_cells(self, side: Side | None) -> Sequence[str]:
        if side is None:
            return [""] * len(self.names)
        verdicts = (in_list(str(each), self._language) for each in side.told.verdicts)
        return [*verdicts, *side.told.cells, in_list(side.told.state, self._language)]
