"""Where the project stands, and what was released."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

from fastapi import Query, Request
from fastapi.responses import FileResponse, Response

from encoder.mapping import load_mapping
from encoder.opening import is_opened, open_all, opened_before, prepared_for
from encoder.people import write_people
from encoder.source_match import source_now
from encoder.ui.listing import ListColumn, ReleaseFigures, figures_of, list_columns
from encoder.ui.pages.frame import Frame
from encoder.workspace import Workspace
from policy.client import Session
from policy.errors import PadanError
from policy.output import Output
from policy.progress import next_step, steps_done
from policy.project import body_of
from policy.statements import Decided
from policy.table_files import TableFile

_PREVIEWED = 10

Columns = Annotated[list[str] | None, Query()]


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


class ResultPages:
    """Steps 9 and 10."""

    def __init__(self, frame: Frame) -> None:
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
        decided = [body_of(entry, Decided) for entry in session.project.of(Decided)]
        return {"releases": [self._view(session, each) for each in decided]}

    def _view(self, session: Session, decided: Decided) -> ReleaseView:
        name, released = decided.release, decided.verdict == "released"
        reasons = [rule.rule for rule in decided.rules if not rule.passed]
        if not released or not is_opened(session, name, self._officer.dataset):
            return ReleaseView(name, released, reasons)
        try:
            figures, columns = self._of_release(session, name)
        except PadanError as error:
            return ReleaseView(name, released, reasons, opened=True, problem=error)
        return ReleaseView(name, released, reasons, True, figures, columns)

    def _of_release(
        self, session: Session, release: str
    ) -> tuple[ReleaseFigures, tuple[ListColumn, ...]]:
        dataset = self._officer.dataset
        prepared = prepared_for(Workspace(session), release, dataset)
        key = (session.project_id, release, dataset)
        if key not in self._figures:
            self._figures[key] = figures_of(prepared, opened_before(session, release, dataset))
        figures = self._figures[key]
        if not figures.tells:
            return figures, ()
        mapping = load_mapping(Path(prepared.meta("mapping")))
        return figures, list_columns(Path(prepared.meta("source")), mapping)

    def open_release(self, request: Request, release: str) -> Response:
        def act() -> None:
            for _ in open_all(self._officer.session(), release):
                pass

        return self._frame.do(request, "results", act, "/step/results")

    def preview(self, request: Request, release: str, column: Columns = None) -> Response:
        """The first rows of the list, for the officer whose list it is; nothing caches a page."""
        try:
            out, rows = self._write(release, column)
        except PadanError as error:
            return self._frame.refused(request, error, self._frame.address("results"))
        with out.open(newline="", encoding="utf-8") as file:
            lines = csv.reader(file)
            head, first = next(lines), list(islice(lines, _PREVIEWED))
        return self._frame.show(
            request,
            "preview",
            release=release,
            rows=rows,
            columns=column or [],
            head=head,
            first=first,
        )

    def people(self, request: Request, release: str, column: Columns = None) -> Response:
        try:
            out, _ = self._write(release, column)
        except PadanError as error:
            return self._frame.refused(request, error, self._frame.address("results"))
        name = f"{self._officer.dataset}-{release}.csv"
        return FileResponse(out, media_type="text/csv", filename=name)

    def _write(self, release: str, columns: list[str] | None) -> tuple[Path, int]:
        """The list in the home folder, entered into the register of lists; and its rows."""
        officer = self._officer
        session = officer.session(network=False)
        workspace = Workspace(session)
        prepared = prepared_for(workspace, release, officer.dataset)
        opened = opened_before(session, release, officer.dataset)
        out = officer.folder / f"{officer.dataset}.list-{release}.csv"
        source = source_now(prepared, session.charter, None, None, workspace.seal())
        table = TableFile(Output(out, may_replace=True))
        written = write_people(
            prepared, session.charter, source, opened, table, tuple(columns or ())
        )
        workspace.remember(out, "people")
        return out, written.rows
