"""A row that is withdrawn leaves a release; it does not end it, and shakes off no objection."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from policy.base.canonical import sha256
from policy.base.errors import PadanError
from policy.charter import FIRST_LAW, LATEST_LAW
from policy.evidence import verify_bundle
from policy.gates.cases import release_case
from policy.gates.decision import release_gate
from policy.gates.facts import OpenedFacts, ReleaseFacts, RunFacts, release_facts
from policy.statements import ReleaseRequest, RunFinished, RunOrder, Withdrawn
from tests.support.republic import Republic, charter_tree, scoped


def under(law: str) -> Republic:
    return Republic(tree=scoped({**charter_tree(), "law": law}))


def withdraw(republic: Republic, rows: int = 1, name: str = "w") -> str:
    handles = sha256(f"{name}/{republic.project.size}".encode())
    body = Withdrawn(at=republic.now, dataset="carik", handles=handles, count=rows)
    return republic.say("dppapp", body)


def code_of(act: Callable[[], object]) -> str:
    try:
        act()
    except PadanError as error:
        return error.code
    return ""


def fewer(republic: Republic, rows: int) -> OpenedFacts:
    """The run's counts less rows of one list, all of which had matched."""
    run = republic.project.entry(republic.run_digest, RunFinished).body
    whole = next(each for each in republic.opened if each.commitment() == run.facts)
    assert isinstance(whole.facts, RunFacts)
    tree = republic.release_facts(run).model_dump(mode="json")
    for domain in tree["domains"].values():
        if "carik" in domain["datasets"]:
            domain["datasets"]["carik"]["matched"] -= rows
    return OpenedFacts.fresh(ReleaseFacts.model_validate(tree, strict=False))


def stage_without(republic: Republic, *names: str, rows: int = 1) -> Callable[[], object]:
    """Stage what is left, naming these withdrawals."""

    def act() -> None:
        opened = fewer(republic, rows)
        body = republic.staged(facts=opened.commitment(), withdrawn=names)
        republic.opened.pop()  # the whole ones, which nobody commits to
        republic.stage_digest = republic.say("service", body, run="rilis-1")
        republic.facts = opened
        republic.opened.append(opened)

    return act


def failing(republic: Republic) -> list[str]:
    case = release_case(republic.project, "rilis-1", release_facts(republic.facts), republic.now)
    return [each.rule.id for each in release_gate(case).findings if not each.passed]


@pytest.mark.parametrize("law", [FIRST_LAW, LATEST_LAW])
def test_one_row_before_the_stage(law: str) -> None:
    """Under the first law one party stops every release for the price of one row."""
    republic = under(law).to("request")
    name = withdraw(republic)
    act = stage_without(republic, *((name,) if law == LATEST_LAW else ()))
    assert code_of(act) == ("project.withdrawn" if law == FIRST_LAW else "")
    if law == LATEST_LAW:
        republic.approve()
        assert failing(republic) == []
        republic.decide()


@pytest.mark.parametrize("law", [FIRST_LAW, LATEST_LAW])
def test_one_row_after_the_approvals(law: str) -> None:
    republic = under(law).to("approve")
    name = withdraw(republic)
    assert failing(republic) == ["release.withdrawn"]
    again = stage_without(republic, name)
    if law == FIRST_LAW:
        assert code_of(again) == "project.again"
        return
    requests, orders = spent(republic)
    assert code_of(again) == ""
    assert failing(republic) == ["release.approvals"], "what was approved is another manifest"
    republic.approve()
    assert failing(republic) == []
    republic.decide()
    assert republic.project.release("rilis-1").decision is not None
    assert spent(republic) == (requests, orders), "no new request and no new run"
    report = verify_bundle(evidence(republic), republic.roster.digest(), None)
    assert [f.id for c in report.checks for f in c.findings if f.standing == "failed"] == []


def evidence(republic: Republic) -> Any:
    republic.witness()
    return republic.evidence()


def spent(republic: Republic) -> tuple[int, int]:
    return len(republic.project.of(ReleaseRequest)), len(republic.project.of(RunOrder))


def test_a_stage_is_done_anew_only_where_rows_left() -> None:
    republic = under(LATEST_LAW).to("stage")
    assert code_of(republic.stage) == "project.again"
    name = withdraw(republic)
    assert code_of(stage_without(republic, name)) == ""
    assert code_of(stage_without(republic, name)) == "project.again"


def test_a_stage_names_every_withdrawal_and_no_other() -> None:
    republic = under(LATEST_LAW).to("request")
    first, second = withdraw(republic), withdraw(republic)
    for names in ((), (first,), (second, first), (first, second, first), ("0" * 64,)):
        assert code_of(stage_without(republic, *names)) == "project.stage-withdrawn"
    assert code_of(stage_without(republic, first, second)) == ""


def test_what_left_before_the_order_is_not_named() -> None:
    republic = under(LATEST_LAW).to("bundle")
    name = withdraw(republic)
    for step in ("order", "run", "request"):
        getattr(republic, step)()
    assert code_of(stage_without(republic, name)) == "project.stage-withdrawn"
    assert code_of(republic.stage) == ""


def test_a_no_is_not_shaken_off_by_a_withdrawal() -> None:
    republic = under(LATEST_LAW).to("stage")
    republic.witness()
    no = republic.approval(verdict="refuse")
    republic.say("bps-approver", no, run="rilis-1", manifest=republic.stage_digest)
    name = withdraw(republic)
    assert code_of(stage_without(republic, name)) == ""
    republic.witness()
    assert code_of(republic.approve) == "project.again", "who said no says nothing else"
    assert "release.approvals" in failing(republic)


def test_an_old_yes_is_not_for_the_new_stage() -> None:
    republic = under(LATEST_LAW).to("stage")
    republic.witness()
    old = republic.approval()
    old_stage = republic.stage_digest
    name = withdraw(republic)
    assert code_of(stage_without(republic, name)) == ""
    republic.witness()
    answer = code_of(lambda: republic.say("bps-approver", old, run="rilis-1", manifest=old_stage))
    assert answer == "project.not-entitled"


def test_after_the_decision_nothing_is_staged() -> None:
    republic = under(LATEST_LAW).to("decide")
    name = withdraw(republic)
    assert code_of(stage_without(republic, name)) == "project.again"


@pytest.mark.parametrize(("rows", "holds"), [(1, True), (0, True), (2, False), (-1, False)])
def test_the_verifier_bounds_what_may_be_missing(rows: int, holds: bool) -> None:
    """A service that takes out more rows than were withdrawn, or adds some, is seen."""
    republic = under(LATEST_LAW).to("request")
    name = withdraw(republic)
    stage_without(republic, name, rows=rows)()
    republic.approve()
    republic.decide()
    report = verify_bundle(evidence(republic), republic.roster.digest(), None)
    failed = [f.id for c in report.checks for f in c.findings if f.standing == "failed"]
    assert (failed == []) is holds


def test_a_stage_without_withdrawals_is_written_as_before() -> None:
    republic = under(LATEST_LAW).to("stage")
    stage = republic.project.release("rilis-1").stage
    assert stage is not None
    assert b"withdrawn" not in stage.body.canonical()
