"""4. At every decision the charter was in force, its basis valid and its assessment current.

A decision here is any statement that moves data: a commitment, a bundle, an order, a run, a
request, a release. The rules are those of the run gate, asked again for the statement's own day.
"""

from __future__ import annotations

from collections import defaultdict

from policy.base.words import Words
from policy.evidence.case import Case
from policy.evidence.checks.breaches import CHARTER, breaches_in
from policy.evidence.report import CheckFinding
from policy.gates.cases import run_case
from policy.gates.decision import run_gate
from policy.project import Entry
from policy.statements import (
    Body,
    BundleManifest,
    CharterBody,
    Committed,
    Decided,
    Delta,
    ReleaseRequest,
    RunFinished,
    RunOrder,
)

ID = CHARTER
TITLE = Words("Piagam berlaku pada setiap keputusan", "Charter in force at each decision")
_DECISIVE = (Committed, BundleManifest, Delta, RunOrder, RunFinished, ReleaseRequest, Decided)
# Rules that other checks recompute.
_ELSEWHERE = frozenset({"run.budget", "run.parameters"})


def check(case: Case) -> list[CheckFinding]:
    return [_signed(case), *_in_force(case), *_own_breaches(case)]


def _signed(case: Case) -> CheckFinding:
    project = case.project
    missing = sorted(set(project.charter.party_ids) - project.signed_by())
    names, version = ", ".join(missing), project.charter.version
    return CheckFinding(
        "charter.signed",
        "not-shown" if missing else "proved",
        Words(f"Belum ditandatangani oleh: {names}.", f"Not yet signed by: {names}.")
        if missing
        else Words(
            f"Semua pihak menandatangani versi {version} piagam.",
            f"All parties signed version {version} of the charter.",
        ),
        tuple(entry.index for entry in project.of(CharterBody)),
    )


def _in_force(case: Case) -> list[CheckFinding]:
    decisive = [entry for kind in _DECISIVE for entry in case.project.of(kind)]
    decisive = [entry for entry in decisive if not _refuses(entry)]
    failing: dict[str, list[int]] = defaultdict(list)
    titles: dict[str, Words] = {}
    for entry in decisive:
        for rule, title in _broken(case, entry):
            failing[rule].append(entry.index)
            titles[rule] = title
    if failing:
        return [
            CheckFinding(
                f"charter.{rule}",
                "failed",
                Words(f"Tidak terpenuhi: {titles[rule].id}.", f"Not met: {titles[rule].en}."),
                tuple(entries),
            )
            for rule, entries in failing.items()
        ]
    if not decisive:
        return []
    return [
        CheckFinding(
            "charter.in-force",
            "proved",
            Words(
                f"Piagam, dasar hukum, dan penilaian dampak berlaku pada {len(decisive)} langkah.",
                f"Charter, lawful basis and impact assessment were valid at {len(decisive)} steps.",
            ),
            tuple(entry.index for entry in decisive),
        )
    ]


def _refuses(entry: Entry) -> bool:
    """Whether the decision refuses a release, which needs no charter in force."""
    body = entry.body
    return isinstance(body, Decided) and not body.is_released


def _broken(case: Case, entry: Entry) -> list[tuple[str, Words]]:
    body = entry.body
    assert isinstance(body, Body)
    outcome = run_gate(run_case(case.project.until(entry.index), body.at))
    return [
        (finding.rule.id, finding.rule.title)
        for finding in outcome.findings
        if not finding.passed and finding.rule.id not in _ELSEWHERE
    ]


def _own_breaches(case: Case) -> list[CheckFinding]:
    """Other breaches that the law found; those of the run gate are reported above already."""
    return [f for f in breaches_in(case, ID) if not f.id.startswith("charter.gate.")]
