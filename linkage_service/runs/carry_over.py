"""A run after deltas and withdrawals: what an earlier one searched is not searched again.

Whether two rows are alike depends on these two alone (`matching.incremental`). Where an earlier
run searched in the same way, what it found among the rows that stay is what a search would find
now; only rows that came since are searched. The NIK leg, groups and facts are made anew, and a
second operator's rerun, which searches everything, comes to the same digest.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from linkage_service.intake.arrays import RunData, load_datasets
from linkage_service.intake.bundles import Intake
from linkage_service.intake.present_rows import handles_of
from linkage_service.matching import Candidates, Moves, carry_over, handle_keys, moved
from linkage_service.runs import plans
from linkage_service.runs.tile_results import Found
from policy.project import Entry, Project, RunRecord
from policy.project.row_counts import changed
from policy.statements import RunFinished, RunOrder


def earlier_runs(project: Project, order: Entry[RunOrder]) -> Iterator[RunRecord]:
    """Finished runs with these thresholds since whose order rows came or went, latest first.

    A run that repeats another without such a change searches again: that
    is what it is for.
    """
    wanted, before = order.body.thresholds_ppm, project.until(order.index)
    for finished in reversed(before.of(RunFinished)):
        run = before.run_ended_by(finished.digest)
        if run.order.body.thresholds_ppm != wanted:
            continue
        if not changed(before, run.order.index):
            return
        yield run


def searched_alike(
    project: Project, intake: Intake, earlier: Entry, order: Entry[RunOrder], now: RunData
) -> bool:
    """Tables of sampled bits are derived from the rows, and may be others now."""
    if project.charter.matching.sampling_recall_ppm is None:
        return True
    before, terms = load_datasets(project, intake, earlier), order.body
    tables = [plans.samplings(data, project.charter, terms) for data in (before, now)]
    return tables[0] == tables[1]


def moves_since(project: Project, intake: Intake, earlier: Entry, now: RunData) -> list[Moves]:
    """Where the rows of an earlier run stand now, for each dataset."""
    return [
        moved(handles_of(project.until(earlier.index), intake, name), handle_keys(handles))
        for name, handles in zip(now.names, now.handles, strict=True)
    ]


def among_those_who_stay(found: Found, moves: Sequence[Moves]) -> Iterator[Candidates]:
    """What an earlier run's units found, as rows of now."""
    for number in sorted(found.finished()):
        yield carry_over(found.get(number), moves)
