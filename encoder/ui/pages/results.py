"""The state of the project, and its releases."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import FileResponse, Response

from encoder.source.mapping import load_mapping
from encoder.steps.lists import PeopleWritten, write_people
from encoder.steps.open_release import is_opened, open_all, opened_before, prepared_for
from encoder.steps.source_match import source_now
from encoder.steps.workspace import Workspace
from encoder.ui.listing import FirstRows, ListColumn, ReleaseFigures, figures_of, list_columns
from encoder.ui.pages.frame import OfficerFrame
from policy.base.errors import PadanError
from policy.base.output import Output
from policy.base.words import Words
from policy.project.progress import next_step, steps_done
from policy.statements import Decided
from policy.terminal.table_files import CsvFor, Table, TableFile
from policy.wire.session import Session

_PREVIEWED = 10

FORMS: tuple[tuple[str, Words], ...] = (
    ("csv", Words("CSV untuk program lain (koma)", "CSV for other programs (commas)")),
    ("csv-excel", Words("CSV untuk Excel (titik koma)", "CSV for Excel (semicolons)")),
    ("xlsx", Words("buku kerja Excel, NIK sebagai teks", "Excel workbook, NIK as text")),
)


@dataclass(frozen=True)
class ReleaseView:
    """One decided release. `figures` once it is opened; `problem` says why there are none."""

    name: str
    released: bool
    reasons: list[str]
    opened: bool = False
    figures: ReleaseFigures | None = None
    columns: tuple[ListColumn, ...] = ()
    problem: PadanError | None = None


@dataclass(frozen=True)
class Wish:
    """An officer's wishes for a list: columns, the form of the file, and the source's path."""

    columns: tuple[str, ...]
    form: str
    source: Path | None
    despite_changes: bool

    @classmethod
    def of(cls, request: Request) -> Wish:
        asked = request.query_params
        place, form = asked.get("source", "").strip(), asked.get("form", "")
        return cls(
            tuple(asked.getlist("column")),
            form if form in dict(FORMS) else FORMS[0][0],
            Path(place).expanduser() if place else None,
            "despite" in asked,
        )

    @property
    def ending(self) -> str:
        return ".xlsx" if self.form == "xlsx" else ".csv"

    @property
    def csv_for(self) -> CsvFor:
        return CsvFor.excel if self.form == "csv-excel" else CsvFor.programs


class ResultPages:
    """Steps 9 and 10."""

    def __init__(self, frame: OfficerFrame) -> None:
        self._frame, self._officer = frame, frame.officer
        self._figures: dict[tuple[str, str, str], ReleaseFigures] = {}

    def status_facts(self) -> dict[str, Any]:
        session = self._officer.session()
        return {
            "title": session.charter.title,
            "taken": steps_done(session.project),
            "next": next_step(session.project),
        }

    def result_facts(self) -> dict[str, Any]:
        session = self._officer.session()
        decided = [entry.body for entry in session.project.of(Decided)]
        return {"releases": [self._view(session, each) for each in decided], "forms": FORMS}

    def _view(self, session: Session, decided: Decided) -> ReleaseView:
        name, released = decided.release, decided.is_released
        reasons = [rule.rule for rule in decided.rules if not rule.passed]
        if not released or not is_opened(session, name, self._officer.dataset):
            return ReleaseView(name, released, reasons)
        try:
            figures = self._figures_of(session, name)
        except PadanError as error:
            return ReleaseView(name, released, reasons, opened=True, problem=error)
        columns, problem = self._columns_of(session, name) if figures.tells else ((), None)
        return ReleaseView(name, released, reasons, True, figures, columns, problem)

    def _figures_of(self, session: Session, release: str) -> ReleaseFigures:
        dataset = self._officer.dataset
        key = (session.project_id, release, dataset)
        if key not in self._figures:
            prepared = prepared_for(Workspace(session), release, dataset)
            self._figures[key] = figures_of(prepared, opened_before(session, release, dataset))
        return self._figures[key]

    def _columns_of(
        self, session: Session, release: str
    ) -> tuple[tuple[ListColumn, ...], PadanError | None]:
        """Columns that can be added; empty if the source is no longer at its path."""
        try:
            prepared = prepared_for(Workspace(session), release, self._officer.dataset)
            mapping = load_mapping(Path(prepared.meta("mapping")))
            return list_columns(Path(prepared.meta("source")), mapping), None
        except PadanError as error:
            return (), error

    def open_release(self, request: Request, release: str) -> Response:
        def act() -> None:
            for _ in open_all(self._officer.session(), release):
                pass

        return self._frame.do(request, "results", act, "/step/results")

    def preview(self, request: Request, release: str) -> Response:
        """The first rows of the list, for the officer whose list it is; nothing caches a page."""
        wish, rows = Wish.of(request), FirstRows(_PREVIEWED)
        try:
            written = self._write(release, wish, rows)
        except PadanError as error:
            return self._frame.refused(request, error, self._frame.address("results"))
        return self._frame.show(
            request, "preview", release=release, wish=wish, written=written, table=rows
        )

    def people(self, request: Request, release: str) -> Response:
        """The list as a file: kept in the home folder, and in the register of lists."""
        officer, wish = self._officer, Wish.of(request)
        out = officer.folder / f"{officer.dataset}.list-{release}{wish.ending}"
        output = Output(out, may_replace=True)
        try:
            self._write(release, wish, TableFile.named(output, wish.csv_for))
            Workspace(officer.session(network=False)).remember(out, "people")
        except PadanError as error:
            return self._frame.refused(request, error, self._frame.address("results"))
        return FileResponse(out, filename=f"{officer.dataset}-{release}{wish.ending}")

    def _write(self, release: str, wish: Wish, out: Table) -> PeopleWritten:
        session = self._officer.session(network=False)
        workspace = Workspace(session)
        prepared = prepared_for(workspace, release, self._officer.dataset)
        opened = opened_before(session, release, self._officer.dataset)
        source = source_now(prepared, session.charter, wish.source, None, workspace.seal())
        return write_people(
            prepared,
            session.charter,
            source,
            opened,
            out,
            wish.columns,
            despite_changes=wish.despite_changes,
        )
