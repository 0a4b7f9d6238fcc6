"""An invite, and the answer to it; both are signed, and neither has a secret.

An invite names one person of the plan, the service's address, the digest of the whole plan and the
card of the inviter, who signs it. The answer is the person's card with the invite in it, signed by
the card's own key, so that nobody can send a card whose key they do not have.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

from pydantic import Field, ValidationError

from policy.base.canonical import HexDigest, Identifier, Model, b64, unb64
from policy.base.error_codes import PolicyCode
from policy.base.errors import BadInput, Refused
from policy.base.words import Words
from policy.crypto.envelope import Binding, Envelope, parse_envelope, sign, verify
from policy.crypto.keys import KeyRing
from policy.joining.plan import Plan, PlannedPerson, ServiceUrl
from policy.members.roster import Member

VALID_DAYS = 30
MAX_INVITE_BYTES = MAX_ANSWER_BYTES = 64 * 1024
INVITE_TYPE, ANSWER_TYPE = "padan/invite", "padan/joining-answer"


class InviteBody(Model):
    """What an invite says. `number` rises if the same person is invited again."""

    type: Literal["padan/invite"] = "padan/invite"
    project: Identifier
    url: ServiceUrl
    person: PlannedPerson
    plan: HexDigest
    number: int = Field(ge=1)
    expires: date
    inviter: Member


class AnswerBody(Model):
    """What an answer says; `invite` is base64 of the invite's file."""

    type: Literal["padan/joining-answer"] = "padan/joining-answer"
    card: Member
    invite: str


@dataclass(frozen=True)
class Invite:
    """An invite with a valid signature by its inviter."""

    body: InviteBody
    data: bytes = field(repr=False)

    def require_current(self, today: date) -> None:
        """Raises Refused after the last day of the invite."""
        if today > self.body.expires:
            day = self.body.expires.isoformat()
            raise Refused(
                PolicyCode.INVITE_EXPIRED,
                Words(f"Undangan ini berakhir {day}.", f"This invite ended on {day}."),
                Words(
                    "Minta undangan baru kepada koordinator: padan-policy invite FOLDER --again ID",
                    "Ask the coordinator for a new one: padan-policy invite FOLDER --again ID",
                ),
            )


@dataclass(frozen=True)
class InviteAnswer:
    """An answer with valid signatures: of the card's key, and of the inviter on the invite."""

    card: Member
    invite: Invite
    data: bytes = field(repr=False)


def make_invite(
    plan: Plan, person: PlannedPerson, inviter: Member, keys: KeyRing, number: int, expires: date
) -> bytes:
    """The file of an invite."""
    body = InviteBody(
        project=plan.project,
        url=plan.url,
        person=person,
        plan=plan.digest(),
        number=number,
        expires=expires,
        inviter=inviter,
    )
    return sign(_invite_binding(body), body.canonical(), keys.signing).canonical()


def last_day(today: date) -> date:
    """The last day of an invite that is made today."""
    return today + timedelta(days=VALID_DAYS)


def open_invite(data: bytes) -> Invite:
    """The invite; raises BadInput if it is not one, WrongKey if it was changed."""
    try:
        envelope = parse_envelope(data)
        body = InviteBody.model_validate_json(envelope.body)
    except (BadInput, ValidationError):
        raise _no_invite() from None
    _require_bound(envelope, _invite_binding(body), body)
    verify(envelope, {body.inviter.id: body.inviter.signing_public()})
    return Invite(body, data)


def make_answer(invite: Invite, card: Member, keys: KeyRing) -> bytes:
    """The answer to an invite; the same card gives the same bytes."""
    require_person(invite, card)
    body = AnswerBody(card=card, invite=b64(invite.data))
    return sign(answer_binding(invite, card), body.canonical(), keys.signing).canonical()


def open_answer(data: bytes) -> InviteAnswer:
    """The answer; raises BadInput, WrongKey, or Refused for another person's card."""
    try:
        envelope = parse_envelope(data)
        body = AnswerBody.model_validate_json(envelope.body)
    except (BadInput, ValidationError):
        raise _no_invite() from None
    invite = open_invite(unb64(body.invite))
    _require_bound(envelope, answer_binding(invite, body.card), body)
    verify(envelope, {body.card.id: body.card.signing_public()})
    require_person(invite, body.card)
    return InviteAnswer(body.card, invite, data)


def require_person(invite: Invite, card: Member) -> None:
    """Checks that the card is of the invited person; raises Refused."""
    person = invite.body.person
    if person.is_of(card):
        return
    raise Refused(
        PolicyCode.INVITE_OTHER_PERSON,
        Words(
            f"Undangan ini untuk {person.id} dari {person.agency}; kartunya milik {card.id}, atau"
            " peran dan namanya lain.",
            f"This invite is for {person.id} of {person.agency}; the card is of {card.id}, or has"
            " other roles or another name.",
        ),
        Words(
            "Pakai folder rumah orang itu (--home), atau minta undangan Anda sendiri.",
            "Use that person's home folder (--home), or ask for your own invite.",
        ),
    )


def _invite_binding(body: InviteBody) -> Binding:
    return Binding(
        type=INVITE_TYPE,
        project=body.project,
        epoch=0,
        roster="",
        sender=body.inviter.id,
        recipient=body.person.id,
        manifest=body.plan,
    )


def answer_binding(invite: Invite, card: Member) -> Binding:
    return Binding(
        type=ANSWER_TYPE,
        project=invite.body.project,
        epoch=0,
        roster="",
        sender=card.id,
        recipient=invite.body.inviter.id,
        manifest=invite.body.plan,
    )


def _require_bound(envelope: Envelope, expected: Binding, body: Model) -> None:
    if envelope.binding() != expected or body.canonical() != envelope.body:
        raise _no_invite()


def _no_invite() -> BadInput:
    return BadInput(
        PolicyCode.INVITE_MALFORMED,
        Words(
            "Ini bukan undangan Padan atau jawabannya, atau berkasnya rusak.",
            "This is not an invite of Padan or an answer to one, or the file is damaged.",
        ),
        Words(
            "Minta koordinator mengirim berkas itu lagi.",
            "Ask the coordinator to send the file again.",
        ),
    )
