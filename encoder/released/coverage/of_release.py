"""The coverage of a release, for the command and the officer's page: counted, or as kept."""

from __future__ import annotations

from datetime import datetime

from encoder.released.coverage.making import kept_coverage, make_coverage
from encoder.released.coverage.report import HEADER, report, rows
from encoder.released.lists.of_release import AskedTable, table_of
from encoder.steps.open_release import opened_before
from encoder.steps.workspace import Workspace
from policy.base.dates import WIB
from policy.base.output import Output
from policy.gates.coverage import Coverage
from policy.terminal.report_files import write_report
from policy.terminal.table_files import TABLE, CsvFor, TableFile


def coverage_of(workspace: Workspace, asked: AskedTable, *, recount: bool = False) -> Coverage:
    """The counts kept before, or fresh ones; needs no network.

    Raises as `table_of` and `make_coverage`.
    """
    workspace.require_own(asked.dataset)
    release, dataset = asked.release, asked.dataset
    earlier = None if recount else kept_coverage(workspace, release, dataset)
    if earlier is not None:
        return earlier
    table = table_of(workspace, asked)
    opened = opened_before(workspace.session, release, dataset)
    today = datetime.now(WIB).date()
    return make_coverage(workspace, release, dataset, table, opened, today)


def write_coverage(found: Coverage, out: Output) -> None:
    """Write counts as .json, as a table (.xlsx, .csv, .parquet), or as a page (.html, .pdf)."""
    if out.suffix == ".json":
        out.write(found.canonical() + b"\n")
    elif out.suffix in TABLE.endings:
        TableFile.named(out, CsvFor.programs).write(HEADER, rows(found))
    else:
        write_report(out, report(found))
