"""One round of `padan-encoder go`: takes this agency's steps until others are awaited."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from encoder.cli.agreeing import Agreeing
from encoder.cli.answers import Answers, Unanswered
from encoder.cli.preparing import Preparing
from encoder.error_codes import EncoderCode
from encoder.steps.agree_keys import require_report_signed_twice
from encoder.steps.next_acts import Act, ActName, acts_here
from encoder.steps.send_again import SENT_AGAIN, send_again
from encoder.steps.workspace import Workspace
from encoder.ui.taking import StepTaken, finished_run, take
from policy.base.words import Words
from policy.gates.budget_left import releases_left, runs_left
from policy.members.home import Unlocked
from policy.project.turn import Turn, TurnStep
from policy.terminal import console
from policy.terminal.events import Events
from policy.terminal.local_page.jobs import Advance
from policy.wire.due import due
from policy.wire.orders import next_release, next_run
from policy.wire.session import Session

# Single commands of the steps that a person decides on.
_DECIDES: dict[ActName, tuple[str, ...]] = {
    "order": ("padan-encoder go {project} --order",),
    "request": ("padan-encoder go {project} --request",),
}


@dataclass
class Going:
    """One person's work in one project. Every step can be interrupted and taken again."""

    me: Unlocked
    project: str
    answers: Answers
    events: Events
    _numbers: dict[str, Words] = field(default_factory=dict)
    _declined: set[str] = field(default_factory=set)
    _has_asked: bool = False  # whether the service lost anything

    def take_turns(self) -> tuple[Turn, ...]:
        """Take every step that is due here; returns the steps that are still due.

        Raises Unanswered if a person must answer first, after the other steps were taken.
        """
        session = Session(self.me, self.project)
        session.sync_or_begin()  # checks the log, and cosigns it if this member is a witness
        Agreeing(session, self.answers, self.events).sign_what_was_read()
        self.answers.require_known(Workspace(session).own_datasets())
        self._send_again(session)
        tried: set[Act] = set()
        unanswered: Unanswered | None = None
        while True:
            act = next((each for each in self._acts(session) if each not in tried), None)
            if act is None:
                break
            tried.add(act)
            try:
                self._take(session, act)
            except Unanswered as error:
                unanswered = unanswered or error
        if unanswered is not None:
            raise unanswered
        return due(session)

    def _acts(self, session: Session) -> tuple[Act, ...]:
        """The steps of this agency; an option offers a step that other parties are asked for."""
        offered: set[TurnStep] = set()
        if self.answers.order:
            offered.add("order")
        if self.answers.request:
            offered.add("request")
        return acts_here(session, offered)

    def _send_again(self, session: Session) -> None:
        """What the service lost by a restored backup; asked once, since it restarts for that."""
        if self._has_asked:
            return
        lost = send_again(session)
        self._has_asked = True
        if lost.seals or lost.documents:
            facts = {"seals": lost.seals, "documents": len(lost.documents)}
            told = Words(f"✓ {SENT_AGAIN.id}", f"✓ {SENT_AGAIN.en}")
            self.events.done("send-again", "", told, **facts)

    def _take(self, session: Session, act: Act) -> None:
        if act.name == "prepare":
            self._prepare(session, act)
        elif act.name == "sign":
            agreeing = Agreeing(session, self.answers, self.events)
            agreeing.ask()
            agreeing.log_shipped_report()  # others wait for it while this person looks at a mapping
        elif not self._agreed(session, act):
            self._ask(act)
        elif act.name not in ("order", "request") or self._is_still_due(session, act):
            for taken in take(session, act, _progress, self.answers.domains):
                self._done(taken)
                if act.name == "open":
                    _tell_the_list(session, act.about, str(taken.facts["dataset"]))

    def _agreed(self, session: Session, act: Act) -> bool:
        """Whether a person agrees to a step that cannot be taken back."""
        if act.name == "commit":
            require_report_signed_twice(session)
            self._look_at_numbers(session)
        elif act.name == "order":
            return self.answers.order or self._wants(_order_question(session))
        elif act.name == "request":
            return self.answers.request or self._wants(self._request_question(session))
        return True

    def _is_still_due(self, session: Session, act: Act) -> bool:
        """Whether nobody else took the step while this person was asked."""
        session.sync()
        return act in self._acts(session)

    # -- rows and keys ------------------------------------------------------------------------

    def _prepare(self, session: Session, act: Act) -> None:
        words, told = Preparing(session, act.about, self.answers).prepare()
        self._numbers[act.about] = words
        self._done(StepTaken(act, words, told))

    def _look_at_numbers(self, session: Session) -> None:
        """Raises Unanswered unless a person looked at the numbers and says that they are right."""
        for dataset in Workspace(session).own_datasets():
            if dataset not in self._numbers:
                self._numbers[dataset] = Preparing(session, dataset, self.answers).numbers()
                console.say(self._numbers[dataset])
        question = Words(
            "Apakah angka ini benar? Sesudah dikunci, baris tidak dapat diganti.",
            "Are these numbers right? Once committed, rows cannot be replaced.",
        )
        if not self.answers.yes and not self.answers.agrees(question):
            command = console.command_line("padan-encoder", "go", self.project, "--yes")
            raise Unanswered(
                EncoderCode.GO_NUMBERS,
                Words("Angka baris belum disetujui.", "Nobody has agreed to the numbers of rows."),
                Words(
                    f"Bila angkanya benar: {command}. Bila tidak, perbaiki sumbernya dan jalankan"
                    " 'padan-encoder prepare'.",
                    f"If they are right: {command}. If not, correct the source and run"
                    " 'padan-encoder prepare'.",
                ),
            )

    # -- what a person decides ----------------------------------------------------------------

    def _request_question(self, session: Session) -> Words:
        name, run = next_release(session.project), finished_run(session)
        listed = ", ".join(self.answers.domains or run.order.body.domains)
        spends = releases_left(session.project).words()
        return Words(
            f"Minta rilis {name} dari {run.name} untuk domain {listed}? {spends.id}",
            f"Request the release {name} of {run.name} for {listed}? {spends.en}",
        )

    def _wants(self, question: Words) -> bool:
        """Whether this person spends the budget; asked once."""
        if question.en in self._declined:
            return False
        if self.answers.agrees(question):
            return True
        self._declined.add(question.en)
        return False

    def _ask(self, act: Act) -> None:
        commands = (each.format(project=self.project) for each in _DECIDES[act.name])
        self.events.asks(act.name, act.about, act.title, commands)

    def _done(self, taken: StepTaken) -> None:
        act, words = taken.act, taken.words
        told = Words(f"✓ {words.id}", f"✓ {words.en}")
        self.events.done(act.name, act.about, told, **taken.facts)


def _tell_the_list(session: Session, release: str, dataset: str) -> None:
    """The command that writes the list, to a party that learns something about its own people."""
    if any(dataset in domain.learn for domain in session.charter.domains):
        words = ("padan-encoder", "list", session.project_id, release, dataset)
        command = console.command_line(*words, "--out", "daftar.xlsx")
        console.say(Words(f"Tulis daftarnya: {command}", f"Write the list: {command}"))


def _order_question(session: Session) -> Words:
    name = next_run(session.project)
    spends = runs_left(session.project, session.me.member).words()
    return Words(
        f"Semua data sudah dikirim. Perintahkan pemadanan {name}? {spends.id}",
        f"All datasets are in. Order the run {name}? {spends.en}",
    )


@contextmanager
def _progress(label: Words, total: int) -> Iterator[Advance]:
    bar, advance = console.progress(label, total)
    with bar:
        yield advance
