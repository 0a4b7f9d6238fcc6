"""6. The approvers of a release were entitled, distinct, and independent of the requester.

The release gate's rules on approvals, asked again. They need no facts, only the log, the roster's
agencies and offices, and the charter's number. The law checked entry by entry whether each voter
may vote at all.
"""

from __future__ import annotations

from policy.base.errors import PadanError
from policy.base.words import Words
from policy.evidence.case import Case
from policy.evidence.checks.breaches import APPROVALS, breaches_in
from policy.evidence.report import CheckFinding, failure
from policy.gates.cases import release_case
from policy.gates.rules import GATES, SettledBy
from policy.project import Entry
from policy.statements import Decided

ID = APPROVALS
TITLE = Words("Penyetuju berhak dan terpisah", "Approvers distinct and entitled")

# The first finding, and the only one if nothing failed.
_OF_EVERY_RELEASE = ("release.approvals", "release.dpo")


def check(case: Case) -> list[CheckFinding]:
    return [*(_approved(case, entry) for entry in case.project.released()), *breaches_in(case, ID)]


def _approved(case: Case, entry: Entry[Decided]) -> CheckFinding:
    decided, before = entry.body, case.project.until(entry.index)
    id_, votes = f"approvals.{decided.release}", before.release(decided.release).approvals
    entries = (entry.index, *(vote.index for vote in votes))
    try:
        asked = release_case(before, decided.release, None, decided.at)
    except PadanError as error:
        return failure(id_, error, entries)
    own = GATES[before.charter.law].release
    judged = (rule.check(asked) for rule in own if rule.settled_by is SettledBy.APPROVALS)
    findings = sorted(judged, key=lambda finding: finding.rule.id not in _OF_EVERY_RELEASE)
    shown = [finding for finding in findings if not finding.passed] or findings[
        : len(_OF_EVERY_RELEASE)
    ]
    voters = ", ".join(vote.statement.sender for vote in votes) or "-"
    return CheckFinding(
        id_,
        "proved" if all(finding.passed for finding in findings) else "failed",
        Words(
            f"{decided.release} ({voters}): " + " ".join(f.reason.id for f in shown),
            f"{decided.release} ({voters}): " + " ".join(f.reason.en for f in shown),
        ),
        entries,
    )
