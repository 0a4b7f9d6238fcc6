"""The columns of a by-name-by-address list, and the cells of a row."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from encoder.released.lists.joined import JoinedRow, JoinedTable, SourceColumn, Verdict
from encoder.released.lists.wording import in_list
from encoder.source.presets.headers import plain
from policy.base.words import Language

STATE, CHANGED = "keadaan", "perubahan"
CHANGED_SINCE = "berubah sejak disiapkan"
CHECKED = "diperiksa lapangan"
_ID = "id_padanan_"
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
    language: Language = "id"

    @classmethod
    def of(
        cls, table: JoinedTable, *, marks_changes: bool, ids: bool, language: Language = "id"
    ) -> ListColumns:
        """Own columns, then what others say, then the state, the place and the match IDs."""
        own = {plain(name) for name in table.own}
        places = tuple(at for at, name in enumerate(_PLACE) if plain(name) not in own)
        header = all_different(
            [
                *table.own,
                *(confirmed_by(table.sources, each, language) for each in table.sources),
                *(each.title.in_language(language) for each in table.attributes),
                in_list(STATE, language),
                *([in_list(CHANGED, language)] if marks_changes else []),
                *(_PLACE[at] for at in places),
                *(f"{in_list(_ID, language)}{each.domain}" for each in table.sources if ids),
            ]
        )
        first = len(table.own)
        verdicts = tuple(range(first, first + len(table.sources)))
        return cls(header, verdicts, places, marks_changes, ids, language)

    @property
    def state(self) -> int:
        """The position of the column of the person's state."""
        after = 1 + self.marks_changes + len(self.places) + self.has_ids * len(self.verdicts)
        return len(self.header) - after

    def cells(self, table: JoinedTable, row: JoinedRow) -> list[str]:
        """The cells of one row, in the order of the header."""
        place = (row.place.kecamatan, row.place.kelurahan, row.place.rw, row.place.rt)
        return [
            *row.own,
            *(
                told(each, self.language, checked=row.is_checked(at))
                for at, each in enumerate(row.verdicts)
            ),
            *row.attributes,
            in_list(row.state, self.language),
            *(self._change(row) if self.marks_changes else ()),
            *(place[at] for at in self.places),
            *(table.match_ids(row.handle) if self.has_ids else ()),
        ]

    def _change(self, row: JoinedRow) -> tuple[str]:
        return (in_list(CHANGED_SINCE, self.language) if row.changed else "",)


def told(verdict: Verdict, language: Language = "id", *, checked: bool) -> str:
    """A verdict as a list says it, with the mark of the field."""
    said = in_list(verdict.value, language)
    return f"{said} ({in_list(CHECKED, language)})" if checked else said


def confirmed_by(
    sources: Iterable[SourceColumn], source: SourceColumn, language: Language = "id"
) -> str:
    """The head of a source's column; with its domain where two would have one name."""
    title = source.title.in_language(language)
    titles = [each.title.in_language(language) for each in sources]
    more = f" ({source.domain})" if titles.count(title) > 1 else ""
    return f"{'dikonfirmasi' if language == 'id' else 'confirmed by'} {title}{more}"


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
