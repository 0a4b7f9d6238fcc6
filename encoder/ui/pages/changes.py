"""Step 12: what changed for the agency's own people between two releases, and why."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

from fastapi import Form, Request
from fastapi.responses import FileResponse, RedirectResponse, Response

from encoder.released.changes.change_list import change_list
from encoder.released.changes.from_releases import (
    AskedChanges,
    objected,
    releases_of,
    rules_changed,
)
from encoder.released.changes.kinds import MEANINGS, NOTICE, ChangeKind, FollowUp
from encoder.released.changes.sheets import ACTIONS, ChangesReport
from encoder.released.lists.of_release import AskedTable
from encoder.source.mapping import load_mapping
from encoder.steps.open_release import prepared_for
from encoder.steps.workspace import Workspace
from encoder.ui.listing import list_columns, opened_releases
from encoder.ui.pages.frame import OfficerFrame
from policy.base.dates import read_day
from policy.base.errors import PadanError
from policy.base.output import Output
from policy.base.words import Language, Words, number
from policy.terminal.local_page.jobs import Advance
from policy.terminal.table_files import CsvFor, TableFile
from policy.wire.session import Session

_SHOWN = 10


@dataclass(frozen=True)
class KindOfChange:
    """One kind in words, what is done about it, and how many changes are of it."""

    title: Words
    advice: Words
    action: FollowUp
    count: int


@dataclass(frozen=True)
class MadeChanges:
    """A list that was made on this page: its file, its counts and its first rows."""

    chosen: tuple[str, str]
    releases: tuple[str, str]
    file: Path
    compared: int
    changed: int
    kinds: tuple[KindOfChange, ...]
    notes: tuple[Words, ...]
    header: tuple[str, ...]
    first: tuple[tuple[str, ...], ...] = field(repr=False)


class ChangePages:
    """Choose two releases, look at what changed, take the list away."""

    def __init__(self, frame: OfficerFrame) -> None:
        self._frame, self._officer = frame, frame.officer
        self._made: MadeChanges | None = None

    def facts(self) -> dict[str, Any]:
        officer = self._officer
        session = officer.session(network=False)
        releases = opened_releases(session, officer.dataset)
        return {
            "releases": releases,
            "columns": self._own_columns(session, releases),
            "made": self._mine(),
            "job": officer.job_of("changes"),
            "notice": NOTICE,
            "actions": ACTIONS,
        }

    def _own_columns(self, session: Session, releases: list[str]) -> list[str]:
        """Columns that may say who receives the aid; none if the source is no longer there."""
        if not releases:
            return []
        try:
            prepared = prepared_for(Workspace(session), releases[-1], self._officer.dataset)
            mapping = load_mapping(Path(prepared.meta("mapping")))
            found = list_columns(Path(prepared.meta("source")), mapping)
        except PadanError:
            return []
        return [each.name for each in found if not each.of_address]

    def _mine(self) -> MadeChanges | None:
        """The list of the chosen dataset, if one was made since the page was opened."""
        made, officer = self._made, self._officer
        chosen = (officer.project_id, officer.dataset)
        return made if made is not None and made.chosen == chosen else None

    def make(
        self,
        request: Request,
        before: Annotated[str, Form()] = "",
        after: Annotated[str, Form()] = "",
        receives: Annotated[str, Form()] = "",
        born_since: Annotated[str, Form()] = "",
        source: Annotated[str, Form()] = "",
        source_before: Annotated[str, Form()] = "",
        despite: Annotated[str, Form()] = "",
    ) -> Response:
        """Compare both releases and write the workbook into the home folder and the register."""
        language = self._frame.language(request)

        def work(advance: Advance) -> Words:
            later = AskedTable(
                after, self._officer.dataset, _path(source), despite_changes=bool(despite)
            )
            asked = AskedChanges(
                before,
                later,
                receives or None,
                _path(source_before),
                born_since=read_day(born_since) if born_since else None,
            )
            made = self._compared(asked, language, advance)
            self._made = made
            changed, rows = number(made.changed), number(made.compared)
            return Words(
                f"{changed.id} dari {rows.id} baris Anda berubah.",
                f"{changed.en} of {rows.en} rows of yours changed.",
            )

        title = Words("Membandingkan dua rilis", "Comparing two releases")
        return self._frame.start(request, "changes", title, None, work)

    def _compared(self, asked: AskedChanges, language: Language, advance: Advance) -> MadeChanges:
        officer = self._officer
        session = officer.session(network=False)
        workspace = Workspace(session)
        both = replace(releases_of(workspace, asked), language=language)
        until = str(session.charter.retention.releases_until)
        name = f"{officer.dataset}.changes-{asked.before}-{asked.after.release}.xlsx"
        out = Output(officer.folder / name, may_replace=True)
        with change_list(both, objected(workspace, asked, both.table_after), advance) as found:
            shown = found.shown_columns(language)
            changed_rules = rules_changed(workspace, asked)
            report = ChangesReport(both, found, officer.dataset, until, changed_rules)
            file = report.write(
                TableFile.named(out.entered_in(workspace.register("people")), CsvFor.programs)
            )
            return MadeChanges(
                (officer.project_id, officer.dataset),
                (asked.before, asked.after.release),
                file,
                found.compared,
                found.changed,
                tuple(_kind(kind, found.of_kind(kind)) for kind in ChangeKind),
                tuple(report.notes()),
                tuple(found.header[at] for at in shown),
                tuple(tuple(cells[at] for at in shown) for cells in islice(found.rows(), _SHOWN)),
            )

    def workbook(self) -> Response:
        """The workbook of the list that is shown."""
        made = self._mine()
        if made is None or not made.file.is_file():
            return RedirectResponse("/step/changes", 303)
        return FileResponse(made.file, filename=made.file.name)


def _kind(kind: ChangeKind, count: int) -> KindOfChange:
    meaning = MEANINGS[kind]
    return KindOfChange(meaning.title, meaning.advice, meaning.action, count)


def _path(text: str) -> Path | None:
    return Path(text.strip()).expanduser() if text.strip() else None
