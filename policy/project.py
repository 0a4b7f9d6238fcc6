"""What a project's log says: its roster, its charter, and who has said what.

Nothing here decides whether a statement is allowed; that is `policy.law`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from policy.charter import Charter
from policy.errors import NotYet, Refused
from policy.roster import Roster
from policy.statements import (
    Accepted,
    AnyBody,
    Approval,
    CharterBody,
    Decided,
    Received,
    ReleaseRequest,
    RunFinished,
    RunOrder,
    Staged,
    StagedFile,
    Statement,
    Withdrawn,
)
from policy.words import Words

B = TypeVar("B", bound=AnyBody)


@dataclass(frozen=True)
class Entry:
    """A statement at its place in the log."""

    index: int
    statement: Statement

    @property
    def digest(self) -> str:
        return self.statement.digest


@dataclass
class Project:
    """A project's state, derived from its log alone."""

    roster: Roster
    entries: list[Entry] = field(default_factory=list)

    @cached_property
    def charter(self) -> Charter:
        """The charter; raises NotYet before the first party signed it. It never changes."""
        signatures = self.of(CharterBody)
        if not signatures:
            raise not_yet("charter", "Piagam belum diajukan.", "No charter has been proposed yet.")
        return body_of(signatures[0], CharterBody)

    @cached_property
    def charter_digest(self) -> str:
        return self.charter.digest()

    @cached_property
    def roster_digest(self) -> str:
        return self.roster.digest()

    def of(self, body: type[B]) -> list[Entry]:
        return [e for e in self.entries if isinstance(e.statement.body, body)]

    def by_sender(self, body: type[B]) -> dict[str, B]:
        return {e.statement.sender: body_of(e, body) for e in self.of(body)}

    def entry(self, digest: str) -> Entry:
        """The entry of a statement digest; raises Refused."""
        for entry in self.entries:
            if entry.digest == digest:
                return entry
        raise refused(
            "reference",
            "Pernyataan merujuk pada sesuatu yang tidak ada di log.",
            "The statement refers to something that is not in the log.",
        )

    def bundles(self) -> dict[str, Entry]:
        """The accepted bundle of each dataset."""
        accepted = [body_of(e, Accepted) for e in self.of(Accepted)]
        return {a.dataset: self.entry(a.bundle) for a in accepted}

    def withdrawals(self, since: int = 0, until: int | None = None) -> list[Withdrawn]:
        """Those that stand at the indices since..until-1 of the log."""
        end = len(self.entries) if until is None else until
        return [body_of(e, Withdrawn) for e in self.of(Withdrawn) if since <= e.index < end]

    def order(self, run: str) -> Entry | None:
        return self._about(RunOrder, run)

    def run(self, run: str) -> Entry | None:
        return self._about(RunFinished, run)

    def request(self, release: str) -> Entry | None:
        return self._release(ReleaseRequest, release)

    def stage(self, release: str) -> Entry | None:
        return self._release(Staged, release)

    def approvals(self, release: str) -> list[Entry]:
        return [e for e in self.of(Approval) if body_of(e, Approval).release == release]

    def decision(self, release: str) -> Entry | None:
        return self._release(Decided, release)

    def has_receipt(self, release: str, file: StagedFile) -> bool:
        receipts = (body_of(e, Received) for e in self.of(Received))
        return any(
            (r.release, r.dataset, r.domain) == (release, file.dataset, file.domain)
            for r in receipts
        )

    def _about(self, body: type[RunOrder] | type[RunFinished], run: str) -> Entry | None:
        return next((e for e in self.of(body) if e.statement.binding.run == run), None)

    def _release(
        self, body: type[ReleaseRequest] | type[Staged] | type[Decided], release: str
    ) -> Entry | None:
        return next((e for e in self.of(body) if body_of(e, body).release == release), None)


def body_of(entry: Entry, body: type[B]) -> B:
    found = entry.statement.body
    if not isinstance(found, body):
        raise refused(
            "reference",
            "Pernyataan merujuk pada jenis pernyataan yang salah.",
            "The statement refers to a statement of the wrong kind.",
        )
    return found


def taken(entry: Entry | None, step: str) -> Entry:
    """The entry of a step; raises NotYet if nobody has taken it."""
    if entry is None:
        raise not_yet(step, f"Langkah '{step}' belum dilakukan.", f"Step '{step}' is not done yet.")
    return entry


def refused(code: str, indonesian: str, english: str) -> Refused:
    """What the log holds forbids it; waiting does not help."""
    return Refused(
        f"project.{code}",
        Words(indonesian, english),
        Words(
            "Lihat keadaan proyek dengan 'padan-policy status'.",
            "See where the project stands with 'padan-policy status'.",
        ),
    )


def not_yet(step: str, indonesian: str, english: str) -> NotYet:
    """What the log lacks forbids it; others must take a step first."""
    return NotYet(
        f"project.wait-{step}",
        Words(indonesian, english),
        Words(
            "Tunggu pihak itu, lalu ulangi; saksi menjalankan 'padan-policy witness'.",
            "Wait for them, then try again; witnesses run 'padan-policy witness'.",
        ),
    )
