"""Yes, no, and yes taken back: who decides on a release, and whose word counts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from policy.approval.asked import Asked
from policy.base.canonical import sha256
from policy.base.errors import PadanError, Refused
from policy.evidence import EXIT_FAILED, EXIT_VERIFIED, verify_bundle
from policy.gates.cases import release_case
from policy.gates.decision import GateOutcome, release_gate
from policy.law.turns import turns
from policy.members.entitled import deciders
from policy.project.progress import steps_done
from policy.statements import ApprovalWithdrawn, Staged, Withdrawn
from tests.support.republic import Republic, charter_tree, scoped

RELEASE = "rilis-1"


def say(republic: Republic, member: str, verdict: str, **change: Any) -> str:
    body = republic.approval(verdict=verdict, **change)
    return republic.say(member, body, run=RELEASE, manifest=republic.stage_digest)


def withdraw(republic: Republic, member: str, approval: str, **change: Any) -> str:
    body = ApprovalWithdrawn(at=republic.now, release=RELEASE, approval=approval)
    return republic.say(member, body, run=RELEASE, **{"manifest": approval, **change})


def gate(republic: Republic) -> GateOutcome:
    return release_gate(release_case(republic.project, RELEASE, republic.facts.facts, republic.now))


def failing(republic: Republic) -> list[str]:
    return [finding.rule.id for finding in gate(republic).findings if not finding.passed]


def staged(**release: Any) -> Republic:
    tree = charter_tree()
    tree["release"].update(release)
    republic = Republic(tree=tree).to("stage")
    republic.witness()
    return republic


# -- the data protection officer ---------------------------------------------------------------


def test_the_officer_s_no_stops_what_all_others_approve() -> None:
    republic = staged()
    for member in ("bps-approver", "dppapp-approver", "dinsos-approver"):
        say(republic, member, "approve")
    assert failing(republic) == []
    say(republic, "dpo", "refuse")
    assert failing(republic) == ["release.dpo"]
    assert "veto" in next(f for f in gate(republic).findings if not f.passed).reason.en


@pytest.mark.parametrize("officer", ["dpo", "bps-dpo"])
def test_the_officer_s_yes_is_no_agency_s_approval(officer: str) -> None:
    """Not even where the officer's agency takes part and the officer is an approver too."""
    tree = charter_tree()
    tree["parties"][0]["dpo"] = officer
    republic = Republic(tree=tree).to("stage")
    republic.witness()
    say(republic, "dppapp-approver", "approve")
    say(republic, officer, "approve")
    assert failing(republic) == ["release.approvals"]
    say(republic, "bps-approver", "approve")
    assert failing(republic) == []


def test_a_charter_may_ask_for_the_officer_s_yes() -> None:
    republic = staged(dpo_approval=True)
    republic.approve()
    assert failing(republic) == ["release.dpo"]
    say(republic, "dpo", "approve")
    assert failing(republic) == []


def test_an_officer_s_yes_expires() -> None:
    republic = staged(dpo_approval=True)
    republic.approve()
    say(republic, "dpo", "approve", expires=republic.now + 10)
    republic.now += 11
    assert failing(republic) == ["release.dpo"]


def test_an_officer_whom_the_charter_does_not_name_has_no_word() -> None:
    tree = charter_tree()
    for party in tree["parties"]:
        party["dpo"] = "bps-dpo"
    republic = Republic(tree=tree).to("stage")
    republic.witness()
    with pytest.raises(Refused) as caught:
        say(republic, "dpo", "refuse")
    assert caught.value.code == "project.not-entitled"
    say(republic, "bps-dpo", "refuse")
    assert "release.dpo" in failing(republic)


# -- withdrawal ----------------------------------------------------------------------------------


def test_a_withdrawn_approval_does_not_count() -> None:
    republic = staged()
    kept, taken_back = (
        say(republic, member, "approve") for member in ("bps-approver", "dppapp-approver")
    )
    withdraw(republic, "dppapp-approver", taken_back)
    assert failing(republic) == ["release.approvals"]
    assert republic.decided().approvals == (kept,)
    republic.decide()
    assert republic.decided().verdict == "refused"


def test_whoever_withdrew_may_say_no_and_never_yes_again() -> None:
    republic = staged()
    withdraw(republic, "dpo", say(republic, "dpo", "approve"))
    with pytest.raises(Refused) as caught:
        say(republic, "dpo", "approve", at=republic.now + 1)
    assert caught.value.code == "project.withdrawn-before"
    say(republic, "dpo", "refuse")
    assert "release.dpo" in failing(republic)
    with pytest.raises(Refused) as caught:
        say(republic, "dpo", "refuse", at=republic.now + 1)
    assert caught.value.code == "project.again"


