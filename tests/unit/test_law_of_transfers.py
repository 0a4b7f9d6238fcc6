"""A transfer of attributes, step by step: what the law allows and what it refuses."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError

from policy.base.errors import BadInput, NotYet, PadanError, Refused
from policy.charter import Charter
from policy.law.in_time import DAY_SECONDS
from policy.law.turns import turns
from policy.papers.agreed import attributes
from policy.papers.paper import Code, PaperTable
from policy.papers.trail import concerning
from policy.project.progress import steps_done
from policy.statements import RuleVerdict, TransferSent
from tests.support.republic import PARTIES, Republic, assessed, charter_from, charter_tree, scoped
from tests.support.transfers import (
    DOMAIN,
    NAME,
    ask,
    asked,
    column,
    permit,
    received,
    released,
    send,
    sent,
    sharing_tree,
    to_receipt,
    to_votes,
    vote,
)


@pytest.fixture(scope="module")
def story() -> Republic:
    """Never changed: tests go on from a copy of it."""
    return released()


@pytest.fixture
def republic(story: Republic) -> Republic:
    return copied(story)


def copied(story: Republic) -> Republic:
    again = copy.copy(story)
    again.adopt(story)
    again.charter, again.charter_digest = story.charter, getattr(story, "charter_digest", "")
    return again


def code_of(act: Callable[[], Any]) -> str:
    with pytest.raises(PadanError) as refused:
        act()
    return str(refused.value.code)


def test_a_transfer_goes_from_request_to_receipt(republic: Republic) -> None:
    record = to_receipt(republic).project.transfer(NAME)
    assert record.state(republic.now) == "received"
    assert record.sender == "bps"
    assert record.recipient_dataset == "dtks"
    assert steps_done(republic.project)[-1].done


def test_status_names_who_is_awaited(republic: Republic) -> None:
    ask(republic)
    step = steps_done(republic.project)[-1]
    assert not step.done
    assert step.by.en == "atribut-1: awaiting votes (bps-approver, bps-dpo)"
    vote(republic, "bps-dpo")
    assert steps_done(republic.project)[-1].by.en == "atribut-1: awaiting votes (bps-approver)"
    vote(republic, "bps-approver")
    republic.witness()
    (turn,) = turns(republic.project, republic.cosigned(), republic.now)
    assert (turn.step, turn.who) == ("transfer-sent", ("bps",))


def test_the_recipient_may_ask_too_and_no_third_party(republic: Republic) -> None:
    assert code_of(lambda: ask(republic, "dppapp")) == "project.not-entitled"
    assert code_of(lambda: ask(republic, "bps-approver")) == "project.not-entitled"
    ask(republic, "dinsos")


WRONG_REQUESTS: dict[str, tuple[dict[str, Any], str]] = {
    "a column that is not in the charter": (
        {"columns": ("desil", "nama")},
        "gate.transfer.permitted",
    ),
    "a column twice": ({"columns": ("desil", "desil")}, "gate.transfer.permitted"),
    "another recipient": ({"recipient": "dppapp"}, "gate.transfer.permitted"),
    "a domain of three lists": ({"domain": "semua"}, "gate.transfer.pair"),
    "no domain": ({"domain": "lain"}, "gate.transfer.pair"),
    "a release that is not": ({"release": "rilis-9"}, "gate.transfer.released"),
    "longer than the charter": ({"expires": 2**37}, "project.transfer"),
}


@pytest.mark.parametrize("wrong", WRONG_REQUESTS)
def test_a_request_outside_of_the_charter_is_refused(republic: Republic, wrong: str) -> None:
    change, code = WRONG_REQUESTS[wrong]
    assert code_of(lambda: ask(republic, **change)) == code
    ask(republic)


def test_the_requester_does_not_approve_itself(republic: Republic) -> None:
    """BPS asked; its machine approves nothing, and neither does a person of another agency."""
    ask(republic)
    for member in ("bps", "dinsos", "dinsos-approver", "dppapp-approver", "dpo", "auditor"):
        assert code_of(lambda who=member: vote(republic, who)) == "project.not-entitled"
    both = released(more_roles={"bps": ("party", "witness", "authority", "approver")})
    ask(both)
    assert code_of(lambda: vote(both, "bps")) == "project.transfer-own"
    ask(both, "dinsos", transfer="atribut-2", columns=("risiko_stunting",))
    assert code_of(lambda: vote(both, "bps", name="atribut-2")) == "project.not-apart"


def test_both_approver_and_officer_are_needed(republic: Republic) -> None:
    ask(republic)
    assert code_of(lambda: send(republic)) == "gate.transfer.approved"
    vote(republic, "bps-dpo")  # who is an approver by role, too: one person is not two
    assert code_of(lambda: send(republic)) == "gate.transfer.approved"
    other = copied(republic)
    vote(republic, "bps-approver")
    send(republic)
    assert other.project.transfer(NAME).awaited() == ("bps-approver",)


def test_without_the_officer_nothing_is_sent(republic: Republic) -> None:
    ask(republic)
    vote(republic, "bps-approver")
    with pytest.raises(NotYet) as waiting:
        send(republic)
    assert waiting.value.code == "gate.transfer.officer"
    vote(republic, "bps-dpo", "refuse")
    with pytest.raises(NotYet):
        send(republic)
    assert republic.project.transfer(NAME).state(republic.now) == "refused"
    assert code_of(lambda: vote(republic, "bps-dpo")) == "project.again"


def test_a_yes_may_become_a_no_before_it_is_sent(republic: Republic) -> None:
    to_votes(republic)
    assert code_of(lambda: vote(republic, "bps-approver")) == "project.again"
    vote(republic, "bps-approver", "refuse")
    assert code_of(lambda: send(republic)) == "gate.transfer.approved"


def test_an_expired_request_is_neither_approved_nor_sent(republic: Republic) -> None:
    to_votes(republic)
    before = copied(republic)
    republic.now += 91 * DAY_SECONDS
    assert code_of(lambda: send(republic)) == "gate.transfer.fresh"
    assert republic.project.transfer(NAME).state(republic.now) == "expired"
    send(before)


def test_an_expired_file_is_not_opened(republic: Republic) -> None:
    send(to_votes(republic))
    again = copied(republic)
    late = received(republic, at=republic.now + 91 * DAY_SECONDS)
    assert code_of(lambda: republic.say("dinsos", late, run=NAME)) == "project.transfer-expired"
    again.say("dinsos", received(again), run=NAME)


def test_what_witnesses_saw_too_late_is_not_opened(republic: Republic) -> None:
    """The sender backdates its sending: the quorum saw it after the request had expired."""
    to_votes(republic)
    republic.say("bps", sent(republic), run=NAME)
    republic.now += 92 * DAY_SECONDS
    republic.witness()
    receipt = received(republic, at=republic.now - 91 * DAY_SECONDS)
    assert code_of(lambda: republic.say("dinsos", receipt, run=NAME)) == "project.transfer-expired"


def test_a_second_sending_and_a_second_receipt_are_refused(republic: Republic) -> None:
    to_receipt(republic)
    republic.now += 1
    assert code_of(lambda: send(republic)) == "project.again"
    twice = received(republic)
    assert code_of(lambda: republic.say("dinsos", twice, run=NAME)) == "project.again"
    assert code_of(lambda: ask(republic, transfer="atribut-2")) == "gate.transfer.once"
    ask(republic, transfer="atribut-2", columns=("risiko_stunting",))


def test_a_decision_says_what_the_log_says(republic: Republic) -> None:
    to_votes(republic)
    rules = sent(republic).rules
    lies: tuple[dict[str, Any], ...] = (
        {"rules": rules[:-1]},
        {"rules": (*rules[:-1], RuleVerdict(rule=rules[-1].rule, passed=False))},
        {"votes": ()},
        {"request": "0" * 64},
        {"expires": republic.now + 1},
    )
    for lie in lies:
        assert code_of(lambda change=lie: send(republic, **change)) == "project.transfer"
    assert code_of(lambda: send(republic, "dinsos")) == "project.not-entitled"
    send(republic)


def test_a_decision_names_no_more_parts_than_a_service_can_look_for(republic: Republic) -> None:
    to_votes(republic)
    with pytest.raises(ValidationError):
        sent(republic, parts=10**15)
    tree = sent(republic).model_dump(mode="json")
    assert TransferSent.model_validate({**tree, "parts": 100_000}, strict=False).parts == 100_000


def test_a_receipt_is_of_the_file_that_was_sent(republic: Republic) -> None:
    send(to_votes(republic))
    for change in ({"ciphertext": "0" * 64}, {"plaintext": "0" * 64}, {"sent": "0" * 64}):
        other = received(republic, **change)
        wrong = code_of(lambda body=other: republic.say("dinsos", body, run=NAME))
        assert wrong == "project.transfer"
    body = received(republic)
    assert code_of(lambda: republic.say("dppapp", body, run=NAME)) == "project.not-entitled"
    republic.say("dinsos", body, run=NAME)


def test_nothing_is_voted_sent_or_opened_before_witnesses_saw_the_step_before(
    republic: Republic,
) -> None:
    body = asked(republic)
    republic.say("bps", body, run=NAME)
    assert code_of(lambda: vote(republic, "bps-approver")) == "project.wait-cosigned"
    republic.witness()
    vote(republic, "bps-approver")
    vote(republic, "bps-dpo")
    republic.say("bps", sent(republic), run=NAME)
    opened = received(republic)
    waiting = code_of(lambda: republic.say("dinsos", opened, run=NAME))
    assert waiting == "project.wait-cosigned"


BROKEN_CHARTERS: dict[str, tuple[dict[str, Any], str]] = {
    "nothing lifts the confidentiality": (
        {"confidentiality": None},
        "gate.transfer.confidentiality",
    ),
    "what lifts it has ended": (
        {"confidentiality": {"text": "PKS", "valid_until": "2026-01-01"}},
        "gate.transfer.confidentiality",
    ),
    "its regulation has ended": (
        {"citations": [{"text": "Inpres 4/2022"}]},
        "gate.transfer.basis",
    ),
}


@pytest.mark.parametrize("broken", BROKEN_CHARTERS)
def test_the_charter_has_to_say_on_what_basis(broken: str) -> None:
    change, code = BROKEN_CHARTERS[broken]
    tree = sharing_tree(attributes=[permit(**change)])
    republic = Republic(tree=scoped(tree)).to("receipt")
    assert code_of(lambda: ask(republic)) == code


def test_another_charter_ends_votes_and_request(republic: Republic) -> None:
    to_votes(republic)
    tree: dict[str, Any] = republic.charter.model_dump(mode="json")
    tree["attributes"][0]["columns"] = [column("risiko_stunting")]
    republic.charter = charter_from(assessed({**tree, "version": 2}))
    for party in PARTIES:
        republic.charter_signed_by(party)
    republic.witness()
    assert code_of(lambda: send(republic)) == "gate.transfer.permitted"


def test_an_earlier_law_knows_no_transfer() -> None:
    old = Republic(tree=scoped({**charter_tree(), "law": "padan-law-2"})).to("receipt")
    assert code_of(lambda: ask(old)) == "project.type"


def test_a_charter_without_attributes_is_written_as_before() -> None:
    tree = charter_tree()
    assert b'"attributes"' not in charter_from(tree).canonical()
    shared = charter_from(sharing_tree())
    assert b'"attributes"' in shared.canonical()
    assert Charter.model_validate_json(shared.canonical()) == shared
    assert shared.assessed_digest() != charter_from(tree).assessed_digest()


CONTRADICTIONS: dict[str, dict[str, Any]] = {
    "an earlier law": {"law": "padan-law-2"},
    "a pair twice": {"attributes": [permit(), permit()]},
    "to itself": {"attributes": [permit(recipient="bps")]},
    "to a stranger": {"attributes": [permit(recipient="kemensos")]},
    "of no dataset": {"attributes": [permit(dataset="lain")]},
    "a column twice": {"attributes": [permit(columns=[column("desil"), column("desil")])]},
}


@pytest.mark.parametrize("name", CONTRADICTIONS)
def test_contradictions_about_attributes_are_found(name: str) -> None:
    tree = {**charter_tree(), "attributes": [permit()], **CONTRADICTIONS[name]}
    with pytest.raises(BadInput) as refused:
        charter_from(tree)
    assert refused.value.code == "charter.field"
    assert "attributes" in refused.value.problem.en


def test_refusals_are_refusals_and_missing_votes_are_not(republic: Republic) -> None:
    with pytest.raises(Refused):
        ask(republic, domain=DOMAIN, columns=("nama",))
    ask(republic)
    with pytest.raises(NotYet):
        send(republic)


def test_the_assessment_shows_what_may_be_sent() -> None:
    def tables(tree: dict[str, Any]) -> list[PaperTable]:
        return list(attributes(charter_from(tree)))

    assert tables(charter_tree()) == []
    (table,) = tables(sharing_tree())
    assert [row[2] for row in table.rows] == [Code("desil"), Code("risiko_stunting")]


def test_papers_name_a_transfer_for_both_lists(republic: Republic) -> None:
    """What a person is told of the processing of a list, at the sender and at the recipient."""
    project = to_receipt(republic).project
    for dataset, told in (("regsosek", 5), ("dtks", 5), ("carik", 0)):
        found = [each for each in concerning(project, dataset) if Code(NAME) in each.about]
        assert len(found) == told
    request = next(each for each in concerning(project, "dtks") if Code("desil") in each.about)
    assert request.what.en == "Transfer of attributes requested"
