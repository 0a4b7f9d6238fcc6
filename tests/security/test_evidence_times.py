"""An insider and the clock: an idle log, a stranger's cosignature, a wrong clock, an ended key.

The service tells what it likes of times, and members sign what they are shown. Each attack is
tried on the verifier, on a client of its own home folder, and, as a control, in a form that the
weaker rule lets through.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from policy.base.errors import PadanError, Refused, Unverified
from policy.evidence import (
    EXIT_FAILED,
    EXIT_INCOMPLETE,
    EXIT_VERIFIED,
    VerificationReport,
    verify_bundle,
)
from policy.law.in_time import UNSEEN_RELEASE_SECONDS, WITNESS_SLACK_SECONDS
from policy.log import add_signature, cosign
from policy.statements import ReleaseRequest, Staged
from policy.wire.replica import Replica
from tests.support.republic import PARTIES, TODAY, Republic, assessed, charter_from, charter_tree

HOUR, DAY = 3600, 86_400


def verified(republic: Republic, as_of: date | None = None) -> VerificationReport:
    kept = republic.notes[min(republic.notes)]
    return verify_bundle(republic.evidence(), republic.roster.digest(), kept, as_of=as_of)


def failing(report: VerificationReport) -> set[str]:
    return {finding.id for finding in report.failed}


def standing(report: VerificationReport, id_: str) -> str:
    found = report.finding(id_)
    assert found is not None, id_
    return found.standing


def said(report: VerificationReport, id_: str) -> str:
    found = report.finding(id_)
    assert found is not None, id_
    return found.detail.en


def client(republic: Republic, folder: Path) -> Replica:
    return Replica(folder, republic.roster, republic.charter.project)


def refusal(republic: Republic, folder: Path, now: int, **more: Any) -> PadanError:
    """What a member who has not looked before is told at that time."""
    replica = client(republic, folder)
    with pytest.raises(PadanError) as caught:
        replica.advance(replica.load(), republic.page(), now, **more)
    assert caught.value.problem.id != caught.value.problem.en
    return caught.value


def first_law(**more: Any) -> dict[str, Any]:
    tree = charter_tree()
    tree.pop("law")
    return {**tree, **more}


# -- 1. a stage and approvals of one day, used on day 400 -------------------------------------


def used_late(republic: Republic, *, watched: bool) -> Republic:
    """Everything was approved on the first day; the service decides on day 400, and dates it back.

    Where witnesses watch, they cosign the idle head in between.
    """
    republic.to("approve")
    republic.witness()
    first = republic.now
    if watched:
        republic.now = first + 399 * DAY
        republic.witness()
        republic.now = first
    republic.decide()
    republic.now = first + 400 * DAY
    republic.witness()
    return republic


def test_an_old_approval_used_late_is_named_where_witnesses_watched() -> None:
    report = verified(used_late(Republic(), watched=True))
    assert report.exit_code == EXIT_FAILED
    assert failing(report) == {"order.backdated", "order.deadline"}
    assert "release.stage-fresh" in said(report, "order.deadline")


def test_an_old_approval_used_late_is_never_proved() -> None:
    """Nobody looked for 400 days: no one can say when it was decided, and it is not in time."""
    report = verified(used_late(Republic(), watched=False))
    assert standing(report, "order.deadline") == "not-shown"
    assert report.exit_code == EXIT_INCOMPLETE
    assert "in time is not proven" in report.verdict.en


def test_the_same_decision_witnessed_at_once_is_proved() -> None:
    """The control: it is the witnesses' day that makes the difference."""
    republic = Republic().to("decide")
    republic.witness()
    assert standing(verified(republic), "order.deadline") == "proved"
    assert verified(republic).exit_code == EXIT_VERIFIED


@pytest.mark.parametrize("watched", [True, False])
def test_recipients_do_not_open_what_was_used_late(watched: bool) -> None:
    republic = used_late(Republic(), watched=watched)
    with pytest.raises(Refused) as caught:
        republic.receipt()
    assert caught.value.code == "project.deadline"
    assert "release.stage-fresh" in caught.value.problem.en


def test_the_first_law_lets_them_open_it() -> None:
    """The control: logs of earlier builds load, receipts and all; the verifier says what it is."""
    republic = used_late(Republic(first_law()), watched=False)
    republic.receipt()
    report = verified(republic)
    assert failing(report) == set()
    assert standing(report, "order.deadline") == "not-shown"


