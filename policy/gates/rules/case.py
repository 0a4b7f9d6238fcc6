"""What the rules look at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from policy.charter import Charter
from policy.charter.probe_report import ProbeReport
from policy.gates.facts import ReleaseFacts
from policy.members.roster import Roster


@dataclass(frozen=True)
class ExceptionFact:
    """What a data protection officer lets pass, and until when."""

    rule: str
    about: frozenset[str]
    until: date


@dataclass(frozen=True)
class RunCase:
    """Everything that the run gate may look at. `orders` counts the one at hand, and so does
    `orders_own`, of the agency that ordered it. `probed_by` says by a report's digest which
    agencies signed it.

    `orders_elsewhere` is the most that two of the parties ordered in other projects; None
    before it was counted, which is when the order has come in. `changes` are the parties whose
    deltas came between two orders, each pair of orders by itself. `earlier_thresholds` are those
    of the orders before this one, each with its floor of the NIK leg.
    """

    charter: Charter
    roster: Roster
    signed_by: frozenset[str]
    at: int
    probes: tuple[ProbeReport, ...] = ()
    probed_by: Mapping[str, frozenset[str]] = field(default_factory=dict)
    exceptions: tuple[ExceptionFact, ...] = ()
    orders: int = 0
    orders_own: int = 0
    orders_elsewhere: int | None = None
    purpose: str | None = None
    domains: tuple[str, ...] = ()
    thresholds_ppm: Mapping[str, int] | None = None
    nik_floor_ppm: int | None = None
    changes: int = 0
    earlier_thresholds: tuple[tuple[Mapping[str, int], int], ...] = ()

    @property
    def day(self) -> date:
        return day_of(self.at)

    def excepted(self, rule: str, about: Iterable[str]) -> bool:
        """A data protection officer's exception to that rule covers all of this today."""
        wanted = set(about)
        return any(
            each.rule == rule and self.day <= each.until and wanted <= each.about
            for each in self.exceptions
        )


@dataclass(frozen=True)
class ApprovalFact:
    """One approver's word on the stage at hand."""

    member: str
    agency: str
    dpo: bool
    approves: bool
    expires: int


@dataclass(frozen=True)
class ChangedFact:
    """Rows of one dataset that came and went since a run that was staged before."""

    dataset: str
    earlier: str
    added: int
    gone: int


@dataclass(frozen=True)
class StagedFact:
    dataset: str
    domain: str
    recipient: str
    form: str


@dataclass(frozen=True)
class ReleaseCase:
    """Everything that the release gate may look at, in addition to the run gate's case.

    `opened` are the facts of the stage, None for those who do not hold them.
    """

    run: RunCase
    requester_agency: str
    domains: tuple[str, ...]
    executed_thresholds_ppm: Mapping[str, int]
    executed_nik_floor_ppm: int
    requests: int
    opened: ReleaseFacts | None
    files: tuple[StagedFact, ...]
    approvals: tuple[ApprovalFact, ...]
    at: int
    stage_expires: int
    withdrawn: int = 0
    released_since: bool = False
    rerun_differing: tuple[str, ...] = ()
    changed: tuple[ChangedFact, ...] = ()

    @property
    def facts(self) -> ReleaseFacts:
        """The opened facts; only rules that need them may ask."""
        assert self.opened is not None, "this rule needs facts"
        return self.opened


def day_of(at: int) -> date:
    """The day in UTC of Unix seconds."""
    return datetime.fromtimestamp(at, UTC).date()
