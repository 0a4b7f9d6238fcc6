"""This person's projects, opened files and answers, and which of them the home folder stores.

HOME/projects/PROJECT/log/                      this person's copy of the log, as for commands
HOME/projects/PROJECT/answers/RELEASE-*.padan   answers that are still to be carried
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from policy.approval import (
    Asked,
    asked_of,
    look_at,
    open_answer,
    open_ask,
    pack,
    submit,
    verdict_on,
    withdrawal_of,
)
from policy.base.canonical import is_identifier
from policy.base.error_codes import PolicyCode
from policy.base.errors import BadInput, NotYet, PadanError, Refused, Unreachable
from policy.base.files import write_file
from policy.base.words import Words
from policy.charter import Bilingual
from policy.crypto.envelope import Envelope
from policy.formats.ask import MAX_ASK_BYTES
from policy.formats.http_api import PROJECTS
from policy.members.entitled import deciders
from policy.members.home import Home, Unlocked
from policy.project.naming import offices
from policy.statements import Statement
from policy.terminal.local_page.jobs import Advance, PageJob
from policy.ui.next_roster import all_coming
from policy.wire.due import due
from policy.wire.log_copy import LogCopy
from policy.wire.newcomers import Coming
from policy.wire.session import Session

Act = Literal["approve", "refuse", "withdraw"]
_ASK_AGAIN_SECONDS = 10.0
_NONE = ""  # no project: for requests about the service itself


@dataclass(frozen=True)
class Known:
    """A project by this machine's copy of its log; `awaited` is whom it waits for now."""

    id: str
    title: Bilingual
    releases: list[Asked]
    awaited: Words | None


