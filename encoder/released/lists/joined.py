"""A recipient's own rows, joined to what a release says of them and to received columns.

Lists, programme lists, field review and coverage are all made of this table. Names and addresses
come from the agency's own source file, read again; frozen rows are found in it by content
(`encoder.steps.source_match`). The service sent only handles, match IDs and secrets.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

from encoder.released.attributes.received import AttributeColumn, ReceivedColumns
from encoder.released.lists.person_states import PersonState, StateColumns
from encoder.released.lists.place_columns import Place, PlaceColumns
from encoder.source.mapping import Mapping as SourceMapping
from encoder.source.presets.layouts import recognise
from encoder.source.presets.proposal import propose
from encoder.source.readers import open_source, read_columns
from encoder.source.readers.bip import flat_rows
from encoder.source.readers.source import header_of
from encoder.steps.check_release import OpenedFile
from encoder.steps.review_answers import FieldAnswer
from encoder.steps.source_match import Differences, Matched, SourceNow, match_source
from encoder.store.prepared import PreparedDataset
from policy.base.words import Words
from policy.charter import Charter
from policy.charter.source_names import source_title
from policy.formats.release_file import ReleasedRow

_FIRST_ROWS = 30
# Excel's mark of a number that is a text; in a list it would be part of the number.
_APOSTROPHE = re.compile(r"^'(?=\d+$)")


class Verdict(StrEnum):
    """Whether another source has this person too, in the words of a list."""

    CONFIRMED = "ya"
    NOT_FOUND = "tidak"
    TO_CHECK = "perlu dicek"


@dataclass(frozen=True)
class SourceColumn:
    """What one ID domain tells: whether its other datasets have this person too.

    `graded` says whether the charter tells certain matches from matches to check.
    """

    domain: str
    sources: tuple[str, ...]
    graded: bool
    title: Words


@dataclass(frozen=True)
class JoinedRow:
    """One row of one's own file. `verdicts` and `attributes` have the order of the columns.

    `changed`: the content of the row has changed since it was frozen, so perhaps it is another
    person. `checked` says for each column whether the verdict comes from the field.
    """

    number: int
    record_id: str
    handle: bytes
    own: tuple[str, ...] = field(repr=False)
    verdicts: tuple[Verdict, ...]
    attributes: tuple[str, ...] = field(repr=False)
    place: Place = field(repr=False)
    state: PersonState = ""
    changed: bool = False
    checked: tuple[bool, ...] = ()

    def is_checked(self, at: int) -> bool:
        """Whether the verdict of this column comes from the field."""
        return at < len(self.checked) and self.checked[at]

    @property
    def is_matched(self) -> bool:
        """Whether any source has this person, to be checked or not."""
        return any(verdict is not Verdict.NOT_FOUND for verdict in self.verdicts)

    @property
    def is_unsure(self) -> bool:
        """Whether people should check a match of some source before they act."""
        return Verdict.TO_CHECK in self.verdicts


@dataclass(frozen=True)
class JoinedTable:
    """All frozen rows of one dataset that the source still has, in the order of the file.

    Without `sources` the charter lets this agency learn nothing about its own people.
    """

    own: tuple[str, ...]
    sources: tuple[SourceColumn, ...]
    attributes: tuple[AttributeColumn, ...]
    differences: Differences
    _source: SourceNow = field(repr=False)
    _matched: Matched = field(repr=False)
    _found: tuple[Mapping[bytes, ReleasedRow], ...] = field(repr=False)
    _received: ReceivedColumns = field(repr=False)
    _places: PlaceColumns = field(repr=False)
    _states: StateColumns = field(repr=False)
    _answers: Mapping[tuple[str, bytes], FieldAnswer] = field(default_factory=dict, repr=False)

    def with_answers(self, answers: Mapping[tuple[str, bytes], FieldAnswer]) -> JoinedTable:
        """The table after a field review (`encoder.steps.review_answers.reviewed`).

        A match that the field found to be another person is no match, and one that it confirmed is
        certain.
        """
        return replace(self, _answers=answers)

    @property
    def graded(self) -> bool:
        """Whether the charter tells whom to check."""
        return any(each.graded for each in self.sources)

    def rows(self, outside: Callable[[int], None] = lambda number: None) -> Iterator[JoinedRow]:
        """Read the source again, row by row.

        `outside` is told the number of each row that is not of the table: `prepare` refused it, its
        person objected, or it is new.
        """
        handles = {**self._matched.rows, **self._matched.changed}
        mapping = self._source.mapping
        read = (*self._places.names(), *self._states.all(), *mapping.source_columns())
        wanted = tuple(dict.fromkeys((*self.own, *read)))
        for number, cells in read_columns(self._source.path, mapping, wanted):
            handle = handles.get(number)
            if handle is None:
                outside(number)
                continue
            by_name = dict(zip(wanted, cells, strict=True))
            one_each = {name: [cell] for name, cell in by_name.items()}
            found = [each.get(handle) for each in self._found]
            answers = [self._answers.get((each.domain, handle)) for each in self.sources]
            yield JoinedRow(
                number,
                mapping.record_ids(one_each, [number])[0],
                handle,
                tuple(_APOSTROPHE.sub("", by_name[name]) for name in self.own),
                tuple(map(_verdict, found, answers)),
                self._received.cells_of(handle),
                self._places.place_of(by_name),
                self._states.state_of(by_name),
                changed=number in self._matched.changed,
                checked=tuple(map(_is_checked, found, answers)),
            )

    @property
    def mapping(self) -> SourceMapping:
        """How the source is read."""
        return self._source.mapping

    @property
    def record_ids(self) -> object:
        """The columns of the record ids; None if rows have numbers alone."""
        return self._source.mapping.record_id

    def changed_rows(self) -> tuple[int, ...]:
        """The numbers of rows whose content has changed since they were frozen."""
        return tuple(sorted(self._matched.changed))

    def match_ids(self, handle: bytes) -> tuple[str, ...]:
        """The match ID of one person in each column of `sources`; empty where there is none."""
        rows = (found.get(handle) for found in self._found)
        return tuple("" if row is None else row.match_id.hex() for row in rows)


def join_table(
    prepared: PreparedDataset,
    charter: Charter,
    source: SourceNow,
    opened: Sequence[OpenedFile],
    received: ReceivedColumns,
    columns: Sequence[str] = (),
    *,
    everybody: bool = True,
) -> JoinedTable:
    """Join one's own rows to the opened files of a release.

    The own columns are those of the mapping, of the address, and `columns`. Only membership files
    tell who matched; a private index does not and is left out. Look at `differences` before the
    rows are used: changed rows are in the table and marked, missing ones are not. Without
    `everybody` the table has only rows that matched, and only their differences count.

    Raises BadInput if the source cannot be read, and NotYet if its rows can no longer be compared.
    """
    header = source_header(source.path, source.mapping)
    places = PlaceColumns.of(header, source.mapping, charter)
    telling = sorted(
        (each for each in opened if each.file.form == "membership"), key=lambda o: o.file.domain
    )
    found = tuple({row.handle: row for row in each.rows} for each in telling)
    if everybody:
        wanted = {handle for _, _, handle in prepared.source_rows()}
    else:
        wanted = {handle for each in found for handle in each}
    matched = match_source(prepared, charter, source, wanted)
    return JoinedTable(
        tuple(dict.fromkeys((*source.mapping.source_columns(), *places.names(), *columns))),
        tuple(_source_column(charter, each) for each in telling),
        received.columns,
        matched.differences,
        source,
        matched,
        found,
        received,
        places,
        _states(header, source.mapping, charter),
    )


def _states(header: Sequence[str], mapping: SourceMapping, charter: Charter) -> StateColumns:
    fit = recognise(header)
    layout = fit.layout if fit else None
    return StateColumns.of(header, mapping, charter, layout, propose(header, layout).roles)


def source_header(path: Path, mapping: SourceMapping) -> list[str]:
    """The names of the columns of a source."""
    first = mapping.header_row - 1
    last = first + mapping.header_lines
    rows = open_source(path, mapping).first_rows(max(last, _FIRST_ROWS))
    if mapping.layout == "bip":
        return header_of([next(flat_rows(rows), [])])
    if mapping.first_line() is None:
        return header_of(rows[:1])
    return header_of(rows[first:last])


def _source_column(charter: Charter, opened: OpenedFile) -> SourceColumn:
    domain = charter.domain(opened.file.domain)
    others = tuple(each for each in domain.datasets if each != opened.file.dataset)
    titles = [source_title(charter, each) for each in others]
    return SourceColumn(
        domain.id,
        others,
        charter.release.grades or opened.to_verify is not None,
        Words(_any_of([t.id for t in titles], "atau"), _any_of([t.en for t in titles], "or")),
    )


def _any_of(titles: Sequence[str], word: str) -> str:
    *first, last = titles
    return f"{', '.join(first)} {word} {last}" if first else last


def _verdict(row: ReleasedRow | None, answer: FieldAnswer | None) -> Verdict:
    if row is None:
        return Verdict.NOT_FOUND
    if _is_checked(row, answer):
        return Verdict.CONFIRMED if answer is FieldAnswer.SAME else Verdict.NOT_FOUND
    return Verdict.TO_CHECK if row.verify else Verdict.CONFIRMED


def _is_checked(row: ReleasedRow | None, answer: FieldAnswer | None) -> bool:
    return row is not None and answer in (FieldAnswer.SAME, FieldAnswer.OTHER)
