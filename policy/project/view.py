"""The first entries of a log, found by their digest, kind, name or sender."""

from __future__ import annotations

from typing import TypeVar, overload

from policy.base.error_codes import PolicyCode
from policy.project.log import Entry, Log, count_before
from policy.project.problems import refused
from policy.statements import AnyBody, Statement

B = TypeVar("B", bound=AnyBody)


class LogView:
    """A log up to `end`, or as far as it goes. What is looked up is found by an index, not a scan.

    Lists are copies, in the order of the log.
    """

    log: Log
    end: int | None

    @property
    def size(self) -> int:
        return self.log.length if self.end is None else self.end

    @property
    def entries(self) -> list[Entry]:
        return self._until_end(self.log.entries)

    def add(self, statement: Statement) -> Entry:
        """Append what the law has allowed (`policy.law.append`)."""
        assert self.end is None, "the past does not grow"
        return self.log.add(statement)

    def pass_over(self) -> None:
        """Leave a place to a leaf that counts for nothing (an auditor keeps counting)."""
        assert self.end is None, "the past does not grow"
        self.log.length += 1

    def of(self, kind: type[B]) -> list[Entry[B]]:
        """Those of a kind."""
        return self._until_end(self.log.of(kind))

    def named(self, kind: type[B], name: str) -> list[Entry[B]]:
        """Those of a kind that are about this run or release."""
        return self._until_end(self.log.named(kind, name))

    def first_named(self, kind: type[B], name: str) -> Entry[B] | None:
        """The first of them, which is the one that counts; None if nobody has said it."""
        return next(iter(self.named(kind, name)), None)

    def said_by(self, member: str) -> list[Entry]:
        """All that a member said, in order."""
        return self._until_end(self.log.by_sender.get(member, []))

    def bytes_of(self, member: str) -> int:
        """How many bytes of leaves a member's statements take."""
        said = len(self.said_by(member))
        return self.log.bytes_by_sender[member][said - 1] if said else 0

    def by_sender(self, kind: type[B]) -> dict[str, B]:
        """What each said; who said it several times is heard by the last."""
        return {e.sender: e.body for e in self.of(kind)}

    @overload
    def entry(self, digest: str) -> Entry: ...

    @overload
    def entry(self, digest: str, kind: type[B]) -> Entry[B]: ...

    def entry(self, digest: str, kind: type[B] | None = None) -> Entry:
        """The entry of a statement digest; raises Refused if there is none of that kind."""
        entry = self.log.by_digest.get(digest)
        if entry is None or entry.index >= self.size:
            raise refused(
                PolicyCode.PROJECT_REFERENCE,
                "Pernyataan merujuk pada sesuatu yang tidak ada di log.",
                "The statement refers to something that is not in the log.",
            )
        if kind is not None:
            entry.of_kind(kind)
        return entry

    def holds(self, digest: str) -> bool:
        """Whether this very statement stands in the log."""
        entry = self.log.by_digest.get(digest)
        return entry is not None and entry.index < self.size

    def _until_end(self, entries: list[Entry[B]]) -> list[Entry[B]]:
        """A copy of those that are in the log as this project has it."""
        return entries[: count_before(entries, self.size)]
