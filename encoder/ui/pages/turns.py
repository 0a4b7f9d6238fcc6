"""Step 9: the project's state, and the one button for all steps that are this agency's turn."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from fastapi.responses import JSONResponse, Response

from encoder.error_codes import EncoderCode
from encoder.steps.agree_keys import awaited_on_report
from encoder.steps.next_acts import Act, ActName, acts_here
from encoder.steps.send_again import SENT_AGAIN, send_again
from encoder.ui.committing import ARE_RIGHT, MARK_FIRST, row_numbers
from encoder.ui.pages.frame import OfficerFrame
from encoder.ui.pages.rows import freeze_rows
from encoder.ui.rail import act_words, address_of, done_words
from encoder.ui.taking import DECIDED, ELSEWHERE, take
from policy.approval.charters import log_shipped_probe
from policy.base.errors import NotYet, PadanError
from policy.base.words import Words
from policy.gates.budget_left import releases_left, runs_left
from policy.project.naming import joined, offices
from policy.project.progress import steps_done
from policy.statements import CharterBody
from policy.terminal.local_page.jobs import Advance
from policy.wire.due import due
from policy.wire.newcomers import Coming
from policy.wire.session import Session

_WATCH_SECONDS = 4.0
_PROBE_SIGNED = Words(
    "Laporan uji bawaan Padan sudah ditandatangani",
    "The probe report that comes with Padan is signed",
)


@dataclass(frozen=True)
class DueStep:
    """A step of this agency that is due.

    `question` is asked before it is taken. `by_button` says whether the page's one button takes it;
    else it is done at `address`.
    """

    act: Act
    words: Words
    question: Words | None
    by_button: bool
    address: str


class TurnPages:
    """Whose turn it is, and the steps that are taken here."""

    def __init__(self, frame: OfficerFrame) -> None:
        self._frame, self._officer = frame, frame.officer
        self._watched = (float("-inf"), "")

    def facts(self) -> dict[str, Any]:
        job = self._officer.job_of("status")
        session = self._officer.session()
        self._officer.look_who_comes()
        if not session.project.of(CharterBody):
            return self._before_charter(session)
        naming, mine = offices(session.project), self._due(session)
        owes_report = session.me.member.id in awaited_on_report(session.project)
        return {
            "job": job,
            "seen": self._seen(session),
            "mine": mine,
            "owes_report": owes_report,
            "presses": owes_report or any(each.by_button for each in mine),
            "numbers": row_numbers(session) if _has(mine, "commit") else [],
            "taken": steps_done(session.project, naming),
            "awaited": [each.words(naming) for each in due(session)],
        }

    def _before_charter(self, session: Session) -> dict[str, Any]:
        """Nothing has been agreed yet, so there are no steps to show."""
        none = dict.fromkeys(("mine", "numbers", "taken", "awaited"), ())
        no = dict.fromkeys(("owes_report", "presses"), False)
        return {"job": None, "seen": self._seen(session), **none, **no}

    def _seen(self, session: Session) -> str:
        """What the page shows now, so that `watch` tells what is new."""
        self._watched = time.monotonic(), _token(session, self._officer.coming)
        return self._watched[1]

    def watch(self) -> Response:
        """Brings the log up to date, cosigned if entitled; tells what changes once there is news.

        The service is asked every few seconds, and not while a job runs.
        """
        if self._officer.me is None:
            return JSONResponse({"state": ""})
        now = time.monotonic()
        if now - self._watched[0] > _WATCH_SECONDS and not self._officer.working():
            self._watched = now, self._state()
        return JSONResponse({"state": self._watched[1]})

    def _state(self) -> str:
        try:
            session = self._officer.session()
            self._officer.look_who_comes()
            return _token(session, self._officer.coming)
        except PadanError as error:
            return error.code

    async def go(self, request: Request) -> Response:
        """Take every step that is due here, as the command `go` does."""
        form = await request.form()
        said = frozenset(name for name in DECIDED if form.get(name) == "yes")
        title = Words("Mengerjakan giliran Anda", "Taking your turn")

        def work(advance: Advance, agreed: frozenset[str]) -> Words:
            done = list(self._take_all(said, advance, agreed))
            if not done:
                raise _nothing_done()
            told = joined(done, "; ")
            plain = Words(told.id.removesuffix("."), told.en.removesuffix("."))
            return Words(f"Selesai: {plain.id}.", f"Done: {plain.en}.")

        return self._frame.do(
            request,
            "status",
            lambda: self._officer.ask_and_work("status", title, work),
            "/step/status",
        )

    def _take_all(
        self, said: frozenset[ActName], advance: Advance, agreed: frozenset[str]
    ) -> Iterator[Words]:
        """Take steps until none is left that can be taken; yields what was done."""
        session, tried = self._officer.session(), set[Act]()
        if log_shipped_probe(session):
            yield _PROBE_SIGNED

        @contextmanager
        def progress(_label: Words, _total: int) -> Iterator[Advance]:
            yield advance

        lost = send_again(session, advance)
        if lost.seals or lost.documents:
            yield SENT_AGAIN
        while True:
            ready = (
                each.act
                for each in self._due(session)
                if each.by_button and each.act not in tried
                if each.act.name not in DECIDED or each.act.name in said
            )
            act = next(ready, None)
            if act is None:
                return
            tried.add(act)
            if act.name == "prepare":
                yield freeze_rows(self._officer, advance, agreed)
            else:
                for taken in take(session, act, progress):
                    yield done_words(session, taken.act)

    def _due(self, session: Session) -> list[DueStep]:
        return [self._due_step(session, each) for each in acts_here(session)]

    def _due_step(self, session: Session, act: Act) -> DueStep:
        address = address_of(self._officer, act)
        if act.name == "prepare":
            # The officer has seen the columns and the quality of this file.
            by_button = address == "/step/prepare" and act.about == self._officer.dataset
        else:
            by_button = act.name not in ELSEWHERE
        question = _question(session, act.name)
        return DueStep(act, act_words(session, act), question, by_button, address)


def _question(session: Session, act: ActName) -> Words | None:
    """What the officer agrees to before the step, if it cannot be taken back."""
    project = session.project
    if act == "commit":
        return ARE_RIGHT
    if act == "order":
        spends = runs_left(project, session.me.member).words()
        return Words(
            f"Semua data sudah dikirim: perintahkan pemadanan. {spends.id}",
            f"All datasets are in: order the run. {spends.en}",
        )
    if act == "request":
        spends = releases_left(project).words()
        return Words(
            f"Pemadanan selesai: minta rilisnya. {spends.id}",
            f"The run has finished: request its release. {spends.en}",
        )
    return None


def _has(mine: list[DueStep], name: ActName) -> bool:
    return any(each.act.name == name for each in mine)


def _token(session: Session, coming: Coming | None) -> str:
    """Changes whenever it is another's turn, or this agency's, or somebody comes."""
    steps = [(each.step, each.about, each.who) for each in due(session)]
    people = "" if coming is None else coming.state
    known = (steps, len(session.project.of(CharterBody)), people)
    return hashlib.sha256(repr(known).encode()).hexdigest()


def _nothing_done() -> NotYet:
    return NotYet(
        EncoderCode.UI_NOTHING_DUE,
        Words("Belum ada yang dikerjakan.", "Nothing has been done yet."),
        MARK_FIRST,
    )
