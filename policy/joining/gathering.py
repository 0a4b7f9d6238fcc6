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
from policy.members.roster import Member, Roster, roster_binding


class Record(Model):
    """What the service shows to those who answered: plan, answers, signatures, draft of a charter.

    `answers` and `roster` are base64 of envelopes; the roster may lack a signature.
    """

    plan: Plan
    answers: tuple[str, ...] = Field(default=(), max_length=MOST_PEOPLE)
    roster: str | None = None
    charter: dict[str, Any] | None = None


@dataclass(frozen=True)
class Gathering:
    """A plan, and the valid answers to its invites."""

    plan: Plan
    answers: tuple[InviteAnswer, ...]

    @classmethod
    def of(cls, record: Record, invite: Invite, me: Member) -> Gathering:
        """What the service shows, checked by one person's invite and card; raises Unverified."""
        if record.plan.digest() != invite.body.plan:
            raise _not_as_invited(
                Words("rencana orangnya lain", "the plan of people is another one")
            )
        try:
            answers = tuple(open_answer(unb64(each)) for each in record.answers)
        except PadanError as error:
            raise _not_as_invited(error.problem) from None
        for answer in answers:
            _require_same_invitation(answer, invite, record.plan)
        found = cls(record.plan, answers)
        if len({each.card.id for each in answers}) != len(answers):
            raise _not_as_invited(Words("satu orang dua kali", "one person twice"))
        if found.card(me.id) not in (me, None):
            raise someone_else(me.id)
        if found.card(invite.body.inviter.id) not in (invite.body.inviter, None):
            raise _not_as_invited(
                Words("kunci koordinator lain", "the coordinator has other keys"),
            )
        return found

    def card(self, member: str) -> Member | None:
        return next((each.card for each in self.answers if each.card.id == member), None)

    def missing(self) -> tuple[PlannedPerson, ...]:
        """Those who have not answered yet, in the order of the plan."""
        return tuple(each for each in self.plan.people if self.card(each.id) is None)

    def roster(self) -> Roster:
        """The first roster of these people; for a plan that nobody is missing from.

        Raises Unverified if the cards cannot form one.
        """
        one, other = self.plan.authorities
        cards = sorted((each.card for each in self.answers), key=lambda card: card.id)
        try:
            return Roster(
                version=1,
                issued=self.plan.issued,
                authorities=(one, other),
                agencies=self.plan.agencies,
                members=tuple(cards),
            )
        except (PadanError, ValidationError):
            raise _not_as_invited(
                Words("dua kartu memakai kunci yang sama", "two cards have the same key"),
            ) from None


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


def _require_same_invitation(answer: InviteAnswer, invite: Invite, plan: Plan) -> None:
    theirs, mine, member = answer.invite.body, invite.body, answer.card.id
    if (theirs.project, theirs.plan, theirs.inviter) != (mine.project, mine.plan, mine.inviter):
        raise _not_as_invited(
            Words(f"{member} diundang oleh orang lain", f"somebody else invited {member}")
        )
    if plan.person(member) != theirs.person:
        raise _not_as_invited(
            Words(f"{member} lain daripada di rencana", f"{member} is not as planned")
        )


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
