"""Steps 4 and 5: the file's quality, and its rows prepared."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from fastapi import Request, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from encoder.delta import freeze_delta
from encoder.freeze import freeze_dataset
from encoder.prepared import PreparedDataset
from encoder.quality import FileProfile, findings, forecast
from encoder.quality.findings import Finding
from encoder.quality.page import page as quality_page
from encoder.quality.table import SEVERITY
from encoder.readers.rules import explain
from encoder.refused import HEADER, KEPT, refused_table, summary
from encoder.ui.hints import finding_on_page
from encoder.ui.pages.frame import Frame
from encoder.workspace import Workspace
from policy.errors import PadanError
from policy.local_page.jobs import Advance
from policy.table_files.csv_text import blocks
from policy.words import Words, number


class RowPages:
    """What is wrong with the rows, and which of them go on."""

    def __init__(self, frame: Frame) -> None:
        self._frame, self._officer = frame, frame.officer

    def quality_facts(self) -> dict[str, Any]:
        job = self._officer.job_of("quality")
        profile = self._officer.profile()
        found = _findings(profile) if profile is not None else ()
        return {"profile": profile, "findings": found, "severity": SEVERITY, "job": job}

    def check_quality(self, request: Request) -> Response:
        return self._frame.do(request, "quality", self._officer.check_quality, "/step/quality")

    def quality_report(self) -> Response:
        profile = self._officer.profile()
        if profile is None:
            return RedirectResponse("/step/quality", 303)
        today = datetime.now(UTC).date()
        text = quality_page(profile, _findings(profile), forecast(profile.strata), today, "both")
        return HTMLResponse(text)

    def prepare_facts(self) -> dict[str, Any]:
        officer = self._officer
        job = officer.job_of("prepare")
        workspace = Workspace(officer.session(network=False))
        found, changes, rules = None, None, []
        path = workspace.prepared_path(officer.dataset, officer.generation)
        if path.exists():
            prepared = PreparedDataset(path)
            found = prepared.reconciliation()
            changes = prepared.changes() if officer.generation else None
            rules = [
                (each.outcome == KEPT, explain(each.rule), each.rows)
                for each in summary(prepared).rules
            ]
        officer.require_source()
        return {
            "found": found,
            "changes": changes,
            "rules": rules,
            "job": job,
        }

    def refused(self, request: Request) -> Response:
        """Which rows, by number and rule; no cell of them."""
        officer = self._officer
        try:
            prepared = Workspace(officer.session(network=False)).latest(officer.dataset)
        except PadanError as error:
            return self._frame.refused(request, error, self._frame.address("prepare"))
        name = f"{officer.dataset}-refused.csv"
        headers = {"content-disposition": f'attachment; filename="{name}"'}
        lines = b"".join(blocks(HEADER, refused_table(prepared)))
        return Response(lines, media_type="text/csv", headers=headers)

    def prepare(self, request: Request, suppress: UploadFile | None = None) -> Response:
        """The first rows; once they were sent, what changed in them."""
        officer = self._officer
        # The upload ends with this request, and the work goes on after it.
        listed = suppress is not None and bool(suppress.filename)
        ids = BytesIO(suppress.file.read()) if suppress is not None and listed else None

        def work(advance: Advance) -> Words:
            workspace = Workspace(officer.session())
            officer.require_unchanged()
            freeze = freeze_delta if officer.generation else freeze_dataset
            source, mapping = officer.require_source(), officer.mapping_file()
            with officer.lent(ids) as left_out:
                prepared, unknown = freeze(
                    workspace, officer.dataset, source, mapping, left_out, advance
                )
            people = number(prepared.reconciliation().people)
            missed = Words(
                f" {unknown} id di daftar itu tidak ada di {officer.dataset}: periksa daftarnya.",
                f" {unknown} ids of the list are not in {officer.dataset}: check the list.",
            )
            return Words(
                f"{people.id} orang disiapkan.{missed.id if unknown else ''}",
                f"{people.en} people prepared.{missed.en if unknown else ''}",
            )

        return self._frame.start(
            request, "prepare", Words("Menyiapkan baris", "Preparing rows"), None, work
        )


def _findings(profile: FileProfile) -> tuple[Finding, ...]:
    """Those of `check`, in the page's words."""
    return tuple(map(finding_on_page, findings(profile)))
