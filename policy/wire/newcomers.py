"""An authority takes people in who come later: it sees who joined, compares the words, and signs.

The commands `go` do this before the steps of the project. The service appends the signed roster to
every log, from which all other members learn it.
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
from policy.members.home import Unlocked
from policy.members.roster import Roster
from policy.members.succession import require_successor
from policy.terminal.events import Events
from policy.wire.http import send
from policy.wire.joining import Compare
from policy.wire.rosters import catch_up
from policy.wire.signed_requests import Message, sign_request


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
        Raises Unverified for other words than those that were read, or if the service shows
        something else than the roster in force allows.
        """
        roster = self._sign_if_compared()
        if roster is not None:
            version = str(roster.version)
            words = Words(
                f"✓ Roster versi {version} ditandatangani. Berlaku setelah kedua otoritas"
                " menandatangani.",
                f"✓ Version {version} of the roster is signed. It is in force once both"
                " authorities have signed.",
            )
            self.events.done("roster", version, words, digest=roster.digest())

    def _sign_if_compared(self) -> Roster | None:
        home, name = self.me.home, self.me.member.id
        if not home.has_joined or name not in home.roster().authorities:
            return None
        record = self._shown(self.me.under(home.roster()))
        if record is None:
            return None
        if record.plan.after != home.roster().digest():
            catch_up(home)
        known = home.rosters()
        me = self.me.under(known[-1])
        gathering = Gathering.after(record, known[-1])
        if gathering.missing() or not gathering.new():
            return None
        roster = gathering.roster()
        require_successor(known, roster)
        if me.member.id in signatures_on(roster, unb64(record.roster) if record.roster else None):
            return None
        if not self._compared(gathering, roster.digest()):
            return None
        envelope = unsigned_roster(roster).signed_by(me.member.id, me.keys.signing)
        send(Message("POST", self._url + "/roster", _JSON, envelope.canonical()))
        return roster

    @property
    def _url(self) -> str:
        return f"{self.me.home.service().url}{API}/joining/{self.project}"

    def _shown(self, me: Unlocked) -> Record | None:
        message = Message("GET", self._url, {}, b"")
        sign_request(message, me.member.id, me.keys.signing)
        try:
            answer = send(message)
        except Refused as error:
            if error.code != PolicyCode.SERVICE_OLDER:
                raise
            return None  # nobody comes later at a service of that version
        return None if answer == canonical_json(None) else Record.model_validate_json(answer)

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


_JSON = {"content-type": "application/json"}
