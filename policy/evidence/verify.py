"""Every check that a bundle and the auditor's own knowledge allow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from types import ModuleType

from policy.base.errors import PadanError
from policy.base.words import Words
from policy.evidence.bundle import EvidenceBundle
from policy.evidence.case import Advance, Case, open_case
from policy.evidence.checks import CHECKS
from policy.evidence.checks.destruction import reference_day
from policy.evidence.report import Check, CheckFinding, Reach, VerificationReport, failure
from policy.evidence.timeline import measured, releases, timeline, transfers
from policy.formats.opened_leaves import OpenedLeaves
from policy.members.roster import Roster, open_roster, parse_roster
from policy.members.succession import Rosters
from policy.project.naming import offices
from policy.retention import Item, schedule
from policy.statements import CharterBody

# These checks need no charter; all others do.
_WITHOUT_CHARTER = frozenset({"inclusion"})


def verify_bundle(
    bundle: EvidenceBundle,
    pinned_roster: str | None,
    own_checkpoint: str | None,
    advance: Advance = lambda _: None,
    as_of: date | None = None,
    leaves: Sequence[OpenedLeaves] = (),
) -> VerificationReport:
    """Makes the ten checks of an evidence bundle and reports their findings.

    `pinned_roster` is the digest of any of the log's rosters, as the authorities published it; each
    roster leads to all others (`policy.members.succession`). `own_checkpoint` is a note that the
    auditor kept earlier. `as_of` is the day by which things are due; with None it is the last day
    in the log. `leaves` are rows that agencies opened on site. What the bundle has wrong is a
    failed finding, not an error; so is a roster that cannot be read.
    """
    try:
        roster, error = _roster(bundle, pinned_roster)
    except PadanError as malformed:
        return _without_roster(bundle, malformed)
    case = open_case(bundle, roster, error, pinned_roster is not None, own_checkpoint, advance)
    case.as_of, case.leaves = as_of, leaves
    report = VerificationReport(
        project=case.project_id,
        entries=case.size,
        roster=pinned_roster or roster.digest(),
        reach=_reach(case),
        as_of=as_of,
    )
    report.root = case.roots[case.size].hex()
    for number, each in enumerate(CHECKS, start=1):
        report.checks.append(Check(number, each.ID, each.TITLE, tuple(_made(each, case))))
    if case.project.of(CharterBody):
        title = case.project.charter.title
        report.title = Words(title.id, title.en)
        report.purpose = case.project.charter.purpose.text.words()
        report.kept = _kept(case)
    report.naming = offices(case.project)
    report.timeline, report.releases = timeline(case), releases(case)
    report.transfers, report.measured = transfers(case), measured(case)
    return report


def _kept(case: Case) -> tuple[Item, ...]:
    """What has a destruction date; nothing if a broken log does not say what exists."""
    try:
        return schedule(case.project, reference_day(case))
    except PadanError:
        return ()


def _reach(case: Case) -> Reach:
    covered = case.witnesses.covered
    if covered is None:
        return Reach(beyond=case.size)
    witnesses = tuple(sorted(covered.first))
    return Reach(
        entry=covered.size - 1,
        witnesses=witnesses,
        agencies=tuple(sorted({case.project.known(each).agency for each in witnesses})),
        at=case.witnesses.standing_at(covered),
        beyond=case.size - covered.size,
    )


def _roster(bundle: EvidenceBundle, pinned: str | None) -> tuple[Roster, PadanError | None]:
    """The log's first roster, and what is wrong with it; raises BadInput if it is not a roster."""
    data = bundle.roster
    roster, _ = parse_roster(data)
    known = {each.digest() for each in Rosters(roster).extended(bundle.leaves, 0).all}
    leads_there = pinned is None or pinned.lower() in known
    try:
        open_roster(data, roster.digest() if leads_there else str(pinned))
    except PadanError as error:
        return roster, error
    return roster, None


def _made(check: ModuleType, case: Case) -> list[CheckFinding]:
    if check.ID not in _WITHOUT_CHARTER and not case.project.of(CharterBody):
        return [_no_charter(check.ID, case)]
    try:
        found: list[CheckFinding] = check.check(case)
    except PadanError as error:
        # Something that this check depends on is wrong, and another check names it.
        found = [failure(f"{check.ID}.{error.code}", error)]
    return [_under_another_roster(finding, case) for finding in found]


def _under_another_roster(finding: CheckFinding, case: Case) -> CheckFinding:
    """Under a roster other than the pinned one, a passed check shows nothing; failures stay."""
    if case.roster_error is None or finding.standing == "failed":
        return finding
    return replace(finding, standing="not-shown")


def _no_charter(id_: str, case: Case) -> CheckFinding:
    if id_ == "signatures" and case.roster_error is not None:
        return failure("signatures.roster", case.roster_error)
    return CheckFinding(
        f"{id_}.no-charter",
        "failed" if id_ == "charter" else "not-shown",
        Words("Log tidak memuat piagam.", "The log holds no charter."),
    )


def _without_roster(bundle: EvidenceBundle, error: PadanError) -> VerificationReport:
    report = VerificationReport(entries=len(bundle.leaves))
    unknown = Words("Tanpa roster tidak dapat diperiksa.", "Without a roster it cannot be checked.")
    for number, each in enumerate(CHECKS, start=1):
        finding = CheckFinding(f"{each.ID}.no-roster", "not-shown", unknown)
        if each.ID == "signatures":
            finding = failure(f"signatures.{error.code}", error)
        report.checks.append(Check(number, each.ID, each.TITLE, (finding,)))
    return report
