"""The charter in `padan-encoder go`: signed once a person has read it."""

from __future__ import annotations

import time
from dataclasses import dataclass

import typer

from encoder.cli.answers import Answers, Unanswered
from encoder.error_codes import EncoderCode
from encoder.normalise import ruleset_digest
from policy.approval.charters import log_shipped_probe, sign_charter, signed_by, waiting
from policy.base.errors import NotYet, Refused
from policy.base.words import Words
from policy.charter import Charter, load_charter
from policy.gates.signable import KnownHere, hindrances
from policy.starter.one_page import Around, one_page, signed_words
from policy.statements import CharterBody
from policy.terminal import console
from policy.terminal.events import Events
from policy.terminal.report_text import print_page
from policy.wire.session import Session


@dataclass(frozen=True)
class Agreeing:
    """One party's part in the agreement. Everything may be given again."""

    session: Session
    answers: Answers
    events: Events

    def sign_what_was_read(self) -> None:
        """Sign the charter that a person named as read, and log the shipped report it cites.

        Raises NotYet if nobody has proposed a charter, and none was named.
        """
        project, me = self.session.project, self.session.me.member.id
        if self.answers.charter is not None:
            charter = load_charter(self.answers.charter)
            if me not in signed_by(project, charter) and not self._is_past(charter):
                self._require_proposed(charter)
                self._sign(charter)
        if not self.session.project.of(CharterBody):
            self.ask()
        if not self.session.project.of(CharterBody):
            raise self._no_charter()
        self.log_shipped_report()

    def log_shipped_report(self) -> None:
        """Sign the shipped probe report that the charter in force cites, if it is not signed."""
        digest = log_shipped_probe(self.session)
        if digest is not None:
            words = Words(
                "✓ Laporan uji bawaan Padan dicatat di log. Untuk mengulanginya: padan-encoder"
                f" repeat-probe {self.session.project_id}",
                "✓ The probe report shipped with Padan is in the log. To repeat it: padan-encoder"
                f" repeat-probe {self.session.project_id}",
            )
            self.events.done("log-probe", "", words, report=digest, shipped=True)

    def ask(self) -> None:
        """Show the charter that waits, and sign it if a person says so."""
        proposed = waiting(self.session)
        if not proposed:
            return
        charter = proposed[0]
        if self.answers.somebody:
            print_page(one_page(charter, self._around(charter)))
            question = Words("Tanda tangani piagam ini?", "Sign this charter?")
            if typer.confirm(str(question), err=True):
                self._sign(charter)
                return
        project = self.session.project_id
        line = console.command_line
        self.events.asks(
            "sign",
            "",
            Words(
                f"Piagam {charter.title.id} menunggu tanda tangan Anda.",
                f"The charter {charter.title.en} waits for your signature.",
            ),
            (
                line("padan-policy", "charter", "show", project),
                line("padan-policy", "charter", "sign", project, "--digest", charter.digest()),
            ),
        )

    def _sign(self, charter: Charter) -> None:
        stopping = hindrances(
            charter, KnownHere(int(time.time()), self.session.me.home.roster(), ruleset_digest())
        )
        if stopping:
            raise self._cannot_run(charter, ", ".join(gap.field for gap in stopping))
        signed = sign_charter(self.session, charter)
        said = signed_words(charter, signed)
        words = Words(f"✓ Piagam ditandatangani. {said.id}", f"✓ Charter signed. {said.en}")
        self.events.done("sign", "", words, digest=charter.digest(), signed=sorted(signed))

    def _around(self, charter: Charter) -> Around:
        members = self.session.me.home.roster().members
        names = {each.id: each.name for each in members}
        return Around(names, signed_by(self.session.project, charter))

    def _is_past(self, charter: Charter) -> bool:
        """Whether a later version is in force, so that this one is done with."""
        project = self.session.project
        if not project.of(CharterBody) or not project.in_force:
            return False
        return charter.version <= project.charter.version

    def _require_proposed(self, charter: Charter) -> None:
        """The named charter is the waiting one, or nothing waits."""
        proposed = waiting(self.session)
        if proposed and charter.digest() not in {each.digest() for each in proposed}:
            raise Unanswered(
                EncoderCode.GO_CHARTER,
                Words(
                    "Piagam yang diajukan bukan piagam yang disebut --charter.",
                    "The proposed charter is not the one that --charter names.",
                ),
                Words(
                    f"Baca yang diajukan: padan-policy charter show {self.session.project_id}. Bila"
                    " bukan itu yang disepakati, hubungi yang mengajukannya.",
                    f"Read the proposed one: padan-policy charter show {self.session.project_id}."
                    " If it is not what was agreed, ask those who proposed it.",
                ),
            )

    def _no_charter(self) -> NotYet:
        command = console.command_line(
            "padan-encoder", "go", self.session.project_id, "--charter", "charter.yaml"
        )
        return NotYet(
            EncoderCode.GO_CHARTER,
            Words("Belum ada piagam yang diajukan.", "No charter has been proposed yet."),
            Words(f"Bila Anda membacanya: {command}", f"Once you have read it: {command}"),
        )

    def _cannot_run(self, charter: Charter, fields: str) -> Refused:
        lint = console.command_line("padan-policy", "charter", "lint", self.session.project_id)
        return Refused(
            EncoderCode.GO_CHARTER,
            Words(
                f"Piagam {charter.project} tidak dapat berjalan: {fields}.",
                f"The charter of {charter.project} cannot run: {fields}.",
            ),
            Words(f"Untuk melihat sebabnya: {lint}", f"To see why: {lint}"),
        )
