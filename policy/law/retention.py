"""The end of a project: destruction attested, legal holds placed and lifted.

None of these steps needs a charter in force, because they come after its end.
"""

from __future__ import annotations

from datetime import timedelta
from typing import get_args

from policy.base.error_codes import PolicyCode
from policy.gates.rules.case import day_of
from policy.law.conditions import require_entitled
from policy.law.step import Step
from policy.project import refused
from policy.retention.conditions import require_day_witnessed, require_destroyable
from policy.retention.holds import LONGEST_HOLD_DAYS, holds, may_lift, may_place
from policy.statements import Destroyed, Hold, HoldLifted, PartyThing, ServiceThing


def destroyed(step: Step, body: Destroyed) -> None:
    """Judges an attestation: by the owner, and with the schedule's objects and day."""
    project, sender = step.project, step.sender
    service = sender.id == project.roster.service().id
    party = sender.id in project.charter.party_ids
    things = (get_args(ServiceThing) if service else ()) + (get_args(PartyThing) if party else ())
    require_entitled(body.what in things, sender)
    item = require_destroyable(project, sender.id, body.what, body.at)
    early = day_of(body.at) < item.due
    if (body.due, body.early, body.objects) != (item.due, early, item.objects):
        raise refused(
            PolicyCode.PROJECT_ATTESTATION,
            "Pernyataan pemusnahan tidak sesuai jadwal piagam atau isi log.",
            "The attestation does not fit the charter's schedule or what the log holds.",
        )


def destroyed_when_witnessed(step: Step, body: Destroyed) -> None:
    """As `destroyed`; the service also waits until witnesses confirm the due day."""
    destroyed(step, body)
    if step.sender.id == step.project.roster.service().id:
        require_day_witnessed(body.due, step.witnessed)


def hold(step: Step, body: Hold) -> None:
    """Judges a hold: by an entitled member, on things of keepers, within the longest duration."""
    project = step.project
    require_entitled(may_place(project, step.sender, body), step.sender)
    keepers = {*project.charter.party_ids, project.roster.service().id}
    today = day_of(body.at)
    longest = today + timedelta(days=LONGEST_HOLD_DAYS)
    if (
        not set(body.owners) <= keepers
        or len(set(body.owners)) != len(body.owners)
        or len(set(body.scope)) != len(body.scope)
        or (body.until is not None and not today <= body.until <= longest)
    ):
        raise refused(
            PolicyCode.PROJECT_HOLD,
            "Penangguhan menyebut anggota yang tidak menyimpan apa pun, atau berlaku lebih dari"
            f" {LONGEST_HOLD_DAYS} hari.",
            "The hold names members who keep nothing, or lasts longer than"
            f" {LONGEST_HOLD_DAYS} days.",
        )


def lifted(step: Step, body: HoldLifted) -> None:
    """Judges the end of a hold that is in force, by a member that may lift it."""
    entry = step.project.entry(body.hold)
    found = next((each for each in holds(step.project) if each.entry.digest == entry.digest), None)
    if found is None or not found.in_force(day_of(body.at)):
        raise refused(
            PolicyCode.PROJECT_NOT_HELD,
            "Penangguhan itu tidak ada atau sudah berakhir.",
            "There is no such hold, or it has ended.",
        )
    require_entitled(may_lift(step.project, step.sender, found), step.sender)
