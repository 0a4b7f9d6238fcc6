"""How one roster follows another, and which roster judges what in a log.

1. A later roster has the next version, names the digest of the previous one, and is signed by the
   authorities of both. So one known roster is enough to check the others: later ones by their
   signatures, earlier ones by their digests.
2. A key that left, that was ended early, or that was another member's cannot come back. A member
   stays with its agency. An authority's key stays: a new key is a new member, and both old
   authorities sign it.
3. In a log, every statement is judged by the roster in force at its entry, and a checkpoint by the
   roster in force in a log of its size.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from policy.base.error_codes import PolicyCode
from policy.base.errors import PadanError, Refused
from policy.base.words import Words
from policy.crypto.envelope import Envelope, verify
from policy.members.roster import (
    ROSTER_TYPE,
    Member,
    Roster,
    open_roster,
    parse_roster,
    roster_digest,
)

# As written in the payload type, JSON within JSON; no payload contains it, since it is base64.
_MARK = f'{ROSTER_TYPE}\\"'.encode()


@dataclass(frozen=True)
class Rosters:
    """The rosters of one log, each with the log size from which it counts."""

    first: Roster
    later: tuple[tuple[int, Roster], ...] = ()

    def at(self, size: int) -> Roster:
        """The roster in force in a log of this size."""
        return next((each for since, each in reversed(self.later) if since <= size), self.first)

    @property
    def all(self) -> tuple[Roster, ...]:
        """All rosters, in the order in which they came into force."""
        return (self.first, *(roster for _, roster in self.later))

    def extended(self, leaves: Iterable[bytes], start: int) -> Rosters:
        """These rosters and their lawful successors among these leaves.

        `start` is the first leaf's index. Successors are found before the leaves are judged,
        because the judgement needs the leaves' checkpoints, and keys of these rosters sign the
        checkpoints.
        """
        found = self
        for index, leaf in enumerate(leaves, start):
            if index and _MARK in leaf:
                found = found._with(index + 1, leaf)
        return found

    def _with(self, size: int, leaf: bytes) -> Rosters:
        try:
            roster, envelope = parse_roster(leaf)
            require_signed_successor(self.all, roster, envelope)
        except PadanError:
            return self
        return Rosters(self.first, (*self.later, (size, roster)))


def open_rosters(files: Iterable[bytes], pinned_digest: str) -> tuple[Roster, ...]:
    """Rosters that follow each other, oldest first, one of which is the pinned one.

    Raises Unverified if none is, Refused if one does not follow the one before it, or WrongKey.
    """
    signed = sorted({parse_roster(data)[0].version: data for data in files}.items())
    data = [each for _, each in signed]
    pinned = next((d for d in data if roster_digest(d) == pinned_digest.lower()), data[0])
    open_roster(pinned, pinned_digest)
    found: list[Roster] = []
    for roster, envelope in map(parse_roster, data):
        if found:
            require_signed_successor(found, roster, envelope)
        found.append(roster)
    return tuple(found)


def require_signed_successor(earlier: Sequence[Roster], roster: Roster, envelope: Envelope) -> None:
    """Checks that the roster follows the last of these; raises Refused, or WrongKey."""
    require_successor(earlier, roster)
    verify(envelope, signing_keys(earlier[-1], roster))


def signing_keys(last: Roster, roster: Roster) -> dict[str, Ed25519PublicKey]:
    """The keys that must sign a roster that follows another: the authorities of both."""
    keys = {each: roster.member(each).signing_public() for each in roster.authorities}
    return {**keys, **{each: last.member(each).signing_public() for each in last.authorities}}


def require_successor(earlier: Sequence[Roster], roster: Roster) -> None:
    """Checks the roster's content against all earlier rosters, in order; raises Refused."""
    last = earlier[-1]
    if roster.version != last.version + 1 or roster.previous != last.digest():
        raise _refused(
            PolicyCode.ROSTER_SUCCESSION,
            f"Roster ini bukan kelanjutan versi {last.version}.",
            f"This roster does not follow version {last.version}.",
        )
    if roster.service().id != last.service().id:
        raise _refused(
            PolicyCode.ROSTER_OTHER_SERVICE,
            "Layanan pemadanan tetap anggota yang sama; yang dapat berganti ialah kuncinya.",
            "The linkage service stays the same member; what can change is its key.",
        )
    for authority in last.authorities:
        kept = roster.has_member(authority)
        if kept and roster.member(authority).signing_key != last.member(authority).signing_key:
            raise _refused(
                PolicyCode.ROSTER_AUTHORITY_KEY,
                f"Kunci otoritas '{authority}' berganti; beri kunci baru id anggota yang baru.",
                f"The key of the authority '{authority}' is another one; a new key takes a new"
                " member id.",
            )
    require_no_return(earlier, roster)


def require_no_return(earlier: Sequence[Roster], roster: Roster) -> None:
    """Checks that no revoked key returns and no member changes its agency; raises Refused."""
    for member in roster.members:
        _require_none_back(earlier, member)


def _require_none_back(earlier: Sequence[Roster], member: Member) -> None:
    for key in (member.signing_key, member.log_key, member.seal_key):
        holders = [_holder(roster, key) for roster in earlier]
        if {holder.id for holder in holders if holder} - {member.id}:
            raise _revoked(member.id)
        known = [holder for holder in holders if holder]
        if known and (holders[-1] is None or _was_ended(known, member)):
            raise _revoked(member.id)
    for roster in earlier:
        if roster.has_member(member.id) and roster.member(member.id).agency != member.agency:
            raise _refused(
                PolicyCode.ROSTER_AGENCY,
                f"'{member.id}' berpindah instansi; beri anggota itu id yang baru.",
                f"'{member.id}' changes its agency; give that member a new id.",
            )


def _was_ended(known: Sequence[Member], member: Member) -> bool:
    """Whether a key whose last day was once brought forward now gets a later one."""
    days = [each.valid_until for each in known]
    ended = [later for day, later in pairwise(days) if later < day]
    return bool(ended) and member.valid_until > min(ended)


def _holder(roster: Roster, key: str) -> Member | None:
    return next((m for m in roster.members if key in (m.signing_key, m.log_key, m.seal_key)), None)


def _revoked(member: str) -> Refused:
    return _refused(
        PolicyCode.ROSTER_REVOKED_KEY,
        f"Roster ini menghidupkan lagi kunci yang sudah dicabut ('{member}').",
        f"This roster brings back a key that was revoked ('{member}').",
    )


def _refused(code: str, indonesian: str, english: str) -> Refused:
    return Refused(
        code,
        Words(indonesian, english),
        Words(
            "Susun dari roster yang berlaku: 'padan-policy roster build --after ROSTER'.",
            "Build it from the roster in force: 'padan-policy roster build --after ROSTER'.",
        ),
    )
