"""7. Cells were large enough, budgets kept, and nobody can subtract one release from another.

Budgets follow from the log alone. Counts of rows need the opened facts; without them the
verdicts on those rules are the service's word.
"""

from __future__ import annotations

from collections.abc import Callable

from policy.charter import Charter
from policy.errors import PadanError
from policy.evidence.case import Case
from policy.evidence.checks.breaches import LIMITS, breaches_in
from policy.evidence.checks.decisions import evaluate
from policy.evidence.report import Finding, failure
from policy.project import Entry, Project, body_of
from policy.statements import Counted, Decided, ReleaseRequest, RunOrder
from policy.words import Words

ID = LIMITS
TITLE = Words("Batas jumlah dan anggaran", "Minimum sizes, budgets, differencing")
RULES = frozenset({"release.minimum-cell", "release.cells", "release.differencing"})


def check(case: Case) -> list[Finding]:
    released = [e for e in case.project.of(Decided) if body_of(e, Decided).verdict == "released"]
    return [*_budgets(case), *(_cells(case, e) for e in released), *breaches_in(case, ID)]


def _budgets(case: Case) -> list[Finding]:
    """By the charter as it was at each order and request; refused ones are spent as well."""
    spent = (
        (RunOrder, lambda charter: charter.budget.runs, Words("pemadanan", "runs")),
        (ReleaseRequest, lambda charter: charter.budget.releases, Words("rilis", "releases")),
    )
    found = [_budget(case.project, kind, allowed, noun) for kind, allowed, noun in spent]
    return [*found, *_elsewhere(case)]


def _budget(
    project: Project,
    kind: type[RunOrder | ReleaseRequest],
    allowed: Callable[[Charter], int],
    noun: Words,
) -> Finding:
    entries = project.of(kind)
    over = [
        entry.index
        for number, entry in enumerate(entries, start=1)
        if number > allowed(project.until(entry.index).charter)
    ]
    now = allowed(project.charter)
    return Finding(
        f"limits.budget.{noun.en}",
        "failed" if over else "proved",
        Words(
            f"{len(entries)} dari {now} {noun.id} dipakai.",
            f"{len(entries)} of {now} {noun.en} spent.",
        ),
        tuple(over or (entry.index for entry in entries)),
    )


def _elsewhere(case: Case) -> list[Finding]:
    """What was ordered under other charters, the service alone can count."""
    counted = case.project.of(Counted)
    if not counted:
        return []
    most = max(max(body_of(e, Counted).elsewhere.values(), default=0) for e in counted)
    return [
        Finding(
            "limits.elsewhere",
            "asserted",
            Words(
                f"Di proyek lain, dua pihak memerintahkan paling banyak {most}, kata layanan.",
                f"In other projects two parties ordered {most} at most, says the service.",
            ),
            tuple(entry.index for entry in counted),
        )
    ]


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
