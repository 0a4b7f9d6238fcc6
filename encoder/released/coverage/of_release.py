"""The coverage of a release, for the command and the officer's page: counted, or as kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from encoder.released.coverage.handed import reverse_taken
from encoder.released.coverage.making import kept_coverage, make_coverage
from encoder.released.coverage.report import report
from encoder.released.coverage.table import header, rows
from encoder.released.lists.code_books import region_code
from encoder.released.lists.of_release import AskedTable, charter_of, table_of
from encoder.steps.open_release import opened_before
from encoder.steps.workspace import Workspace
from policy.base.dates import WIB
from policy.base.output import Output
from policy.base.words import Language
from policy.charter import Charter
from policy.charts.page import ReportPage
from policy.gates.coverage import Coverage
from policy.gates.reverse_coverage import ReverseCoverage
from policy.terminal.report_files import write_report
from policy.terminal.table_files import TABLE, CsvFor, TableFile


@dataclass(frozen=True)
class BothDirections:
    """One's own counts, and what owners of other lists gave about people who are not on it."""

    coverage: Coverage
    reverse: tuple[ReverseCoverage, ...]
    charter: Charter

    def report(self) -> ReportPage:
        return report(self.coverage, self.charter, self.reverse)

    def write(self, out: Output, language: Language) -> None:
        """Write a page (.html, .pdf), a table (.xlsx, .csv, .parquet), or one's own counts alone
        (.json).
        """
        if out.suffix == ".json":
            out.write(self.coverage.canonical() + b"\n")
        elif out.suffix in TABLE.endings:
            named = self.charter.region
            region = region_code(named.code, named.codebook) if named else ""
            lines = rows(self.coverage, region, self.reverse, language)
            TableFile.named(out, CsvFor.programs).write(header(language), lines)
        else:
            write_report(out, self.report())


def coverage_of(
    workspace: Workspace, asked: AskedTable, *, recount: bool = False
) -> BothDirections:
    """The counts kept before, or fresh ones; needs no network.

    Raises as `table_of` and `make_coverage`.
    """
    workspace.require_own(asked.dataset)
    release, dataset = asked.release, asked.dataset
    found = None if recount else kept_coverage(workspace, release, dataset)
    if found is None:
        table = table_of(workspace, asked)
        opened = opened_before(workspace.session, release, dataset)
        today = datetime.now(WIB).date()
        found = make_coverage(workspace, release, dataset, table, opened, today)
    reverse = reverse_taken(workspace, release, dataset)
    return BothDirections(found, reverse, charter_of(workspace, release))
