"""A service, or a member, that signs whatever it likes: the check that names each lie.

What the liar's own keys allow, it does: the log is consistent, heads are signed, witnesses have
cosigned what they were shown. Only what a statement says, or when, is wrong.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from policy.evidence import (
    EXIT_FAILED,
    EXIT_INCOMPLETE,
    EXIT_VERIFIED,
    VerificationReport,
    verify_bundle,
)
from policy.gates.facts import OpenedFacts
from policy.statements import (
    Decided,
    ReleaseRequest,
    Staged,
    Withdrawn,
    parse_statement,
)
from tests.support.republic import PARTIES, TODAY, Republic, charter_tree
from tests.support.tally import Tally
from tests.support.tampering import nodes

HOUR, DAY = 3600, 86_400


def verified(republic: Republic) -> VerificationReport:
    kept = republic.notes[min(republic.notes)]
    return verify_bundle(republic.evidence(), republic.roster.digest(), kept)


def failing(report: VerificationReport) -> set[str]:
    return {finding.id for finding in report.failed}


def naming(report: VerificationReport) -> set[str]:
    return {check.id for check in report.checks if check.failed}


def go_on(republic: Republic, *steps: str) -> None:
    for step in steps:
        getattr(republic, step)()


@pytest.fixture(scope="module")
def honest() -> Republic:
    return Republic().to("receipt")


# -- honest logs ----------------------------------------------------------------------------


def test_an_honest_log_verifies(honest: Republic) -> None:
    report = verified(honest)
    assert report.exit_code == EXIT_VERIFIED, failing(report)
    assert [check.number for check in report.checks] == list(range(1, 11))


def test_without_digest_or_checkpoint_it_is_only_consistent(honest: Republic) -> None:
    kept = honest.notes[min(honest.notes)]
    for digest, own in ((None, kept), (honest.roster.digest(), None), (None, None)):
        report = verify_bundle(honest.evidence(), digest, own)
        assert report.exit_code == EXIT_INCOMPLETE
        assert "not proven" in report.verdict.en


@pytest.mark.parametrize("step", ["charter", "commit", "confirm", "order", "run", "stage"])
def test_a_project_on_its_way_verifies(step: str) -> None:
    republic = Republic().to(step)
    republic.witness()
    report = verify_bundle(republic.evidence(), republic.roster.digest(), republic.checkpoint(2))
    assert report.exit_code == EXIT_VERIFIED, failing(report)


def test_an_honest_refusal_verifies() -> None:
    republic = Republic(matched=4).to("decide")
    republic.witness()
    report = verified(republic)
    assert report.exit_code == EXIT_VERIFIED, failing(report)
    found = report.finding("decisions.rilis-1")
    assert found is not None
    assert "refused; not fulfilled: Every cell is large enough" in found.detail.en


def test_what_has_no_charter_is_no_project(honest: Republic, tally: Tally) -> None:
    bundle = honest.evidence()
    bundle.leaves = bundle.leaves[:1]
    report = verify_bundle(bundle, honest.roster.digest(), None)
    assert {"inclusion", "charter"} <= naming(report)
    tally("a log without a charter", "charter")


def test_every_entry_is_looked_at_by_some_check(honest: Republic) -> None:
    report = verified(honest)
    looked = {index for check in report.checks for index in check.entries}
    assert looked == set(range(report.entries))


# -- what the service says of runs and releases -----------------------------------------------


def lowered(republic: Republic) -> None:
    """The run was ordered at .86 and made at .45, and the service says so."""
    republic.witness()
    finished = republic.run_finished(thresholds_ppm={"utama": 450_000})
    republic.run_digest = republic.force("service", finished, run="run-1")
    go_on(republic, "request", "stage", "approve")
    republic.decision_digest = republic.force("service", all_passed(republic), run="rilis-1")
    go_on(republic, "receipt")


def lowered_in_secret(republic: Republic) -> None:
    """It says .86, and a second operator finds another result."""
    go_on(republic, "run", "request", "stage", "approve", "decide", "receipt")
    republic.say("auditor", republic.rerun(result="ab" * 32), run="run-1")
    republic.witness()


def false_counts(republic: Republic) -> None:
    """Result as it is, counts invented so that every cell looks large enough."""
    go_on(republic, "run", "request", "stage", "approve", "decide", "receipt")
    republic.say("auditor", republic.rerun(counts="different"), run="run-1")
    republic.witness()


def dropped(republic: Republic) -> None:
    """It drops matches: among them some canaries, and recipients miss them."""
    go_on(republic, "run", "request", "stage", "approve", "decide")
    republic.witness()
    for file in republic.project.entry(republic.stage_digest, Staged).body.files:
        receipt = republic.received(file, canaries="missing")
        republic.say(file.recipient, receipt, run="rilis-1")
    republic.witness()


def invented(republic: Republic) -> None:
    """It invents matches: canaries that must match nobody did."""
    go_on(republic, "run", "request", "stage", "approve", "decide")
    republic.witness()
    file = republic.project.entry(republic.stage_digest, Staged).body.files[0]
    republic.say(file.recipient, republic.received(file, canaries="unexpected"), run="rilis-1")
    republic.witness()


def swapped(republic: Republic) -> None:
    """It hands out another file than the one approved; the recipient says what came."""
    go_on(republic, "run", "request", "stage", "approve", "decide")
    republic.witness()
    file = republic.project.entry(republic.stage_digest, Staged).body.files[0]
    other = republic.received(file, ciphertext="cd" * 32, canaries="not-looked-at")
    republic.say(file.recipient, other, run="rilis-1")
    republic.witness()


def other_files(republic: Republic) -> None:
    """It stages a membership file for a party that may only have a private index."""
    go_on(republic, "run", "request")
    honest = republic.staged()
    files = tuple(f.model_copy(update={"form": "membership"}) for f in honest.files)
    lie = honest.model_copy(update={"files": files})
    republic.stage_digest = republic.force("service", lie, run="rilis-1")
    go_on(republic, "approve")
    republic.decision_digest = republic.force("service", all_passed(republic), run="rilis-1")
    go_on(republic, "receipt")


def false_facts(republic: Republic) -> None:
    """It decides on facts that it does not hand over, and hands over others."""
    go_on(republic, "run", "request", "stage", "approve", "decide", "receipt")
    other = republic.facts.facts.model_copy(update={"release": "rilis-2"})
    republic.given = {republic.facts.commitment(): OpenedFacts.fresh(other)}


def small_cells(republic: Republic) -> None:
    """Three people matched; it writes that all rules hold."""
    republic.matched = 3
    go_on(republic, "run", "request", "stage", "approve")
    republic.decision_digest = republic.say("service", all_passed(republic), run="rilis-1")
    go_on(republic, "receipt")


def unapproved(republic: Republic) -> None:
    """Only the requester's own agency approved; it writes that all rules hold."""
    republic.approvers = ("dinsos-approver",)
    go_on(republic, "run", "request", "stage", "approve")
    republic.decision_digest = republic.force("service", all_passed(republic), run="rilis-1")
    go_on(republic, "receipt")


