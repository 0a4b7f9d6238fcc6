"""An invited person comes to a project: the invite is opened, and a home is made for its keys.

`accept INVITE` does this, and so does `go INVITE`, which then goes on.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from policy.base.canonical import is_identifier
from policy.base.error_codes import PolicyCode
from policy.base.errors import Refused
from policy.base.files import read_file
from policy.base.words import Words
from policy.joining.folder import JoiningFolder
from policy.joining.invite import Invite, open_invite, require_person
from policy.members.home import Home, Unlocked
from policy.terminal import console
from policy.terminal.passphrases import HOURS, choose, new_passphrase

MAX_INVITE_BYTES = 64 * 1024


def arrive(named: str) -> tuple[Unlocked, str]:
    """The open home and the project: `named` is the project's id, or the file of an invite."""
    if is_identifier(named):
        return console.unlocked(), named
    invite = read_invite(Path(named))
    return accept_invite(invite, keep=True), invite.body.project


def read_invite(path: Path) -> Invite:
    """The invite in this file; raises if it is not valid today."""
    invite = open_invite(read_file(path, MAX_INVITE_BYTES))
    invite.require_current(datetime.now(UTC).date())
    return invite


def accept_invite(invite: Invite, *, keep: bool) -> Unlocked:
    """The invited person's open home, which keeps the invite; harmless if given twice."""
    home = console.home()
    _require_same_inviter(home, invite)
    me = _at_home(home, invite, keep=keep)
    JoiningFolder(home, invite.body.project).keep_invite(invite)
    return me


def _at_home(home: Home, invite: Invite, *, keep: bool) -> Unlocked:
    """The invited person's open home; makes it if there is none."""
    person = invite.body.person
    if home.identity_path.exists():
        require_person(invite, home.member())
        return console.unlocked()
    passphrase = new_passphrase(keep=keep)
    today = datetime.now(UTC).date()
    home.create(person.id, person.agency, person.name, person.roles, passphrase, today)
    choose(home, HOURS if keep else None)
    console.say(
        Words(
            f"Kunci {person.id} dibuat di {home.path}. Buat cadangannya dengan 'padan-policy"
            " backup'.",
            f"Keys of {person.id} made in {home.path}. Back them up with 'padan-policy backup'.",
        )
    )
    return home.unlock(passphrase)


def _require_same_inviter(home: Home, invite: Invite) -> None:
    """Checks that an invite of this project did not come from somebody else before."""
    known = JoiningFolder(home, invite.body.project).invite()
    if known is None or known.body.inviter == invite.body.inviter:
        return
    raise Refused(
        PolicyCode.INVITE_INVITER,
        Words(
            "Undangan terdahulu untuk proyek ini ditandatangani kunci lain.",
            "The earlier invite to this project was signed by another key.",
        ),
        Words(
            "Telepon koordinator; bila ia mengganti kuncinya, pakai folder rumah baru (--home).",
            "Call the coordinator; if the keys there are new, use a new home folder (--home).",
        ),
    )
