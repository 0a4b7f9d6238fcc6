"""The log as a timeline: who did what and when, with similar entries joined."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from statistics import median_low

from policy.base.words import Words
from policy.charter.shipped_probes import ASSERTED, is_shipped
from policy.evidence.case import Breach, Case
from policy.evidence.report import MeasuredLine, Moment, ReleaseLine, TransferLine
from policy.project import Entry
from policy.project.measured import measured_of
from policy.statements import (
    BODIES,
    AnyBody,
    Body,
    Probed,
    ReleaseRequest,
    Reviewed,
    TransferRequest,
)

_NOTHING = Words("Entri yang tidak dihitung", "An entry that counts for nothing")
_NAMES = ("transfer", "release", "dataset", "domain", "verdict")
_WITNESSED = Words("Titik periksa disaksikan", "Checkpoint witnessed")


def timeline(case: Case) -> list[Moment]:
    """Similar entries in a row are one line; each checkpoint comes after the entries it covers."""
    moments = [*_entries(case), *_checkpoints(case)]
    moments.sort(key=lambda m: (m.last, m.kind == "checkpoint"))
    joined: list[Moment] = []
    for moment in moments:
        if joined and _alike(joined[-1], moment):
            joined[-1] = replace(joined[-1], last=moment.last, at=moment.at)
        else:
            joined.append(moment)
    return joined


def releases(case: Case) -> list[ReleaseLine]:
    return [_release(case, entry) for entry in case.project.of(ReleaseRequest)]


def transfers(case: Case) -> list[TransferLine]:
    return [_transfer(case, entry) for entry in case.project.of(TransferRequest)]


def measured(case: Case) -> list[MeasuredLine]:
    """What the field measured, stratum by stratum, in the order of the log."""
    return [
        MeasuredLine(entry.body.release, entry.body.dataset, entry.sender, each, entry.index)
        for entry in case.project.of(Reviewed)
        for each in measured_of(case.project, entry)
    ]


def _entries(case: Case) -> Iterator[Moment]:
    standing = {entry.index: entry for entry in case.project.entries}
    breaches = {breach.index: breach for breach in case.breaches}
    for index in range(case.size):
        entry = standing.get(index)
        yield _moment(entry) if entry else _passed_over(index, breaches.get(index))


def _moment(entry: Entry) -> Moment:
    statement = entry.statement
    body = statement.body
    return Moment(
        first=entry.index,
        last=entry.index,
        kind="entry",
        title=_title(body),
        who=statement.sender,
        about=_about(entry),
        at=body.at if isinstance(body, Body) else None,
    )


def _title(body: AnyBody) -> Words:
    """What was done; of a probe report also whether it only came with Padan."""
    if isinstance(body, Probed) and is_shipped(body.report.digest()):
        title = body.TITLE
        return Words(f"{title.id} ({ASSERTED.id})", f"{title.en} ({ASSERTED.en})")
    return body.TITLE


def _about(entry: Entry) -> str:
    """The release, run or dataset that a statement is about, or "" if it names none."""
    body = entry.body
    if not isinstance(body, Body):
        return ""
    said = vars(body)
    parts = [said.get(name, "") for name in _NAMES]
    return " · ".join(part for part in (*parts, *_run(entry, parts)) if part)


def _run(entry: Entry, parts: list[str]) -> list[str]:
    run = entry.statement.binding.run
    return [run] if run and run not in parts else []


def _passed_over(index: int, breach: Breach | None) -> Moment:
    kind = BODIES.get(breach.kind) if breach else None
    words = (
        _NOTHING
        if kind is None
        else Words(f"{_NOTHING.id}: {kind.TITLE.id}", f"{_NOTHING.en}: {kind.TITLE.en}")
    )
    return Moment(index, index, "entry", words, "", "", None)


def _checkpoints(case: Case) -> Iterator[Moment]:
    for head in case.witnesses.heads:
        yield Moment(
            first=head.size - 1,
            last=head.size - 1,
            kind="checkpoint",
            title=_WITNESSED,
            who=", ".join(sorted(head.first)),
            about=str(head.size),
            at=median_low(head.first.values()),
        )


def _alike(one: Moment, other: Moment) -> bool:
    return one.kind == other.kind == "entry" and (one.title, one.who, one.about) == (
        other.title,
        other.who,
        other.about,
    )


def _release(case: Case, request: Entry[ReleaseRequest]) -> ReleaseLine:
    record = case.project.release(request.body.release)
    votes, received = record.at_decision().approvals, record.receipts
    steps = [entry for entry in (request, record.stage, record.decision) if entry is not None]
    return ReleaseLine(
        release=record.name,
        domains=record.domains,
        requester=request.sender,
        approving=tuple(vote.sender for vote in votes if vote.body.approves),
        refusing=tuple(vote.sender for vote in votes if not vote.body.approves),
        verdict=record.decision.body.verdict if record.decision else "",
        files=len(record.stage.body.files) if record.stage else 0,
        received=len(received),
        entries=tuple(sorted(entry.index for entry in (*steps, *votes, *received))),
    )


def _transfer(case: Case, request: Entry[TransferRequest]) -> TransferLine:
    asked, record = request.body, case.project.transfer(request.body.transfer)
    permitted = case.project.until(request.index).charter.attributes
    pair = (asked.dataset, asked.recipient)
    permit = next((each for each in permitted if (each.dataset, each.recipient) == pair), None)
    columns = [permit.column(name) for name in asked.columns] if permit else []
    return TransferLine(
        transfer=record.name,
        dataset=asked.dataset,
        recipient=asked.recipient,
        requester=request.sender,
        columns=tuple(each.title.words() for each in columns if each),
        purpose=permit.purpose.words() if permit else None,
        approving=tuple(vote.sender for vote in record.words if vote.body.approves),
        refusing=tuple(vote.sender for vote in record.words if not vote.body.approves),
        verdict="refused" if record.is_refused else "sent" if record.sent else "",
        received=record.received is not None,
    )