def vetoed(republic: Republic) -> None:
    """The data protection officer refused; it writes that all rules hold."""
    go_on(republic, "run", "request", "stage", "approve")
    no = republic.approval(verdict="refuse")
    republic.say("dpo", no, run="rilis-1", manifest=republic.stage_digest)
    republic.decision_digest = republic.force("service", all_passed(republic), run="rilis-1")
    go_on(republic, "receipt")


def forgets_a_veto(republic: Republic) -> None:
    """The decision does not name the vote against it."""
    go_on(republic, "run", "request", "stage", "approve")
    honest = republic.decided()
    no = republic.approval(verdict="refuse")
    republic.say("dpo", no, run="rilis-1", manifest=republic.stage_digest)
    republic.decision_digest = republic.force("service", honest, run="rilis-1")
    go_on(republic, "receipt")


def all_passed(republic: Republic) -> Decided:
    honest = republic.decided()
    rules = tuple(rule.model_copy(update={"passed": True}) for rule in honest.rules)
    return honest.model_copy(update={"verdict": "released", "rules": rules})


def expired_stage(republic: Republic) -> None:
    """It releases a stage a day after that expired."""
    go_on(republic, "run", "request", "stage", "approve")
    republic.now += 2 * DAY
    republic.decision_digest = republic.force("service", all_passed(republic), run="rilis-1")
    go_on(republic, "receipt")