def test_witnesses_who_are_slow_by_hours_cost_nothing() -> None:
    republic = Republic().to("approve")
    republic.witness()
    republic.decide()
    expires = republic.project.entry(republic.stage_digest, Staged).body.expires
    republic.now = expires + WITNESS_SLACK_SECONDS - HOUR
    republic.receipt()
    report = verified(republic)
    assert report.exit_code == EXIT_VERIFIED, failing(report)
    assert standing(report, "order.deadline") == "proved"


def test_a_member_stops_at_an_old_release_that_nobody_saw(tmp_path: Path) -> None:
    republic = Republic().to("approve")
    republic.witness()
    republic.decide()
    late = republic.now + UNSEEN_RELEASE_SECONDS + HOUR
    error = refusal(republic, tmp_path / "a", late)
    assert error.code == "log.release-unseen"
    assert f"Entry {len(republic.leaves) - 1} by 'service'" in error.problem.en
    # A slow witness may say so, cosigns, and the project goes on; the release stays shut.
    replica = client(republic, tmp_path / "b")
    replica.advance(replica.load(), republic.page(), late, late_releases=True)
    # The control: in time, nobody is stopped.
    replica = client(republic, tmp_path / "c")
    replica.advance(replica.load(), republic.page(), republic.now + DAY)


# -- 2. nothing destroyed, and the log is silent --------------------------------------------------


def test_what_is_overdue_on_the_auditors_day_fails() -> None:
    republic = Republic().to("receipt")
    ends = date.fromisoformat(str(republic.tree["retention"]["encodings_until"]))
    report = verified(republic, ends + timedelta(days=1000))
    assert report.exit_code == EXIT_FAILED
    assert {"destruction.service.service-key", "destruction.bps.keys"} <= failing(report)
    assert report.as_json()["as_of"] == (ends + timedelta(days=1000)).isoformat()
    # The control: by the log's own last day nothing was due, and that is all it could say.
    assert verified(republic).exit_code == EXIT_VERIFIED
    assert verified(republic, ends).exit_code == EXIT_VERIFIED


def test_the_day_is_never_before_what_witnesses_confirm() -> None:
    republic = Republic().to("receipt")
    ends = date.fromisoformat(str(republic.tree["retention"]["encodings_until"]))
    republic.now = int(datetime(ends.year, ends.month, ends.day, tzinfo=UTC).timestamp()) + 9 * DAY
    republic.witness()
    assert "destruction.bps.keys" in failing(verified(republic, TODAY))


# -- 3. a cosignature of somebody whom the charter does not name ----------------------------------


def cosigned_by_a_stranger(republic: Republic, at: int) -> None:
    note = republic.checkpoint()
    line = cosign(note, "walidata", republic.keys["walidata"].log, at)
    republic.keep(add_signature(note, line))


@pytest.mark.parametrize("days", [-400, 400])
def test_a_strangers_cosignature_changes_nothing(days: int, tmp_path: Path) -> None:
    republic = Republic().to("approve")
    cosigned_by_a_stranger(republic, republic.now + days * DAY)
    republic.witness()
    republic.decide()
    cosigned_by_a_stranger(republic, republic.now + days * DAY)
    republic.receipt()
    with_it, without = verified(republic), verified(Republic().to("receipt"))
    assert with_it.exit_code == EXIT_VERIFIED, failing(with_it)
    assert with_it.reach.at == without.reach.at
    assert "walidata" not in with_it.reach.witnesses
    replica = client(republic, tmp_path)
    replica.advance(replica.load(), republic.page(), republic.now)


def test_strangers_make_no_quorum() -> None:
    republic = Republic().to("approve")
    republic.witness("bps", "dinsos")
    republic.decide()
    republic.witness("bps", "dinsos")
    for _ in range(3):
        cosigned_by_a_stranger(republic, republic.now)
    report = verified(republic)
    assert report.reach.beyond > 0
    assert standing(report, "order.deadline") == "not-shown"


# -- 4. one witness with a wrong clock -------------------------------------------------------------


