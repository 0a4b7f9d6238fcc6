"""3. Every step followed its earlier steps, at a possible time, before its deadline.

`policy.witnessing.witness_times` reads times from cosignatures, `policy.law.in_time` judges
statements by them, and `deadlines` judges deadlines and keys.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from policy.base.clocks import TIMES_APART_SECONDS
from policy.base.dates import long_span
from policy.base.words import Words
from policy.evidence.attesting import attested_by
from policy.evidence.case import Case
from policy.evidence.checks.breaches import ORDER, breaches_in
from policy.evidence.checks.deadlines import deadlines, keys
from policy.evidence.report import CheckFinding
from policy.law.in_time import is_backdated, is_carried, is_postdated, time_of

ID = ORDER
TITLE = Words("Urutan dan tenggat", "Order and deadlines")


def check(case: Case) -> list[CheckFinding]:
    return [*_sequence(case), *_times(case), *_clocks(case), *deadlines(case), *keys(case)]


def _sequence(case: Case) -> list[CheckFinding]:
    wrong = breaches_in(case, ID)
    if wrong:
        return wrong
    return [
        CheckFinding(
            "order.sequence",
            "proved",
            Words(
                "Setiap langkah mengikuti langkah yang mendahuluinya, sekali.",
                "Every step follows those that come before it, once.",
            ),
            tuple(range(case.size)),
        )
    ]


def _times(case: Case) -> list[CheckFinding]:
    late, early, latest = [], [], 0
    for entry in case.project.entries:
        at = time_of(entry)
        if at is None:
            continue
        if is_postdated(entry, case.witnesses):
            late.append(entry.index)
        carried = is_carried(case.project, entry)
        out_of_turn = not carried and at < latest - TIMES_APART_SECONDS
        latest = latest if carried else max(latest, at)
        if out_of_turn or is_backdated(case.project, entry, case.witnesses):
            early.append(entry.index)
    if not late and not early:
        return [_bounded(case)]
    return [
        *_impossible("order.postdated", late, _LATE),
        *_impossible("order.backdated", early, _EARLY),
    ]


_LATE = Words("lebih baru daripada saksi yang melihatnya", "younger than the witnesses who saw it")
_EARLY = Words("lebih lama daripada yang mendahuluinya", "older than the entry before it")


def _impossible(id_: str, entries: list[int], why: Words) -> list[CheckFinding]:
    if not entries:
        return []
    named = ", ".join(map(str, entries[:10])) + (", …" if len(entries) > 10 else "")
    return [
        CheckFinding(
            id_,
            "failed",
            Words(f"Waktu entri {named} {why.id}.", f"The time of entry {named} is {why.en}."),
            tuple(entries),
        )
    ]


def _bounded(case: Case) -> CheckFinding:
    witnesses = {name for head in case.witnesses.heads for name in head.first}
    if not witnesses:
        return CheckFinding(
            "order.times",
            "asserted",
            Words("Tidak ada saksi yang membatasi waktunya.", "No witness bounds the times."),
        )
    standing, agencies = attested_by(case, witnesses)
    return CheckFinding(
        "order.times",
        standing,
        Words(
            "Waktu pernyataan cocok dengan waktu para saksi.",
            "The times of the statements fit those of the witnesses.",
        ),
        agencies=agencies,
    )


def _clocks(case: Case) -> Iterator[CheckFinding]:
    """Clocks that two other witnesses contradict: they are named and do not count."""
    for witness, seconds in sorted(case.witnesses.wrong_clocks().items()):
        span = long_span(timedelta(seconds=seconds))
        way = Words("lebih cepat", "ahead") if seconds > 0 else Words("lebih lambat", "behind")
        yield CheckFinding(
            f"order.clock.{witness}",
            "attested",
            Words(
                f"Jam saksi '{witness}' {span.id} {way.id} menurut dua saksi lain; waktunya tidak"
                " menentukan.",
                f"The clock of the witness '{witness}' is {span.en} {way.en}, as two others say;"
                " its times decide nothing.",
            ),
        )