def backdated(republic: Republic) -> None:
    """The same, and it writes the time of the day before into its decision."""
    go_on(republic, "run", "request", "stage", "approve")
    earlier = republic.now
    republic.now += 2 * DAY
    republic.witness()
    republic.now = earlier
    go_on(republic, "decide")
    republic.now += 2 * DAY
    republic.witness()


def postdated(republic: Republic) -> None:
    """It dates its run an hour after witnesses saw it."""
    republic.witness()
    finished = republic.run_finished(at=republic.now + HOUR)
    republic.run_digest = republic.say("service", finished, run="run-1")
    republic.witness()


def unwitnessed_step(republic: Republic) -> None:
    """It runs before the quorum has seen the order."""
    republic.run_digest = republic.force("service", republic.run_finished(), run="run-1")
    go_on(republic, "request", "stage", "approve", "decide", "receipt")


SERVICE_LIES: dict[Callable[[Republic], None], set[str]] = {
    lowered: {
        "decisions.project.executed",
        "decisions.rilis-1",
        "decisions.project.decision-rules",
    },
    lowered_in_secret: {"decisions.rerun.run-1"},
    false_counts: {"decisions.rerun.run-1"},
    dropped: {"releases.canaries"},
    invented: {"releases.canaries"},
    swapped: {"releases.swapped.rilis-1"},
    other_files: {
        "releases.files.rilis-1",
        "releases.project.stage",
        "decisions.rilis-1",
        "decisions.project.decision-rules",
    },
    false_facts: {"decisions.facts", "decisions.rilis-1"},
    small_cells: {"decisions.rilis-1", "limits.rilis-1"},
    unapproved: {"decisions.rilis-1", "approvals.rilis-1", "decisions.project.decision-rules"},
    vetoed: {"decisions.rilis-1", "approvals.rilis-1", "decisions.project.decision-rules"},
    forgets_a_veto: {"decisions.rilis-1", "approvals.rilis-1", "decisions.project.decision"},
    expired_stage: {
        "decisions.rilis-1",
        "order.deadline",
        "approvals.rilis-1",
        "decisions.project.decision-rules",
    },
    backdated: {"order.backdated", "order.deadline"},
    postdated: {"order.postdated"},
    unwitnessed_step: {"signatures.project.wait-cosigned"},
}


@pytest.mark.parametrize("lie", SERVICE_LIES, ids=lambda lie: lie.__name__)
def test_a_lying_service_is_caught_by_the_check_that_names_it(
    lie: Callable[[Republic], None], tally: Tally
) -> None:
    republic = Republic().to("order")
    lie(republic)
    report = verified(republic)
    assert report.exit_code == EXIT_FAILED
    assert failing(report) == SERVICE_LIES[lie]
    tally("lies of the service", min(SERVICE_LIES[lie]).split(".")[0])


def test_the_right_file_after_another_one_settles_it() -> None:
    republic = Republic().to("decide")
    republic.witness()
    file = republic.project.entry(republic.stage_digest, Staged).body.files[0]
    other = republic.received(file, ciphertext="cd" * 32, canaries="not-looked-at")
    republic.say(file.recipient, other, run="rilis-1")
    republic.receipt()
    report = verified(republic)
    assert report.exit_code == EXIT_VERIFIED, failing(report)


def test_a_confirmed_run_is_attested_by_two() -> None:
    republic = Republic().to("run")
    republic.witness()
    republic.say("auditor", republic.rerun(), run="run-1")
    republic.witness()
    finding = verified(republic).finding("decisions.rerun.run-1")
    assert finding is not None
    assert finding.standing == "attested"


# -- forged, replayed, expired, of another project or epoch -------------------------------------


def forged(republic: Republic) -> bytes:
    """The service writes an approval, and signs it with its own key."""
    keys = dict(republic.keys)
    republic.keys["bps-approver"] = keys["service"]
    leaf = republic.statement(
        "bps-approver", republic.approval(), run="rilis-1", manifest=republic.stage_digest
    )
    republic.keys = keys
    return leaf


