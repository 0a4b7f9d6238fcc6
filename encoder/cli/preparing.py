"""From a file that a person names to prepared rows: which sheet, which columns, is that right."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from encoder.cli.answers import Answers, Unanswered
from encoder.cli.inspect import described
from encoder.cli.prepare import prepared_words
from encoder.error_codes import EncoderCode
from encoder.steps.consent import NeedsConsent
from encoder.steps.inspect import mapping_yaml
from encoder.steps.prepare import freeze_dataset
from encoder.steps.workspace import Workspace
from encoder.store.salt_groups import largest_salt_groups, require_bounded
from encoder.ui.officer import Officer
from policy.base.errors import BadInput
from policy.base.words import Words, joined
from policy.terminal import console
from policy.wire.session import Session


@dataclass(frozen=True)
class Preparing:
    """One dataset of this agency, and the answers given for it.

    A file and its mapping that were confirmed here or on the local page are kept, and not asked for
    again.
    """

    session: Session
    dataset: str
    answers: Answers

    def prepare(self) -> tuple[Words, dict[str, Any]]:
        """Freeze the rows; returns what became of them. Raises Unanswered or NeedsConsent."""
        source, mapping = self._source()
        label = Words(f"menyiapkan {self.dataset}", f"preparing {self.dataset}")
        bar, advance = console.progress(label, None)

        def accept(doubt: NeedsConsent) -> None:
            bar.stop()
            console.say(doubt.problem)
            if not self.answers.agrees(Words("Lanjutkan?", "Go on?")):
                doubt.hint = self._once_looked_at(doubt, source, mapping)
                raise doubt

        workspace = Workspace(self.session)
        with bar:
            prepared, _ = freeze_dataset(
                workspace, self.dataset, source, mapping, None, advance, accept=accept
            )
        found = prepared.reconciliation()
        told = {"rows_in": found.rows_in, "people": found.people, "collapsed": found.collapsed}
        return self.numbers(), {**told, "refused": found.refused}

    def numbers(self) -> Words:
        """What became of the rows that are prepared; raises Refused if a group is too large."""
        workspace, charter = Workspace(self.session), self.session.charter
        prepared = workspace.latest(self.dataset)
        groups = largest_salt_groups(charter, prepared)
        require_bounded(charter, groups)
        return prepared_words(self.dataset, prepared, groups)

    # -- file, sheet, columns -----------------------------------------------------------------

    def _source(self) -> tuple[Path, Path]:
        """The file and its mapping that a person confirmed."""
        file, mapping = self.answers.file(self.dataset), self.answers.mapping(self.dataset)
        officer = Officer(
            self.session.me.home, self.session.me, self.session.project_id, self.dataset
        )
        officer.session(network=False)
        if mapping is not None:
            source = file or (officer.chosen.file if officer.chosen else None)
            if source is None:
                raise self._missing()
            return source, mapping
        if file is not None and not self._is_chosen(officer, file):
            officer.use_path(file)
        elif officer.chosen is None:
            if not self.answers.somebody:
                raise self._missing()
            self._ask_file(officer)
        if officer.changed() or not self._is_confirmed(officer):
            self._confirm(officer)
        return officer.require_source(), officer.mapping_file()

    @staticmethod
    def _is_chosen(officer: Officer, file: Path) -> bool:
        chosen = officer.chosen
        return chosen is not None and chosen.file == file.resolve() and not chosen.changed()

    @staticmethod
    def _is_confirmed(officer: Officer) -> bool:
        chosen = officer.chosen
        return chosen is not None and not chosen.asks_sheet and bool(chosen.mapping)

    def _ask_file(self, officer: Officer) -> None:
        question = Words(f"Berkas untuk {self.dataset}", f"The file of {self.dataset}")
        while True:
            try:
                return officer.use_path(Path(self.answers.text(question)).expanduser())
            except BadInput as error:
                console.report(error)

    def _confirm(self, officer: Officer) -> None:
        """Show the file and its proposed mapping; raises Unanswered unless a person says yes."""
        if not self.answers.somebody:
            raise self._missing(officer.require_source())
        if officer.changed():
            officer.use_as_it_is()
        chosen = officer.chosen
        if chosen is not None and chosen.asks_sheet:
            self._ask_sheet(officer)
        found = replace(officer.inspection(), mapping=officer.mapping())
        console.say(described(found, mapping_yaml(found)))
        question = Words("Apakah pemetaan ini benar?", "Is this mapping right?")
        if not self.answers.agrees(question):
            raise self._missing(officer.require_source())

    def _ask_sheet(self, officer: Officer) -> None:
        sheets = officer.sheets()
        for each in sheets:
            console.say(Words(f"  {each.name}", f"  {each.name}"))
        proposed = next((each.name for each in sheets if each.proposed), None)
        question = Words("Lembar yang dibaca", "The sheet to read")
        name = self.answers.text(question, proposed)
        officer.choose_sheets((name,))

    def _once_looked_at(self, doubt: NeedsConsent, source: Path, mapping: Path) -> Words:
        """The hint of a doubt: the command for a person who has looked at the reasons.

        For another code book, first what to write in the mapping.
        """
        named = (self.session.project_id, self.dataset, source, "--mapping", mapping, "--yes")
        command = console.command_line("padan-encoder", "prepare", *named)
        looked_at = Words(
            f"Lihat sebabnya dengan 'padan-encoder check'. Bila memang begitu: {command}",
            f"See the reasons with 'padan-encoder check'. If this is right: {command}",
        )
        if doubt.code != EncoderCode.PREPARE_CODEBOOK:
            return looked_at
        return joined(doubt.hint, looked_at)

    def _missing(self, source: Path | None = None) -> Unanswered:
        """Which file or mapping is missing, and the single command to give."""
        project, dataset = self.session.project_id, self.dataset
        file = source or "FILE"
        line = console.command_line
        inspect = line("padan-encoder", "inspect", file, "--project", project, "--out", "map.yaml")
        named = (f"--file={dataset}={file}", f"--mapping={dataset}=map.yaml")
        command = line("padan-encoder", "go", project, *named)
        what = Words("berkas dan pemetaannya", "a file and its mapping")
        if source is not None:
            what = Words("pemetaan yang diperiksa", "a mapping that a person checked")
        return Unanswered(
            EncoderCode.GO_FILE,
            Words(f"{dataset}: belum ada {what.id}.", f"{dataset}: there is not {what.en} yet."),
            Words(
                f"Jalankan {command}. Pemetaannya diusulkan oleh: {inspect}; periksa setiap"
                " barisnya. Di terminal, atau dengan 'padan-encoder ui', ini ditanyakan.",
                f"Run {command}. The mapping is proposed by: {inspect}; check every line of it."
                " At a terminal, or with 'padan-encoder ui', you are asked.",
            ),
        )
