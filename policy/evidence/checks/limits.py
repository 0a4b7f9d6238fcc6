"""7. Cells were large enough, budgets kept, and nobody can subtract one release from another.

Budgets follow from the log alone. Counts of rows, opened or not, are the service's word until a
second operator has recomputed them from the sealed bundles.
"""

from __future__ import annotations

from collections.abc import Callable

from policy.base.errors import PadanError
from policy.base.words import Words
from policy.charter import FIRST_LAW, Charter
from policy.evidence.case import Case
from policy.evidence.checks.breaches import LIMITS, breaches_in
from policy.evidence.checks.decisions import BY_SERVICE, counted_again, counted_by, evaluate
from policy.evidence.report import CheckFinding, failure
from policy.project import Entry, Project
from policy.project.row_counts import changes_between_orders
from policy.statements import Counted, Decided, ReleaseRequest, RunOrder, Staged

ID = LIMITS
TITLE = Words("Batas jumlah dan kuota", "Minimum sizes, budgets, differencing")


def check(case: Case) -> list[CheckFinding]:
    cells = (_cells(case, entry) for entry in case.project.released())
    return [*_budgets(case), *cells, *breaches_in(case, ID)]


def _budgets(case: Case) -> list[CheckFinding]:
    """Budgets by the charter at each order and request; refused ones are spent as well."""
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
) -> CheckFinding:
    entries = project.of(kind)
    over = [
        entry.index
        for entry in entries
        if _spent(project.until(entry.index + 1), kind)
        > allowed(project.until(entry.index).charter)
    ]
    now, spent = allowed(project.charter), _spent(project, kind)
    return CheckFinding(
        f"limits.budget.{noun.en}",
        "failed" if over else "proved",
        Words(
            f"{spent} dari {now} {noun.id} dipakai.",
            f"{spent} of {now} {noun.en} spent.",
        ),
        tuple(over or (entry.index for entry in entries)),
    )


def _spent(project: Project, kind: type[RunOrder | ReleaseRequest]) -> int:
    """The spent budget. Since the second law, runs after deltas cost more (`rules.law2`)."""
    changes = kind is RunOrder and project.charter.law != FIRST_LAW
    return len(project.of(kind)) + (changes_between_orders(project) if changes else 0)


def _elsewhere(case: Case) -> list[CheckFinding]:
    """Orders under other charters, which only the service can count."""
    counted = case.project.of(Counted)
    if not counted:
        return []
    most = max(max(e.body.elsewhere.values(), default=0) for e in counted)
    return [
        CheckFinding(
            "limits.elsewhere",
            "asserted",
            Words(
                f"Di proyek lain, dua pihak memerintahkan paling banyak {most}, kata layanan.",
                f"In other projects two parties ordered {most} at most, says the service.",
            ),
            tuple(entry.index for entry in counted),
        )
    ]


def _cells(case: Case, entry: Entry[Decided]) -> CheckFinding:
    decided = entry.body
    id_ = f"limits.{decided.release}"
    try:
        outcome = evaluate(case, entry)
    except PadanError as error:
        return failure(id_, error, (entry.index,))
    if outcome is None:
        return CheckFinding(
            id_,
            "asserted",
            Words(
                f"{decided.release}: jumlahnya tidak dibuka di bundel ini.",
                f"{decided.release}: its counts are not opened in this bundle.",
            ),
            (entry.index,),
        )
    found = [finding for finding in outcome.findings if finding.rule.needs_facts]
    broken = [finding for finding in found if not finding.passed]
    again = counted_again(case, case.project.entry(decided.stage, Staged))
    shown = [finding.reason for finding in broken or found]
    if not broken:
        shown.append(counted_by(again) if again else BY_SERVICE)
    return CheckFinding(
        id_,
        "failed" if broken else ("proved" if again else "asserted"),
        Words(
            f"{decided.release}: " + " ".join(each.id for each in shown),
            f"{decided.release}: " + " ".join(each.en for each in shown),
        ),
        (entry.index, *(each.index for each in again)),
    )
