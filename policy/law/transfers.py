"""A transfer of attributes, since the third law: request, votes, sending, receipt."""

from __future__ import annotations

from policy.base.error_codes import PolicyCode
from policy.base.errors import Refused
from policy.base.words import Words
from policy.gates.transfers import (
    may_vote,
    require_in_order,
    require_passed,
    transfer_case,
    transfer_gate,
)
from policy.law.conditions import require_covered, require_entitled, require_first_time
from policy.law.in_time import DAY_SECONDS, require_sent_in_time
from policy.law.step import Step
from policy.members.separation import hindrance
from policy.project import Entry, Project, TransferRecord, refused, taken
from policy.statements import TransferReceived, TransferRequest, TransferSent, TransferVote


def request(step: Step, body: TransferRequest) -> None:
    """Judges a request: by sender or recipient, of columns that the charter lets them share."""
    project = step.project
    owner = project.charter.dataset(body.dataset).owner
    require_entitled(step.sender.id in (owner, body.recipient), step.sender)
    require_first_time(project.transfer(body.transfer).is_requested)
    _require_days(step, body.at, body.expires)
    asked: Entry[TransferRequest] = Entry(project.size, step.statement)
    require_in_order(transfer_gate(transfer_case(project, asked, body.at)))


def vote(step: Step, body: TransferVote) -> None:
    """Judges a vote: by a person of the sender's agency other than the requester, before sending.

    A yes can become a no. A no is final.
    """
    project, roster = step.project, step.project.roster
    record = project.transfer(body.transfer)
    asked = record.request
    require_entitled(may_vote(project.charter, roster, record.sender, step.sender), step.sender)
    require_entitled(body.request == asked.digest == step.statement.binding.manifest, step.sender)
    require_first_time(record.sent is not None)
    said = next((each.body for each in record.words if each.sender == step.sender.id), None)
    require_first_time(said is not None and (body.approves or not said.approves))
    require_covered(project, [asked], step.cosigned)
    if not body.approves:
        return
    if body.at > asked.body.expires:
        raise _expired("Permintaan itu kedaluwarsa.", "The request has expired.")
    if step.sender.id == asked.sender:
        raise refused(
            PolicyCode.PROJECT_TRANSFER_OWN,
            f"'{step.sender.id}' meminta pengiriman ini dan tidak dapat menyetujuinya.",
            f"'{step.sender.id}' asked for this transfer and cannot approve it.",
        )
    why = hindrance(project.charter, roster, step.sender)
    if why is not None:
        raise refused(
            PolicyCode.PROJECT_NOT_APART,
            f"Persetujuan '{step.sender.id}' tidak dapat dihitung: {why.id}.",
            f"The approval of '{step.sender.id}' cannot count: {why.en}.",
        )


def sent(step: Step, body: TransferSent) -> None:
    """Judges the decision: by the owner, once, with every rule of the gate holding by the log."""
    project = step.project
    record = project.transfer(body.transfer)
    asked = record.request
    require_entitled(step.sender.id == record.sender, step.sender)
    require_first_time(record.sent is not None)
    _require_days(step, body.at, body.expires)
    outcome = transfer_gate(transfer_case(project, asked, body.at))
    require_passed(outcome)
    votes = tuple(each.digest for each in record.votes)
    if (body.request, body.votes, body.rules) != (asked.digest, votes, outcome.rules()):
        raise _unfit()
    require_covered(project, [asked, *record.votes], step.cosigned)


def receipt(step: Step, body: TransferReceived) -> None:
    """Judges a receipt: by the recipient, once, of the file that was sent, before it expires."""
    project = step.project
    record = project.transfer(body.transfer)
    handed = taken(record.sent, "transfer-sent")
    require_entitled(step.sender.id == record.request.body.recipient, step.sender)
    require_first_time(record.received is not None)
    if (body.sent, body.plaintext, body.ciphertext) != (
        handed.digest,
        handed.body.plaintext,
        handed.body.ciphertext,
    ):
        raise _unfit()
    require_open(handed, body.at)
    require_covered(project, [handed], step.cosigned)
    require_sent_in_time(project, handed, step.witnessed)


def require_transfer(project: Project, name: str) -> TransferRecord:
    """The transfer of that name; raises Refused, with the requested ones, if there is none."""
    record = project.transfer(name)
    if not record.is_requested:
        names = ", ".join(each.name for each in project.transfers()) or "-"
        raise Refused(
            PolicyCode.TRANSFER_UNKNOWN,
            Words(f"Kiriman {name} belum pernah diminta.", f"Nobody has asked for {name}."),
            Words(
                f"Yang pernah diminta: {names}. Lihat 'padan-policy request-attributes'.",
                f"Asked for: {names}. See 'padan-policy request-attributes'.",
            ),
        )
    return record


def opened_already() -> Refused:
    """The error for a second opening."""
    return Refused(
        PolicyCode.TRANSFER_OPENED,
        Words("Kiriman ini sudah pernah dibuka.", "This transfer was opened before."),
        Words(
            "Buka di komputer yang membukanya; satu kiriman dibuka satu kali.",
            "Read it on the machine that opened it; a transfer is opened once.",
        ),
    )


def require_open(handed: Entry[TransferSent], at: int) -> None:
    """Checks that the sealed file may still be opened at that time; raises Refused."""
    if at > handed.body.expires:
        raise _expired(
            "Kiriman ini kedaluwarsa sebelum dibuka.", "What was sent has expired unopened."
        )


def _require_days(step: Step, at: int, expires: int) -> None:
    """Checks that an expiry is the charter's."""
    if expires != at + step.project.charter.release.stage_valid_days * DAY_SECONDS:
        raise _unfit()


def _expired(indonesian: str, english: str) -> Refused:
    return refused(PolicyCode.PROJECT_TRANSFER_EXPIRED, indonesian, english)


def _unfit() -> Refused:
    return refused(
        PolicyCode.PROJECT_TRANSFER,
        "Pernyataan ini tidak sesuai dengan permintaan, suara, aturan, atau berkas kirimannya.",
        "The statement does not fit the transfer's request, votes, rules or file.",
    )
