"""A decision told in sentences: every rule has a way out, and parties read no counts."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from policy.approval import Asked
from policy.explain import REMEDIES, explain
from policy.rules import RULES
from tests.support.republic import Republic


def asked(republic: Republic) -> Asked:
    me = republic.roster.member("dinsos")
    return Asked(republic.project, "rilis-1", me, republic.now, republic.facts)


def test_every_rule_says_what_can_be_done() -> None:
    assert REMEDIES.keys() == RULES.keys()


def test_the_reference_has_every_rule() -> None:
    text = (Path(__file__).parents[2] / "docs" / "reference" / "gates.md").read_text("utf-8")
    listed = [line for line in text.splitlines() if line.startswith("| `")]
    assert [line.split("`")[1] for line in listed] == list(RULES)
    for line in listed:
        assert RULES[line.split("`")[1]].citation in line


def test_a_refusal_names_rule_reason_duty_and_way_out() -> None:
    republic = Republic(approvers=("bps-approver",), matched=3).to("decide")
    told = explain(asked(republic))
    assert [each.rule.id for each in told.against] == ["release.minimum-cell", "release.approvals"]
    assert "refused" in told.lead.en
    assert "ditolak" in told.lead.id
    assert told.against[1].found is not None
    assert "1 of 2" in told.against[1].found.en
    assert all(each.remedy.id and each.rule.citation for each in told.against)
    assert len(told.against) + len(told.holding) == len(RULES)


def test_who_may_not_see_the_facts_reads_only_which_rules_held() -> None:
    republic = Republic(approvers=("bps-approver",), matched=3).to("decide")
    told = explain(replace(asked(republic), facts=None))
    assert [each.rule.id for each in told.against] == ["release.minimum-cell", "release.approvals"]
    assert [each.found for each in told.against] == [None, None]
