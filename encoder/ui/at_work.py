"""The person at the page, their project and dataset, and the work in progress."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from encoder.error_codes import EncoderCode
from encoder.steps.workspace import Workspace, standing
from policy.approval.charters import waiting
from policy.base.errors import NotYet, PadanError
from policy.base.words import Words
from policy.joining.folder import JoiningFolder, joining_folders
from policy.members.home import Home, Unlocked
from policy.statements import CharterBody
from policy.terminal.local_page.jobs import Advance, PageJob
from policy.wire.newcomers import Coming, coming_to
from policy.wire.session import Session

# Work that receives the questions answered with yes, by error code.
Asking = Callable[[Advance, frozenset[str]], Words]


@dataclass
class AtWork:
    """One person, the project and the dataset they work on, and the work under way."""

    home: Home
    me: Unlocked | None = None
    project_id: str = ""
    dataset: str = ""
    generation: int = 0
    job: PageJob | None = None
    coming: Coming | None = None  # who comes later, for an authority
    _asking: tuple[str, Words, Asking] | None = field(default=None, repr=False)
    _agreed: frozenset[str] = frozenset()
    _latest: Session | None = field(default=None, repr=False)

    def unlock(self, passphrase: bytes) -> None:
        self.enter(self.home.unlock(passphrase))

    def enter(self, me: Unlocked) -> None:
        """Work with these open keys."""
        self.me = me

    def begin(self) -> None:
        """Choose the project that this person was invited to, if there is one and none is chosen.

        The service may not answer, or not have it yet; then the person chooses.
        """
        invited = [each.project for each in joining_folders(self.home)]
        if self.me is not None and not self.project_id and len(invited) == 1:
            with suppress(PadanError):
                self.choose(invited[0], "")

    def projects(self) -> list[str]:
        """Those that this home has files of, and those that this person was invited to."""
        folder = self.home.path / "projects"
        known = {each.name for each in folder.iterdir()} if folder.is_dir() else set()
        return sorted(known | {each.project for each in joining_folders(self.home)})

    def session(self, *, network: bool = True) -> Session:
        """The chosen project, brought up to date, or as this machine remembers it."""
        if self.me is None or not self.project_id:
            raise no_project()
        session = Session(self.me, self.project_id)
        if network:
            self._bring_up(session)
        else:
            session.recall()
        self.generation = _next_generation(session, self.dataset)
        self._latest = session
        return session

    def look_who_comes(self) -> None:
        """Ask the service who comes later to the chosen project; nobody but authorities is told."""
        if self.me is not None and self.project_id:
            self.coming = coming_to(self.me, self.project_id)

    def session_of(self, project_id: str) -> Session:
        """A project of this home, not brought up to date."""
        if self.me is None or project_id not in self.projects():
            raise no_project()
        return Session(self.me, project_id)

    def _bring_up(self, session: Session) -> None:
        """Read the log's news. A project that this person joined may have no charter yet."""
        if JoiningFolder(self.home, session.project_id).charter() is None:
            session.sync()
        else:
            session.sync_or_begin()

    def latest(self) -> Session:
        """The chosen project as the page last read it; for what surrounds a page's content."""
        known = self._latest
        if known is None or known.project_id != self.project_id or self.me is None:
            return self.session(network=False)
        return known

    def choose(self, project_id: str, dataset: str) -> None:
        """Choose a dataset; raises if the service lacks the project or the dataset is another's.

        Before a charter was signed, the datasets are those of the draft that this person got.
        """
        if self.me is None:
            return
        if self.working():
            raise NotYet(
                EncoderCode.UI_WORKING,
                Words("Masih ada pekerjaan yang berjalan.", "Some work is still running."),
                Words("Tunggu sampai selesai, atau hentikan.", "Wait for its end, or stop it."),
            )
        session = Session(self.me, project_id)
        self._bring_up(session)
        if session.project.of(CharterBody):
            own = Workspace(session).own_datasets()
            chosen = dataset or (own[0] if own else "")
            Workspace(session).require_own(chosen)
        else:
            drafted = [d.id for c in waiting(session) for d in c.datasets_of(self.me.member.id)]
            chosen = dataset if dataset in drafted else (drafted or [""])[0]
        if (self.project_id, self.dataset) != (project_id, chosen):
            self.job = self._asking = None
        self.project_id, self.dataset = project_id, chosen
        self.generation = _next_generation(session, chosen)

    # -- work ---------------------------------------------------------------------------

    def work(
        self, step: str, title: Words, total: int | None, work: Callable[[Advance], Words]
    ) -> None:
        """Start work, one at a time; a request during other work changes nothing."""
        if not self.working():
            self.job = PageJob(step, title, total).start(work)

    def ask_and_work(self, step: str, title: Words, work: Asking) -> None:
        """Work that may end with a question. `confirm` does it again with the answer."""
        if not self.working():
            self._asking = step, title, work
            self._agreed = frozenset()
            self._work_as_agreed()

    def confirm(self, code: str) -> None:
        """Repeat the work that ended with a question, now answered with yes."""
        job = self.job
        if job is None or self.working() or not job.asks or job.error is None:
            raise _nothing_asked()
        if self._asking is None or job.error[0] != code:
            raise _nothing_asked()
        self._agreed |= {code}
        self._work_as_agreed()

    def _work_as_agreed(self) -> None:
        asking, agreed = self._asking, self._agreed
        if asking is None:
            return
        step, title, work = asking
        self._asking = None

        def once(advance: Advance) -> Words:
            try:
                return work(advance, agreed)
            except PadanError as error:
                if getattr(error, "confirmable", False):
                    self._asking = asking
                raise

        self.work(step, title, None, once)

    def working(self) -> bool:
        return self.job is not None and self.job.state == "running"

    def job_of(self, step: str) -> PageJob | None:
        job = self.job
        return job.seen() if job is not None and job.step == step else None


def no_project() -> NotYet:
    return NotYet(
        EncoderCode.UI_PROJECT,
        Words("Pilih proyek dahulu.", "Choose a project first."),
        Words("Buka langkah 1.", "Open step 1."),
    )


def _nothing_asked() -> NotYet:
    return NotYet(
        EncoderCode.UI_NOT_ASKED,
        Words("Tidak ada pertanyaan yang menunggu.", "No question is waiting."),
        Words("Buka langkahnya dan ulangi.", "Open the step and do it again."),
    )


def _next_generation(session: Session, dataset: str) -> int:
    """0 until the dataset was sent; then that of the next delta."""
    if not session.project.of(CharterBody):
        return 0
    sent = dataset in session.project.bundles()
    return standing(session.project, dataset) + 1 if sent else 0
