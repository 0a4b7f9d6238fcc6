"""The first entries of a log, found by digest, kind, name or sender."""

from __future__ import annotations

from typing import TypeVar, overload

from policy.base.error_codes import PolicyCode
from policy.project.log import Entry, Log, count_before
from policy.project.problems import refused
from policy.statements import AnyBody, Statement

B = TypeVar("B", bound=AnyBody)


class LogView:
    """A log up to index `end`, or the whole log. Lookups use an index, not a scan.

    Lists are copies, in the order of the log.
    """

    log: Log
    end: int | None

    @property
    def size(self) -> int:
        """The number of entries."""
        return self.log.length if self.end is None else self.end

    @property
    def entries(self) -> list[Entry]:
        """All entries, in order."""
        return self._until_end(self.log.entries)

    def add(self, statement: Statement) -> Entry:
        """Append a statement that the law allowed (`policy.law.append`); returns its entry."""
        assert self.end is None, "the past does not grow"
        return self.log.add(statement)

    def pass_over(self) -> None:
        """Leave an index to a leaf without effect, so that later indices stay those of the log."""
        assert self.end is None, "the past does not grow"
        self.log.length += 1

    def of(self, kind: type[B]) -> list[Entry[B]]:
        """The entries of one kind."""
        return self._until_end(self.log.of(kind))

    def named(self, kind: type[B], name: str) -> list[Entry[B]]:
        """The entries of one kind about this run or release."""
        return self._until_end(self.log.named(kind, name))

    def first_named(self, kind: type[B], name: str) -> Entry[B] | None:
        """The first such entry, which is the one that counts; None if there is none."""
        return next(iter(self.named(kind, name)), None)

    def said_by(self, member: str) -> list[Entry]:
        """All statements of a member, in order."""
        return self._until_end(self.log.by_sender.get(member, []))

    def bytes_of(self, member: str) -> int:
        """The total size of a member's leaves in bytes."""
        said = len(self.said_by(member))
        return self.log.bytes_by_sender[member][said - 1] if said else 0

    def by_sender(self, kind: type[B]) -> dict[str, B]:
        """The body of each sender; if a sender has several, its last one."""
        return {e.sender: e.body for e in self.of(kind)}

    @overload
    def entry(self, digest: str) -> Entry: ...

    @overload
    def entry(self, digest: str, kind: type[B]) -> Entry[B]: ...

    def entry(self, digest: str, kind: type[B] | None = None) -> Entry:
        """The entry with this statement digest; raises Refused if there is none of that kind."""
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
        """Whether the statement with this digest is in the log."""
        entry = self.log.by_digest.get(digest)
        return entry is not None and entry.index < self.size

    def _until_end(self, entries: list[Entry[B]]) -> list[Entry[B]]:
        """A copy of the entries before this view's end."""
        return entries[: count_before(entries, self.size)]
