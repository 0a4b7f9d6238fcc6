"""A release as a decider sees it: the request, the rules' results, and the votes so far."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from policy.base.error_codes import PolicyCode
from policy.base.errors import NotYet, Refused
from policy.base.words import Words
from policy.charter import Charter
from policy.gates.awaited_votes import awaited_votes
from policy.gates.cases import release_case
from policy.gates.decision import GateOutcome, release_gate, release_rules_without_facts
from policy.gates.facts import OpenedFacts, ReleaseFacts, release_facts
from policy.members.entitled import is_officer, may_decide
from policy.members.roster import Member
from policy.project import Entry, Project, ReleaseRecord
from policy.statements import (
    Approval,
    Decided,
    Staged,
)

State = Literal["requested", "staged", "expired", "released", "refused"]
STATES: dict[State, Words] = {
    "requested": Words("belum disiapkan", "not staged yet"),
    "staged": Words("menunggu keputusan", "awaiting decision"),
    "expired": Words("kedaluwarsa", "expired"),
    "released": Words("dirilis", "released"),
    "refused": Words("ditolak", "refused"),
}
# What a file reveals to its recipient.
FORMS = {
    "membership": Words("baris yang padan", "which rows matched"),
    "private-index": Words("ID untuk semua baris", "an ID for every row"),
}


@dataclass(frozen=True)
class Said:
    """One person's vote on a release."""

    entry: Entry[Approval]
    member: Member
    approves: bool
    officer: bool
    withdrawn: bool
    at: int


@dataclass(frozen=True)
class Asked:
    """One release as `me` may see it at that time. Only entitled members get `facts`."""

    record: ReleaseRecord
    me: Member
    at: int
    facts: OpenedFacts | None = None

    @property
    def release(self) -> str:
        """The name of the release."""
        return self.record.name

    @property
    def project(self) -> Project:
        return self.record.project

    @property
    def charter(self) -> Charter:
        return self.project.charter

    @property
    def staged(self) -> Staged | None:
        """The current stage; None before the release was staged."""
        return self.record.stage.body if self.record.stage else None

    @property
    def decided(self) -> Decided | None:
        """The decision; None before there is one."""
        return self.record.decision.body if self.record.decision else None

    @property
    def state(self) -> State:
        if self.decided is not None:
            return self.decided.verdict
        if self.staged is None:
            return "requested"
        return "expired" if self.at > self.staged.expires else "staged"

    @property
    def officer(self) -> bool:
        return is_officer(self.charter, self.me)

    @property
    def entitled(self) -> bool:
        """Whether this person may decide on the release."""
        return may_decide(self.charter, self.project.roster, self.me)

    @property
    def waits(self) -> bool:
        """Whether this person's yes is awaited (`policy.gates.awaited_votes`)."""
        if not self._undecided or any(not each.body.approves for each in self.record.approvals):
            return False
        case = release_case(self.project, self.release, None, self.at)
        return self.me.id in awaited_votes(case, {self.record.requester.id}).people

    @property
    def may_stop(self) -> bool:
        """Whether nobody waits for this person's yes, while their no still stops the release."""
        return self._undecided and not self.waits

    @property
    def _undecided(self) -> bool:
        """Whether it is staged, in time, and without a vote of this person."""
        return self.state == "staged" and self.entitled and self.my_word is None

    @property
    def outcome(self) -> GateOutcome | None:
        """The result of every rule, now or at the decision; None without the facts."""
        counts = self.counts
        if counts is None or self.staged is None:
            return None
        at = self.decided.at if self.decided else self.at
        then = self.record.at_decision().project
        return release_gate(release_case(then, self.release, counts, at))

    @property
    def shown(self) -> GateOutcome | None:
        """`outcome`; without facts and before the decision, the rules that the log answers."""
        if self.outcome is not None or self.staged is None or self.decided is not None:
            return self.outcome
        return release_rules_without_facts(release_case(self.project, self.release, None, self.at))

    @property
    def counts(self) -> ReleaseFacts | None:
        """What the release would reveal, in counts; None without the facts."""
        return None if self.facts is None else release_facts(self.facts)

    @property
    def hopeless(self) -> bool:
        """Whether a rule fails that no approval can settle."""
        return self.outcome is not None and self.outcome.hopeless

    @property
    def words(self) -> tuple[Said, ...]:
        """All votes, also withdrawn ones, in the order of the log."""
        standing = self.record.at_decision().approvals
        return tuple(
            Said(
                entry=entry,
                member=self.project.sender_of(entry),
                approves=entry.body.approves,
                officer=is_officer(self.charter, self.project.sender_of(entry)),
                withdrawn=entry not in standing,
                at=entry.body.at,
            )
            for entry in self.record.words
        )

    @property
    def my_word(self) -> Said | None:
        """This person's last vote."""
        mine = [said for said in self.words if said.member.id == self.me.id]
        return mine[-1] if mine else None

    def has_said(self, verdict: Literal["approve", "refuse"]) -> bool:
        """Whether this person's vote on this stage is that already."""
        word, stage = self.my_word, self.record.stage
        return (
            word is not None
            and stage is not None
            and not word.withdrawn
            and word.entry.body.stage == stage.digest
            and word.approves == (verdict == "approve")
        )

    def require_staged(self) -> Staged:
        """The stage; raises NotYet before the service has staged the release."""
        staged = self.staged
        if staged is None:
            raise NotYet(
                PolicyCode.RELEASE_NOT_STAGED,
                Words(f"{self.release} belum disiapkan.", f"{self.release} is not staged yet."),
                Words("Tunggu koordinator layanan.", "Wait for the service's coordinator."),
            )
        return staged

    def require_open(self) -> Entry[Staged]:
        """The stage, if it can still be decided on; raises NotYet or Refused."""
        self.require_staged()
        if self.state in ("released", "refused"):
            raise Refused(
                PolicyCode.RELEASE_DECIDED,
                Words(f"{self.release} sudah diputuskan.", f"{self.release} is decided already."),
                Words(
                    "Lihat putusannya dengan 'padan-policy inspect'.",
                    "See the verdict with 'padan-policy inspect'.",
                ),
            )
        if self.state == "expired":
            raise Refused(
                PolicyCode.RELEASE_EXPIRED,
                Words(
                    f"Berkas rilis {self.release} sudah kedaluwarsa.",
                    f"The stage of {self.release} has expired.",
                ),
                Words(
                    "Pemohon mengajukan permintaan baru; yang ini tidak dirilis lagi.",
                    "The requester asks again; this one will not be released.",
                ),
            )
        return self.record.require_stage()


def asked_of(project: Project, me: Member, at: int) -> list[Asked]:
    """Every requested release, latest first, without facts."""
    return [Asked(record, me, at) for record in reversed(project.releases())]
