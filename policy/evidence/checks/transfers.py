"""Transfers of attributes: who asked, who approved, whether every rule held, who opened what.

Each sending is judged again by its rules, as of its own day, charter and roster. What a file holds
is the sender's word: no log shows the values that an agency sends.
"""

from __future__ import annotations

from collections.abc import Iterator

from policy.base.errors import PadanError
from policy.base.words import Words
from policy.evidence.attesting import attested_by, told
from policy.evidence.case import Case
from policy.evidence.report import CheckFinding, failure
from policy.gates.transfers import transfer_case, transfer_gate
from policy.law.in_time import WITNESS_SLACK_SECONDS
from policy.project import Entry, Project, TransferRecord
from policy.statements import TransferReceived, TransferSent


def transfers_in(case: Case) -> Iterator[CheckFinding]:
    """One finding for each sending, and one for each receipt."""
    for entry in case.project.of(TransferSent):
        before = case.project.until(entry.index)
        record = before.transfer(entry.body.transfer)
        try:
            yield _sent(case, before, record, entry)
        except PadanError as error:
            yield failure(f"releases.transfer.{entry.body.transfer}", error, (entry.index,))
    for receipt in case.project.of(TransferReceived):
        yield _received(case, receipt)


def _sent(
    case: Case, before: Project, record: TransferRecord, entry: Entry[TransferSent]
) -> CheckFinding:
    asked, body = record.request, entry.body
    outcome = transfer_gate(transfer_case(before, asked, body.at))
    votes = tuple(each.digest for each in record.votes)
    same = outcome.rules() == body.rules and votes == body.votes
    seen = case.witnesses.seen_by_quorum(entry.index)
    late = seen is not None and seen - WITNESS_SLACK_SECONDS > asked.body.expires
    entries = (asked.index, *(each.index for each in record.votes), entry.index)
    columns = ", ".join(asked.body.columns)
    about = f"{body.transfer} ({asked.body.dataset} → {asked.body.recipient}; {columns})"
    voters = ", ".join(each.sender for each in record.votes) or "-"
    id_ = f"releases.transfer.{body.transfer}"
    failing = [each for each in outcome.findings if not each.passed]
    if failing or not same or late:
        why = _and([each.reason for each in failing]) if failing else _late_or_other(late=late)
        return CheckFinding(
            id_, "failed", Words(f"{about}: {why.id}", f"{about}: {why.en}"), entries
        )
    return CheckFinding(
        id_,
        "proved",
        Words(
            f"{about}: disetujui {voters}; semua aturan terpenuhi. Isinya pernyataan pengirim.",
            f"{about}: approved by {voters}; all rules hold. Its content is the sender's word.",
        ),
        entries,
    )


def _received(case: Case, entry: Entry[TransferReceived]) -> CheckFinding:
    body = entry.body
    sent = case.project.transfer(body.transfer).sent
    handed = sent.body if sent else None
    same = handed is not None and (body.plaintext, body.ciphertext) == (
        handed.plaintext,
        handed.ciphertext,
    )
    standing, agencies = attested_by(case, (entry.sender, *((sent.sender,) if sent else ())))
    by = told(agencies)
    return CheckFinding(
        f"releases.transfer-receipt.{body.transfer}",
        standing if same else "failed",
        Words(
            f"{body.transfer}: dibuka {entry.sender} dengan sidik yang dikirim{by.id}.",
            f"{body.transfer}: opened by {entry.sender} with the digests sent{by.en}.",
        )
        if same
        else Words(
            f"{body.transfer}: {entry.sender} membuka berkas lain daripada yang dikirim.",
            f"{body.transfer}: {entry.sender} opened another file than the one sent.",
        ),
        (*((sent.index,) if sent else ()), entry.index),
        agencies if same else (),
    )


def _and(reasons: list[Words]) -> Words:
    return Words(" ".join(each.id for each in reasons), " ".join(each.en for each in reasons))


def _late_or_other(*, late: bool) -> Words:
    if late:
        return Words(
            "saksi baru melihatnya sesudah permintaannya kedaluwarsa.",
            "witnesses saw it only after its request had expired.",
        )
    return Words(
        "aturan atau suaranya bukan yang ada di log.",
        "its rules or votes are not those of the log.",
    )
