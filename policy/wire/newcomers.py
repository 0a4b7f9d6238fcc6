"""An authority takes people in who come later: it sees who joined, compares the words, and signs.

The commands `go` and the pages do this. The service appends the signed roster to every log, from
which all other members learn it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from policy.base.canonical import HexDigest, canonical_json, unb64
from policy.base.error_codes import PolicyCode
from policy.base.errors import Refused
from policy.base.words import Words
from policy.formats.http_api import API
from policy.joining.folder import JoiningFolder
from policy.joining.gathering import Gathering, Record, signatures_on, unsigned_roster
from policy.joining.spoken_words import require_same, spoken
from policy.members.home import Home, Unlocked
from policy.members.roster import Roster
from policy.members.succession import require_successor
from policy.terminal.events import Events
from policy.wire.http import send
from policy.wire.joining import Compare
from policy.wire.rosters import catch_up
from policy.wire.signed_requests import Message, sign_request


@dataclass(frozen=True)
class Coming:
    """Who comes to the roster in force, checked by one of its authorities.

    `roster` is the next one, None while somebody is missing; `signed` are the authorities who have
    signed it.
    """

    gathering: Gathering
    roster: Roster | None
    signed: frozenset[str]

    def awaits(self, authority: str) -> bool:
        """Whether everybody has joined, and this authority has not signed yet."""
        return self.roster is not None and authority not in self.signed

    @property
    def state(self) -> str:
        """Changes with every answer and every signature."""
        return f"{len(self.gathering.answers)}.{len(self.signed)}"


def is_authority(home: Home) -> bool:
    """Whether the person of this home signs rosters."""
    return home.has_joined and home.member().id in home.roster().authorities


def coming_to(me: Unlocked, project: str) -> Coming | None:
    """Who comes later to this project; None if nobody does, or for somebody who is no authority.

    Raises Unverified if the service shows something else than the roster in force allows.
    """
    home = me.home
    if not is_authority(home):
        return None
    record = _shown(me.under(home.roster()), project)
    if record is None:
        return None
    if record.plan.after != home.roster().digest():
        catch_up(home)
    known = home.rosters()
    gathering = Gathering.after(record, known[-1])
    if not gathering.new():
        return None
    if gathering.missing():
        return Coming(gathering, None, frozenset())
    roster = gathering.roster()
    require_successor(known, roster)
    signed = signatures_on(roster, unb64(record.roster) if record.roster else None)
    return Coming(gathering, roster, frozenset(signed))


def sign_next(me: Unlocked, project: str, roster: Roster) -> None:
    """Sign the next roster, and send the signature; this authority has compared its words."""
    me = me.under(me.home.roster())
    envelope = unsigned_roster(roster).signed_by(me.member.id, me.keys.signing)
    send(Message("POST", _url(me.home, project) + "/roster", _JSON, envelope.canonical()))


@dataclass
class Newcomers:
    """The people who come later to one project, for one authority of the roster in force."""

    me: Unlocked
    project: str
    events: Events
    compare: Compare = None
    heard: str | None = None
    _asked: set[HexDigest] = field(default_factory=set)

    def take_in(self) -> None:
        """Sign the next roster once everybody has joined and the words were compared; say so.

        Without anybody who comes later, or for somebody who is no authority, nothing is done.
        Raises Unverified for other words than those that were read, or as `coming_to`.
        """
        coming = coming_to(self.me, self.project)
        if coming is None or coming.roster is None or not coming.awaits(self.me.member.id):
            return
        roster = coming.roster
        if not self._compared(coming.gathering, roster.digest()):
            return
        sign_next(self.me, self.project, roster)
        version = str(roster.version)
        words = Words(
            f"✓ Roster versi {version} ditandatangani. Berlaku setelah kedua otoritas"
            " menandatangani.",
            f"✓ Version {version} of the roster is signed. It is in force once both"
            " authorities have signed.",
        )
        self.events.done("roster", version, words, digest=roster.digest())

    def _compared(self, gathering: Gathering, digest: HexDigest) -> bool:
        """Whether the words are the same; a person is asked once about each roster."""
        folder = JoiningFolder(self.me.home, self.project)
        if not folder.has_compared(digest):
            if self.heard is not None:
                require_same(self.heard, digest)
            elif digest in self._asked or self.compare is None:
                return False
            else:
                self._asked.add(digest)
                if not self.compare(gathering, spoken(digest), True):
                    return False
            folder.keep_compared(digest)
        return True


def _url(home: Home, project: str) -> str:
    return f"{home.service().url}{API}/joining/{project}"


def _shown(me: Unlocked, project: str) -> Record | None:
    message = Message("GET", _url(me.home, project), {}, b"")
    sign_request(message, me.member.id, me.keys.signing)
    try:
        answer = send(message)
    except Refused as error:
        if error.code != PolicyCode.SERVICE_OLDER:
            raise
        return None  # nobody comes later at a service of that version
    return None if answer == canonical_json(None) else Record.model_validate_json(answer)


_JSON = {"content-type": "application/json"}