def another_project(republic: Republic) -> bytes:
    return by(republic, project="lain-2026")


def another_epoch(republic: Republic) -> bytes:
    return by(republic, epoch=2)


def another_charter(republic: Republic) -> bytes:
    return by(republic, charter="ab" * 32)


def another_roster(republic: Republic) -> bytes:
    return by(republic, roster="ab" * 32)


def another_type(republic: Republic) -> bytes:
    return by(republic, type="padan/unheard-of")


def expired_member(republic: Republic) -> bytes:
    late = republic.now + 800 * DAY
    return republic.statement(
        "bps-approver", republic.approval(at=late), run="rilis-1", manifest=republic.stage_digest
    )


def by(republic: Republic, **change: Any) -> bytes:
    body = republic.approval()
    manifest = republic.stage_digest
    return republic.statement("bps-approver", body, run="rilis-1", manifest=manifest, **change)


# A decision that the log itself answers otherwise.
BY_RULES = "decisions.project.decision-rules"

FORGERIES: dict[Callable[[Republic], bytes], str] = {
    forged: "signatures.envelope.signature",
    another_project: "signatures.project.binding",
    another_epoch: "signatures.project.binding",
    another_charter: "signatures.project.binding",
    another_roster: "signatures.project.binding",
    another_type: "signatures.statement.malformed",
    expired_member: "signatures.roster.expired",
}


@pytest.mark.parametrize("forgery", FORGERIES, ids=lambda forgery: forgery.__name__)
def test_what_nobody_said_here_counts_for_nothing(
    forgery: Callable[[Republic], bytes], tally: Tally
) -> None:
    """It is named, and the release that rests on it is one approval short."""
    republic = Republic(approvers=("dppapp-approver",)).to("approve")
    republic.force_leaf(forgery(republic))
    republic.decision_digest = republic.force("service", all_passed(republic), run="rilis-1")
    go_on(republic, "receipt")
    expected = {FORGERIES[forgery], "approvals.rilis-1", "decisions.rilis-1", BY_RULES}
    assert failing(verified(republic)) == expected
    tally("forged, expired, of another project or epoch", "signatures")


def test_a_statement_replayed_is_named(honest: Republic, tally: Tally) -> None:
    """Every one of them, again at the end of the log, witnessed."""
    for index in range(len(honest.leaves)):
        republic = Republic(keys=honest.keys, now=honest.now, shares=honest.shares)
        republic.adopt(honest)
        republic.force_leaf(honest.leaves[index])
        republic.witness()
        report = verified(republic)
        assert failing(report) == {"order.project.again"}, index
        assert report.failed[0].entries == (len(honest.leaves),)
        tally("statements replayed", "order")


# -- statements that their sender may not make, or not now ---------------------------------------


def someone_else(republic: Republic) -> tuple[str, Any, str]:
    return "auditor", republic.run_order(), "run-2"


def spent(republic: Republic) -> tuple[str, Any, str]:
    return "bps", republic.run_order(), "run-2"


def outside_the_charter(republic: Republic) -> tuple[str, Any, str]:
    return "bps", republic.run_order(thresholds_ppm={"utama": 100_000}), "run-2"


def a_requester_who_approves(republic: Republic) -> tuple[str, Any, str]:
    return "auditor", republic.approval(), "rilis-1"


def an_owner_who_reruns(republic: Republic) -> tuple[str, Any, str]:
    return "bps", republic.rerun(), "run-1"


def rows_of_others(republic: Republic) -> tuple[str, Any, str]:
    body = Withdrawn(at=republic.now, dataset="dtks", handles="ab" * 32, count=1)
    return "bps", body, ""


def too_many_releases(republic: Republic) -> tuple[str, Any, str]:
    body = ReleaseRequest(at=republic.now, release="rilis-2", domains=("semua",))
    return "bps", body, "run-1"


UNLAWFUL: dict[Callable[[Republic], tuple[str, Any, str]], set[str]] = {
    someone_else: {"signatures.project.not-entitled"},
    spent: {"limits.gate.run.budget", "limits.budget.runs"},
    outside_the_charter: {"decisions.gate.run.parameters"},
    a_requester_who_approves: {"approvals.project.not-entitled"},
    an_owner_who_reruns: {"decisions.project.not-entitled"},
    rows_of_others: {"signatures.project.not-entitled"},
    too_many_releases: {"limits.project.release-budget", "limits.budget.releases"},
}


