"""9. Everything due for destruction was destroyed, as its owners attest.

The reference day is the auditor's, or a later one that the witnesses confirm. Without either, it is
the last day that a sender put into the log. Only the owner of a thing can say that it is destroyed;
no file can prove it.
"""

from __future__ import annotations

from datetime import date

from policy.base.dates import long_day
from policy.base.words import Words
from policy.evidence.case import Case
from policy.evidence.checks.breaches import DESTRUCTION, breaches_in
from policy.evidence.report import CheckFinding
from policy.gates.rules.case import day_of
from policy.law.in_time import time_of
from policy.retention import THINGS, Item, schedule

ID = DESTRUCTION
TITLE = Words("Pemusnahan dinyatakan tepat waktu", "Destruction attested in time")


def check(case: Case) -> list[CheckFinding]:
    items = schedule(case.project, reference_day(case))
    ended = [finding for item in items for finding in _ended(item)]
    return [*ended, *_waiting(items), *breaches_in(case, ID)]


def reference_day(case: Case) -> date:
    """The day by which things are due."""
    witnessed = case.witnesses.confirmed or 0
    if case.as_of is not None:
        return max(case.as_of, day_of(witnessed))
    return day_of(max([witnessed, *(time_of(entry) or 0 for entry in case.project.entries)]))


def _ended(item: Item) -> list[CheckFinding]:
    """Findings on what was destroyed, and on what should have been."""
    id_, thing = f"destruction.{item.owner}.{item.what}", THINGS[item.what]
    deadline = long_day(item.deadline)
    if item.state == "overdue":
        return [
            CheckFinding(
                id_,
                "failed",
                Words(
                    f"{item.owner}: {thing.id} harus dimusnahkan paling lambat {deadline.id};"
                    " tidak ada pernyataannya.",
                    f"{item.owner}: {thing.en} had to be destroyed by {deadline.en}; nobody"
                    " attests it.",
                ),
            )
        ]
    if item.attested is None or item.attested_on is None:
        return []
    late = "" if item.in_time else " (> {})"
    late_id, late_en = late.format(deadline.id), late.format(deadline.en)
    on = long_day(item.attested_on)
    return [
        CheckFinding(
            id_,
            "asserted" if item.in_time else "failed",
            Words(
                f"{item.owner} menyatakan {thing.id} dimusnahkan pada {on.id}{late_id}.",
                f"{item.owner} attests that {thing.en} was destroyed on {on.en}{late_en}.",
            ),
            (item.attested.index,),
        )
    ]


def _waiting(items: tuple[Item, ...]) -> list[CheckFinding]:
    held = [item for item in items if item.state == "held"]
    kept = [item for item in items if item.state in ("kept", "due")]
    findings = []
    if held:
        findings.append(
            CheckFinding(
                "destruction.held",
                "not-shown",
                Words(
                    f"{len(held)} jenis data tidak dimusnahkan karena penangguhan pemusnahan.",
                    f"{len(held)} kinds of things are kept by a legal hold.",
                ),
                tuple(sorted({i.hold.entry.index for i in held if i.hold})),
            )
        )
    if kept:
        first = long_day(min(item.due for item in kept))
        findings.append(
            CheckFinding(
                "destruction.waiting",
                "not-shown",
                Words(
                    f"{len(kept)} jenis data belum dinyatakan musnah; yang pertama jatuh tempo"
                    f" {first.id}.",
                    f"{len(kept)} kinds of things are not attested yet; the first is due"
                    f" {first.en}.",
                ),
            )
        )
    return findings
