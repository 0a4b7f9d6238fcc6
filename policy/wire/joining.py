"""One person's way into a project, until the roster is pinned; every step may be taken again.

The card goes to the service with the invite; the service shows who has answered; this person
compares the words of the roster with others; an authority signs; everybody pins.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from policy.base.canonical import HexDigest, unb64
from policy.base.error_codes import PolicyCode
from policy.base.errors import NotYet, Refused
from policy.base.words import Words
from policy.crypto.envelope import Signature
from policy.formats.http_api import API
from policy.joining.folder import JoiningFolder, awaited
from policy.joining.gathering import (
    Gathering,
    Record,
    signatures_on,
    signed_roster,
    someone_else,
    unsigned_roster,
)
from policy.joining.invite import Invite, make_answer
from policy.joining.spoken_words import require_same, spoken
from policy.members.home import Unlocked
from policy.members.roster import Roster
from policy.wire.http import send
from policy.wire.signed_requests import Message

# Whether this person says that the same words were read; the last argument is whether they sign as
# an authority. None if nobody can be asked.
Compare = Callable[[Gathering, Words, bool], bool] | None
# Is told who has joined so far.
Seen = Callable[[Gathering], None] | None


class NotCompared(NotYet):
    """This person must compare the words first; waiting for others does not help."""

    for_this_person = True


@dataclass(frozen=True)
class Joining:
    """One person, one project. `heard` are words that somebody read to this person."""

    me: Unlocked
    invite: Invite
    compare: Compare = None
    heard: str | None = None
    seen: Seen = None

    @property
    def folder(self) -> JoiningFolder:
        return JoiningFolder(self.me.home, self.invite.body.project)

    def answer(self) -> bytes:
        """This person's card with the invite, signed."""
        return make_answer(self.invite, self.me.member, self.me.keys)

    def step(self) -> Roster:
        """Take every step that is possible now; returns the pinned roster.

        Raises NotYet, with whom it waits for, if others come first; NotCompared if this person
        must compare the words; Unverified if the service shows something else than expected.
        """
        if self.me.home.has_joined:
            self._require_same_service()
            if self.me.is_in(self.me.home.roster()):
                return self.me.home.roster()
        self.invite.require_current(_today())
        record = self._put("", self.answer(), "PUT")
        gathering = Gathering.of(record, self.invite, self.me.member)
        self.folder.keep_charter(record.charter)
        if self.seen is not None:
            self.seen(gathering)
        if gathering.card(self.me.member.id) is None:
            raise someone_else(self.me.member.id)
        if gathering.missing():
            raise awaited(each.id for each in gathering.missing())
        roster = gathering.roster()
        self._require_compared(gathering, roster.digest())
        return self._signed(roster, record)

    def _require_same_service(self) -> None:
        """Checks that the roster of this home is of the service that invites; raises Refused."""
        inviter = self.invite.body.inviter
        if not any(inviter in roster.members for roster in self.me.home.rosters()):
            raise _other_service()

    def _require_compared(self, gathering: Gathering, digest: HexDigest) -> None:
        if self.folder.has_compared(digest):
            return
        signs = self.me.member.id in gathering.authorities
        if self.heard is not None:
            require_same(self.heard, digest)
        elif self.compare is None or not self.compare(gathering, spoken(digest), signs):
            raise _not_compared()
        self.folder.keep_compared(digest)

    def _signed(self, roster: Roster, record: Record) -> Roster:
        signatures, me = _signatures(roster, record), self.me.member.id
        if me in roster.authorities and me not in signatures:
            envelope = unsigned_roster(roster).signed_by(me, self.me.keys.signing)
            record = self._put("/roster", envelope.canonical(), "POST")
            signatures = _signatures(roster, record)
        lacking = [each for each in roster.authorities if each not in signatures]
        if lacking:
            raise _awaits_signatures(lacking)
        data = signed_roster(roster, signatures)
        return self.me.home.pin_roster(self.invite.body.url, data, roster.digest())

    def _put(self, more: str, body: bytes, method: str) -> Record:
        url = f"{self.invite.body.url}{API}/joining/{self.invite.body.project}{more}"
        message = Message(method, url, {"content-type": "application/json"}, body)
        return Record.model_validate_json(send(message))


def join_first(
    me: Unlocked, project: str, compare: Compare = None, heard: str | None = None
) -> None:
    """Finish what `accept` began, before a project is worked on; nothing once a roster is pinned.

    Raises as `Joining.step`.
    """
    if me.home.has_joined:
        return
    invite = JoiningFolder(me.home, project).invite()
    if invite is not None:
        Joining(me, invite, compare, heard).step()


def _signatures(roster: Roster, record: Record) -> dict[str, Signature]:
    return signatures_on(roster, unb64(record.roster) if record.roster else None)


def _today() -> date:
    return datetime.now(UTC).date()


def _other_service() -> Refused:
    return Refused(
        PolicyCode.INVITE_OTHER_SERVICE,
        Words(
            "Folder rumah ini sudah menyimpan roster layanan lain.",
            "This home folder has the roster of another service already.",
        ),
        Words(
            "Pakai folder rumah baru untuk layanan ini: --home FOLDER.",
            "Use a new home folder for this service: --home FOLDER.",
        ),
    )


def _not_compared() -> NotCompared:
    return NotCompared(
        PolicyCode.JOINING_COMPARE,
        Words(
            "Semua sudah bergabung; kata rosternya belum Anda bandingkan.",
            "Everybody has joined; you have not compared the roster's words yet.",
        ),
        Words(
            "Setiap orang dan satu otoritas saling membacakan kata-kata itu lewat telepon. Sesudah"
            " itu jalankan perintah yang sama dengan --words 'KATA YANG DIBACAKAN'.",
            "Everybody and one of the authorities read the words to each other by telephone. Then"
            " give the same command with --words 'THE WORDS THAT WERE READ'.",
        ),
    )


def _awaits_signatures(lacking: list[str]) -> NotYet:
    names = ", ".join(lacking)
    return NotYet(
        PolicyCode.JOINING_SIGNATURES,
        Words(
            f"Roster menunggu tanda tangan otoritas: {names}.",
            f"The roster awaits the signature of the authorities: {names}.",
        ),
        Words(
            "Dengan --watch perintah ini meneruskan sendiri; tanpa itu, jalankan lagi.",
            "With --watch this command goes on by itself; without, give it again.",
        ),
    )