@pytest.mark.parametrize("hours", [-12, 12, 240, 9600])
@pytest.mark.parametrize("witness", ["bps", "auditor"])
def test_one_wrong_clock_fails_nobody_and_is_named(
    hours: int, witness: str, tmp_path: Path
) -> None:
    republic = Republic(clocks={witness: hours * HOUR}).to("receipt")
    report = verified(republic)
    assert report.exit_code == EXIT_VERIFIED, failing(report)
    assert "hours" in said(report, f"order.clock.{witness}")
    replica = client(republic, tmp_path)
    replica.advance(replica.load(), republic.page(), republic.now)


def test_one_wrong_clock_for_a_moment_fails_nobody_later() -> None:
    """An insider's single cosignature, 400 days ahead, while the log goes on."""
    republic = Republic().to("order")
    republic.clocks = {"auditor": 400 * DAY}
    republic.witness("auditor")
    republic.clocks = {}
    for step in ("run", "request", "stage", "approve", "decide", "receipt"):
        getattr(republic, step)()
    report = verified(republic)
    assert report.exit_code == EXIT_VERIFIED, failing(report)
    assert report.reach.at == republic.now


def test_two_witnesses_who_agree_do_count() -> None:
    """The control: what two say, statements are held against."""
    republic = Republic().to("order")
    republic.clocks = {"auditor": 40 * DAY, "bps": 40 * DAY}
    republic.witness("auditor", "bps")
    republic.clocks = {}
    republic.run()
    republic.witness()
    assert "order.backdated" in failing(verified(republic))


# -- 5. a key that has ended approves, backdated ------------------------------------------------


def approved_by_an_ended_key(tree: dict[str, Any], *, watched: bool) -> Republic:
    """Its key ended a month ago; it signs, and states the day on which it was still valid."""
    ends = {"dppapp-approver": TODAY + timedelta(days=1)}
    republic = Republic(tree, approvers=("bps-approver",), stage_days=60, key_ends=ends)
    republic.to("approve")
    first = republic.now
    republic.now = first + 30 * DAY
    if watched:
        republic.witness()
    approval = republic.approval(at=first)
    republic.say("dppapp-approver", approval, run="rilis-1", manifest=republic.stage_digest)
    republic.decide()
    republic.witness()
    return republic


def test_an_ended_key_that_approves_is_named_where_witnesses_watched() -> None:
    republic = approved_by_an_ended_key(charter_tree(), watched=True)
    assert failing(verified(republic)) == {"order.key-ended"}
    with pytest.raises(Refused) as caught:
        republic.receipt()
    assert caught.value.code == "project.deadline"


def test_an_ended_key_that_approves_proves_nothing() -> None:
    republic = approved_by_an_ended_key(charter_tree(), watched=False)
    report = verified(republic)
    assert standing(report, "order.deadline") == "not-shown"
    assert report.exit_code == EXIT_INCOMPLETE
    with pytest.raises(Refused) as caught:
        republic.receipt()
    assert caught.value.code == "project.deadline"
    assert "key had ended" in caught.value.problem.en


def test_the_first_law_lets_an_ended_key_release() -> None:
    republic = approved_by_an_ended_key(first_law(), watched=False)
    republic.receipt()


# -- a client's own clock -------------------------------------------------------------------------


def test_what_is_ahead_of_ones_clock_is_refused_by_name(tmp_path: Path) -> None:
    republic = Republic().to("order")
    republic.witness()
    ahead = republic.run_finished(at=republic.now + HOUR)
    republic.run_digest = republic.say("service", ahead, run="run-1")
    error = refusal(republic, tmp_path / "a", republic.now)
    assert isinstance(error, Unverified)
    assert error.code == "log.time-ahead"
    assert f"Entry {len(republic.leaves) - 1} by 'service'" in error.problem.en
    # Some minutes are what clocks differ by; an hour later it is of its time.
    replica = client(republic, tmp_path / "b")
    replica.advance(replica.load(), republic.page(), republic.now + HOUR - 300)


def test_what_is_older_than_a_head_before_it_is_refused_by_name(tmp_path: Path) -> None:
    republic = Republic().to("order")
    republic.witness()
    first = republic.now
    republic.now += 2 * DAY
    republic.witness()
    backdated = republic.run_finished(at=first)
    republic.run_digest = republic.say("service", backdated, run="run-1")
    error = refusal(republic, tmp_path / "a", republic.now)
    assert error.code == "log.backdated"
    assert f"Entry {len(republic.leaves) - 1} by 'service'" in error.problem.en
    # The control: without the second look of the witnesses nobody could know.
    republic.newest.clear()
    replica = client(republic, tmp_path / "b")
    replica.advance(replica.load(), republic.page(), republic.now)


