"""The operator of a project's service invites everybody in the plan."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from policy.base.error_codes import PolicyCode
from policy.base.errors import Refused
from policy.base.words import Words
from policy.joining.folder import Invited, JoiningFolder
from policy.joining.invite import make_answer, make_invite, open_answer, open_invite
from policy.joining.plan import Plan, PlannedPerson, read_plan
from policy.members.home import Home, Unlocked


def planned(place: JoiningFolder, table: bytes, url: str, today: date) -> Plan:
    """The plan in this table; one with the same people as before keeps its date."""
    known = place.plan()
    again = read_plan(table, place.project, url, known.issued if known else today)
    same = known is not None and again.people == known.people
    return again if same else read_plan(table, place.project, url, today)


def require_inviter(home: Home, person: PlannedPerson) -> None:
    """Checks that an existing home is the operator's; raises Refused."""
    if not home.identity_path.exists() or person.is_of(home.member()):
        return
    raise Refused(
        PolicyCode.INVITE_INVITER,
        Words(
            f"Yang mengundang adalah {person.id}, pengelola layanan; folder rumah ini milik"
            " orang lain, atau peran dan namanya lain.",
            f"{person.id}, the operator of the service, invites; this home folder is of"
            " somebody else, or has other roles or another name.",
        ),
        Words(
            "Jalankan di mesin layanan, atau tunjuk folder rumahnya dengan --home.",
            "Run it on the service's machine, or name its home folder with --home.",
        ),
    )


def invite_everybody(
    me: Unlocked, plan: Plan, draft: dict[str, Any], again: Iterable[str] = ()
) -> dict[str, bytes]:
    """Keep plan and draft charter, and answer for the operator; the same again changes nothing.

    Returns the file of each other person's invite, by member id; after a roster, of those alone who
    come later. `again` are those whose earlier answers no longer count.
    """
    place, today = JoiningFolder(me.home, plan.project), datetime.now(UTC).date()
    pinned = None if plan.after is None else me.home.roster_file()
    invited = place.publish(plan, today, again, pinned)
    place.keep_charter(draft)
    if plan.after is None:
        own = open_invite(_invite(me, plan, plan.inviter, invited))
        place.take_answer(open_answer(make_answer(own, me.member, me.keys)), me.member, today)
    return invites_of(me, plan)


def invites_of(me: Unlocked, plan: Plan) -> dict[str, bytes]:
    """The files of the invites as they were given last, by member id.

    The service gives them to those who have the short code.
    """
    place = JoiningFolder(me.home, plan.project)
    invited, before = place.invited(), place.before()
    me = me if before is None else me.under(before)
    others = (each for each in plan.invited(before) if each != plan.inviter)
    invites = {each.id: _invite(me, plan, each, invited) for each in others}
    place.offer(invites.values())
    return invites


def _invite(me: Unlocked, plan: Plan, person: PlannedPerson, invited: Invited) -> bytes:
    newest = invited.newest[person.id]
    return make_invite(plan, person, me.member, me.keys, newest.number, newest.expires)
