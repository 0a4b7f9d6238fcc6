"""A release's figures for the agency's own list: people, domains, columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from encoder.lists.joined import source_header
from encoder.source.mapping import Mapping
from encoder.source.presets.layouts import Role, recognise
from encoder.source.presets.payload import payload_reason
from encoder.source.presets.proposal import propose
from encoder.steps.check_release import OpenedFile
from encoder.store.prepared import PreparedDataset
from policy.terminal.table_files import Row

_OF_AN_ADDRESS: frozenset[Role] = frozenset(["address", "rt", "rw", "rt_rw", "village", "postal"])


@dataclass(frozen=True)
class DomainFigures:
    """One ID domain: own people with an ID, and how many of them are to be verified.

    `tells` says whether the ID means that somebody else has this person too. `to_verify` is None
    where the charter gives no grades.
    """

    domain: str
    tells: bool
    people: int
    to_verify: int | None

    @property
    def confirmed(self) -> int:
        return self.people - (self.to_verify or 0)


@dataclass(frozen=True)
class ReleaseFigures:
    """`people` are those on the list, `rows` their rows in the file, `of` all rows prepared."""

    domains: tuple[DomainFigures, ...]
    people: int
    rows: int
    of: int

    @property
    def tells(self) -> bool:
        return any(each.tells for each in self.domains)


@dataclass(frozen=True)
class ListColumn:
    """A column of one's own file that can be added to the list."""

    name: str
    of_address: bool
    of_programme: bool


@dataclass
class FirstRows:
    """Takes a list as a file would, and keeps its first rows for the officer to see."""

    most: int
    header: Sequence[str] = ()
    rows: list[Row] = field(default_factory=list, repr=False)

    def require_room(self, rows: int) -> None:
        """Any number of rows."""

    def write(self, header: Sequence[str], rows: Iterable[Row]) -> int:
        self.header, count = header, 0
        for count, row in enumerate(rows, start=1):
            if count <= self.most:
                self.rows.append(row)
        return count


def figures_of(prepared: PreparedDataset, opened: Sequence[OpenedFile]) -> ReleaseFigures:
    """Counts alone; which rows they are stays in the vault."""
    domains = tuple(
        DomainFigures(
            each.file.domain, each.file.form == "membership", len(each.rows), each.to_verify
        )
        for each in opened
    )
    matched = {row.handle for each in opened if each.file.form == "membership" for row in each.rows}
    rows = of = 0
    for _, _, handle in prepared.source_rows():
        of += 1
        rows += handle in matched
    return ReleaseFigures(domains, len(matched), rows, of)


def list_columns(path: Path, mapping: Mapping) -> tuple[ListColumn, ...]:
    """Those that the mapping does not read, which are on the list in any case."""
    columns = source_header(path, mapping)
    fit = recognise(columns)
    layout = fit.layout if fit else None
    roles = propose(columns, layout).roles
    where = {column for role, column in roles.items() if role in _OF_AN_ADDRESS}
    read = set(mapping.source_columns())
    return tuple(
        ListColumn(each, each in where, payload_reason(each, layout) is not None)
        for each in dict.fromkeys(columns)
        if each and each not in read and columns.count(each) == 1
    )
