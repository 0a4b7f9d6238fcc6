"""What deciders sign: yes or no to exactly one stage, and a yes taken back."""

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
        return asked  # decided long ago: they are destroyed at the charter's date
    return Asked(project.release(release), me, at, facts)


def verdict_on(
    session: Session, asked: Asked, verdict: Literal["approve", "refuse"], at: int
) -> Envelope:
    """The signed word of this member, lawful as the log stands; raises what forbids it."""
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
    """This member's yes, taken back; raises Refused if there is none that stands."""
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
                "A refusal is final; an approval is withdrawn once.",
            ),
        )
    body = ApprovalWithdrawn(at=at, release=asked.release, approval=said.entry.digest)
    envelope = session.statement(body, run=asked.release, manifest=said.entry.digest)
    session.require_lawful(envelope)
    return envelope
