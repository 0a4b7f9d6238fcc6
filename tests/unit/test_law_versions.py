"""Each law is a table; a charter names its law, and a log is judged by that one."""

from __future__ import annotations

from typing import Any

import pytest

from policy.base.errors import Refused
from policy.charter import FIRST_LAW, LATEST_LAW, LAWS, Charter
from policy.gates.rules import GATES
from policy.law.versions import STEPS
from policy.statements import CharterBody, Decided, RuleVerdict
from tests.support.republic import PARTIES, Republic, assessed, charter_from, charter_tree, scoped


def under(law: str) -> Republic:
    return Republic(tree=scoped({**charter_tree(), "law": law}))


def dropping_a_rule(republic: Republic) -> Decided:
    """What a build decided that had one rule fewer."""
    decided = republic.decided()
    return decided.model_copy(update={"rules": decided.rules[:-1]})


def test_a_charter_of_the_first_law_is_written_as_before_there_were_laws() -> None:
    first = under(FIRST_LAW).charter
    assert b'"law"' not in first.canonical()
    assert Charter.model_validate_json(first.canonical()).law == FIRST_LAW
    assert b'"law":"padan-law-3"' in under(LATEST_LAW).charter.canonical()


def test_every_law_has_its_steps_and_gates() -> None:
    assert STEPS.keys() == GATES.keys() == set(LAWS)
    for law in LAWS:
        names = [rule.id for rule in GATES[law].rules]
        assert len(set(names)) == len(names)


def test_a_decision_answers_every_rule_of_its_law() -> None:
    """The first law let a decision through that left rules out; the second does not."""
    old = under(FIRST_LAW).to("approve")
    old.say("service", dropping_a_rule(old), run="rilis-1")
    new = under(LATEST_LAW).to("approve")
    with pytest.raises(Refused) as refused:
        new.say("service", dropping_a_rule(new), run="rilis-1")
    assert refused.value.code == "project.decision-rules"


def all_passed(republic: Republic) -> Decided:
    decided = republic.decided()
    rules = tuple(RuleVerdict(rule=each.rule, passed=True) for each in decided.rules)
    return decided.model_copy(update={"rules": rules, "verdict": "released"})


def no_rules(republic: Republic) -> Decided:
    return republic.decided().model_copy(update={"rules": (), "verdict": "released"})


LIES = {
    "no approval": ((), all_passed),
    "too few agencies": (("bps-approver",), all_passed),
    "no rules": (("bps-approver", "dppapp-approver"), no_rules),
}


@pytest.mark.parametrize("lie", LIES)
def test_what_the_log_itself_answers_nobody_can_answer_otherwise(lie: str) -> None:
    approvers, made = LIES[lie]
    for law, stopped in ((FIRST_LAW, False), (LATEST_LAW, True)):
        republic = under(law)
        republic.approvers = approvers
        republic.to("approve")
        if not stopped:
            republic.say("service", made(republic), run="rilis-1")
            continue
        with pytest.raises(Refused) as refused:
            republic.say("service", made(republic), run="rilis-1")
        assert refused.value.code == "project.decision-rules"


def test_an_amendment_never_goes_back_to_an_older_law() -> None:
    republic = under(LATEST_LAW).to("charter")
    tree: dict[str, Any] = republic.charter.model_dump(mode="json")
    older = charter_from({**tree, "version": 2, "law": FIRST_LAW})
    with pytest.raises(Refused) as refused:
        republic.say(PARTIES[0], CharterBody.model_validate(older.model_dump()))
    assert refused.value.code == "project.law-older"


def test_an_amendment_may_take_the_newest_law() -> None:
    republic = under(FIRST_LAW).to("run")
    tree: dict[str, Any] = republic.charter.model_dump(mode="json")
    republic.charter = charter_from(assessed({**tree, "version": 2, "law": LATEST_LAW}))
    for party in PARTIES:
        republic.say(party, CharterBody.model_validate(republic.charter.model_dump()))
    for step in ("request", "stage", "approve", "decide"):
        getattr(republic, step)()
    decided = republic.project.entry(republic.decision_digest, Decided).body
    assert [rule.rule for rule in decided.rules] == [rule.id for rule in GATES[LATEST_LAW].rules]
