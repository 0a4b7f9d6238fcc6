"""Who has joined a project, and the roster that follows from it. Pure; all programs agree on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from pydantic import Field, ValidationError

from policy.base.canonical import Model, b64, unb64
from policy.base.error_codes import PolicyCode
from policy.base.errors import PadanError, Unverified
from policy.base.words import Words
from policy.crypto import ed25519
from policy.crypto.envelope import Envelope, Signature, parse_envelope, pre_authentication
from policy.joining.invite import Invite, InviteAnswer, open_answer
from policy.joining.plan import MOST_PEOPLE, Plan, PlannedPerson
from policy.members.roster import Agency, Member, Roster, open_roster, roster_binding
from policy.members.succession import require_successor


class Record(Model):
    """What the service shows to those who answered: plan, answers, signatures, draft of a charter.

    `answers`, `roster` and `before` are base64 of envelopes; `roster` may lack a signature, and
    `before` is the roster in force to which the people of this plan come later.
    """

    plan: Plan
    answers: tuple[str, ...] = Field(default=(), max_length=MOST_PEOPLE)
    roster: str | None = None
    charter: dict[str, Any] | None = None
    before: str | None = Field(default=None, exclude_if=lambda roster: roster is None)


@dataclass(frozen=True)
class Gathering:
    """A plan, and the valid answers to its invites.

    `before` is the roster in force, if the people come later.
    """

    plan: Plan
    answers: tuple[InviteAnswer, ...]
    before: Roster | None = None

    @classmethod
    def of(cls, record: Record, invite: Invite, me: Member) -> Gathering:
        """What the service shows, checked by one person's invite and card; raises Unverified."""
        shown = (record.plan.digest(), record.plan.project)
        if shown != (invite.body.plan, invite.body.project):
            raise _not_as_invited(
                Words("rencana orangnya lain", "the plan of people is another one")
            )
        found = cls._checked(record, _roster_before(record), invite.body.inviter)
        if found.card(me.id) not in (me, None):
            raise someone_else(me.id)
        if found.card(invite.body.inviter.id) not in (invite.body.inviter, None):
            raise _not_as_invited(
                Words("kunci koordinator lain", "the coordinator has other keys"),
            )
        return found

    @classmethod
    def after(cls, record: Record, before: Roster) -> Gathering:
        """The same, checked by a member of the roster in force; raises Unverified."""
        if record.plan.after != before.digest():
            raise _not_as_invited(Words("roster yang lain", "another roster"))
        return cls._checked(record, before, before.service())

    @classmethod
    def _checked(cls, record: Record, before: Roster | None, inviter: Member) -> Gathering:
        try:
            answers = tuple(open_answer(unb64(each)) for each in record.answers)
        except PadanError as error:
            raise _not_as_invited(error.problem) from None
        found = cls(record.plan, answers, before)
        for answer in answers:
            found._require_invited(answer, inviter)
        if len({each.card.id for each in answers}) != len(answers):
            raise _not_as_invited(Words("satu orang dua kali", "one person twice"))
        return found

    def _require_invited(self, answer: InviteAnswer, inviter: Member) -> None:
        theirs, member = answer.invite.body, answer.card.id
        mine = (self.plan.project, self.plan.digest(), inviter)
        if (theirs.project, theirs.plan, theirs.inviter) != mine:
            raise _not_as_invited(
                Words(f"{member} diundang oleh orang lain", f"somebody else invited {member}")
            )
        if theirs.person not in self.plan.invited(self.before):
            raise _not_as_invited(
                Words(f"{member} lain daripada di rencana", f"{member} is not as planned")
            )

    @property
    def authorities(self) -> tuple[str, ...]:
        return self.plan.authorities if self.before is None else self.before.authorities

    def new(self) -> list[str]:
        """Those who come to a roster in force, or get new keys in the next one."""
        return [each.id for each in self.plan.invited(self.before) if self.before is not None]

    def is_new(self, member: str) -> bool:
        return member in self.new()

    def card(self, member: str) -> Member | None:
        """The card that this person gave, or has in the roster in force."""
        given = next((each.card for each in self.answers if each.card.id == member), None)
        if given or self.before is None or self.is_new(member):
            return given
        return self.before.member(member)

    def missing(self) -> tuple[PlannedPerson, ...]:
        """Those who have not answered yet, in the order of the plan."""
        return tuple(each for each in self.plan.people if self.card(each.id) is None)

    def roster(self) -> Roster:
        """The roster of these people, first or next; for a plan that nobody is missing from.

        Raises Unverified if the cards cannot form one, Refused if it cannot follow the last one.
        """
        before, (one, other) = self.before, self.authorities
        cards = {each.id: each for each in (before.members if before else ())}
        cards |= {each.card.id: each.card for each in self.answers}
        try:
            roster = Roster(
                version=before.version + 1 if before else 1,
                previous=before.digest() if before else None,
                issued=self.plan.issued,
                authorities=(one, other),
                agencies=self._agencies(),
                members=tuple(cards[each] for each in sorted(cards)),
            )
        except (PadanError, ValidationError):
            raise _not_as_invited(
                Words("dua kartu memakai kunci yang sama", "two cards have the same key"),
            ) from None
        if before is not None:
            require_successor([before], roster)
        return roster

    def _agencies(self) -> tuple[Agency, ...]:
        """The superiors of all agencies; what the roster in force says of an agency stays."""
        known = {each.id: each for each in self.plan.agencies}
        known |= {each.id: each for each in (self.before.agencies if self.before else ())}
        return tuple(known[each] for each in sorted(known))


