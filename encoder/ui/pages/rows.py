"""Steps 4 and 5: the file's quality, and its rows prepared."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import Form, Request, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from encoder.quality import FileProfile, findings, forecast
from encoder.quality.figures import sections
from encoder.quality.findings import QualityFinding
from encoder.quality.page import page as quality_page
from encoder.quality.table import SEVERITY
from encoder.source.cell_usage import OUTCOMES, FieldUsage, UsageTable
from encoder.source.lines import Lines
from encoder.source.readers import SUPPRESSED
from encoder.steps.consent import NeedsConsent
from encoder.steps.delta import freeze_delta
from encoder.steps.id_lists import ROW_NUMBERS, ROWS_OF_SEVERAL, ListMeaning, SharedPerson
from encoder.steps.prepare import freeze_dataset
from encoder.steps.suppressed import shared_of
from encoder.steps.workspace import Workspace
from encoder.store.generations import Changes
from encoder.store.prepared import PreparedDataset, Reconciliation
from encoder.store.refused import HEADER, RuleCount, refused_table, summary
from encoder.ui.hints import finding_on_page
from encoder.ui.officer import DroppedIds, Officer
from encoder.ui.pages.frame import OfficerFrame
from policy.base.errors import PadanError
from policy.base.words import Words, number
from policy.charts.page import Figure
from policy.terminal.local_page.jobs import Advance
from policy.terminal.table_files.csv_text import blocks


@dataclass(frozen=True)
class PrepareOutcome:
    """What prepared rows came from: rows, changes since they were sent, and rules."""

    counts: Reconciliation
    changes: Changes | None
    rules: tuple[RuleCount, ...]
    usage: UsageTable
    shared: tuple[SharedPerson, ...]
    lines: Lines

    @property
    def doubtful(self) -> list[FieldUsage]:
        """Fields with a cell that met a rule or gave no value."""
        return [each for each in self.usage.fields if each.rules or each.lost]

    @property
    def clean(self) -> list[FieldUsage]:
        return [each for each in self.usage.fields if not each.rules and not each.lost]

    @property
    def leaves_out(self) -> bool:
        """People who object were left out of these rows."""
        return any(each.rule == SUPPRESSED for each in self.rules)

    @classmethod
    def of(cls, prepared: PreparedDataset) -> PrepareOutcome:
        changes = prepared.changes() if prepared.generation else None
        return cls(
            prepared.reconciliation(),
            changes,
            summary(prepared).rules,
            prepared.usage(),
            shared_of(prepared),
            prepared.lines(),
        )


class RowPages:
    """The problems of the rows, and which rows are used."""

    def __init__(self, frame: OfficerFrame) -> None:
        self._frame, self._officer = frame, frame.officer

    def quality_facts(self) -> dict[str, Any]:
        job = self._officer.job_of("quality")
        profile = self._officer.profile()
        found = _findings(profile) if profile is not None else ()
        return {
            "profile": profile,
            "findings": found,
            "severity": SEVERITY,
            "pictures": _pictures(profile) if profile is not None else (),
            "job": job,
        }

    def check_quality(self, request: Request) -> Response:
        return self._frame.do(request, "quality", self._officer.check_quality, "/step/quality")

    def quality_report(self) -> Response:
        profile = self._officer.profile()
        if profile is None:
            return RedirectResponse("/step/quality", 303)
        chosen, today = self._officer.chosen, datetime.now(UTC).date()
        profile = replace(profile, file=(chosen.name if chosen else "") or profile.file)
        text = quality_page(profile, _findings(profile), forecast(profile.strata), today, "both")
        return HTMLResponse(text)

    def prepare_facts(self) -> dict[str, Any]:
        officer = self._officer
        job = officer.job_of("prepare")
        workspace = Workspace(officer.session(network=False))
        path = workspace.prepared_path(officer.dataset, officer.generation)
        officer.require_source()
        outcome = PrepareOutcome.of(PreparedDataset(path)) if path.exists() else None
        later = outcome is not None and officer.chosen_after(path)
        return {"found": outcome, "later": later, "job": job, "outcomes": OUTCOMES}

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

    def prepare(
        self,
        request: Request,
        suppress: UploadFile | None = None,
        row_numbers: Annotated[bool, Form()] = False,
    ) -> Response:
        """Prepare the first rows, or after these were sent, the changes."""
        officer = self._officer
        # The upload ends with this request, but the work continues.
        ids = None
        if suppress is not None and suppress.filename:
            ids = DroppedIds(suppress.filename, suppress.file.read())

        def work(advance: Advance, agreed: frozenset[str]) -> Words:
            return freeze_rows(officer, advance, agreed, ids, row_numbers=row_numbers)

        title = Words("Menyiapkan baris", "Preparing rows")
        return self._frame.do(
            request,
            "prepare",
            lambda: officer.ask_and_work("prepare", title, work),
            "/step/prepare",
        )

    def confirm(self, request: Request, code: Annotated[str, Form()] = "") -> Response:
        """Continue work that asked a question, with the same list of ids."""
        job = self._officer.job
        step = "prepare" if job is None else job.step
        return self._frame.do(
            request, step, lambda: self._officer.confirm(code), self._frame.address(step)
        )


def freeze_rows(
    officer: Officer,
    advance: Advance,
    agreed: frozenset[str],
    ids: DroppedIds | None = None,
    *,
    row_numbers: bool = False,
) -> Words:
    """Freeze the chosen file's rows, or what changed in them; returns what became of them.

    `agreed` are the codes of questions that the officer answered with yes; raises NeedsConsent for
    another one. `ids` are people to leave out.
    """

    def accept(doubt: NeedsConsent) -> None:
        if doubt.code not in agreed:
            raise doubt

    workspace = Workspace(officer.session())
    officer.require_unchanged()
    freeze = freeze_delta if officer.generation else freeze_dataset
    source, mapping = officer.require_source(), officer.mapping_file()
    meaning = ListMeaning(row_numbers or ROW_NUMBERS in agreed, ROWS_OF_SEVERAL in agreed)
    with officer.lent(ids) as left_out:
        prepared, unknown = freeze(
            workspace, officer.dataset, source, mapping, left_out, advance, meaning, accept
        )
    told = [_prepared(prepared)]
    if ids is not None:
        told += _left_out(prepared, unknown, officer.dataset)
    return Words(" ".join(w.id for w in told), " ".join(w.en for w in told))


def _prepared(prepared: PreparedDataset) -> Words:
    people = number(prepared.reconciliation().people)
    return Words(f"{people.id} orang disiapkan.", f"{people.en} people prepared.")


def _left_out(prepared: PreparedDataset, unknown: int, dataset: str) -> list[Words]:
    """Messages on the use of a list of objections."""
    rows = number(prepared.reconciliation().refused.get(SUPPRESSED, 0))
    told = [
        Words(
            f"{rows.id} baris tidak disertakan menurut daftar itu.",
            f"{rows.en} rows are left out by that list.",
        )
    ]
    if unknown:
        told.append(
            Words(
                f"{unknown} id di daftar itu tidak ada di {dataset}: periksa daftarnya.",
                f"{unknown} ids of the list are not in {dataset}: check the list.",
            )
        )
    return told


def _pictures(profile: FileProfile) -> tuple[Figure, ...]:
    """The two charts that tell most: what will be found, and which fields are filled."""
    shown = sections(profile, forecast(profile.strata))[:2]
    return tuple(chart.figure() for section in shown for chart in section.charts)


def _findings(profile: FileProfile) -> tuple[QualityFinding, ...]:
    """Those of `check`, in the page's words."""
    return tuple(map(finding_on_page, findings(profile)))
