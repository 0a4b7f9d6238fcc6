"""Both tables of two releases that were opened on this machine, ready to be compared."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from encoder.error_codes import EncoderCode
from encoder.released.changes.births import Births, days_between
from encoder.released.changes.change_list import Releases
from encoder.released.changes.pairs import Leaves
from encoder.released.lists.joined import JoinedRow, JoinedTable
from encoder.released.lists.of_release import AskedTable, charter_of, table_of
from encoder.released.programmes.columns import MappedTable
from encoder.steps.open_release import prepared_for
from encoder.steps.withdraw import withdrawn_handles
from encoder.steps.workspace import Workspace
from encoder.store.prepared import PreparedDataset
from policy.base.errors import BadInput, Refused
from policy.base.words import Words
from policy.statements import Decided


@dataclass(frozen=True)
class AskedChanges:
    """Which changes are asked for: `after` as a table, and where the earlier file is now.

    `born_since` is the day of the earlier edition; without it, by the log.
    """

    before: str
    after: AskedTable
    receives: str | None = None
    source_before: Path | None = None
    mapping_before: Path | None = None
    born_since: date | None = None


def releases_of(workspace: Workspace, asked: AskedChanges) -> Releases:
    """Both joined tables; needs no network.

    Raises BadInput if the releases are not in the order of their decisions or a column is missing,
    and Refused if both tell nothing in common, or a release does not tell of this dataset.
    """
    _require_order(workspace, asked)
    receives = () if asked.receives is None else (asked.receives,)
    after = replace(asked.after, columns=(*receives, *asked.after.columns))
    before = replace(
        after, release=asked.before, source=asked.source_before, mapping=asked.mapping_before
    )
    later = table_of(workspace, after)
    both = Releases(
        asked.before,
        after.release,
        table_of(workspace, before),
        later,
        asked.receives,
        births=_births(workspace, asked, later),
    )
    if not both.comparable().sources:
        raise _nothing_common(asked)
    return both


def _births(workspace: Workspace, asked: AskedChanges, later: JoinedTable) -> Births:
    project = workspace.session.project
    since, until = days_between(project, asked.before, asked.after.release)
    kinds = {each.name: each.kind for each in charter_of(workspace, asked.after.release).fields}
    return Births.of(asked.born_since or since, until, MappedTable(later.own, later.mapping, kinds))


def objected(workspace: Workspace, asked: AskedChanges, table: JoinedTable) -> Leaves:
    """Whether a row's person objected since: such a row is on no list of changes."""
    handles = withdrawn_handles(workspace, asked.after.dataset)
    ids: set[str] = set()
    if table.record_ids is not None:
        for prepared in (
            prepared_for(workspace, asked.after.release, asked.after.dataset),
            workspace.prepared(asked.after.dataset),
        ):
            ids |= _objected_ids(prepared)

    def has_objected(row: JoinedRow) -> bool:
        return row.handle in handles or row.record_id in ids

    return has_objected


def rules_changed(workspace: Workspace, asked: AskedChanges) -> bool:
    """Whether the charters of both releases say otherwise when rows match."""
    before, after = (charter_of(workspace, each) for each in (asked.before, asked.after.release))
    return before.matching != after.matching or before.release.grades != after.release.grades


def _objected_ids(prepared: PreparedDataset) -> set[str]:
    numbers = prepared.objected_rows()
    if not numbers:
        return set()
    rows = prepared.frozen_rows(objected=True)
    return {row.record_id for row in rows if row.row_number in numbers}


def _require_order(workspace: Workspace, asked: AskedChanges) -> None:
    project = workspace.session.project
    decided = [project.named(Decided, name) for name in (asked.before, asked.after.release)]
    # A release that was not decided is refused with its own reason when its table is made.
    if all(decided) and not decided[0][-1].index < decided[1][-1].index:
        raise BadInput(
            EncoderCode.CHANGES_ORDER,
            Words(
                f"{asked.before} tidak lebih dahulu diputuskan daripada {asked.after.release}.",
                f"{asked.before} was not decided before {asked.after.release}.",
            ),
            Words(
                "Sebut rilis yang lama dahulu, lalu yang baru.",
                "Name the earlier release first, then the later one.",
            ),
        )


def _nothing_common(asked: AskedChanges) -> Refused:
    return Refused(
        EncoderCode.CHANGES_NOTHING_COMMON,
        Words(
            f"{asked.before} dan {asked.after.release} tidak memberi tahu tentang sumber yang"
            " sama.",
            f"{asked.before} and {asked.after.release} tell of no source in common.",
        ),
        Words("Bandingkan rilis dari domain ID yang sama.", "Compare releases of one ID domain."),
    )
