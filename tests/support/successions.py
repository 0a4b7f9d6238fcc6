"""The roster after that of a town, signed by both authorities."""

from __future__ import annotations

from policy.base.canonical import b64
from policy.crypto.envelope import Envelope
from policy.members.roster import Member, Roster, roster_binding
from tests.support.service import Town

AUTHORITIES = ("bps", "walidata")


def next_roster(town: Town, *cards: Member, without: str = "") -> tuple[Roster, bytes]:
    """The version after the town's, signed by both authorities."""
    now = town.roster
    members = {member.id: member for member in (*now.members, *cards) if member.id != without}
    roster = now.model_copy(
        update={
            "version": now.version + 1,
            "previous": now.digest(),
            "members": tuple(members.values()),
        }
    )
    roster = Roster.model_validate(roster.model_dump())
    envelope = Envelope(
        payload_type=roster_binding(roster).canonical().decode(),
        payload=b64(roster.canonical()),
        signatures=(),
    )
    for authority in AUTHORITIES:
        envelope = envelope.signed_by(authority, town.keys[authority].signing)
    return roster, envelope.canonical()
