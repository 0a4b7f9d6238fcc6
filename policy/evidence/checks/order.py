"""3. Every step followed the steps before it, at a time that is possible, before its deadline.

Times are the senders' own. Two things bound them, with some minutes for clocks that differ: a
statement is no younger than the witnesses' time on the first checkpoint that has it, and no
older than their time on the last checkpoint before it. What may have been carried by hand,
as an approval, need only be younger than the stage that it is about.
"""

from __future__ import annotations

from bisect import bisect_right

from policy.evidence.case import Case
from policy.evidence.checks.breaches import ORDER, breaches_in
from policy.evidence.report import Finding
from policy.project import Entry, body_of
from policy.statements import CARRIED, Body, Decided, Staged
from policy.words import Words

ID = ORDER
TITLE = Words("Urutan dan tenggat", "Order and deadlines")
CLOCK_SKEW_SECONDS = 600


def check(case: Case) -> list[Finding]:
    return [*_sequence(case), *_times(case), *_deadlines(case)]


def _sequence(case: Case) -> list[Finding]:
    wrong = breaches_in(case, ID)
    if wrong:
        return wrong
    return [
        Finding(
            "order.sequence",
            "proved",
            Words(
                "Setiap langkah mengikuti langkah yang mendahuluinya, sekali.",
                "Every step follows those that come before it, once.",
            ),
            tuple(range(case.size)),
        )
    ]


def _times(case: Case) -> list[Finding]:
    seen = [(note.size, note.seen) for note in case.witnessed() if note.seen is not None]
    sizes, times = [size for size, _ in seen], [at for _, at in seen]
    late, early, latest = [], [], 0
    for entry in case.project.entries:
        at = time_of(entry)
        if at is None:
            continue
        at_first = bisect_right(sizes, entry.index)  # the first checkpoint that has this entry
        before = max(times[:at_first][-1:], default=0)
        if at_first < len(times) and at > times[at_first] + CLOCK_SKEW_SECONDS:
            late.append(entry.index)
        if _carried(entry):
            before = _subject_time(case, entry)
        else:
            before, latest = max(before, latest), max(latest, at)
        if at < before - CLOCK_SKEW_SECONDS:
            early.append(entry.index)
    if not late and not early:
        return [_bounded(bool(seen))]
    return [
        *_impossible("order.postdated", late, _LATE),
        *_impossible("order.backdated", early, _EARLY),
    ]


_LATE = Words("lebih baru daripada saksi yang melihatnya", "younger than the witnesses who saw it")
_EARLY = Words("lebih lama daripada yang mendahuluinya", "older than what stood before it")


def _impossible(id_: str, entries: list[int], why: Words) -> list[Finding]:
    if not entries:
        return []
    named = ", ".join(map(str, entries[:10])) + (", …" if len(entries) > 10 else "")
    return [
        Finding(
            id_,
            "failed",
            Words(f"Waktu entri {named} {why.id}.", f"The time of entry {named} is {why.en}."),
            tuple(entries),
        )
    ]


def _bounded(witnessed: bool) -> Finding:
    if not witnessed:
        return Finding(
            "order.times",
            "asserted",
            Words("Tidak ada saksi yang membatasi waktunya.", "No witness bounds the times."),
        )
    return Finding(
        "order.times",
        "attested",
        Words(
            "Waktu pernyataan cocok dengan waktu para saksi.",
            "The times of the statements fit those of the witnesses.",
        ),
    )


def _deadlines(case: Case) -> list[Finding]:
    """Nothing was released from a stage, or by an approval, that had expired."""
    late, looked = [], []
    for entry in case.project.of(Decided):
        decided = body_of(entry, Decided)
        stage = case.project.log.by_digest.get(decided.stage)
        if decided.verdict != "released" or stage is None:
            continue
        looked += [stage.index, entry.index]
        if decided.at > body_of(stage, Staged).expires:
            late.append(entry.index)
    if late:
        return [
            Finding(
                "order.deadline",
                "failed",
                Words(
                    "Dirilis sesudah tahapannya kedaluwarsa.", "Released after its stage expired."
                ),
                tuple(late),
            )
        ]
    if not looked:
        return []
    return [
        Finding(
            "order.deadline",
            "proved",
            Words("Dirilis sebelum tahapannya kedaluwarsa.", "Released before the stage expired."),
            tuple(looked),
        )
    ]


def time_of(entry: Entry) -> int | None:
    body = entry.statement.body
    return body.at if isinstance(body, Body) else None


def _carried(entry: Entry) -> bool:
    return isinstance(entry.statement.body, CARRIED)


def _subject_time(case: Case, entry: Entry) -> int:
    """When the stage was made that something carried is about; 0 if it is not in the log."""
    release = getattr(entry.statement.body, "release", "")
    subject = case.project.until(entry.index).stage(release)
    return (time_of(subject) or 0) if subject is not None else 0
