"""One round of `padan-encoder go`: takes this agency's steps until others are awaited."""

from __future__ import annotations

from dataclasses import dataclass, field

from encoder.attributes.open import open_attributes
from encoder.attributes.share import share
from encoder.cli.agreeing import Agreeing
from encoder.cli.answers import Answers, Unanswered
from encoder.cli.preparing import Preparing
from encoder.error_codes import EncoderCode
from encoder.steps.agree_keys import commit_share, confirm_keys, reveal_share
from encoder.steps.bundle import upload_bundle
from encoder.steps.next_acts import Act, ActName, acts_here
from encoder.steps.open_release import open_all
from encoder.steps.sending import canary_plan, encode_rows_of, encoded_bundle
from encoder.steps.workspace import Workspace
from policy.base.words import Words
from policy.members.home import Unlocked
from policy.project.turn import Turn
from policy.terminal import console
from policy.terminal.events import Events
from policy.wire.due import due
from policy.wire.orders import next_release, next_run, order_run, request_release
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

    def take_turns(self) -> tuple[Turn, ...]:
        """Take every step that is due here; returns the steps that are still due.

        Raises Unanswered if a person must answer first, after the other steps were taken.
        """
        session = Session(self.me, self.project)
        session.sync_or_begin()  # checks the log, and cosigns it if this member is a witness
        Agreeing(session, self.answers, self.events).sign_what_was_read()
        self.answers.require_known(Workspace(session).own_datasets())
        tried: set[Act] = set()
        unanswered: Unanswered | None = None
        while True:
            act = next((each for each in acts_here(session) if each not in tried), None)
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

    def _take(self, session: Session, act: Act) -> None:
        steps = {
            "prepare": self._prepare,
            "commit": self._commit,
            "reveal": self._reveal,
            "confirm": self._confirm,
            "encode": self._encode,
            "upload": self._upload,
            "open": self._open,
            "share": self._share,
            "open-attributes": self._open_attributes,
            "order": self._order,
            "request": self._request,
            "sign": self._sign,
        }
        steps[act.name](session, act)

    # -- rows and keys ------------------------------------------------------------------------

    def _prepare(self, session: Session, act: Act) -> None:
        words, told = Preparing(session, act.about, self.answers).prepare()
        self._numbers[act.about] = words
        self._done(act, words, **told)

    def _commit(self, session: Session, act: Act) -> None:
        self._look_at_numbers(session)
        committed = commit_share(session)
        rows = {name: each.count for name, each in committed.datasets.items()}
        self._done(act, act.title, rows=rows)

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

    def _reveal(self, session: Session, act: Act) -> None:
        reveal_share(session)
        self._done(act, act.title)

    def _confirm(self, session: Session, act: Act) -> None:
        confirm_keys(session)
        self._done(act, act.title)

    def _encode(self, session: Session, act: Act) -> None:
        workspace, name = Workspace(session), act.about
        prepared, plan = workspace.latest(name), canary_plan(workspace)
        label = Words(f"menyandikan {name}", f"encoding {name}")
        bar, advance = console.progress(label, prepared.rows_to_send())
        with bar:
            manifest = encode_rows_of(workspace, plan, name, prepared, advance)
        self._done(act, act.title, rows=manifest.sent)

    def _upload(self, session: Session, act: Act) -> None:
        folder = encoded_bundle(Workspace(session), act.about)
        label = Words(f"mengirim {act.about}", f"sending {act.about}")
        bar, advance = console.progress(label, folder.stored().chunks)
        with bar:
            digest = upload_bundle(session, folder, advance)
        self._done(act, act.title, bundle=digest)

    # -- results ------------------------------------------------------------------------------

    def _open(self, session: Session, act: Act) -> None:
        for opened, canaries in open_all(session, act.about):
            file, rows = opened.file, len(opened.rows)
            words = Words(
                f"{act.title.id}: {file.dataset} / {file.domain}, {rows} baris; kenari: {canaries}",
                f"{act.title.en}: {file.dataset} / {file.domain}, {rows} rows;"
                f" canaries: {canaries}",
            )
            told = {"dataset": file.dataset, "domain": file.domain, "rows": rows}
            self._done(act, words, **told, to_verify=opened.to_verify, canaries=canaries)

    def _share(self, session: Session, act: Act) -> None:
        sent = share(session, act.about)
        self._done(act, act.title, rows=sent.rows, empty=sent.empty)

    def _open_attributes(self, session: Session, act: Act) -> None:
        opened = open_attributes(session, act.about)
        self._done(act, act.title, rows=opened.rows, filled=opened.filled)

    # -- what a person decides ----------------------------------------------------------------

    def _sign(self, session: Session, act: Act) -> None:
        Agreeing(session, self.answers, self.events).ask()

    def _order(self, session: Session, act: Act) -> None:
        name = next_run(session.project)
        question = Words(
            f"Semua data sudah dikirim. Perintahkan pemadanan {name}? Ini memakai kuota.",
            f"All datasets are in. Order the run {name}? This uses the budget.",
        )
        if self.answers.order or self._wants(session, question):
            session.sync()
            if act not in acts_here(session):
                return  # another party ordered it meanwhile
            order_run(session, name)
            self._done(Act("order", name), Act("order", name).title)
        else:
            self._ask(session, act)

    def _request(self, session: Session, act: Act) -> None:
        name = next_release(session.project)
        run = next(each for each in reversed(session.project.runs()) if each.finished is not None)
        domains = self.answers.domains or run.order.body.domains
        listed = ", ".join(domains)
        question = Words(
            f"Minta rilis {name} dari {run.name} untuk domain {listed}? Ini memakai kuota.",
            f"Request the release {name} of {run.name} for {listed}? This uses the budget.",
        )
        if self.answers.request or self._wants(session, question):
            session.sync()
            if act not in acts_here(session):
                return  # another party asked for it meanwhile
            request_release(session, name, run.name, domains)
            self._done(Act("request", name), Act("request", name).title, domains=list(domains))
        else:
            self._ask(session, act)

    def _wants(self, session: Session, question: Words) -> bool:
        """Whether this person spends the budget: asked once, and of parties that learn something.

        The others can still say so by an option.
        """
        own = set(Workspace(session).own_datasets())
        learns = any(own & {*domain.learn} for domain in session.charter.domains)
        if not learns or question.en in self._declined:
            return False
        if self.answers.agrees(question):
            return True
        self._declined.add(question.en)
        return False

    def _ask(self, session: Session, act: Act) -> None:
        commands = (each.format(project=self.project) for each in _DECIDES[act.name])
        self.events.asks(act.name, act.about, act.title, commands)

    def _done(self, act: Act, words: Words, **more: object) -> None:
        told = Words(f"✓ {words.id}", f"✓ {words.en}")
        self.events.done(act.name, act.about, told, **more)