@dataclass
class ApproverDesk:
    """One person at this machine. Opened requests are kept while the page runs."""

    home: Home
    me: Unlocked | None = None
    job: PageJob | None = None
    carried: dict[tuple[str, str], Asked] = field(default_factory=dict)
    answer: tuple[Envelope, Statement] | None = None
    coming: dict[str, Coming] = field(default_factory=dict)  # who comes later, by project
    asked_at: float = float("-inf")  # when the service was asked last, monotonic seconds
    # One session with the service at a time, because sessions share the copy of the log.
    talking: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def unlock(self, passphrase: bytes) -> None:
        self.enter(self.home.unlock(passphrase))

    def enter(self, me: Unlocked) -> None:
        """Work with these open keys."""
        self.me = me
        self.refresh()

    def session(self, project: str) -> Session:
        if not is_identifier(project):
            raise no_project(project)
        return Session(self.unlocked(), project)

    def unlocked(self) -> Unlocked:
        if self.me is None:
            raise locked()
        return self.me

    # -- projects ------------------------------------------------------------------------

    def projects(self, now: int) -> list[Known]:
        """Projects by the copies of logs on this machine, without any network."""
        me, known = self.unlocked().member, []
        for project_id in self.project_ids():
            session = self.session(project_id)
            project = session.recall()
            awaited = next((turn.words(offices(project)) for turn in due(session)), None)
            releases = asked_of(project, me, now)
            known.append(Known(project_id, project.charter.title, releases, awaited))
        return known

    def title(self, project: str) -> Bilingual:
        return self.session(project).recall().charter.title

    def project_ids(self) -> list[str]:
        """The projects whose logs this machine has a copy of."""
        folders = sorted((self.home.path / "projects").glob("*/log"))
        return [each.parent.name for each in folders if LogCopy(each).exists()]

    def refresh(self) -> None:
        """Start updating every project that this person may read."""
        if self.me is None or self.working() or not self.home.has_joined:
            return
        self.asked_at = time.monotonic()
        me, service = self.me, Session(self.me, _NONE)

        def listed() -> list[str]:
            return PROJECTS.validate_json(service.get("/projects"))

        def work(advance: Advance) -> Words:
            projects = listed()
            for project in projects:
                with self.talking:
                    self.session(project).sync()
                advance(1)
            self.coming = all_coming(me, projects)
            return Words("Sesuai dengan layanan.", "Up to date with the service.")

        title = Words("Memeriksa layanan", "Asking the service")
        self.job = PageJob("refresh", title, None).start(work)

    def watch(self) -> str:
        """Ask the service again after a while; returns what this machine has seen until now."""
        if time.monotonic() - self.asked_at > _ASK_AGAIN_SECONDS:
            self.refresh()
        return self.seen()

    def seen(self) -> str:
        """Changes with this machine's copies of logs, and with who comes later."""
        copies = (LogCopy(self.home.path / "projects" / p / "log") for p in self.project_ids())
        sizes = [str(each.path.stat().st_size) for each in copies if each.path.exists()]
        return "-".join([*sizes, *(each.state for each in self.coming.values())])

    def working(self) -> bool:
        return self.job is not None and self.job.state == "running"

    def job_seen(self) -> PageJob | None:
        return None if self.job is None else self.job.seen()

    # -- one release ------------------------------------------------------------------------

    def look_at(self, project: str, release: str, now: int) -> Asked:
        """The release from the service, else from this machine's copy of the log."""
        session = self.session(project)
        try:
            with self.talking:
                return look_at(session, release, now)
        except Unreachable:
            return Asked(session.recall().release(release), session.me.member, now)

    def opened(self, project: str, release: str, now: int) -> Asked:
        """The release from an opened file, without any network."""
        asked = self.carried.get((project, release))
        if asked is None:
            raise no_file_opened()
        return Asked(self.session(project).recall().release(release), asked.me, now, asked.facts)

    def sign(
        self, asked: Asked, act: Act, stage: str, passphrase: bytes, now: int, *, carried: bool
    ) -> None:
        """Sign what was shown, with the passphrase given again; then send it or keep it."""
        if asked.require_open().digest != stage:
            raise Refused(
                PolicyCode.UI_OTHER_STAGE,
                Words(
                    "Yang tampil bukan berkas rilis yang sekarang.",
                    "What was shown are not the present files of the release.",
                ),
                Words("Muat ulang halaman rilis ini.", "Reload the release's page."),
            )
        project_id = asked.charter.project
        session = Session(self.home.unlock(passphrase), project_id)
        session.recall()
        if act == "withdraw":
            envelope = withdrawal_of(session, asked, now)
        else:
            envelope = verdict_on(session, asked, act, now)
        if carried:
            write_file(self.answer_path(project_id, asked.release, act), envelope.canonical())
        else:
            with self.talking:
                session.send(envelope)

    def answer_path(self, project: str, release: str, act: str) -> Path:
        return self.home.project_folder(project) / "answers" / f"{release}-{act}.padan"

    def answers(self, asked: Asked) -> list[str]:
        """Answers signed here that are not in the log yet: approve, refuse or withdraw."""
        project, mine = asked.charter.project, asked.my_word
        if mine is None:
            acts: tuple[str, ...] = ("approve", "refuse")
        elif mine.withdrawn:
            acts = ("refuse",)
        else:
            acts = ("withdraw",)
        return [a for a in acts if self.answer_path(project, asked.release, a).exists()]

    def pack(self, project: str, release: str, now: int) -> bytes:
        """A request for all deciders, as a file."""
        session = self.session(project)
        with self.talking:
            charter = session.sync().charter
            members = [each.id for each in deciders(charter, session.roster)]
            return pack(session, release, members, now).canonical()

    # -- files --------------------------------------------------------------------------------

    def open_file(self, data: bytes, now: int) -> str:
        """Open a request or an answer; returns the address of its page."""
        if len(data) > MAX_ASK_BYTES:
            raise no_file()
        try:
            self.answer = open_answer(data)
        except PadanError:
            pass
        else:
            return "/answer"
        try:
            _, asked = open_ask(self.unlocked(), data, now)
        except BadInput as error:
            raise no_file() if error.code == "ask.malformed" else error from None
        self.carried[asked.charter.project, asked.release] = asked
        return f"/carried/{asked.charter.project}/{asked.release}"

    def submit(self, now: int) -> None:
        """Send the opened answer."""
        if self.answer is not None:
            envelope, statement = self.answer
            session = self.session(statement.binding.project)
            with self.talking:
                submit(session, envelope, statement, now)


def locked() -> NotYet:
    return NotYet(
        PolicyCode.UI_LOCKED,
        Words("Buka kunci dahulu.", "Unlock first."),
        Words("Buka alamat halaman ini dari awal.", "Open this page from its start."),
    )


def no_project(name: str) -> BadInput:
    return BadInput(
        PolicyCode.UI_PROJECT,
        Words(f"'{name[:64]}' bukan id proyek.", f"'{name[:64]}' is not the id of a project."),
        Words("Pilih rilis dari daftarnya.", "Choose a release from the list."),
    )


def no_file_opened() -> NotYet:
    return NotYet(
        PolicyCode.UI_NO_FILE,
        Words("Buka berkas permintaannya dahulu.", "Open the request's file first."),
        Words("Pilih 'Berkas' di atas.", "Choose 'Files' above."),
    )


def no_file() -> BadInput:
    return BadInput(
        PolicyCode.UI_FILE,
        Words(
            "Ini bukan ask.padan atau answer.padan yang utuh.",
            "This is not an intact ask.padan or answer.padan.",
        ),
        Words("Minta berkas itu dikirim ulang.", "Ask for the file to be sent again."),
    )
