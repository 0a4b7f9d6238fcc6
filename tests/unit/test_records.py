"""A run and a release as records: every step of their life, under both laws."""

from __future__ import annotations

from typing import Any

import pytest

from policy.base.canonical import sha256
from policy.base.errors import NotYet, Refused
from policy.charter import FIRST_LAW, LATEST_LAW
from policy.project import ReleaseRecord, RunRecord
from policy.statements import ApprovalWithdrawn, Staged, Withdrawn
from tests.support.republic import Republic, charter_tree, scoped

RUN, RELEASE = "run-1", "rilis-1"
DOMAINS = tuple(domain["id"] for domain in charter_tree()["domains"])
BOTH_LAWS = pytest.mark.parametrize("law", [FIRST_LAW, LATEST_LAW])


def under(law: str, **change: Any) -> Republic:
    return Republic(tree=scoped({**charter_tree(), "law": law}), **change)


def release_of(republic: Republic) -> ReleaseRecord:
    return republic.project.release(RELEASE)


def run_of(republic: Republic) -> RunRecord:
    return republic.project.run(RUN)


def say(republic: Republic, member: str, verdict: str) -> str:
    body = republic.approval(verdict=verdict, at=republic.now + 1)
    return republic.say(member, body, run=RELEASE, manifest=republic.stage_digest)


def rows_leave(republic: Republic) -> str:
    body = Withdrawn(at=republic.now, dataset="regsosek", handles=sha256(b"gone"), count=20)
    return republic.say("bps", body)


# -- a run ---------------------------------------------------------------------------------------


@BOTH_LAWS
def test_a_run_from_its_order_to_a_rerun(law: str) -> None:
    republic = under(law).to("bundle")
    assert republic.project.runs() == []
    assert not run_of(republic).is_ordered
    with pytest.raises(NotYet) as missing:
        _ = run_of(republic).order
    assert missing.value.code == "project.wait-order"

    republic.order()
    assert [run.name for run in republic.project.runs()] == [RUN]
    assert run_of(republic).order.digest == republic.order_digest
    assert run_of(republic).order.body.domains == DOMAINS
    counted = run_of(republic).counted
    assert counted is not None
    assert counted.order == republic.order_digest
    with pytest.raises(NotYet) as missing:
        run_of(republic).require_finished()
    assert missing.value.code == "project.wait-run"

    rows_leave(republic)
    republic.run()
    run = run_of(republic)
    assert run.require_finished().digest == republic.run_digest
    assert run.finished is not None
    assert run.finished.body.order == run.order.digest
    assert run.before_order().withdrawals() == []
    assert len(republic.project.withdrawals()) == 1

    assert run.reruns == []
    republic.witness()
    republic.say("auditor", republic.rerun(), run=RUN)
    assert [(each.sender, each.body.counts) for each in run.reruns] == [("auditor", "as-logged")]


def test_a_run_is_found_by_its_end_and_by_nothing_else() -> None:
    republic = Republic().to("run")
    assert republic.project.run_ended_by(republic.run_digest).name == RUN
    for digest in (republic.order_digest, sha256(b"not in the log")):
        with pytest.raises(Refused) as wrong:
            republic.project.run_ended_by(digest)
        assert wrong.value.code == "project.reference"


def test_of_an_unlawful_second_end_the_record_follows_the_reference() -> None:
    """By its name a run has its first end; by a digest, the end that the digest names."""
    republic = Republic().to("run")
    other = republic.force("dinsos", republic.run_order(at=republic.now + 1), run="run-2")
    second = republic.force("service", republic.run_finished(order=other), run=RUN)
    assert run_of(republic).require_finished().digest == republic.run_digest
    assert run_of(republic).order.digest == republic.order_digest
    assert republic.project.run_ended_by(second).order.digest == other


# -- a release -----------------------------------------------------------------------------------


@BOTH_LAWS
def test_a_release_from_its_request_to_its_receipts(law: str) -> None:
    republic = under(law).to("run")
    assert republic.project.releases() == []
    assert not release_of(republic).is_requested
    with pytest.raises(NotYet) as missing:
        _ = release_of(republic).run
    assert missing.value.code == "project.wait-request"

    republic.request()
    release = release_of(republic)
    assert [each.name for each in republic.project.releases()] == [RELEASE]
    assert release.request.digest == republic.request_digest
    assert (release.domains, release.requester.id) == (DOMAINS, "dinsos")
    assert release.run.require_finished().digest == republic.run_digest
    assert release.stage is None
    with pytest.raises(NotYet) as missing:
        release.require_stage()
    assert missing.value.code == "project.wait-stage"

    republic.stage()
    assert release.require_stage().digest == republic.stage_digest
    assert {file.domain for file in release.require_stage().body.files} == set(DOMAINS)
    assert release.votes == []

    republic.approve()
    assert [vote.sender for vote in release.approvals] == list(republic.approvers)
    assert not release.is_decided
    assert release.at_decision() is release
    assert (release.released_stage, release.released_files) == (None, ())
    with pytest.raises(NotYet) as missing:
        release.require_decision()
    assert missing.value.code == "project.wait-decision"

    republic.decide()
    assert (release.is_decided, release.is_released, release.is_refused) == (True, True, False)
    assert release.require_decision().digest == republic.decision_digest
    assert [each.digest for each in republic.project.released()] == [republic.decision_digest]
    assert not release.at_decision().is_decided
    assert [vote.sender for vote in release.at_decision().approvals] == list(republic.approvers)
    files = release.released_files
    assert tuple(each.file for each in files) == release.require_stage().body.files
    assert release.recipients == {"bps", "dinsos", "dppapp"}
    assert not any(each.is_opened for each in files)
    assert [each.received_at for each in files] == [None] * len(files)

    republic.receipt()
    assert all(each.is_opened for each in files)
    assert all(each.received_at is not None for each in files)
    assert len(release.receipts) == len(files)


