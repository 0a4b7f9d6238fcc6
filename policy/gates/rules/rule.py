"""The type of a rule and of its findings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Generic, TypeVar

from policy.base.words import Words
from policy.gates.rules.case import ReleaseCase, RunCase, TransferCase

CaseT = TypeVar("CaseT", RunCase, ReleaseCase, TransferCase)


class SettledBy(Enum):
    """Who or what can settle a failed rule."""

    CHARTER = Words("piagam: tanda tangan atau perubahan", "the charter: signing or amending it")
    ROSTER = Words("roster baru", "a new roster")
    ORDER = Words("perintah pemadanan lain", "another order to match")
    REQUEST = Words("permintaan rilis lain", "another request of a release")
    TRANSFER = Words("permintaan pengiriman lain", "another request of a transfer")
    STAGE = Words("berkas rilis baru atas permintaan yang sama", "a new stage of the same request")
    APPROVALS = Words("suara penyetuju dan pejabat PDP", "the votes of approvers and officers")
    WAITING = Words("waktu", "waiting")
    NOTHING = Words("tidak ada", "nothing")


@dataclass(frozen=True)
class Answer:
    """A rule's answer about a case."""

    passed: bool
    reason: Words


def holds(indonesian: str, english: str) -> Answer:
    """An answer that passes, with its reason."""
    return Answer(True, Words(indonesian, english))


def fails(indonesian: str, english: str) -> Answer:
    """An answer that fails, with its reason."""
    return Answer(False, Words(indonesian, english))


@dataclass(frozen=True)
class Rule(Generic[CaseT]):
    """One rule of a gate, in the form of one law.

    - `id` never changes: decisions in logs name rules by it.
    - `citation` is the duty behind the rule, `remedy` what people can do when it fails.
    - `judge` is a pure function of the case.
    - `needs_facts`: only members who may open the facts judge the rule. Every other rule is judged
      by everyone who holds the log.
    - `needs_log`: the rule first needs something in the log (a probe report, orders), so it is not
      asked of a charter's draft.
    - `excepts` says what a data protection officer's exception to the rule must name; None if the
      rule has no exceptions.
    """

    id: str
    title: Words
    citation: str
    remedy: Words
    settled_by: SettledBy
    judge: Callable[[CaseT], Answer] = field(repr=False)
    needs_facts: bool = False
    needs_log: bool = False
    excepts: Callable[[RunCase], tuple[str, ...]] | None = field(default=None, repr=False)

    def check(self, case: CaseT) -> Finding:
        """This rule's finding in the case."""
        answer = self.judge(case)
        return Finding(self, answer.passed, answer.reason)


@dataclass(frozen=True)
class Finding:
    """The result of one rule."""

    rule: Rule[Any]
    passed: bool
    reason: Words

    def as_json(self) -> dict[str, object]:
        return {
            "rule": self.rule.id,
            "title": {"id": self.rule.title.id, "en": self.rule.title.en},
            "passed": self.passed,
            "reason": {"id": self.reason.id, "en": self.reason.en},
            "citation": self.rule.citation,
        }


def unknown_rule(name: str) -> Rule[Any]:
    """A rule that a log names but its law does not have: shows only its name, never passes."""
    return Rule(
        id=name,
        title=Words(name, name),
        citation="-",
        remedy=Words(
            "Aturan ini tidak ada dalam hukum yang disebut piagam; tanyakan kepada koordinator"
            " layanan.",
            "The law that the charter names has no such rule; ask the service's coordinator.",
        ),
        settled_by=SettledBy.NOTHING,
        judge=lambda _: fails("Aturan ini tidak dikenal.", "This rule is not known."),
    )