def test_logs_of_the_first_law_load_whatever_their_times(tmp_path: Path) -> None:
    republic = Republic(first_law()).to("order")
    republic.witness()
    ahead = republic.run_finished(at=republic.now + HOUR)
    republic.run_digest = republic.say("service", ahead, run="run-1")
    replica = client(republic, tmp_path)
    replica.advance(replica.load(), republic.page(), republic.now)


# -- what the verdict says ------------------------------------------------------------------------


def test_the_verdict_names_project_entry_and_time_and_what_lies_beyond() -> None:
    republic = Republic().to("receipt")
    size = len(republic.leaves)
    report = verified(republic)
    assert report.verdict.en.startswith(f"Verified up to entry {size - 1}, as witnessed by 4 ag")
    assert republic.charter.project in report.verdict.en
    file = republic.project.entry(republic.stage_digest, Staged).body.files[0]
    other = republic.received(file, canaries="not-looked-at", **OTHER)
    republic.say(file.recipient, other, run="rilis-1")
    report = verified(republic)
    assert report.reach.beyond == 1
    assert "1 later entry is unwitnessed" in report.verdict.en
    assert report.as_json()["witnessed"] == {
        "entry": size - 1,
        "agencies": ["bpkp", "bps", "dinsos", "dppapp"],
        "witnesses": ["auditor", *PARTIES],
        "at": republic.now,
        "beyond": 1,
    }


OTHER = {"ciphertext": "cd" * 32}


def test_an_idle_log_goes_on_having_a_time() -> None:
    republic = Republic().to("receipt")
    republic.now += 100 * DAY
    before = verified(republic).reach.at
    republic.witness()
    assert before is not None
    assert verified(republic).reach.at == before + 100 * DAY
    # First times stay what they were: the decision is still shown to be in time.
    assert standing(verified(republic), "order.deadline") == "proved"


def test_earlier_bundles_hold_one_note_of_a_size() -> None:
    """With first times only, everything that they show is shown."""
    republic = Republic().to("receipt")
    republic.now += DAY
    republic.witness()
    bundle = republic.evidence()
    first = replace(bundle, cosigned=[republic.notes[size] for size in sorted(republic.notes)])
    assert len(first.cosigned) < len(bundle.cosigned)
    kept = republic.notes[min(republic.notes)]
    report = verify_bundle(first, republic.roster.digest(), kept)
    assert report.exit_code == EXIT_VERIFIED


def test_times_at_the_end_of_all_dates_stop_no_audit() -> None:
    """A bundle from a stranger may hold every time that a date can be made of."""
    ends = dict.fromkeys((*PARTIES, "auditor", "service", "bps-approver"), date.max)
    republic = Republic(key_ends=ends).to("receipt")
    republic.clocks = dict.fromkeys((*PARTIES, "auditor"), 253_402_300_799 - republic.now)
    republic.witness()
    report = verified(republic, date.max)
    assert report.exit_code == EXIT_FAILED
    assert "9999" in report.verdict.en


def test_what_was_said_under_the_first_law_is_not_held_against_the_second(tmp_path: Path) -> None:
    """An amendment takes the second law: its clients look at times from there on."""
    republic = Republic(first_law()).to("order")
    republic.witness()
    republic.now += 2 * DAY
    republic.witness()
    finished = republic.run_finished(at=republic.now - DAY)
    republic.run_digest = republic.say("service", finished, run="run-1")
    republic.witness()
    tree = {**republic.tree, "law": "padan-law-2", "version": 2}
    republic.charter = charter_from(assessed(tree))
    for party in PARTIES:
        republic.charter_signed_by(party)
    replica = client(republic, tmp_path / "a")
    replica.advance(replica.load(), republic.page(), republic.now)
    republic.say(
        "dinsos",
        ReleaseRequest(at=republic.now - DAY, release="r", domains=("semua",)),
        run="run-1",
    )
    assert refusal(republic, tmp_path / "b", republic.now).code == "log.backdated"
