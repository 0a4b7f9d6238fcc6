"""A decision in sentences: the request, the outcome, and what can be done.

Members entitled to the facts read what each rule found. Parties may not, because the reasons leak:
they read which rules passed, as the log has it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from policy.approval import Asked
from policy.approval.asked import STATES
from policy.base.dates import at_second, long_moment
from policy.base.words import Words
from policy.gates.rules import Finding, Rule, rule_named
from policy.project.measured import Measured, measured_for


@dataclass(frozen=True)
class Reason:
    """One failed rule. `found` is only for members entitled to the facts."""

    rule: Rule[Any]
    found: Words | None

    @property
    def remedy(self) -> Words:
        return self.rule.remedy


@dataclass(frozen=True)
class Explanation:
    """A release in sentences: first `lead`, then the failed rules, then the passed ones.

    `measured` are the strata that its recipients measured in the field.
    """

    lead: Words
    against: tuple[Reason, ...]
    holding: tuple[Rule[Any], ...]
    measured: tuple[Measured, ...] = ()

    def as_json(self) -> dict[str, object]:
        return {
            "lead": _json(self.lead),
            "against": [
                {
                    "rule": each.rule.id,
                    "title": _json(each.rule.title),
                    "citation": each.rule.citation,
                    "found": None if each.found is None else _json(each.found),
                    "remedy": _json(each.remedy),
                    "settled_by": each.rule.settled_by.name.lower(),
                }
                for each in self.against
            ],
            "holding": [rule.id for rule in self.holding],
            "measured": [each.as_json() for each in self.measured],
        }


def explain(asked: Asked) -> Explanation:
    """The request, its outcome, and the reasons."""
    outcome, measured = asked.outcome, measured_for(asked.project, asked.release)
    if outcome is not None:
        against = tuple(Reason(f.rule, f.reason) for f in outcome.findings if not f.passed)
        return Explanation(_lead(asked), against, _passed(outcome.findings), measured)
    return Explanation(
        _lead(asked),
        tuple(Reason(rule, None) for rule in _rules(asked, passed=False)),
        tuple(_rules(asked, passed=True)),
        measured,
    )


def _lead(asked: Asked) -> Words:
    domains, who = ", ".join(asked.record.domains), asked.record.requester
    run, state = asked.record.run.name, STATES[asked.state]
    decided = asked.decided
    when = long_moment(at_second(decided.at if decided else asked.at))
    return Words(
        f"{who.name} ({who.agency}) meminta ID padanan pada domain {domains} dari pemadanan"
        f" {run}. Keadaan {asked.release} pada {when.id}: {state.id}.",
        f"{who.name} ({who.agency}) asked for match IDs in the domains {domains} from run {run}."
        f" State of {asked.release} on {when.en}: {state.en}.",
    )


def _passed(findings: Iterable[Finding]) -> tuple[Rule[Any], ...]:
    return tuple(finding.rule for finding in findings if finding.passed)


def _rules(asked: Asked, *, passed: bool) -> list[Rule[Any]]:
    """The passed or failed rules in the log, with the titles of the charter's law."""
    law, decided = asked.project.charter.law, asked.decided
    said = () if decided is None else decided.rules
    return [rule_named(law, each.rule) for each in said if each.passed == passed]


def _json(words: Words) -> dict[str, str]:
    return {"id": words.id, "en": words.en}
