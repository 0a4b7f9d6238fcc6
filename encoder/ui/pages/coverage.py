"""Step 10: the coverage of the list, as a page, a table, or a file for the meeting's report."""

from __future__ import annotations

from typing import Any, Literal

from fastapi import Request, UploadFile
from fastapi.responses import FileResponse, RedirectResponse, Response

from encoder.released.coverage.handed import reverse_to_give, take_reverse
from encoder.released.coverage.of_release import BothDirections, coverage_of
from encoder.released.lists.of_release import AskedTable
from encoder.steps.workspace import Workspace
from encoder.ui.chosen import copy_privately
from encoder.ui.pages.frame import OfficerFrame
from policy.base.errors import PadanError
from policy.base.files import shred_file
from policy.base.output import Output
from policy.base.words import Words
from policy.charter.source_names import source_title
from policy.charts.page import shown

CoverageForm = Literal["html", "xlsx", "json"]


class CoveragePages:
    """Counts of one release for the chosen dataset; no row leaves this machine by them."""

    def __init__(self, frame: OfficerFrame) -> None:
        self._frame, self._officer = frame, frame.officer

    def show(self, request: Request, release: str) -> Response:
        """The same counts as pictures on a page of this frame."""
        try:
            both = self._counts(release)
        except PadanError as error:
            return self._frame.refused(request, error, self._frame.address("results"))
        found, language = both.report(), self._frame.language(request)
        facts: dict[str, Any] = {
            "figures": [(name, shown(cell, language)) for name, cell in found.figures],
            "others": _others(both),
            "release": release,
        }
        return self._frame.show(request, "pictures", report=found, **facts)

    def _workspace(self) -> Workspace:
        return Workspace(self._officer.session(network=False))

    def _counts(self, release: str) -> BothDirections:
        return coverage_of(self._workspace(), AskedTable(release, self._officer.dataset))

    def file(self, request: Request, release: str, form: CoverageForm = "html") -> Response:
        """The counts that were kept, or fresh ones; the file is in the home folder too."""
        officer = self._officer
        out = officer.folder / f"{officer.dataset}.coverage-{release}.{form}"
        try:
            language = self._frame.language(request)
            self._counts(release).write(Output(out, may_replace=True), language)
        except PadanError as error:
            return self._frame.refused(request, error, self._frame.address("results"))
        name = f"{officer.dataset}-{release}-cakupan.{form}"
        return FileResponse(out, filename=name)

    def give(self, request: Request, release: str, on: str) -> Response:
        """Signed counts of one's own people who are not on another list, for its owner."""
        try:
            handed = reverse_to_give(self._workspace(), self._counts(release).coverage, on)
        except PadanError as error:
            return self._frame.refused(request, error, f"/results/{release}/pictures")
        name = f"{self._officer.dataset}-{release}-{on}.json"
        head = {"content-disposition": f'attachment; filename="{name}"'}
        return Response(handed.envelope.canonical() + b"\n", 200, head, "application/json")

    def take(self, request: Request, release: str, given: UploadFile) -> Response:
        """Keep the counts that another list's owner gave."""
        lent = self._officer.folder / f"{self._officer.dataset}.reverse"
        try:
            lent.parent.mkdir(parents=True, exist_ok=True)
            copy_privately(given.file, lent)
            take_reverse(self._workspace(), lent, release, self._officer.dataset)
        except PadanError as error:
            return self._frame.refused(request, error, f"/results/{release}/pictures")
        finally:
            shred_file(lent)
        return RedirectResponse(f"/results/{release}/pictures", 303)


def _others(both: BothDirections) -> list[tuple[str, Words]]:
    """Lists of which one's own counts may go to their owner: the only other one of a domain."""
    coverage, charter = both.coverage, both.charter
    owned = {each.id for each in charter.datasets_of(coverage.owner)}
    alone = (each.datasets[0] for each in coverage.shown if len(each.datasets) == 1)
    return [(each, source_title(charter, each)) for each in alone if each not in owned]
