"""The rules of both gates: pure, facts in, finding out, in the order they are asked.

A rule is a small file with `RULE` (what it is called, which duty asks for it) and
`check(case)`. A charter can tighten what a rule asks, never loosen it. Which rules are asked,
and in which form, the law says that the charter names: a rule that a later law asks
differently is another file, in the folder of that law.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import ModuleType

from policy.charter import LawId
from policy.rules import (
    agreements,
    approvable,
    approvals,
    cells,
    charter_complete,
    charter_in_force,
    differencing,
    dpia,
    dpo,
    dukcapil,
    executed,
    law2,
    lawful_basis,
    minimum_cell,
    output_files,
    parameters,
    privacy,
    release_budget,
    rerun,
    run_budget,
    sensitive_lists,
    separation,
    stage_fresh,
    withdrawn,
)
from policy.rules.case import Finding, ReleaseCase, Rule, RunCase
from policy.words import Words


@dataclass(frozen=True)
class Gates:
    """The rules of one law, in the order they are asked."""

    run: tuple[ModuleType, ...]
    release: tuple[ModuleType, ...]

    @property
    def rules(self) -> tuple[ModuleType, ...]:
        return (*self.run, *self.release)

    def replacing(self, *changed: ModuleType) -> Gates:
        """These gates with other forms of rules that keep their names and places."""
        forms = {each.RULE.id: each for each in changed}
        known = {rule.RULE.id for rule in self.rules}
        assert forms.keys() <= known, "a rule that is new has a place of its own"
        return Gates(
            tuple(forms.get(rule.RULE.id, rule) for rule in self.run),
            tuple(forms.get(rule.RULE.id, rule) for rule in self.release),
        )

    def adding(
        self, run: tuple[ModuleType, ...] = (), release: tuple[ModuleType, ...] = ()
    ) -> Gates:
        """These gates and rules that a later law asks first."""
        return Gates((*self.run, *run), (*self.release, *release))


_RUN = (
    charter_in_force,
    charter_complete,
    lawful_basis,
    agreements,
    dpia,
    privacy,
    dukcapil,
    separation,
    approvable,
    run_budget,
    parameters,
)
_RELEASE = (
    executed,
    rerun,
    minimum_cell,
    cells,
    differencing,
    release_budget,
    output_files,
    withdrawn,
    stage_fresh,
    sensitive_lists,
    approvals,
    dpo,
)

_FIRST = Gates(_RUN, _RELEASE)
_SECOND = _FIRST.replacing(
    law2.dpia,
    law2.lawful_basis,
    law2.privacy,
    law2.separation,
    law2.approvable,
    law2.approvals,
    law2.run_budget,
    law2.parameters,
    law2.withdrawn,
).adding(
    run=(law2.officers, law2.walidata_named, law2.witnesses),
    release=(law2.walidata, law2.changed_rows),
)

GATES: Mapping[LawId, Gates] = {
    "padan-law-1": _FIRST,
    "padan-law-2": _SECOND,
}

# What people say decides these rules; what the others find, nobody's word changes.
BY_WORD = tuple(each.RULE.id for each in (approvals, dpo, sensitive_lists, law2.walidata))

# Every rule of every law, by its stable name.
RULES: Mapping[str, Rule] = {
    rule.RULE.id: rule.RULE for gates in GATES.values() for rule in gates.rules
}


def rule_named(law: LawId, name: str) -> Rule:
    """The rule of a law; one that this law does not have is shown by its name alone."""
    own = (rule.RULE for rule in GATES[law].rules)
    return next((rule for rule in own if rule.id == name), Rule(name, Words(name, name), "-"))


__all__ = [
    "BY_WORD",
    "GATES",
    "RULES",
    "Finding",
    "Gates",
    "ReleaseCase",
    "Rule",
    "RunCase",
    "rule_named",
]