def test_what_cannot_be_withdrawn() -> None:
    republic = staged()
    mine, no = say(republic, "bps-approver", "approve"), say(republic, "dpo", "refuse")
    for member, approval, change in (
        ("dppapp-approver", mine, {}),  # another's
        ("dpo", no, {}),  # a no
        ("bps-approver", republic.stage_digest, {}),  # no approval at all
        ("bps-approver", "ab" * 32, {}),
        ("bps-approver", mine, {"manifest": republic.stage_digest}),
    ):
        with pytest.raises(Refused):
            withdraw(republic, member, approval, **change)
    withdraw(republic, "bps-approver", mine)
    with pytest.raises(Refused) as caught:
        withdraw(republic, "bps-approver", mine)
    assert caught.value.code == "project.again"


def test_after_the_decision_it_is_too_late() -> None:
    republic = Republic().to("decide")
    given = republic.project.release(RELEASE).approvals[0]
    with pytest.raises(Refused) as caught:
        withdraw(republic, given.statement.sender, given.digest)
    assert caught.value.code == "project.again"


def test_a_decision_that_counts_a_withdrawn_approval_is_unlawful() -> None:
    republic = staged()
    for member in ("bps-approver", "dppapp-approver"):
        given = say(republic, member, "approve")
    before = republic.decided()
    withdraw(republic, "dppapp-approver", given)
    with pytest.raises(Refused) as caught:
        republic.say("service", before, run=RELEASE)
    assert caught.value.code == "project.decision"


def test_the_evidence_shows_a_withdrawal_and_misses_it() -> None:
    republic = staged()
    for member in ("bps-approver", "dppapp-approver", "dinsos-approver"):
        given = say(republic, member, "approve")
    withdraw(republic, "dinsos-approver", given)
    republic.decide()
    republic.witness()
    bundle, digest = republic.evidence(), republic.roster.digest()
    kept = republic.notes[min(republic.notes)]
    assert verify_bundle(bundle, digest, kept).exit_code == EXIT_VERIFIED
    without = [*bundle.leaves[:-2], bundle.leaves[-1]]
    assert verify_bundle(replace(bundle, leaves=without), digest, kept).exit_code == EXIT_FAILED


# -- carried by hand -------------------------------------------------------------------------------


@pytest.mark.parametrize(("hours", "exit_code"), [(0, EXIT_VERIFIED), (2, EXIT_FAILED)])
def test_what_was_carried_is_older_than_its_place_but_not_than_its_stage(
    hours: int, exit_code: int
) -> None:
    """Others append meanwhile; what was signed before the stage was there is a lie."""
    republic = staged()
    expires = republic.now + 10_000
    signed = republic.now + 60
    republic.now += 7200
    say(republic, "bps-approver", "approve", expires=expires)
    say(republic, "dppapp-approver", "approve", expires=expires, at=signed - hours * 3600)
    republic.decide()
    republic.witness()
    kept = republic.notes[min(republic.notes)]
    report = verify_bundle(republic.evidence(), republic.roster.digest(), kept)
    assert report.exit_code == exit_code, report.checks
    wrong = [check.id for check in report.checks if check.standing == "failed"]
    assert wrong == ([] if exit_code == EXIT_VERIFIED else ["order"])


# -- receipts --------------------------------------------------------------------------------------


def test_only_released_files_are_received() -> None:
    refused = Republic(approvers=()).to("decide")
    refused.witness()
    file = refused.project.entry(refused.stage_digest, Staged).body.files[0]
    with pytest.raises(PadanError) as caught:
        refused.say(file.recipient, refused.received(file), run=RELEASE)
    assert caught.value.code == "project.not-entitled"


def test_a_receipt_is_of_exactly_the_released_file_by_its_recipient() -> None:
    republic = Republic().to("decide")
    republic.witness()
    first, other = republic.project.entry(republic.stage_digest, Staged).body.files[:2]
    for sender, change in (
        ("auditor", {}),
        (first.recipient, {"ciphertext": "ab" * 32}),
        (first.recipient, {"plaintext": other.plaintext}),
        (first.recipient, {"decision": republic.stage_digest}),
    ):
        with pytest.raises(PadanError) as caught:
            republic.say(sender, republic.received(first, **change), run=RELEASE)
        assert caught.value.code in ("project.not-entitled", "project.reference", "project.receipt")
    republic.say(first.recipient, republic.received(first), run=RELEASE)
    with pytest.raises(PadanError) as caught:
        republic.say(first.recipient, republic.received(first), run=RELEASE)
    assert caught.value.code == "project.again"


def test_the_status_says_who_signed_a_receipt_and_who_did_not() -> None:
    republic = Republic().to("decide")
    republic.witness()
    assert steps_done(republic.project)[-1].by.en == "rilis-1: missing: bps, dinsos, dppapp"
    files = republic.project.entry(republic.stage_digest, Staged).body.files
    of_dinsos = [file for file in files if file.recipient == "dinsos"]
    for file in of_dinsos[1:]:
        republic.say("dinsos", republic.received(file), run=RELEASE)
    assert "dinsos" not in steps_done(republic.project)[-1].by.en.split("missing")[0]
    republic.say("dinsos", republic.received(of_dinsos[0]), run=RELEASE)
    step = steps_done(republic.project)[-1]
    assert (step.done, step.by.en) == (False, "rilis-1: dinsos (missing: bps, dppapp)")
    released = republic.project.release(RELEASE).released_files
    for file in (each.file for each in released if not each.is_opened):
        republic.say(file.recipient, republic.received(file), run=RELEASE)
    step = steps_done(republic.project)[-1]
    assert (step.done, step.by.id) == (True, "rilis-1: bps, dinsos, dppapp")


