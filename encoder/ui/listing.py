"""A release's figures for the agency's own list: people, domains, columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from encoder.released.lists.joined import source_header
from encoder.released.lists.place_columns import PlaceColumns
from encoder.source.mapping import Mapping
from encoder.source.presets.layouts import recognise
from encoder.source.presets.payload import payload_reason
from encoder.steps.check_release import OpenedFile
from encoder.steps.open_release import is_opened
from encoder.store.prepared import PreparedDataset
from policy.statements import Decided
from policy.wire.session import Session


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

    @property
    def graded(self) -> bool:
        """Whether somebody is to be verified, or could be."""
        return any(each.to_verify is not None for each in self.domains)


@dataclass(frozen=True)
class ListColumn:
    """A column of one's own file that the mapping does not read.

    Those of an address are on the list in any case; others can be added.
    """

    name: str
    of_address: bool
    of_programme: bool


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


def opened_releases(session: Session, dataset: str) -> list[str]:
    """The releases of this dataset that were opened on this machine, in their order."""
    decided = [entry.body for entry in session.project.of(Decided)]
    return [
        each.release
        for each in decided
        if each.is_released and is_opened(session, each.release, dataset)
    ]


def list_columns(path: Path, mapping: Mapping) -> tuple[ListColumn, ...]:
    """The columns that the mapping does not read; what it reads is on the list in any case."""
    columns = source_header(path, mapping)
    fit = recognise(columns)
    layout = fit.layout if fit else None
    where = set(PlaceColumns.of(columns, mapping).names())
    read = set(mapping.source_columns())
    return tuple(
        ListColumn(each, each in where, payload_reason(each, layout) is not None)
        for each in dict.fromkeys(columns)
        if each and each not in read and columns.count(each) == 1
    )
