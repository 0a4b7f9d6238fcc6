"""An invited person comes to a project at the terminal.

`accept INVITE` does this, and so does `go INVITE`, which then goes on.
"""

from __future__ import annotations

from pathlib import Path

from policy.base.canonical import is_identifier
from policy.base.files import read_file
from policy.base.words import Words
from policy.joining.arriving import current_invite, make_home, require_fits
from policy.joining.code import is_code
from policy.joining.folder import JoiningFolder
from policy.joining.invite import MAX_INVITE_BYTES, Invite
from policy.members.home import Home, Unlocked
from policy.terminal import console
from policy.terminal.passphrases import HOURS, choose, new_passphrase
from policy.wire.invites import invite_by_code


def arrive(named: str) -> tuple[Unlocked, str]:
    """The open home and the project: `named` is the project's id, or an invite's file or code."""
    if is_identifier(named):
        return console.unlocked(), named
    invite = read_invite(named)
    return accept_invite(invite, keep=True), invite.body.project


def read_invite(named: str) -> Invite:
    """The invite in this file, or of this code; raises if it is not valid today."""
    if is_code(named) and not _is_there(named):
        return current_invite(invite_by_code(named))
    return current_invite(read_file(Path(named), MAX_INVITE_BYTES))


def _is_there(named: str) -> bool:
    try:
        return Path(named).exists()
    except OSError:  # a code that is too long for a name
        return False


def accept_invite(invite: Invite, *, keep: bool) -> Unlocked:
    """The invited person's open home, which keeps the invite; harmless if given twice."""
    home = console.home()
    require_fits(home, invite)
    me = _at_home(home, invite, keep=keep)
    JoiningFolder(home, invite.body.project).keep_invite(invite)
    return me


def _at_home(home: Home, invite: Invite, *, keep: bool) -> Unlocked:
    """The invited person's open home; makes it if there is none."""
    person = invite.body.person
    if home.identity_path.exists():
        return console.unlocked()
    me = make_home(home, person, new_passphrase(keep=keep))
    choose(home, HOURS if keep else None)
    console.say(
        Words(
            f"Kunci {person.id} dibuat di {home.path}. Buat cadangannya dengan 'padan-policy"
            " backup'.",
            f"Keys of {person.id} made in {home.path}. Back them up with 'padan-policy backup'.",
        )
    )
    return me