@pytest.mark.parametrize("breach", UNLAWFUL, ids=lambda breach: breach.__name__)
def test_what_the_law_forbids_is_named(
    breach: Callable[[Republic], tuple[str, Any, str]], tally: Tally
) -> None:
    tree = charter_tree()
    tree["budget"] = {"runs": 2 if breach is outside_the_charter else 1, "releases": 1}
    republic = Republic(tree).to("approve")
    sender, body, run = breach(republic)
    republic.force(sender, body, run=run)
    republic.witness()
    assert failing(verified(republic)) == UNLAWFUL[breach]
    tally("statements that the law forbids", min(UNLAWFUL[breach]).split(".")[0])


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"count": 9}, "encodings.project.commitment"),
        ({"handle_root": "ab" * 32}, "encodings.project.commitment"),
        ({"row_bytes": 99}, "encodings.project.shape"),
        ({"rules": "ab" * 32}, "encodings.project.rules"),
        ({"terms": "ab" * 32}, "encodings.project.terms"),
    ],
)
def test_a_bundle_that_is_not_as_agreed_is_named(
    change: dict[str, Any], named: str, tally: Tally
) -> None:
    republic = Republic().to("confirm")
    republic.witness()
    republic.force("bps", republic.manifest("regsosek", **change))
    republic.witness()
    assert named in failing(verified(republic))
    assert naming(verified(republic)) == {"encodings"}
    tally("bundles that are not as agreed", "encodings")


# -- days and clocks -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("part", "rule"),
    [
        ("", "run.charter-in-force"),
        ("purpose", "run.lawful-basis"),
        ("dpia", "run.dpia"),
    ],
)
def test_a_release_after_its_charter_ended_is_named(part: str, rule: str, tally: Tally) -> None:
    tree = charter_tree()
    (tree[part] if part else tree)["valid_until"] = TODAY + timedelta(days=3)
    republic = Republic(tree).to("request")
    later = republic.now + 5 * DAY
    staged = republic.staged(expires=later + DAY)
    republic.stage_digest = republic.say("service", staged, run="rilis-1")
    republic.witness()
    for approver in republic.approvers:
        yes = republic.approval(expires=later + DAY)
        republic.say(approver, yes, run="rilis-1", manifest=republic.stage_digest)
    republic.now = later
    republic.decision_digest = republic.force("service", all_passed(republic), run="rilis-1")
    go_on(republic, "receipt")
    assert f"charter.{rule}" in failing(verified(republic))
    tally("charter, basis or assessment had ended", "charter")


def test_one_wrong_clock_among_the_witnesses_changes_nothing(honest: Republic) -> None:
    for wrong in (-10 * DAY, 10 * DAY):
        republic = Republic(clocks={"auditor": wrong}).to("receipt")
        report = verified(republic)
        assert report.exit_code == EXIT_VERIFIED, failing(report)


def test_clocks_some_minutes_apart_are_no_lie() -> None:
    skews = {"bps": 300, "dinsos": -300, "dppapp": 120}
    report = verified(Republic(clocks=skews).to("receipt"))
    assert report.exit_code == EXIT_VERIFIED, failing(report)


def test_destruction_that_is_overdue_is_named(tally: Tally) -> None:
    republic = Republic().to("receipt")
    ends = date.fromisoformat(str(republic.tree["retention"]["encodings_until"]))
    republic.now = int(datetime(ends.year, ends.month, ends.day, tzinfo=UTC).timestamp()) + 9 * DAY
    republic.witness()
    named = failing(verified(republic))
    assert {"destruction.service.service-key", "destruction.bps.keys"} <= named
    assert naming(verified(republic)) == {"destruction"}
    tally("destruction not attested in time", "destruction")


# -- other histories -----------------------------------------------------------------------------