def test_a_complaint_is_no_receipt() -> None:
    republic = Republic().to("decide")
    republic.witness()
    release = release_of(republic)
    first, second = (each.file for each in release.released_files[:2])
    other = republic.received(first, ciphertext=sha256(b"another"), canaries="not-looked-at")
    republic.say(first.recipient, other, run=RELEASE)
    assert release.has_complaint(first)
    assert not release.has_receipt(first)
    assert not release.has_complaint(second)
    assert not release.released_files[0].is_opened
    said = release.released_files[0].received
    assert said is not None
    assert said.is_complaint

    republic.say(first.recipient, republic.received(first), run=RELEASE)
    assert release.has_receipt(first)
    assert release.has_complaint(first)
    assert len(release.receipts_of(first)) == 2
    assert release.receipts_of(second) == []


@BOTH_LAWS
def test_a_refused_release_lets_nothing_out(law: str) -> None:
    republic = under(law, approvers=()).to("decide")
    release = release_of(republic)
    assert (release.is_decided, release.is_released, release.is_refused) == (True, False, True)
    assert (release.released_stage, release.released_files, release.recipients) == (None, (), set())
    assert republic.project.released() == []


def test_a_withdrawn_yes_is_a_vote_but_no_approval() -> None:
    republic = Republic().to("stage")
    republic.witness()
    kept = say(republic, "bps-approver", "approve")
    given = say(republic, "dppapp-approver", "approve")
    release = release_of(republic)
    assert [vote.digest for vote in release.approvals] == [kept, given]
    body = ApprovalWithdrawn(at=republic.now, release=RELEASE, approval=given)
    republic.say("dppapp-approver", body, run=RELEASE, manifest=given)
    assert [vote.digest for vote in release.words] == [kept, given]
    assert [vote.digest for vote in release.votes] == [kept, given]
    assert [vote.digest for vote in release.approvals] == [kept]


# -- staged again --------------------------------------------------------------------------------


def voted(law: str) -> tuple[Republic, str, str]:
    """Staged, with a yes and a no; the digests of both."""
    republic = under(law).to("stage")
    republic.witness()
    yes = say(republic, "bps-approver", "approve")
    return republic, yes, say(republic, "dpo", "refuse")


def test_under_the_second_law_a_yes_ends_with_its_stage_and_a_no_stays() -> None:
    republic, yes, no = voted(LATEST_LAW)
    release, first = release_of(republic), republic.stage_digest
    assert [vote.digest for vote in release.votes] == [yes, no]
    left = rows_leave(republic)
    republic.now += 60
    republic.stage_digest = republic.say("service", republic.staged(withdrawn=(left,)), run=RELEASE)
    assert [stage.digest for stage in release.stages] == [first, republic.stage_digest]
    assert release.require_stage().digest == republic.stage_digest
    assert [vote.digest for vote in release.words] == [yes, no]
    assert [vote.digest for vote in release.votes] == [no]
    earlier = ReleaseRecord(republic.project.until(release.stages[1].index), RELEASE)
    assert earlier.require_stage().digest == first
    assert [vote.digest for vote in earlier.votes] == [yes, no]


def test_under_the_first_law_the_first_stage_counts_and_every_vote() -> None:
    republic, yes, no = voted(FIRST_LAW)
    release, first = release_of(republic), republic.stage_digest
    second = republic.force("service", republic.staged(at=republic.now + 60), run=RELEASE)
    assert [stage.digest for stage in release.stages] == [first, second]
    assert release.require_stage().digest == first
    assert [vote.digest for vote in release.votes] == [yes, no]


def test_what_is_let_out_is_the_stage_that_the_decision_names() -> None:
    """A stage after the decision is unlawful; the files that were let out stay the same."""
    republic = Republic().to("decide")
    release, decided_on = release_of(republic), republic.stage_digest
    later = republic.force("service", republic.staged(at=republic.now + 60), run=RELEASE)
    assert release.require_stage().digest == later
    assert release.released_stage == republic.project.entry(decided_on, Staged)


# -- what they cost ------------------------------------------------------------------------------


class _Unread(list[Any]):
    """A list of entries that nobody may go through."""

    def __iter__(self) -> Any:
        raise AssertionError("the whole log was read")

    def __getitem__(self, _: Any) -> Any:
        raise AssertionError("the whole log was read")


def test_a_record_never_goes_through_the_log() -> None:
    republic = Republic().to("receipt")
    project = republic.project
    project.log.entries = _Unread(project.log.entries)
    with pytest.raises(AssertionError, match="whole log"):
        _ = project.entries
    run, release = project.run(RUN), project.release(RELEASE)
    assert run.order.index < run.require_finished().index < release.request.index
    assert run.counted is not None
    assert run.reruns == []
    assert run.before_order().size == run.order.index
    assert len(release.approvals) == 2
    assert release.is_released
    assert len(release.at_decision().approvals) == 2
    assert all(each.is_opened for each in release.released_files)
    assert [each.name for each in (*project.runs(), *project.releases())] == [RUN, RELEASE]
    assert len(project.released()) == 1
