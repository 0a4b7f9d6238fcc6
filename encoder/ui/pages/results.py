"""Where the project stands, and what was released."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Query, Request
from fastapi.responses import FileResponse, Response

from encoder.opening import is_opened, open_all, opened_before, prepared_for
from encoder.people import write_people
from encoder.presets.layouts import Role
from encoder.presets.proposal import propose
from encoder.ui.pages.frame import Frame
from encoder.workspace import Workspace
from policy.errors import PadanError
from policy.output import Output
from policy.progress import next_step, steps_done
from policy.project import body_of
from policy.statements import Decided
from policy.table_files import TableFile

_OF_AN_ADDRESS: frozenset[Role] = frozenset(["address", "rt", "rw", "rt_rw", "village", "postal"])


class ResultPages:
    """Steps 9 and 10."""

    def __init__(self, frame: Frame) -> None:
        self._frame, self._officer = frame, frame.officer

    def status_facts(self) -> dict[str, Any]:
        session = self._officer.session()
        return {
            "title": session.charter.title,
            "taken": steps_done(session.project),
            "next": next_step(session.project),
        }

    def result_facts(self) -> dict[str, Any]:
        session = self._officer.session()
        releases = []
        for entry in session.project.of(Decided):
            decided = body_of(entry, Decided)
            released = decided.verdict == "released"
            opened = released and is_opened(session, decided.release, self._officer.dataset)
            reasons = [rule.rule for rule in decided.rules if not rule.passed]
            releases.append((decided.release, released, opened, reasons))
        return {"releases": releases, "columns": self._other_columns()}

    def _other_columns(self) -> list[tuple[str, bool]]:
        """Columns that the mapping does not read, and whether they are of an address."""
        try:
            found, mapping = self._officer.inspection(), self._officer.mapping()
        except (PadanError, OSError):
            return []  # the source has gone: the list says so when it is asked for
        unread = {each.column for each in found.payload} | set(mapping.source_columns())
        others = [each for each in found.columns if each and each not in unread]
        roles = propose(found.columns, found.fit.layout if found.fit else None).roles
        where = {column for role, column in roles.items() if role in _OF_AN_ADDRESS}
        return [(each, each in where) for each in others]

    def open_release(self, request: Request, release: str) -> Response:
        def act() -> None:
            for _ in open_all(self._officer.session(), release):
                pass

        return self._frame.do(request, "results", act, "/step/results")

    def people(
        self, request: Request, release: str, column: Annotated[list[str] | None, Query()] = None
    ) -> Response:
        officer = self._officer
        try:
            session = officer.session(network=False)
            workspace = Workspace(session)
            prepared = prepared_for(workspace, release, officer.dataset)
            opened = opened_before(session, release, officer.dataset)
            out = officer.folder / f"{officer.dataset}-{release}.csv"
            table = TableFile(Output(out, may_replace=True))
            write_people(prepared, opened, table, tuple(column or ()))
            workspace.remember(out, "people")
        except PadanError as error:
            return self._frame.refused(request, error, self._frame.address("results"))
        return FileResponse(out, media_type="text/csv", filename=out.name)
