"""Checks the times that a log states against witnesses, deadlines and a clock.

Senders state their own times, and witnesses bound them (`policy.witnessing.witness_times`). A
statement is not newer than the witnesses' time on a checkpoint that contains it, and not older than
their time on a checkpoint that lacks it. A statement that may be carried by hand, such as an
approval, only has to be newer than what it is about: its stage, or its request.

The service may have made a decision as late as a quorum first saw it. So every rule that asks for a
time is asked again for that moment, minus the time that witnesses have to see it.
"""

from __future__ import annotations

from policy.base.clocks import TIMES_APART_SECONDS
from policy.base.dates import at_second, long_moment
from policy.base.error_codes import PolicyCode
from policy.base.errors import Refused, Unverified
from policy.base.words import Words
from policy.charter import FIRST_LAW
from policy.gates.cases import release_case
from policy.gates.decision import release_rules_without_facts
from policy.gates.rules import Finding
from policy.gates.rules.case import day_of
from policy.project import Entry, Project, not_yet
from policy.statements import (
    CARRIED,
    Approval,
    Body,
    CharterBody,
    Decided,
    TransferRequest,
    TransferSent,
    TransferVote,
)
from policy.witnessing.witness_times import Witnessed

DAY_SECONDS = 86_400
# Witnesses have a day to see what was said in time.
WITNESS_SLACK_SECONDS = DAY_SECONDS
# A release that no quorum has seen after this long is no longer accepted as of its day.
UNSEEN_RELEASE_SECONDS = 3 * DAY_SECONDS


def is_timed(project: Project) -> bool:
    """Whether the charter's law asks when statements were made."""
    return bool(project.of(CharterBody)) and project.charter.law != FIRST_LAW


def time_of(entry: Entry) -> int | None:
    """The time in a statement (Unix seconds); None for rosters and charters."""
    body = entry.body
    return body.at if isinstance(body, Body) else None


def is_carried(project: Project, entry: Entry) -> bool:
    """Whether the statement may have been signed offline and appended later."""
    own = entry.statement.sender == project.roster.service().id
    return isinstance(entry.body, CARRIED) and not own


def is_postdated(entry: Entry, witnessed: Witnessed) -> bool:
    """Whether the statement is dated after the first checkpoint that contains it."""
    at, there = time_of(entry), witnessed.there_by(entry.index)
    return at is not None and there is not None and at > there + TIMES_APART_SECONDS


def is_backdated(project: Project, entry: Entry, witnessed: Witnessed) -> bool:
    """Whether it is dated before a checkpoint without it, or if carried, before its stage."""
    at = time_of(entry)
    if at is None:
        return False
    if is_carried(project, entry):
        before = _subject_time(project, entry)
    else:
        before = witnessed.lacking_at(entry.index) or 0
    return at < before - TIMES_APART_SECONDS


# -- deadlines ------------------------------------------------------------------------------


def broken_by(project: Project, decision: Entry[Decided], moment: int) -> list[Finding]:
    """The rules that a release breaks only because it was decided at that moment.

    Rules that need opened facts do not depend on time.
    """
    decided, before = decision.body, project.until(decision.index)
    if moment <= decided.at:
        return []

    def asked_at(at: int) -> list[Finding]:
        case = release_case(before, decided.release, None, at)
        return [each for each in release_rules_without_facts(case).findings if not each.passed]

    as_stated = {each.rule for each in asked_at(decided.at)}
    return [each for each in asked_at(moment) if each.rule not in as_stated]


def key_ended(project: Project, entry: Entry, moment: int) -> bool:
    """Whether the sender's key had ended by that moment (Unix seconds)."""
    if time_of(entry) is None:
        return False
    return day_of(max(moment, 0)) > project.sender_of(entry).valid_until


def votes_for(project: Project, decision: Entry[Decided]) -> list[Entry[Approval]]:
    """The approvals that the decision counts."""
    votes = [project.entry(digest, Approval) for digest in decision.body.approvals]
    return [vote for vote in votes if vote.body.approves]


def require_decided_in_time(
    project: Project, decision: Entry[Decided], witnessed: Witnessed
) -> None:
    """Checks that a quorum saw the release and each of its votes while they could be given.

    Raises NotYet while no quorum has seen them, and Refused if it saw them too late.
    """
    seen = _seen(decision, witnessed)
    broken = broken_by(project, decision, seen - WITNESS_SLACK_SECONDS)
    if broken:
        moment, rules = long_moment(at_second(seen)), names_of(broken)
        raise _not_in_time(
            decision,
            Words(
                f"saksi baru melihatnya pada {moment.id}, ketika tidak terpenuhi lagi: {rules}",
                f"witnesses saw it only on {moment.en}, when these no longer held: {rules}",
            ),
        )
    for vote in votes_for(project, decision):
        if key_ended(project, vote, _seen(vote, witnessed) - WITNESS_SLACK_SECONDS):
            raise _not_in_time(
                vote,
                Words(
                    "baru disaksikan sesudah kunci penandatangannya berakhir",
                    "witnessed only after its signer's key had ended",
                ),
            )