def test_a_refused_release_has_no_receipts() -> None:
    republic = Republic(approvers=()).to("decide")
    assert republic.project.release(RELEASE).released_files == ()
    assert not steps_done(republic.project)[-1].done


def test_a_release_that_waits_stands_in_the_status() -> None:
    republic = Republic().to("approve")
    step = next(each for each in steps_done(republic.project) if each.name == "decision")
    assert (step.done, step.by.en) == (False, "rilis-1: awaiting decision")


def test_who_has_not_signed_is_named() -> None:
    republic = Republic()
    republic.charter_signed_by("bps")
    step = steps_done(republic.project)[0]
    assert (step.done, step.by.en) == (False, "bps (missing: dinsos, dppapp)")


def test_a_request_that_nobody_can_stage_any_more_is_not_waited_for() -> None:
    """Under the first law; under the second it is staged without those who left."""
    republic = Republic(tree=scoped({**charter_tree(), "law": "padan-law-1"})).to("request")
    gone = Withdrawn(at=republic.now, dataset="dtks", handles=sha256(b"list"), count=3)
    republic.say("dinsos", gone)
    step = next(each for each in steps_done(republic.project) if each.name == "decision")
    assert (step.done, step.by.en) == (True, "rilis-1: out of date: its rows changed")


def test_a_stage_is_waited_for_where_rows_left() -> None:
    republic = Republic().to("stage")
    for rows in (0, 3):
        if rows:
            gone = Withdrawn(at=republic.now, dataset="dtks", handles=sha256(b"w"), count=rows)
            republic.say("dinsos", gone)
        step = next(each for each in steps_done(republic.project) if each.name == "decision")
        waits = "not staged yet" if rows else "awaiting decision"
        assert (step.done, step.by.en) == (False, f"rilis-1: {waits}")
        republic.witness()
        due = turns(republic.project, republic.cosigned(), republic.now)
        assert [each.step for each in due] == (["stage"] if rows else ["vote"])


def test_approvals_mend_what_they_can_and_no_more() -> None:
    waiting = Republic(approvers=()).to("stage")
    outcome = gate(waiting)
    assert outcome.unmendable == ()
    case = release_case(waiting.project, RELEASE, waiting.facts.facts, waiting.now)
    assert outcome.awaits_approvals(case)

    small = Republic(approvers=(), matched=3).to("stage")
    outcome = gate(small)
    assert outcome.unmendable == ("release.minimum-cell",)
    case = release_case(small.project, RELEASE, small.facts.facts, small.now)
    assert not outcome.awaits_approvals(case)


# -- whose yes is awaited ------------------------------------------------------------------------


def asked(republic: Republic, member: str) -> Asked:
    me = republic.project.roster.member(member)
    return Asked(republic.project.release(RELEASE), me, republic.now)


def test_nobody_waits_for_a_yes_that_does_not_count() -> None:
    """The requester's own approver and the officer may still stop it, and are told that alone."""
    republic = staged()
    everybody = [each.id for each in deciders(republic.project.charter, republic.project.roster)]
    waiting = {each for each in everybody if asked(republic, each).waits}
    assert waiting == {"bps-approver", "bps-dpo", "dppapp-approver"}
    stopping = {each for each in everybody if asked(republic, each).may_stop}
    assert stopping == set(everybody) - waiting == {"dinsos-approver", "dpo"}
    say(republic, "bps-approver", "approve")
    assert not asked(republic, "bps-dpo").waits, "its agency has said yes"
    assert asked(republic, "dppapp-approver").waits
    say(republic, "dpo", "refuse")
    assert not asked(republic, "dppapp-approver").waits, "one refusal stops it"


def test_an_officer_s_yes_is_awaited_where_the_charter_asks_for_it() -> None:
    republic = staged(dpo_approval=True)
    assert asked(republic, "dpo").waits
    say(republic, "dpo", "approve")
    assert asked(republic, "bps-approver").waits
    republic.approve()
    (turn,) = turns(republic.project, republic.cosigned(), republic.now)
    assert turn.step != "vote"


def test_both_of_a_sensitive_list_s_owner_are_awaited() -> None:
    tree = charter_tree()
    for dataset in tree["datasets"]:
        dataset["sensitive"] = True
    republic = Republic(tree=scoped(tree)).to("stage")
    republic.witness()
    assert asked(republic, "dinsos-approver").waits, "it owns a list, and it also asked"
    assert asked(republic, "dpo").waits