def test_a_rollback_is_seen_by_the_checkpoint_one_kept(honest: Republic, tally: Tally) -> None:
    sizes = sorted(honest.notes)
    for size, later in pairwise(sizes):
        bundle = honest.evidence()
        bundle.leaves = honest.leaves[:size]
        bundle.checkpoint = honest.notes[size]
        bundle.cosigned = [honest.notes[each] for each in sizes if each <= size]
        bundle.facts = {}
        digest = honest.roster.digest()
        assert verify_bundle(bundle, digest, None).exit_code == EXIT_INCOMPLETE
        report = verify_bundle(bundle, digest, honest.notes[later])
        assert failing(report) == {"inclusion.own-checkpoint"}
        (named,) = report.failed
        assert f"of {later} entries, this log has only {size}" in named.detail.en
        tally("rolled back", "inclusion")


def test_a_fork_is_seen_by_the_checkpoint_one_kept(tally: Tally) -> None:
    """The service tells a whole other story, with members' statements that it kept back."""
    kept = Republic().to("order")
    fork = Republic(keys=kept.keys, now=kept.now).to("commit")
    fork.roster_data = kept.roster_data
    note = kept.notes[max(kept.notes)]
    report = verify_bundle(fork.evidence(), fork.roster.digest(), note)
    assert "inclusion.own-checkpoint" in failing(report)
    tally("forked", "inclusion")


def test_an_unwitnessed_tail_is_reported() -> None:
    republic = Republic().to("request")
    report = verify_bundle(republic.evidence(), republic.roster.digest(), republic.checkpoint(5))
    witnessed = report.finding("signatures.witnessed")
    assert witnessed is not None
    assert witnessed.standing == "asserted"
    assert witnessed.entries == (report.entries - 2, report.entries - 1)
    assert "the last 2 are unwitnessed" in witnessed.detail.en


def test_another_roster_than_the_pinned_one_vouches_for_nothing(honest: Republic) -> None:
    stranger = Republic()
    report = verify_bundle(honest.evidence(), stranger.roster.digest(), None)
    assert failing(report) == {"signatures.roster"}
    assert {c.standing for c in report.checks} == {"failed", "not-shown"}


# -- one lie does not hide another ---------------------------------------------------------------


def test_one_failing_check_hides_no_other(tally: Tally) -> None:
    """A lowered threshold, a forged approval, a swapped file and missing canaries at once."""
    republic = Republic(approvers=("dppapp-approver",)).to("order")
    republic.witness()
    finished = republic.run_finished(thresholds_ppm={"utama": 450_000})
    republic.run_digest = republic.force("service", finished, run="run-1")
    go_on(republic, "request", "stage", "approve")
    republic.force_leaf(forged(republic))
    republic.decision_digest = republic.force("service", all_passed(republic), run="rilis-1")
    republic.witness()
    first, second, *_ = republic.project.entry(republic.stage_digest, Staged).body.files
    other = republic.received(first, ciphertext="cd" * 32, canaries="not-looked-at")
    republic.say(first.recipient, other, run="rilis-1")
    missing = republic.received(second, canaries="missing")
    republic.say(second.recipient, missing, run="rilis-1")
    republic.witness()
    assert failing(verified(republic)) == {
        "signatures.envelope.signature",
        "decisions.project.executed",
        BY_RULES,
        "decisions.rilis-1",
        "approvals.rilis-1",
        "releases.swapped.rilis-1",
        "releases.canaries",
    }
    tally("several lies at once", "each named")


def test_no_statement_carries_exact_match_counts() -> None:
    republic = Republic(matched=517).to("receipt")
    for leaf in republic.leaves:
        body = json.loads(parse_statement(leaf).envelope.body)
        numbers = {value for _, value in nodes(body) if isinstance(value, int)}
        assert not numbers & {517, 1000 - 517}


@pytest.mark.parametrize("party", PARTIES)
def test_without_opened_facts_verdicts_are_the_services_word(honest: Republic, party: str) -> None:
    """What a party is handed has no facts in it."""
    bundle = honest.evidence()
    bundle.facts = {}
    report = verify_bundle(bundle, honest.roster.digest(), honest.notes[min(honest.notes)])
    assert report.exit_code == EXIT_VERIFIED
    for id_ in ("decisions.rilis-1", "limits.rilis-1"):
        finding = report.finding(id_)
        assert finding is not None
        assert finding.standing == "asserted"
