"""Both gates: each asks all its rules in order and keeps every finding."""

from __future__ import annotations

from dataclasses import dataclass

from policy.base.errors import NotYet, Refused
from policy.base.words import Words
from policy.gates.rules import (
    GATES,
    Finding,
    ReleaseCase,
    RunCase,
    SettledBy,
)
from policy.statements import RuleVerdict, Verdict


@dataclass(frozen=True)
class GateOutcome:
    """The findings of one gate. The gate passes if every rule passes."""

    findings: tuple[Finding, ...]

    @property
    def passed(self) -> bool:
        """Whether every rule passed."""
        return all(finding.passed for finding in self.findings)

    @property
    def verdict(self) -> Verdict:
        return "released" if self.passed else "refused"

    def awaits_approvals(self, case: ReleaseCase) -> bool:
        """Whether only approvals are missing and nobody said no: others can still pass it."""
        mendable = not self.passed and not self.hopeless
        return mendable and all(each.approves for each in case.approvals)

    @property
    def hopeless(self) -> bool:
        """Whether a rule fails that no approval can settle."""
        return bool(self.unmendable)

    @property
    def unmendable(self) -> tuple[str, ...]:
        """The names of the rules that fail whatever the approvals."""
        failing = (finding.rule for finding in self.findings if not finding.passed)
        return tuple(rule.id for rule in failing if rule.settled_by is not SettledBy.APPROVALS)

    def rules(self) -> tuple[RuleVerdict, ...]:
        return tuple(RuleVerdict(rule=f.rule.id, passed=f.passed) for f in self.findings)


def run_gate(case: RunCase) -> GateOutcome:
    """Asks every rule of the run gate."""
    return GateOutcome(tuple(rule.check(case) for rule in GATES[case.charter.law].run))


def release_gate(case: ReleaseCase) -> GateOutcome:
    """The run gate's rules, asked again, and then the release's own rules."""
    own = tuple(rule.check(case) for rule in GATES[case.run.charter.law].release)
    return GateOutcome(run_gate(case.run).findings + own)


def release_rules_without_facts(case: ReleaseCase) -> GateOutcome:
    """The run gate's rules, and those release rules that the log alone decides."""
    rules = GATES[case.run.charter.law].release
    own = tuple(rule.check(case) for rule in rules if not rule.needs_facts)
    return GateOutcome(run_gate(case.run).findings + own)


def require_run_gate(case: RunCase) -> None:
    """Checks the run gate; raises Refused with the first rule that fails."""
    for finding in run_gate(case).findings:
        if not finding.passed:
            raise refusal(finding, _CORRECT)


def refusal(finding: Finding, hint: Words) -> Refused:
    """The error for a rule that fails; its code names the rule."""
    return Refused(f"gate.{finding.rule.id}", _problem(finding), _hint(finding, hint))


def waiting(finding: Finding, hint: Words) -> NotYet:
    """The error for a rule that others can still settle; its code names the rule."""
    return NotYet(f"gate.{finding.rule.id}", _problem(finding), _hint(finding, hint))


_CORRECT = Words("Perbaiki piagam atau permintaannya.", "Correct the charter or the request.")


def _problem(finding: Finding) -> Words:
    title, reason = finding.rule.title, finding.reason
    return Words(f"{title.id}: {reason.id}", f"{title.en}: {reason.en}")


def _hint(finding: Finding, hint: Words) -> Words:
    rule = finding.rule
    return Words(
        f"Aturan {rule.id} ({rule.citation}). {hint.id}",
        f"Rule {rule.id} ({rule.citation}). {hint.en}",
    )
