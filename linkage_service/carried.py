"""A run after withdrawals: nobody who stays is compared again.

Whether two rows are alike depends on these two alone (`matching.incremental`). Where an earlier
run searched the same bundles in the same way, and rows were only withdrawn since, what it found
among the others is what a search would find now. The NIK leg, groups and facts are made anew,
and a second operator's rerun, which searches everything, comes to the same digest.
"""

from __future__ import annotations

from collections.abc import Iterator

from linkage_service import outcome
from linkage_service.datasets import RunData
from linkage_service.found import Found
from linkage_service.matching import Candidates, carry_over, moved
from policy.project import Entry, Project, body_of
from policy.statements import RunFinished, RunOrder


def earlier_runs(project: Project, order: Entry) -> Iterator[tuple[str, Entry]]:
    """Finished runs with these thresholds since whose order rows were withdrawn, latest first.

    Each with its order. A run that repeats another without a withdrawal searches again: that
    is what it is for.
    """
    wanted = body_of(order, RunOrder).thresholds_ppm
    for finished in reversed(project.of(RunFinished)):
        entry = project.entry(body_of(finished, RunFinished).order)
        withdrawn = project.withdrawals(since=entry.index, until=order.index)
        if withdrawn and body_of(entry, RunOrder).thresholds_ppm == wanted:
            yield finished.statement.binding.run, entry


def searched_alike(project: Project, order: Entry, before: RunData, now: RunData) -> bool:
    """Tables of sampled bits are derived from the rows, and may be others now."""
    terms = body_of(order, RunOrder)
    earlier, later = (outcome.samplings(data, project.charter, terms) for data in (before, now))
    return earlier == later


def among_those_who_stay(found: Found, before: RunData, now: RunData) -> Iterator[Candidates]:
    """What an earlier run's units found, as rows of now."""
    moves = [moved(*handles) for handles in zip(before.handles, now.handles, strict=True)]
    for number in sorted(found.finished()):
        yield carry_over(found.get(number), moves)
