"""A rule is one object in one file, and what it says of itself is true."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable
from dataclasses import replace
from types import ModuleType
from typing import Any, get_args

import pytest

from policy.base.words import Words
from policy.charter import FIRST_LAW, LATEST_LAW, LAWS
from policy.gates import rules
from policy.gates.cases import release_case, run_case
from policy.gates.facts import release_facts
from policy.gates.rules import GATES, RULES, ReleaseCase, Rule, SettledBy, rule_named
from policy.gates.rules.case import ApprovalFact, ExceptionFact
from policy.statements import Excepted
from tests.support.republic import Republic, charter_tree, scoped

NO_RULES = {"policy.gates.rules.case", "policy.gates.rules.rule"}


def files() -> Iterable[ModuleType]:
    for found in pkgutil.walk_packages(rules.__path__, "policy.gates.rules."):
        if not found.ispkg and found.name not in NO_RULES:
            yield importlib.import_module(found.name)


def every_form() -> list[Rule[Any]]:
    return [rule for law in LAWS for rule in GATES[law].all]


def says_all(rule: Rule[Any]) -> bool:
    """Title, remedy and citation, the first two in two languages."""
    pairs = (rule.title, rule.remedy)
    in_both = all(words.id.strip() and words.en.strip() for words in pairs)
    return in_both and rule.remedy.id != rule.remedy.en and bool(rule.citation.strip("- "))


def test_every_file_has_one_rule_and_every_rule_is_asked() -> None:
    found = []
    for module in files():
        own = [value for value in vars(module).values() if isinstance(value, Rule)]
        assert own == [module.RULE], module.__name__
        assert own[0].judge is module.judge, module.__name__
        found += own
    assert {id(rule) for rule in found} == {id(rule) for rule in every_form()}


@pytest.mark.parametrize("rule", every_form(), ids=lambda rule: rule.id)
def test_every_rule_says_what_can_be_done_in_both_languages(rule: Rule[Any]) -> None:
    assert says_all(rule)
    assert not says_all(replace(rule, remedy=Words(rule.remedy.id, "")))
    assert not says_all(replace(rule, remedy=Words(" ", rule.remedy.en)))
    assert not says_all(replace(rule, remedy=Words(rule.remedy.en, rule.remedy.en)))


def test_a_form_of_the_second_law_keeps_name_and_duty() -> None:
    for rule in GATES[FIRST_LAW].rules:
        newest = rule_named(LATEST_LAW, rule.id)
        assert (newest.title, newest.citation) == (rule.title, rule.citation)
        assert newest.needs_facts == rule.needs_facts


def test_a_rule_of_no_law_is_shown_and_never_passes() -> None:
    unknown = rule_named(LATEST_LAW, "release.moon")
    assert unknown.id == unknown.title.id == "release.moon"
    assert says_all(replace(unknown, citation="UU"))
    assert not unknown.check(object()).passed


def test_exceptions_are_of_the_rules_that_name_what_they_except() -> None:
    """What `padan-policy exception` offers is what the statement can say."""
    statement = get_args(Excepted.model_fields["rule"].annotation)
    assert set(statement) == {rule.id for rule in RULES.values() if rule.excepts}


def votes(case: ReleaseCase) -> list[tuple[ApprovalFact, ...]]:
    """None, all that agree, each alone, and each as a refusal."""
    given = case.approvals
    alone = [(vote,) for vote in given]
    refused = [(replace(vote, approves=False),) for vote in given]
    return [(), given, *alone, *refused]


def changed_by_votes(gate: tuple[Rule[Any], ...], cases: Iterable[ReleaseCase]) -> set[str]:
    """The rules that answer differently when only the votes differ."""
    changed = set()
    for case in cases:
        for rule in gate:
            answers = {
                rule.check(replace(case, approvals=approvals)).passed for approvals in votes(case)
            }
            if len(answers) > 1:
                changed.add(rule.id)
    return changed


@pytest.mark.parametrize("law", LAWS)
def test_votes_settle_the_rules_that_say_so_and_no_other(law: str) -> None:
    tree = {**charter_tree(), "law": law}
    tree["datasets"][0]["sensitive"] = True
    tree["parties"][0]["role"] = ["produsen-data", "walidata"]  # not the requester's agency
    tree["walidata"] = [{"member": "dinsos", "parties": ["dppapp"], "contact": "walidata"}]
    republic = Republic(tree=scoped(tree)).to("stage")
    case = release_case(republic.project, "rilis-1", release_facts(republic.facts), republic.now)
    gate = GATES[republic.project.charter.law].release
    until = republic.now + 1
    given = tuple(
        ApprovalFact(each.id, each.agency, each.has("dpo"), True, until)
        for each in republic.roster.members
    )
    said = {rule.id for rule in gate if rule.settled_by is SettledBy.APPROVALS}
    assert changed_by_votes(gate, [replace(case, approvals=given)]) == said


@pytest.mark.parametrize("law", LAWS)
def test_an_exception_that_names_what_the_rule_says_lets_it_pass(law: str) -> None:
    """`padan-policy exception` names what `excepts` gives; less than that does not do."""
    tree = {**charter_tree(), "law": law}
    tree["linkage_unit"]["superiors"] = ["bps", "dppapp"]
    republic = Republic(tree=scoped(tree))
    republic.charter_signed_by("bps")
    case = replace(run_case(republic.project, republic.now), probes=(), exceptions=())
    tried = []
    for rule in GATES[republic.project.charter.law].run:
        if rule.excepts is None:
            continue
        names = frozenset(rule.excepts(case))
        for about, passes in ((names, True), (names - {min(names)}, False)):
            fact = ExceptionFact(rule.id, about, case.day)
            assert rule.check(replace(case, exceptions=(fact,))).passed == passes
            tried.append(rule.id)
        assert not rule.check(case).passed
    assert tried == ["run.privacy", "run.privacy", "run.separation", "run.separation"]


def test_rules_that_need_the_log_are_those_that_orders_and_probes_change() -> None:
    """A draft of a charter is not judged by them: its log is empty."""
    republic = Republic().to("charter")
    gate, case = GATES[LATEST_LAW].run, run_case(republic.project, republic.now)
    later = (
        replace(case, probes=(), exceptions=()),
        replace(case, orders=99, orders_own=99),
        replace(case, purpose="another"),
    )
    changed = {
        rule.id
        for rule in gate
        for other in later
        if rule.check(other).passed != rule.check(case).passed
    }
    assert changed == {rule.id for rule in gate if rule.needs_log}
