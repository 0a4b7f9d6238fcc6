"""An invited person comes to a project: checks of the invite against the home, and a new home."""

from __future__ import annotations

from datetime import UTC, datetime

from policy.base.error_codes import PolicyCode
from policy.base.errors import Refused
from policy.base.words import Words
from policy.joining.folder import JoiningFolder
from policy.joining.invite import Invite, open_invite, require_person
from policy.joining.plan import PlannedPerson
from policy.members.home import Home, Unlocked


def current_invite(data: bytes) -> Invite:
    """The invite of this file; raises if it is none, or is not valid today."""
    invite = open_invite(data)
    invite.require_current(datetime.now(UTC).date())
    return invite


def require_fits(home: Home, invite: Invite) -> None:
    """Checks that the invite is for the person of this home, if it has one; raises Refused.

    An earlier invite of the same project has to be of the same inviter.
    """
    known = JoiningFolder(home, invite.body.project).invite()
    if known is not None and known.body.inviter != invite.body.inviter:
        raise _other_inviter()
    if home.identity_path.exists():
        require_person(invite, home.member())


def make_home(home: Home, person: PlannedPerson, passphrase: bytes) -> Unlocked:
    """New keys of this person, in a home that has none yet; raises Refused for one that has."""
    today = datetime.now(UTC).date()
    home.create(person.id, person.agency, person.name, person.roles, passphrase, today)
    return home.unlock(passphrase)


def _other_inviter() -> Refused:
    return Refused(
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
