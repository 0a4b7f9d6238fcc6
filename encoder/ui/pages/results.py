"""Step 10: releases, and the lists made of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import FileResponse, Response

from encoder.released.lists.by_name import ByNameList, by_name_list
from encoder.released.lists.list_files import Guide
from encoder.released.lists.of_release import AskedTable, guide_of, table_of
from encoder.released.lists.told import coded_areas, listed_facts
from encoder.source.mapping import load_mapping
from encoder.steps.open_release import is_opened, open_all, opened_before, prepared_for
from encoder.steps.workspace import Workspace
from encoder.ui.list_wish import FORMS, SPLITS, ListWish, write_download
from encoder.ui.listing import ListColumn, ReleaseFigures, figures_of, list_columns
from encoder.ui.pages.frame import OfficerFrame
from policy.base.errors import PadanError
from policy.base.words import Words
from policy.gates.rules import failing
from policy.project.naming import offices
from policy.statements import Decided
from policy.wire.session import Session

_PREVIEWED = 10


@dataclass(frozen=True)
class ReleaseView:
    """One decided release. `figures` once it is opened; `problem` says why there are none."""

    name: str
    released: bool
    reasons: Words
    opened: bool = False
    figures: ReleaseFigures | None = None
    columns: tuple[ListColumn, ...] = ()
    problem: PadanError | None = None


class ResultPages:
    """Step 10."""

    def __init__(self, frame: OfficerFrame) -> None:
        self._frame, self._officer = frame, frame.officer
        self._figures: dict[tuple[str, str, str], ReleaseFigures] = {}

    def result_facts(self) -> dict[str, Any]:
        session = self._officer.session()
        decided = [entry.body for entry in session.project.of(Decided)]
        return {
            "releases": [self._view(session, each) for each in decided],
            "naming": offices(session.project),
            "forms": FORMS,
            "splits": SPLITS,
        }

    def _view(self, session: Session, decided: Decided) -> ReleaseView:
        name, released = decided.release, decided.is_released
        reasons = failing(session.charter.law, decided.rules)
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
        wish = ListWish.of(request, self._frame.language(request))
        try:
            with self._listed(release, wish) as listing:
                facts: dict[str, Any] = {
                    "header": listing.listed.columns.header,
                    "rows": listing.listed.first(_PREVIEWED),
                    "facts": listed_facts(listing.listed, graded=listing.graded),
                    "summary": _first_areas(listing.listed),
                    "coded": coded_areas(listing.listed.areas.coded()),
                }
        except PadanError as error:
            return self._frame.refused(request, error, self._frame.address("results"))
        return self._frame.show(request, "preview", release=release, wish=wish, **facts)

    def people(self, request: Request, release: str) -> Response:
        """The list as a file: kept in the home folder, and in the register of lists."""
        officer, wish = self._officer, ListWish.of(request, self._frame.language(request))
        stem = f"{officer.dataset}.list-{release}"
        try:
            workspace = Workspace(officer.session(network=False))
            with self._listed(release, wish) as listing:
                folder, register = officer.folder, workspace.register("people")
                out = write_download(listing.listed, listing.guide, folder, stem, wish, register)
        except PadanError as error:
            return self._frame.refused(request, error, self._frame.address("results"))
        return FileResponse(out, filename=f"{officer.dataset}-{release}{out.suffix}")

    @contextmanager
    def _listed(self, release: str, wish: ListWish) -> Iterator[_Listing]:
        workspace = Workspace(self._officer.session(network=False))
        asked = AskedTable(
            release,
            self._officer.dataset,
            wish.source,
            None,
            wish.columns,
            wish.despite_changes,
        )
        choices = wish.choices()
        table = table_of(workspace, asked, everybody=choices.everybody)
        choices = choices.within(graded=table.graded)
        with by_name_list(table, choices, marks_changes=wish.despite_changes) as listed:
            yield _Listing(listed, guide_of(workspace, table, asked), table.graded)


@dataclass(frozen=True)
class _Listing:
    """A list that is ready, and how to read it."""

    listed: ByNameList
    guide: Guide
    graded: bool


def _first_areas(listed: ByNameList) -> tuple[list[str], list[list[str | int]], int]:
    """Header and first rows of the summary with its total, and how many areas are left out."""
    header, rows = listed.areas.summary()
    *areas, total = rows
    return header, [*areas[:_PREVIEWED], total], max(0, len(areas) - _PREVIEWED)
