"""People who join: their invites and who has joined out, their cards in.

Nobody has a roster yet, so these requests are not signed by roster keys. An answer has the
inviter's signature on its invite and the sender's on its card; without an invite of this service
nothing is stored or shown. An invite is shown to those who know its fingerprint of 125 bits. Bodies
are small, requests are limited, and there are at most as many answers as people in the plan.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from fastapi import APIRouter, Depends, Request, Response

from linkage_service.api.bodies import read_body, require_length
from linkage_service.error_codes import ServiceCode
from policy.base.clocks import Clock, system_clock
from policy.base.dates import at_second
from policy.base.errors import NotYet, Refused
from policy.base.words import Words
from policy.joining.folder import JoiningFolder, inviting_folders
from policy.joining.gathering import Record
from policy.joining.invite import open_answer
from policy.members.home import Unlocked

router = APIRouter(prefix="/joining/{project}", tags=["joining"])
invites = APIRouter(prefix="/invites", tags=["joining"])

# A roster of 200 people with two signatures; an answer is some 10 KB.
MAX_VISIT_BYTES = 1024 * 1024


@dataclass
class Limit:
    """At most `most` requests in `seconds`, of one caller and of all together ten times that."""

    most: int = 120
    seconds: int = 60
    clock: Clock = system_clock
    _seen: dict[str, deque[int]] = field(default_factory=dict)

    def require(self, caller: str) -> None:
        """Count a request; raises Refused for one too many."""
        now = self.clock()
        for name, most in ((caller, self.most), ("", 10 * self.most)):
            times = self._seen.setdefault(name, deque())
            while times and times[0] <= now - self.seconds:
                times.popleft()
            if len(times) >= most:
                raise _too_many(self.seconds)
            times.append(now)
        if len(self._seen) > 10 * self.most:
            self._seen = {name: times for name, times in self._seen.items() if times}


@dataclass
class Reception:
    """Takes answers and signatures for one home; `complete` gets each roster that is signed."""

    me: Unlocked
    complete: Callable[[bytes, str], None] | None = None
    clock: Clock = system_clock
    limit: Limit = field(default_factory=Limit)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def invite(self, fingerprint: str) -> bytes:
        """The file of a current invite; raises Refused if none has this fingerprint."""
        for folder in inviting_folders(self.me.home):
            data = folder.offered(fingerprint)
            if data is not None:
                return data
        raise _no_invite()

    def take_answer(self, project: str, data: bytes) -> Record:
        """Keep the card, and show who has joined."""
        folder, answer = self._folder(project), open_answer(data)
        with self._lock:
            folder.take_answer(answer, self.me.member, at_second(self.clock()).date())
            return folder.record()

    def take_signatures(self, project: str, data: bytes) -> Record:
        """Keep an authority's signature; after the last one, hand the roster on."""
        folder = self._folder(project)
        with self._lock:
            folder.take_signatures(data)
            record, signed, plan = folder.record(), folder.signed(), folder.plan()
        if self.complete and signed is not None and plan is not None:
            self.complete(signed, plan.url)
        return record

    def coming_after(self, project: str, roster: str) -> Record | None:
        """Who comes later to the roster with this digest; None if nobody was invited to it."""
        folder = JoiningFolder(self.me.home, project)
        with self._lock:
            plan = folder.plan()
            return folder.record() if plan is not None and plan.after == roster else None

    def _folder(self, project: str) -> JoiningFolder:
        folder = JoiningFolder(self.me.home, project)
        if not folder.is_open:
            raise _nobody_invited()
        return folder


@dataclass(frozen=True)
class Visitor:
    """Somebody who may have an invite, and what they sent."""

    reception: Reception = field(repr=False)
    body: bytes = field(repr=False)


async def visitor(request: Request) -> Visitor:
    """FastAPI dependency: the body of one of few requests; raises Refused or BadInput."""
    reception: Reception = request.app.state.reception
    reception.limit.require(request.client.host if request.client else "")
    require_length(request, MAX_VISIT_BYTES)
    return Visitor(reception, await read_body(request, MAX_VISIT_BYTES))


InvitedCaller = Depends(visitor)


@invites.get("/{fingerprint}", response_class=Response)
def show_invite(fingerprint: str, caller: Visitor = InvitedCaller) -> Response:
    """An invite's file, for somebody who has its short code. Trust it by its fingerprint."""
    data = caller.reception.invite(fingerprint)
    return Response(data, media_type="application/octet-stream")


@router.put("", response_model=Record)
def join(project: str, caller: Visitor = InvitedCaller) -> Record:
    """Join with a card and an invite, or look again who has joined."""
    return caller.reception.take_answer(project, caller.body)


@router.post("/roster", response_model=Record)
def sign_roster(project: str, caller: Visitor = InvitedCaller) -> Record:
    """An authority's signature on the roster of all who joined."""
    return caller.reception.take_signatures(project, caller.body)


def not_yet(path: str) -> None:
    """Everything else waits until the service itself has taken the place of the reception."""
    raise NotYet(
        ServiceCode.SERVICE_STARTING,
        Words(
            "Layanan belum dimulai untuk proyek.", "The service has not begun with projects yet."
        ),
        Words(
            "Layanan dimulai sesudah roster ditandatangani; ulangi sebentar lagi.",
            "It begins once the roster is signed; try again in a moment.",
        ),
    )


def _too_many(seconds: int) -> Refused:
    return Refused(
        ServiceCode.JOINING_TOO_MANY,
        Words("Terlalu banyak permintaan bergabung.", "There are too many requests to join."),
        Words(
            f"Tunggu {seconds} detik, lalu ulangi.",
            f"Wait {seconds} seconds, then try again.",
        ),
    )


def _no_invite() -> Refused:
    return Refused(
        ServiceCode.JOINING_NO_INVITE,
        Words(
            "Layanan ini tidak memiliki undangan dengan kode itu.",
            "This service has no invite with that code.",
        ),
        Words(
            "Minta kode terbaru kepada koordinator; undangan yang diganti tidak berlaku lagi.",
            "Ask the coordinator for the newest code; an invite that was replaced no longer holds.",
        ),
    )


def _nobody_invited() -> Refused:
    return Refused(
        ServiceCode.JOINING_NO_PROJECT,
        Words(
            "Layanan ini tidak mengundang siapa pun ke proyek itu.",
            "This service has invited nobody to that project.",
        ),
        Words(
            "Periksa apakah Anda memakai undangan terbaru dari koordinator.",
            "Check that you use the newest invite from the coordinator.",
        ),
    )
