"""The rules of both gates: pure functions from facts to a finding, in the order they are asked.

A rule is one object in one file: `RULE` has its name, duty, remedy and a function that judges a
case (`policy.gates.rules.rule`). A charter can tighten what a rule asks and never loosen it. The
charter's law decides which rules are asked, and in which form. A form of a later law is another
file, in the folder of that law, and derives from the first form.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from policy.charter import LawId
from policy.gates.rules import (
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
    law3,
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
    transfer,
    withdrawn,
)
from policy.gates.rules.case import ReleaseCase, RunCase, TransferCase
from policy.gates.rules.rule import Answer, Finding, Rule, SettledBy, unknown_rule


@dataclass(frozen=True)
class Gates:
    """The rules of one law, in the order they are asked.

    `rules` are those that a release's decision answers, `transfers` those of a transfer's.
    """

    run: tuple[Rule[RunCase], ...]
    release: tuple[Rule[ReleaseCase], ...]
    transfer: tuple[Rule[TransferCase], ...] = ()

    @property
    def rules(self) -> tuple[Rule[Any], ...]:
        return (*self.run, *self.release)

    @property
    def transfers(self) -> tuple[Rule[Any], ...]:
        return (*self.run, *self.transfer)

    @property
    def all(self) -> tuple[Rule[Any], ...]:
        return (*self.rules, *self.transfer)

    def replacing(self, *changed: Rule[Any]) -> Gates:
        """These gates with other forms of rules that keep their names and places."""
        forms = {each.id: each for each in changed}
        known = {rule.id for rule in self.rules}
        assert forms.keys() <= known, "a rule that is new has a place of its own"
        return Gates(
            tuple(forms.get(rule.id, rule) for rule in self.run),
            tuple(forms.get(rule.id, rule) for rule in self.release),
            self.transfer,
        )

    def adding(
        self,
        run: tuple[Rule[RunCase], ...] = (),
        release: tuple[Rule[ReleaseCase], ...] = (),
        transfer: tuple[Rule[TransferCase], ...] = (),
    ) -> Gates:
        """These gates with further rules that a later law is the first to ask."""
        return Gates((*self.run, *run), (*self.release, *release), (*self.transfer, *transfer))


_RUN = (
    charter_in_force.RULE,
    charter_complete.RULE,
    lawful_basis.RULE,
    agreements.RULE,
    dpia.RULE,
    privacy.RULE,
    dukcapil.RULE,
    separation.RULE,
    approvable.RULE,
    run_budget.RULE,
    parameters.RULE,
)
_RELEASE = (
    executed.RULE,
    rerun.RULE,
    minimum_cell.RULE,
    cells.RULE,
    differencing.RULE,
    release_budget.RULE,
    output_files.RULE,
    withdrawn.RULE,
    stage_fresh.RULE,
    sensitive_lists.RULE,
    approvals.RULE,
    dpo.RULE,
)

_FIRST = Gates(_RUN, _RELEASE)
_SECOND = _FIRST.replacing(
    law2.dpia.RULE,
    law2.lawful_basis.RULE,
    law2.privacy.RULE,
    law2.separation.RULE,
    law2.approvable.RULE,
    law2.approvals.RULE,
    law2.run_budget.RULE,
    law2.parameters.RULE,
    law2.withdrawn.RULE,
).adding(
    run=(law2.officers.RULE, law2.walidata_named.RULE, law2.witnesses.RULE),
    release=(law2.walidata.RULE, law2.changed_rows.RULE),
)

_THIRD = _SECOND.replacing(law3.differencing.RULE).adding(
    transfer=(
        transfer.permitted.RULE,
        transfer.basis.RULE,
        transfer.confidentiality.RULE,
        transfer.pair.RULE,
        transfer.released.RULE,
        transfer.once.RULE,
        transfer.retention.RULE,
        transfer.fresh.RULE,
        transfer.approved.RULE,
        transfer.officer.RULE,
    ),
)

GATES: Mapping[LawId, Gates] = {
    "padan-law-1": _FIRST,
    "padan-law-2": _SECOND,
    "padan-law-3": _THIRD,
}

# Every rule by its id, in the form of the newest law that has it.
RULES: Mapping[str, Rule[Any]] = {rule.id: rule for gates in GATES.values() for rule in gates.all}


def rule_named(law: LawId, name: str) -> Rule[Any]:
    """The rule of a law; an unknown name gives a rule that shows only this name."""
    return next((rule for rule in GATES[law].all if rule.id == name), unknown_rule(name))


__all__ = [
    "GATES",
    "RULES",
    "Answer",
    "Finding",
    "Gates",
    "ReleaseCase",
    "Rule",
    "RunCase",
    "SettledBy",
    "TransferCase",
    "rule_named",
]
