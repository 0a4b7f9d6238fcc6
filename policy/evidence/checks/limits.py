"""7. Cells were large enough, budgets kept, and nobody can subtract one release from another.

Budgets follow from the log alone. Counts of rows need the opened facts; without them the
verdicts on those rules are the service's word.
"""

from __future__ import annotations

from policy.errors import PadanError
from policy.evidence.case import Case
from policy.evidence.checks.breaches import LIMITS, breaches_in
from policy.evidence.checks.decisions import evaluate
from policy.evidence.report import Finding, failure
from policy.project import Entry, body_of
from policy.statements import Decided, ReleaseRequest, RunOrder
from policy.words import Words

ID = LIMITS
TITLE = Words("Batas jumlah dan anggaran", "Minimum sizes, budgets, differencing")
RULES = frozenset({"release.minimum-cell", "release.cells", "release.differencing"})


def check(case: Case) -> list[Finding]:
    released = [e for e in case.project.of(Decided) if body_of(e, Decided).verdict == "released"]
    return [*_budgets(case), *(_cells(case, e) for e in released), *breaches_in(case, ID)]


def _budgets(case: Case) -> list[Finding]:
    budget = case.project.charter.budget
    spent = (
        (RunOrder, budget.runs, Words("pemadanan", "runs")),
        (ReleaseRequest, budget.releases, Words("rilis", "releases")),
    )
    return [_budget(case.project.of(kind), allowed, noun) for kind, allowed, noun in spent]


def _budget(entries: list[Entry], allowed: int, noun: Words) -> Finding:
    return Finding(
        f"limits.budget.{noun.en}",
        "proved" if len(entries) <= allowed else "failed",
        Words(
            f"{len(entries)} dari {allowed} {noun.id} dipakai.",
            f"{len(entries)} of {allowed} {noun.en} spent.",
        ),
        tuple(entry.index for entry in entries),
    )


def _cells(case: Case, entry: Entry) -> Finding:
    decided = body_of(entry, Decided)
    id_ = f"limits.{decided.release}"
    try:
        outcome = evaluate(case, entry)
    except PadanError as error:
        return failure(id_, error, (entry.index,))
    if outcome is None:
        return Finding(
            id_,
            "asserted",
            Words(
                f"{decided.release}: jumlahnya tidak dibuka di bundel ini.",
                f"{decided.release}: its counts are not opened in this bundle.",
            ),
            (entry.index,),
        )
    found = [finding for finding in outcome.findings if finding.rule.id in RULES]
    broken = [finding for finding in found if not finding.passed]
    shown = broken or found
    return Finding(
        id_,
        "failed" if broken else "proved",
        Words(
            f"{decided.release}: " + " ".join(finding.reason.id for finding in shown),
            f"{decided.release}: " + " ".join(finding.reason.en for finding in shown),
        ),
        (entry.index,),
    )