def _roster_before(record: Record) -> Roster | None:
    """The roster in force as the service shows it; a later reading of words covers it too."""
    after, shown = record.plan.after, record.before
    if after is None:
        return None
    try:
        return open_roster(unb64(shown or ""), after)
    except PadanError as error:
        raise _not_as_invited(error.problem) from None


def unsigned_roster(roster: Roster) -> Envelope:
    """The envelope that both authorities sign."""
    return Envelope(
        payload_type=roster_binding(roster).canonical().decode(),
        payload=b64(roster.canonical()),
        signatures=(),
    )


def signatures_on(roster: Roster, data: bytes | None) -> dict[str, Signature]:
    """The valid signatures of the roster's authorities in an envelope; all others are dropped."""
    if data is None:
        return {}
    expected = unsigned_roster(roster)
    try:
        envelope = parse_envelope(data)
    except PadanError:
        return {}
    if (envelope.payload_type, envelope.payload) != (expected.payload_type, expected.payload):
        return {}
    message = pre_authentication(envelope.payload_type, envelope.body)
    found = {}
    for each in envelope.signatures:
        if each.keyid not in roster.authorities:
            continue
        try:
            ed25519.verify(roster.member(each.keyid).signing_public(), unb64(each.sig), message)
        except InvalidSignature:
            continue
        found[each.keyid] = each
    return found


def signed_roster(roster: Roster, signatures: dict[str, Signature]) -> bytes:
    """The roster with these signatures, in the order of the authorities."""
    chosen = tuple(signatures[each] for each in roster.authorities if each in signatures)
    return unsigned_roster(roster).model_copy(update={"signatures": chosen}).canonical()


def someone_else(member: str) -> Unverified:
    return Unverified(
        PolicyCode.JOINING_TAKEN,
        Words(
            f"Sudah ada yang bergabung sebagai {member} dengan kunci lain.",
            f"Somebody has joined as {member} with other keys.",
        ),
        Words(
            "Telepon koordinator. Bila itu bukan Anda, atau kunci itu hilang, minta undangan baru"
            f" (padan-policy invite FOLDER --again {member}); kunci yang lama lalu tidak dipakai.",
            "Call the coordinator. If it was not you, or those keys are lost, ask for a new invite"
            f" (padan-policy invite FOLDER --again {member}); the other keys are then not used.",
        ),
    )


def _not_as_invited(what: Words) -> Unverified:
    return Unverified(
        PolicyCode.JOINING_NOT_AS_INVITED,
        Words(
            f"Yang ditunjukkan layanan tidak sesuai undangan Anda: {what.id}.",
            f"What the service shows does not fit your invite: {what.en}.",
        ),
        Words(
            "Jangan teruskan; hubungi koordinator, dan minta undangan terbaru.",
            "Do not go on; call the coordinator, and ask for the newest invite.",
        ),
    )
