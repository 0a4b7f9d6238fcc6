"""The statements that deciders sign: yes or no to exactly one stage, and a withdrawn yes."""

from __future__ import annotations

from typing import Literal

from policy.approval.asked import Asked
from policy.base.error_codes import PolicyCode
from policy.base.errors import Refused
from policy.base.words import Words
from policy.crypto.envelope import Envelope
from policy.law.conditions import require_requested
from policy.project.recipients import may_open_facts
from policy.statements import Approval, ApprovalWithdrawn
from policy.wire.session import Session


def look_at(session: Session, release: str, at: int) -> Asked:
    """A release as the service has it, with the facts if this member may open them."""
    project, me = session.sync(), session.me.member
    require_requested(project, release)
    asked = Asked(project.release(release), me, at)
    staged = asked.staged
    if staged is None or not may_open_facts(project, staged.facts, me):
        return asked
    try:
        facts = session.open_facts(staged.facts)
    except Refused:
        if asked.decided is None:
            raise
        return asked  # decided long ago: the facts were destroyed on the charter's date
    return Asked(project.release(release), me, at, facts)


def verdict_on(
    session: Session, asked: Asked, verdict: Literal["approve", "refuse"], at: int
) -> Envelope:
    """This member's signed vote, checked against the log; raises if it is not lawful."""
    stage = asked.require_open()
    staged = stage.body
    approval = Approval(
        at=at,
        release=asked.release,
        stage=stage.digest,
        facts=staged.facts,
        verdict=verdict,
        expires=staged.expires,
    )
    envelope = session.statement(approval, run=asked.release, manifest=stage.digest)
    session.require_lawful(envelope)
    return envelope


def withdrawal_of(session: Session, asked: Asked, at: int) -> Envelope:
    """The withdrawal of this member's yes; raises Refused if there is none to withdraw."""
    asked.require_open()
    said = asked.my_word
    if said is None or said.withdrawn or not said.approves:
        raise Refused(
            PolicyCode.APPROVAL_NONE,
            Words(
                f"Tidak ada persetujuan Anda atas {asked.release} yang dapat ditarik.",
                f"You have no approval of {asked.release} to withdraw.",
            ),
            Words(
                "Penolakan tetap berlaku; persetujuan hanya ditarik sekali.",
                "A refusal stands; an approval is withdrawn once.",
            ),
        )
    body = ApprovalWithdrawn(at=at, release=asked.release, approval=said.entry.digest)
    envelope = session.statement(body, run=asked.release, manifest=said.entry.digest)
    session.require_lawful(envelope)
    return envelope
