"""A run after deltas and withdrawals does not repeat the search of an earlier run.

Whether two rows are a candidate pair depends on these two rows alone (`matching.incremental`).
If an earlier run searched in the same way, its pairs among remaining rows are still correct, so
only new rows are searched. The NIK leg, groups and facts are computed again. A second operator's
rerun searches everything and gets the same digest.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

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
    """Finished runs with these thresholds that came before a change of rows, latest first.

    Ordering a run again without such a change searches everything again: that is the purpose
    of such an order.
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
    project: Project,
    intake: Intake,
    earlier: Entry,
    order: Entry[RunOrder],
    now: RunData,
    folder: Path,
) -> bool:
    """Whether both searched in the same way: sampled bits are derived from rows and may differ.

    The earlier run's rows are in files under `folder` meanwhile.
    """
    if project.charter.matching.sampling_recall_ppm is None:
        return True
    with TemporaryDirectory(dir=folder) as earlier_rows:
        before = load_datasets(project, intake, earlier, Path(earlier_rows))
        tables = [plans.samplings(data, project.charter, order.body) for data in (before, now)]
    return tables[0] == tables[1]


def moves_since(project: Project, intake: Intake, earlier: Entry, now: RunData) -> list[Moves]:
    """For each dataset, where the rows of an earlier run are now."""
    return [
        moved(handles_of(project.until(earlier.index), intake, name), handle_keys(handles))
        for name, handles in zip(now.names, now.handles, strict=True)
    ]


def among_those_who_stay(found: Found, moves: Sequence[Moves]) -> Iterator[Candidates]:
    """The pairs that an earlier run found among remaining rows, in the current row numbers."""
    for number in sorted(found.finished()):
        yield carry_over(found.get(number), moves)
