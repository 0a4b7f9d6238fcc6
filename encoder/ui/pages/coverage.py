"""Step 10: the coverage of the list, as a page, a table, or a file for the meeting's report."""

from __future__ import annotations

from typing import Literal

from fastapi import Request
from fastapi.responses import FileResponse, Response

from encoder.released.coverage.of_release import BothDirections, coverage_of
from encoder.released.lists.of_release import AskedTable
from encoder.steps.workspace import Workspace
from encoder.ui.pages.frame import OfficerFrame
from policy.base.errors import PadanError
from policy.base.output import Output
from policy.charts.page import shown

CoverageForm = Literal["html", "xlsx", "json"]


class CoveragePages:
    """Counts of one release for the chosen dataset; no row leaves this machine by them."""

    def __init__(self, frame: OfficerFrame) -> None:
        self._frame, self._officer = frame, frame.officer

    def show(self, request: Request, release: str) -> Response:
        """The same counts as pictures on a page of this frame."""
        try:
            found = self._counts(release).report()
        except PadanError as error:
            return self._frame.refused(request, error, self._frame.address("results"))
        language = self._frame.language(request)
        figures = [(name, shown(cell, language)) for name, cell in found.figures]
        return self._frame.show(request, "pictures", report=found, figures=figures)

    def _counts(self, release: str) -> BothDirections:
        workspace = Workspace(self._officer.session(network=False))
        return coverage_of(workspace, AskedTable(release, self._officer.dataset))

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
