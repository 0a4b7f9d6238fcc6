"""Votes on transfers of attributes by files, as `policy.approval.carried` does for releases.

The request holds the whole log and nothing else: every rule of a transfer is answered by the log.
"""

from __future__ import annotations

from pydantic import ValidationError

from policy.approval.carried import malformed, not_for_you, session_of, whole_log
from policy.approval.transfers import AskedTransfer, look_at_transfer
from policy.formats.ask import TransferAsk
from policy.gates.transfers import may_vote
from policy.law.transfers import require_transfer
from policy.members.home import Unlocked
from policy.members.roster import Member
from policy.project import TransferRecord
from policy.wire.session import Session


def pack_transfer(session: Session, name: str, at: int) -> TransferAsk:
    """The request for all who may vote on the transfer; `at` is in Unix seconds."""
    record = look_at_transfer(session, name, at).record
    return TransferAsk(
        project=session.project_id,
        transfer=name,
        roster=record.project.roster_digest,
        log=whole_log(session),
    )


def open_transfer_ask(me: Unlocked, data: bytes, at: int) -> tuple[Session, AskedTransfer]:
    """The requested transfer, fully checked; stores the log. Raises on anything wrong."""
    try:
        ask = TransferAsk.model_validate_json(data)
    except ValidationError:
        raise malformed() from None
    session = session_of(me, ask)
    asked = AskedTransfer(require_transfer(session.project, ask.transfer), at)
    if not votes_on(asked.record, me.member):
        raise not_for_you(me.member.id)
    return session, asked


def votes_on(record: TransferRecord, member: Member) -> bool:
    """Whether the member may vote on the transfer."""
    project = record.project
    return may_vote(project.charter, project.roster, record.sender, member)


def voters(record: TransferRecord) -> list[str]:
    """The members who may vote on the transfer."""
    return [each.id for each in record.project.roster.members if votes_on(record, each)]