def require_sent_in_time(project: Project, sent: Entry[TransferSent], witnessed: Witnessed) -> None:
    """Checks that a quorum saw a transfer and its votes while they could be given.

    Raises NotYet while no quorum has seen them, and Refused if it saw them too late.
    """
    asked = project.entry(sent.body.request, TransferRequest)
    if _seen(sent, witnessed) - WITNESS_SLACK_SECONDS > asked.body.expires:
        raise Refused(
            PolicyCode.PROJECT_TRANSFER_EXPIRED,
            Words(
                "Saksi baru melihat kiriman ini sesudah permintaannya kedaluwarsa.",
                "Witnesses saw this transfer only after its request had expired.",
            ),
            Words(
                "Kiriman ini tidak dibuka. Ajukan permintaan baru.",
                "This transfer is not opened. Make a new request.",
            ),
        )
    for vote in votes_for_transfer(project, sent):
        if key_ended(project, vote, _seen(vote, witnessed) - WITNESS_SLACK_SECONDS):
            raise Refused(
                PolicyCode.PROJECT_TRANSFER_EXPIRED,
                Words(
                    f"Suara '{vote.sender}' baru disaksikan sesudah kuncinya berakhir.",
                    f"The vote of '{vote.sender}' was witnessed only after its key had ended.",
                ),
                Words(
                    "Kiriman ini tidak dibuka. Ajukan permintaan baru.",
                    "This transfer is not opened. Make a new request.",
                ),
            )


def votes_for_transfer(project: Project, sent: Entry[TransferSent]) -> list[Entry[TransferVote]]:
    """The yes votes that the sending counts."""
    votes = [project.entry(digest, TransferVote) for digest in sent.body.votes]
    return [vote for vote in votes if vote.body.approves]


def _seen(entry: Entry, witnessed: Witnessed) -> int:
    seen = witnessed.seen_by_quorum(entry.index)
    if seen is None:
        raise not_yet(
            PolicyCode.PROJECT_WAIT_WITNESSED,
            f"Entri {entry.index} belum dilihat kuorum, sedikitnya dua saksi.",
            f"Entry {entry.index} has not been seen by a quorum, of two witnesses at least.",
        )
    return seen


def names_of(findings: list[Finding]) -> str:
    """The stable names of the findings' rules."""
    return ", ".join(each.rule.id for each in findings)


def _not_in_time(entry: Entry, why: Words) -> Refused:
    return Refused(
        PolicyCode.PROJECT_DEADLINE,
        Words(
            f"Entri {entry.index} tidak terbukti tepat waktu: {why.id}.",
            f"Entry {entry.index} is not shown to be in time: {why.en}.",
        ),
        Words(
            "Rilis ini tidak dibuka. Minta rilis baru, dan jalankan 'padan-policy witness --watch'"
            " selama ia berjalan.",
            "This release is not opened. Ask for a new one, and run 'padan-policy witness --watch'"
            " while it is under way.",
        ),
    )


# -- a client's own clock ---------------------------------------------------------------------


def require_timely(
    project: Project, since: int, witnessed: Witnessed, now: int, *, late_releases: bool = False
) -> None:
    """Checks that the entries from `since` on can have the times that they state.

    Raises Unverified. The first law does not ask for it. With `late_releases`, a release passes
    that nobody saw for days: its witnesses then show how late it is, and it is not opened.
    """
    timed = [e.index for e in project.of(CharterBody) if e.body.law != FIRST_LAW]
    since = max(since, min(timed, default=project.size))
    for entry in project.entries[since:]:
        at = time_of(entry)
        if at is None:
            continue
        if at > now + TIMES_APART_SECONDS:
            raise _untimely(PolicyCode.LOG_TIME_AHEAD, entry, _AHEAD)
        if is_backdated(project, entry, witnessed):
            raise _untimely(PolicyCode.LOG_BACKDATED, entry, _BACKDATED)
        body = entry.body
        if (
            isinstance(body, Decided)
            and body.is_released
            and not late_releases
            and at < now - UNSEEN_RELEASE_SECONDS
            and witnessed.seen_by_quorum(entry.index) is None
        ):
            raise _untimely(PolicyCode.LOG_RELEASE_UNSEEN, entry, _UNSEEN)


_AHEAD = (
    Words("waktunya lebih cepat daripada jam komputer ini", "its time is ahead of this clock"),
    Words(
        "Samakan jam komputer ini dengan NTP. Bila jamnya benar, hubungi auditor.",
        "Set this computer's clock by NTP. If it is right, call the auditor.",
    ),
)
_BACKDATED = (
    Words(
        "waktunya lebih lama daripada saksi yang belum melihatnya",
        "its time lies before witnesses who had not seen it yet",
    ),
    Words(
        "Berhenti. Simpan folder rumah ini sebagai bukti dan hubungi auditor.",
        "Stop. Keep this home folder as evidence and call the auditor.",
    ),
)
_UNSEEN = (
    Words(
        "rilis ini bertanggal lebih dari 3 hari lalu dan belum disaksikan kuorum",
        "this release is dated more than 3 days ago and no quorum has seen it",
    ),
    Words(
        "Tanyakan kepada saksi lain. Bila mereka hanya terlambat: 'padan-policy witness"
        " --accept-late'; rilis itu tetap tidak dapat dibuka.",
        "Ask the other witnesses. If they were only late: 'padan-policy witness --accept-late';"
        " the release still cannot be opened.",
    ),
)


def _untimely(rule: str, entry: Entry, said: tuple[Words, Words]) -> Unverified:
    why, hint = said
    sender = entry.statement.sender
    return Unverified(
        rule,
        Words(
            f"Entri {entry.index} oleh '{sender}': {why.id} (aturan {rule}).",
            f"Entry {entry.index} by '{sender}': {why.en} (rule {rule}).",
        ),
        hint,
    )


def _subject_time(project: Project, entry: Entry) -> int:
    """The time of the stage or request that a carried statement is about; 0 if it has none."""
    if isinstance(entry.body, TransferVote):
        asked = project.until(entry.index).transfer(entry.body.transfer)
        return asked.request.body.at if asked.is_requested else 0
    release = getattr(entry.body, "release", "")
    subject = project.until(entry.index).release(release).stage
    return (time_of(subject) or 0) if subject is not None else 0
