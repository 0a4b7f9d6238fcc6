"""A decision told in sentences: every rule has a way out, and parties read no counts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from policy.approval import Asked
from policy.approval.explain import explain
from policy.charter import FIRST_LAW, LATEST_LAW, LAWS
from policy.gates.rules import GATES, rule_named
from policy.statements import RuleVerdict
from tests.support.republic import Republic, charter_tree, scoped


def asked(republic: Republic) -> Asked:
    me = republic.roster.member("dinsos")
    return Asked(republic.project.release("rilis-1"), me, republic.now, republic.facts)


def test_a_refusal_names_rule_reason_duty_and_way_out() -> None:
    republic = Republic(approvers=("bps-approver",), matched=3).to("decide")
    told = explain(asked(republic))
    assert [each.rule.id for each in told.against] == ["release.minimum-cell", "release.approvals"]
    assert "refused" in told.lead.en
    assert "ditolak" in told.lead.id
    assert told.against[1].found is not None
    assert told.against[1].found.en == "1 other agency approved (2 needed)."
    assert all(each.remedy.id and each.rule.citation for each in told.against)
    assert len(told.against) + len(told.holding) == len(GATES[LATEST_LAW].rules)


def test_who_may_not_see_the_facts_reads_only_which_rules_held() -> None:
    republic = Republic(approvers=("bps-approver",), matched=3).to("decide")
    told = explain(replace(asked(republic), facts=None))
    assert [each.rule.id for each in told.against] == ["release.minimum-cell", "release.approvals"]
    assert [each.found for each in told.against] == [None, None]


@pytest.mark.parametrize("law", LAWS)
def test_each_law_tells_its_own_way_out(law: str) -> None:
    """Under the first law a withdrawn row takes another run, later only another stage."""
    remedy = rule_named(law, "release.withdrawn").remedy
    assert ("another run" in remedy.en) == (law == FIRST_LAW)
    assert ("pemadanan baru" in remedy.id) == (law == FIRST_LAW)


def test_a_rule_that_no_law_knows_is_shown_by_its_name() -> None:
    """The first law did not say which rules a decision names: such logs must stay readable."""
    republic = Republic(tree=scoped({**charter_tree(), "law": FIRST_LAW})).to("approve")
    decided = republic.decided()
    odd = RuleVerdict(rule="release.moon", passed=False)
    republic.say(
        "service",
        decided.model_copy(update={"rules": (*decided.rules, odd), "verdict": "refused"}),
        run="rilis-1",
    )
    told = explain(replace(asked(republic), facts=None))
    (reason,) = told.against
    assert (reason.rule.id, reason.rule.title.en) == ("release.moon", "release.moon")
    assert reason.remedy.id != reason.remedy.en
    assert told.as_json()["against"][0]["settled_by"] == "nothing"  # type: ignore[index]
