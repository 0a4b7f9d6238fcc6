"""Step 11: who is eligible by a programme's rules, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

from fastapi import Form, Request
from fastapi.responses import FileResponse, RedirectResponse, Response

from encoder.released.programmes.evaluation import Outcome
from encoder.released.programmes.examples import example, example_names
from encoder.released.programmes.from_release import list_of_release
from encoder.released.programmes.present import PresentChoice
from encoder.released.programmes.reading import load_programme
from encoder.released.programmes.rules import Programme
from encoder.released.programmes.wording import EXAMPLE, NOTICE, OUTCOMES
from encoder.steps.workspace import Workspace
from encoder.ui.listing import opened_releases
from encoder.ui.pages.frame import OfficerFrame
from policy.base.dates import WIB
from policy.base.output import Output
from policy.base.words import Language, Words, number
from policy.terminal.local_page.jobs import Advance
from policy.terminal.table_files import CsvFor, TableFile

_MOST_REASONS = 8


@dataclass(frozen=True)
class MadeList:
    """A list that was made on this page: its file, and counts alone."""

    project: str
    dataset: str
    release: str
    file: Path
    programme: Programme
    rows: int
    absent: int
    outcomes: tuple[tuple[Outcome, Words, int, int], ...]
    reasons: tuple[tuple[Outcome, Words, int], ...]

    def reasons_of(self, outcome: Outcome) -> list[tuple[Words, int]]:
        """The most frequent reasons of one outcome, with their rows."""
        found = [(said, rows) for each, said, rows in self.reasons if each is outcome]
        return found[:_MOST_REASONS]


class ProgrammePages:
    """Choose a release and rules, look at the counts, take the lists away."""

    def __init__(self, frame: OfficerFrame) -> None:
        self._frame, self._officer = frame, frame.officer
        self._made: MadeList | None = None

    def facts(self) -> dict[str, Any]:
        officer = self._officer
        job = officer.job_of("programme")
        session = officer.session(network=False)
        examples = [(name, example(name).title.words()) for name in example_names()]
        return {
            "releases": opened_releases(session, officer.dataset),
            "examples": examples,
            "made": self._mine(),
            "job": job,
            "notice": NOTICE,
            "example_notice": EXAMPLE,
        }

    def _mine(self) -> MadeList | None:
        """The list of the chosen dataset, if one was made since the page was opened."""
        made, officer = self._made, self._officer
        chosen = (officer.project_id, officer.dataset)
        return made if made is not None and (made.project, made.dataset) == chosen else None

    def make(
        self,
        request: Request,
        release: Annotated[str, Form()] = "",
        rules: Annotated[str, Form()] = "",
        path: Annotated[str, Form()] = "",
        present: Annotated[str, Form()] = "",
        nobody: Annotated[str, Form()] = "",
    ) -> Response:
        """Judge all rows and write the workbook into the home folder and the register."""

        language = self._frame.language(request)

        def work(advance: Advance) -> Words:
            own = path.strip()
            programme = load_programme(Path(own).expanduser()) if own else example(rules)
            earlier = Path(present.strip()).expanduser() if present.strip() else None
            choice = PresentChoice(earlier, nobody=bool(nobody))
            self._made = self._judged(release, programme, choice, language, advance)
            rows = number(self._made.rows)
            return Words(f"{rows.id} baris dinilai.", f"{rows.en} rows judged.")

        title = Words("Menilai baris", "Judging rows")
        return self._frame.start(request, "programme", title, None, work)

    def _judged(
        self,
        release: str,
        programme: Programme,
        choice: PresentChoice,
        language: Language,
        advance: Advance,
    ) -> MadeList:
        officer = self._officer
        workspace = Workspace(officer.session(network=False))
        day = programme.day or datetime.now(WIB).date()
        found = list_of_release(
            workspace,
            release,
            officer.dataset,
            programme,
            choice,
            day=day,
            language=language,
            advance=advance,
        )
        out = officer.folder / f"{officer.dataset}.programme-{programme.id}-{release}.xlsx"
        output = Output(out, may_replace=True).entered_in(workspace.register("programme"))
        found.write(TableFile.named(output, CsvFor.programs))
        judged = found.evaluation
        outcomes = tuple(
            (each, said, judged.count(each), judged.units_of(each))
            for each, said in OUTCOMES.items()
        )
        return MadeList(
            officer.project_id,
            officer.dataset,
            release,
            out,
            programme,
            len(judged.rows),
            len(judged.absent),
            outcomes,
            tuple(found.reasons()),
        )

    def workbook(self) -> Response:
        """The workbook of the list that is shown."""
        made = self._mine()
        if made is None or not made.file.is_file():
            return RedirectResponse("/step/programme", 303)
        name = f"{made.dataset}-{made.programme.id}-{made.release}.xlsx"
        return FileResponse(made.file, filename=name)
