"""The facts that the rules judge."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from policy.charter import Charter, SharedAttributes
from policy.charter.probe_report import ProbeReport
from policy.gates.facts import ReleaseFacts
from policy.members.roster import Roster


@dataclass(frozen=True)
class ExceptionFact:
    """What a data protection officer's exception covers, and until when."""

    rule: str
    about: frozenset[str]
    until: date


@dataclass(frozen=True)
class RunCase:
    """Everything that the run gate may look at.

    - `orders` counts runs, the current order included; `orders_own` counts those of the ordering
      agency. `orders_elsewhere` is the most that any two parties ordered in other projects; None
      until the service has counted, which is when the order has come in.
    - `probed_by` has the agencies that signed each probe report, by the report's digest.
    - `changes` counts the parties whose deltas came between two orders, over each pair of orders.
    - `earlier_thresholds` has the thresholds of each earlier order, with its floor of the NIK leg.
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
        """Whether an exception to that rule, valid today, covers all of `about`."""
        wanted = set(about)
        return any(
            each.rule == rule and self.day <= each.until and wanted <= each.about
            for each in self.exceptions
        )


@dataclass(frozen=True)
class ApprovalFact:
    """One approver's vote on the current stage."""

    member: str
    agency: str
    dpo: bool
    approves: bool
    expires: int


@dataclass(frozen=True)
class ChangedFact:
    """How many rows of one dataset came and went since an earlier staged run."""

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

    `opened` has the facts of the stage; None for members who do not hold them.
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


@dataclass(frozen=True)
class TransferVoteFact:
    """The vote of one person of the sender's agency on a transfer of attributes."""

    member: str
    officer: bool
    approves: bool


@dataclass(frozen=True)
class TransferCase:
    """Everything that the rules of a transfer may look at, in addition to the run gate's case.

    `released` says that both sides have a file of the release in this domain. `sent_before` are
    earlier transfers of one of these columns under the same match IDs.
    """

    run: RunCase
    requester: str
    domain: str
    dataset: str
    recipient: str
    columns: tuple[str, ...]
    permit: SharedAttributes | None
    released: bool
    sent_before: tuple[str, ...]
    under_charter: bool
    votes: tuple[TransferVoteFact, ...]
    expires: int
    kept_until: date
    destroyed: bool = False


def day_of(at: int) -> date:
    """The UTC day of a time in Unix seconds."""
    return datetime.fromtimestamp(at, UTC).date()
