"""How many rows of a dataset a run uses, and how many came and went since another run.

These are counts from the log alone. The service checked each count when it accepted the statement
(`linkage_service.intake.present_rows`, which also knows the handles). A run uses the rows that were
current when it was ordered: use `project.until(order.index)`.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from policy.project import Project
from policy.statements import Delta, RunOrder, Withdrawn


@dataclass(frozen=True)
class RowsChanged:
    """Changed rows of one dataset. A changed row counts as one gone and one added."""

    added: int
    gone: int


def rows_of(project: Project, dataset: str) -> int:
    """The current number of rows, canaries included; the dataset's bundle must be in the log."""
    bundle = project.bundles()[dataset].body
    change = change_since(project, dataset, 0)
    return bundle.count + change.added - change.gone


def change_since(project: Project, dataset: str, index: int) -> RowsChanged:
    """What deltas and withdrawals changed at this index of the log or later.

    A row that was added and then withdrawn counts on both sides.
    """
    deltas = [each for each in project.deltas(index) if each.dataset == dataset]
    withdrawn = [each for each in project.withdrawals(index) if each.dataset == dataset]
    return RowsChanged(
        added=sum(each.sent for each in deltas),
        gone=sum(each.gone for each in deltas) + sum(each.count for each in withdrawn),
    )


def rows_gone(project: Project, since: int) -> int:
    """How many rows of all datasets left at this index of the log or later."""
    return sum(change_since(project, each, since).gone for each in project.charter.dataset_ids)


def taken_away(project: Project, since: int) -> tuple[str, ...]:
    """The digests of the withdrawals and deltas that removed rows at this index or later."""
    deltas = (
        entry
        for entry in project.accepted(since)
        if isinstance(entry.body, Delta) and entry.body.gone
    )
    withdrawn = (entry for entry in project.of(Withdrawn) if entry.index >= since)
    return tuple(e.digest for e in sorted((*deltas, *withdrawn), key=lambda e: e.index))


def changed(project: Project, since: int) -> bool:
    """Whether any row came or went at this index of the log or later."""
    return bool(project.deltas(since) or project.withdrawals(since))


def changes_between_orders(project: Project, *, pending: bool = False) -> int:
    """How many parties changed rows by deltas, summed over each pair of successive orders.

    With `pending`, an order is about to follow the last one. Changes before the first order do not
    count: nothing had been matched when their rows were chosen.
    """
    ends = [entry.index for entry in project.of(RunOrder)] + [project.size] * pending
    owner = {each.id: each.owner for each in project.charter.datasets}
    return sum(
        len({owner[delta.dataset] for delta in project.until(end).deltas(start)})
        for start, end in pairwise(ends)
    )
