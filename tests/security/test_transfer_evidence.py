"""Attributes in the evidence: what was not approved, or changed afterwards, is found offline."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from policy.evidence import EXIT_FAILED, VerificationReport, verify_bundle
from policy.statements import RuleVerdict, TransferReceived, TransferSent, parse_statement
from tests.support.republic import Republic
from tests.support.tampering import of_statement
from tests.support.transfers import (
    NAME,
    ask,
    asked,
    received,
    released,
    send,
    sent,
    to_receipt,
    to_votes,
    vote,
)


def judged(republic: Republic) -> VerificationReport:
    return verify_bundle(republic.evidence(), republic.roster.digest(), republic.checkpoint())


def failed(report: VerificationReport) -> set[str]:
    return {finding.id for finding in report.failed}


@pytest.fixture(scope="module")
def honest() -> Republic:
    return to_receipt(released())


def test_an_honest_transfer_is_proved(honest: Republic) -> None:
    report = judged(honest)
    assert report.exit_code == 0
    finding = report.finding(f"releases.transfer.{NAME}")
    assert finding is not None
    assert finding.standing == "proved"
    assert "bps-approver" in finding.detail.en
    opened = report.finding(f"releases.transfer-receipt.{NAME}")
    assert opened is not None
    assert (opened.standing, opened.agencies) == ("attested", ("bps", "dinsos"))
    lines = [moment for moment in report.timeline if moment.about.startswith(NAME)]
    assert [(line.who, line.title.en) for line in lines] == [
        ("bps", "Transfer of attributes requested"),
        ("bps-approver", "Vote on a transfer"),
        ("bps-dpo", "Vote on a transfer"),
        ("bps", "Attributes sent"),
        ("dinsos", "Attributes received"),
    ]


def test_every_field_of_a_transfers_statements_is_protected(honest: Republic) -> None:
    """One entry of each kind; binding and signatures are as those of every other kind."""
    bundle = honest.evidence()
    kinds = {parse_statement(leaf).binding.type: at for at, leaf in enumerate(bundle.leaves)}
    places = [at for kind, at in kinds.items() if kind.startswith("padan/transfer")]
    assert len(places) == 4
    for at in places:
        for what, mutated in of_statement(bundle.leaves[at]):
            if what.startswith("body: change"):
                leaves = [*bundle.leaves[:at], mutated, *bundle.leaves[at + 1 :]]
                report = verify_bundle(replace(bundle, leaves=leaves), honest.roster.digest(), None)
                assert report.exit_code == EXIT_FAILED, f"entry {at}, {what}"


def without_officer(republic: Republic) -> None:
    ask(republic)
    vote(republic, "bps-approver")
    claimed = tuple(RuleVerdict(rule=r.rule, passed=True) for r in sent(republic).rules)
    republic.force("bps", sent(republic, rules=claimed), run=NAME)


def another_column(republic: Republic) -> None:
    republic.force("bps", asked(republic, columns=("desil", "nama")), run=NAME)
    republic.witness()
    vote(republic, "bps-approver")
    vote(republic, "bps-dpo")
    claimed = tuple(RuleVerdict(rule=r.rule, passed=True) for r in sent(republic).rules)
    republic.force("bps", sent(republic, rules=claimed), run=NAME)


def a_rule_fewer(republic: Republic) -> None:
    to_votes(republic)
    republic.force("bps", sent(republic, rules=sent(republic).rules[:-1]), run=NAME)


def votes_left_out(republic: Republic) -> None:
    to_votes(republic)
    republic.force("bps", sent(republic, votes=()), run=NAME)


def another_file(republic: Republic) -> None:
    send(to_votes(republic))
    republic.force("dinsos", received(republic, ciphertext="0" * 64), run=NAME)


def after_it_expired(republic: Republic) -> None:
    send(to_votes(republic))
    late = received(republic, at=republic.now + 91 * 86_400)
    republic.now += 91 * 86_400
    republic.force("dinsos", late, run=NAME)


# By whoever lies: what the service appends without asking the law, and a finding that names it.
LIES: dict[str, tuple[Callable[[Republic], None], str]] = {
    "the officer did not agree": (without_officer, f"releases.transfer.{NAME}"),
    "a column that is not in the charter": (another_column, f"releases.transfer.{NAME}"),
    "a rule is not answered": (a_rule_fewer, f"releases.transfer.{NAME}"),
    "its votes are left out": (votes_left_out, f"releases.transfer.{NAME}"),
    "another file was opened": (another_file, f"releases.transfer-receipt.{NAME}"),
    "opened after it expired": (after_it_expired, "releases.project.transfer-expired"),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_service_that_appends_what_the_law_refuses_is_found(lie: str) -> None:
    tell, finding = LIES[lie]
    republic = released()
    tell(republic)
    republic.witness()
    report = judged(republic)
    assert report.exit_code == EXIT_FAILED
    assert finding in failed(report)


def test_the_statements_are_those_of_the_third_law(honest: Republic) -> None:
    project = honest.project
    assert [len(project.of(kind)) for kind in (TransferSent, TransferReceived)] == [1, 1]


@pytest.mark.parametrize(("hours", "found"), [(2, set()), (-1, {"order.backdated"})])
def test_a_carried_vote_is_older_than_the_log_and_not_than_its_request(
    hours: int, found: set[str]
) -> None:
    """Signed on a machine without a network, after the request, before witnesses saw the rest."""
    republic = released()
    ask(republic)
    asked_at = republic.now
    republic.now += 6 * 3600
    republic.witness()
    vote(republic, "bps-approver", at=asked_at + hours * 3600)
    vote(republic, "bps-dpo")
    send(republic)
    assert failed(judged(republic)) == found
