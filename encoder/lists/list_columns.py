"""The columns of a by-name-by-address list, and the cells of a row."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from encoder.lists.joined import JoinedRow, JoinedTable, SourceColumn, Verdict
from encoder.source.presets.headers import plain

STATE, CHANGED = "keadaan", "perubahan"
CHANGED_SINCE = "berubah sejak disiapkan"
CHECKED = "diperiksa lapangan"
_PLACE = ("kecamatan", "kelurahan", "RW", "RT")


@dataclass(frozen=True)
class ListColumns:
    """The header of a list. `verdicts` are the positions of the columns of other sources.

    `places` are the parts of a place that the own columns do not name.
    """

    header: tuple[str, ...]
    verdicts: tuple[int, ...]
    places: tuple[int, ...]
    marks_changes: bool
    has_ids: bool

    @classmethod
    def of(cls, table: JoinedTable, *, marks_changes: bool, ids: bool) -> ListColumns:
        """Own columns, then what others say, then the state, the place and the match IDs."""
        own = {plain(name) for name in table.own}
        places = tuple(at for at, name in enumerate(_PLACE) if plain(name) not in own)
        header = all_different(
            [
                *table.own,
                *(confirmed_by(table.sources, each) for each in table.sources),
                *(each.title.id for each in table.attributes),
                STATE,
                *([CHANGED] if marks_changes else []),
                *(_PLACE[at] for at in places),
                *(f"id_padanan_{each.domain}" for each in table.sources if ids),
            ]
        )
        first = len(table.own)
        verdicts = tuple(range(first, first + len(table.sources)))
        return cls(header, verdicts, places, marks_changes, ids)

    def cells(self, table: JoinedTable, row: JoinedRow) -> list[str]:
        """The cells of one row, in the order of the header."""
        place = (row.place.kecamatan, row.place.kelurahan, row.place.rw, row.place.rt)
        return [
            *row.own,
            *(told(each, checked=row.is_checked(at)) for at, each in enumerate(row.verdicts)),
            *row.attributes,
            row.state,
            *([CHANGED_SINCE if row.changed else ""] if self.marks_changes else []),
            *(place[at] for at in self.places),
            *(table.match_ids(row.handle) if self.has_ids else ()),
        ]


def told(verdict: Verdict, *, checked: bool) -> str:
    """A verdict as a list says it, with the mark of the field."""
    return f"{verdict} ({CHECKED})" if checked else str(verdict)


def confirmed_by(sources: Iterable[SourceColumn], source: SourceColumn) -> str:
    """The head of a source's column; with its domain where two would have one name."""
    titles = [each.title.id for each in sources]
    more = f" ({source.domain})" if titles.count(source.title.id) > 1 else ""
    return f"dikonfirmasi {source.title.id}{more}"


def all_different(names: Iterable[str]) -> tuple[str, ...]:
    """The names; one that is there already gets a number."""
    taken: dict[str, None] = {}
    for name in names:
        different, count = name, 1
        while different in taken:
            count += 1
            different = f"{name} ({count})"
        taken[different] = None
    return tuple(taken)
