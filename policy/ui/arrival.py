"""One person's way into a project, at a page: the invite, the keys, the words, the roster.

The steps are those of `policy.wire.joining`; a page only shows them and passes on what was said.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from policy.base.error_codes import PolicyCode
from policy.base.errors import BadInput, NotYet, PadanError, Refused, Unreachable
from policy.base.words import Words
from policy.joining.arriving import current_invite, make_home, require_fits
from policy.joining.folder import JoiningFolder, joining_folders
from policy.joining.gathering import Gathering
from policy.joining.invite import Invite
from policy.joining.plan import PlannedPerson
from policy.members.home import Home, Unlocked
from policy.members.roster import Roster
from policy.terminal import console, passphrases
from policy.wire.invites import invite_by_code
from policy.wire.joining import Joining, NotCompared

# Several people may share one address, and the service takes two requests a second of it.
_LOOK_SECONDS = 8.0
_TOO_MANY = "joining.too-many"


@dataclass(frozen=True)
class JoiningStanding:
    """How far it is: what it waits for, who has joined, and the words once they can be compared.

    `signs` says whether this person signs for all keys. With a `roster` it is done.
    """

    waits: PadanError | None = None
    gathering: Gathering | None = None
    words: Words | None = None
    signs: bool = False
    roster: Roster | None = None

    @property
    def token(self) -> str:
        """Changes whenever the page would show something else."""
        joined = len(self.gathering.answers) if self.gathering else 0
        waits = self.waits.problem.en if self.waits else ""
        return f"{joined}.{len(waits)}.{int(self.words is not None)}.{int(self.roster is not None)}"


@dataclass
class Arrival:
    """One person who was invited. `enter` is told the open home."""

    home: Home
    enter: Callable[[Unlocked], None]
    invite: Invite | None = None
    _seen: tuple[float, JoiningStanding] | None = field(default=None, repr=False)
    _looking: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def __post_init__(self) -> None:
        accepted = (each.invite() for each in joining_folders(self.home))
        self.invite = next((each for each in accepted if each is not None), None)

    def open(self, file: bytes, code: str) -> None:
        """Take an invite, as its file or as its code, if it fits this home."""
        invite = current_invite(invite_by_code(code) if code.strip() and not file else file)
        require_fits(self.home, invite)
        self.invite, self._seen = invite, None

    def accept(self, typed: str, again: str, *, keep: bool) -> Words | None:
        """Make this person's keys, or open them, and keep the invite; returns as `new_home`."""
        invite = self.require_invite()
        require_fits(self.home, invite)
        not_kept = None
        if self.home.identity_path.exists():
            me = self.home.unlock(typed.encode())
        else:
            me, not_kept = new_home(self.home, invite.body.person, typed, again, keep=keep)
        JoiningFolder(self.home, invite.body.project).keep_invite(invite)
        self._seen = None
        self.enter(me)
        return not_kept

    def standing(self, me: Unlocked) -> JoiningStanding:
        """Take every step that needs no answer; asks the service once in a while."""
        with self._looking:
            now = time.monotonic()
            if self._seen is None or now - self._seen[0] >= _LOOK_SECONDS:
                self._seen = now, self._look(me, None, None)
            return self._seen[1]

    def agree(self, me: Unlocked, shown: str, heard: str) -> None:
        """This person read the shown words to others, or typed those that were read to them.

        Raises Unverified if the typed ones differ. Words that are not shown any more count for
        nothing: the page shows the new ones.
        """
        with self._looking:
            self._seen = time.monotonic(), self._look(me, shown or None, heard.strip() or None)

    def require_invite(self) -> Invite:
        if self.invite is None:
            raise NotYet(
                PolicyCode.UI_NO_INVITE,
                Words("Belum ada undangan.", "There is no invite yet."),
                Words(
                    "Buka alamat halaman ini dari awal, lalu pilih berkas undangan.",
                    "Open this page from its start, and choose the file of the invite.",
                ),
            )
        return self.invite

    def _look(self, me: Unlocked, shown: str | None, heard: str | None) -> JoiningStanding:
        asked: list[tuple[Words, bool]] = []
        seen: list[Gathering] = []

        def compare(_: Gathering, words: Words, signs: bool) -> bool:
            asked.append((words, signs))
            return shown == words.id

        joining = Joining(me, self.require_invite(), compare, heard, seen.append)
        try:
            return JoiningStanding(roster=joining.step())
        except NotCompared as error:
            words, signs = asked[0] if asked else (None, False)
            return JoiningStanding(error, seen[0] if seen else None, words, signs)
        except (NotYet, Unreachable) as error:
            return JoiningStanding(error, seen[0] if seen else None)
        except Refused as error:
            if error.code != _TOO_MANY:
                raise
            return JoiningStanding(error)


def new_home(
    home: Home, person: PlannedPerson, typed: str, again: str, *, keep: bool
) -> tuple[Unlocked, Words | None]:
    """New keys of this person, under the passphrase that this machine holds, or typed twice.

    If `keep`, or if it is held already, this machine also holds it later whenever it is typed. If
    it should be held and is not, the words say so. Raises BadInput for a short one, or if the
    second differs.
    """
    known = passphrases.held() if not typed else None
    passphrase = known or _typed_twice(typed, again)
    me = make_home(home, person, passphrase)
    passphrases.choose(home, passphrases.HOURS if keep or known else None)
    kept = known is not None or not keep or passphrases.hold(passphrase)
    return me, None if kept else passphrases.not_kept_words()


def _typed_twice(typed: str, again: str) -> bytes:
    if typed != again:
        raise BadInput(
            PolicyCode.PASSPHRASE_SHORT,
            Words("Frasa sandinya tidak sama.", "The two passphrases differ."),
            Words("Ketik frasa yang sama dua kali.", "Type the same passphrase twice."),
        )
    return console.require_passphrase(typed.encode())
