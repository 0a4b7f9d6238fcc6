"""The statements of one project in order, found by digest, by kind, or by run or release."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, cast

from typing_extensions import TypeVar

from policy.project.problems import wrong_kind
from policy.statements import AnyBody, SealedRows, Statement

# The kind of an entry's body. `Entry` alone is an entry of any kind.
B_co = TypeVar("B_co", bound=AnyBody, covariant=True, default=AnyBody)
K = TypeVar("K", bound=AnyBody)


@dataclass(frozen=True)
class Entry(Generic[B_co]):
    """A statement at its index in the log; `Entry[Staged]` has a `Staged` as its body."""

    index: int
    statement: Statement

    @property
    def digest(self) -> str:
        """The digest of the statement."""
        return self.statement.digest

    @property
    def body(self) -> B_co:
        """The statement's body."""
        return cast("B_co", self.statement.body)

    @property
    def sender(self) -> str:
        """The id of the statement's sender."""
        return self.statement.sender

    def of_kind(self, kind: type[K]) -> Entry[K]:
        """This entry, known to be of that kind; raises Refused if it is of another."""
        if not isinstance(self.statement.body, kind):
            raise wrong_kind()
        return cast("Entry[K]", self)


@dataclass
class Log:
    """Statements in order, found by digest, by kind, and by kind and name of run or release.

    Lists only grow at the end, so an earlier state of the project stays the same while the log
    grows. If a digest repeats, the first entry counts.
    """

    length: int = 0
    entries: list[Entry] = field(default_factory=list)
    by_digest: dict[str, Entry] = field(default_factory=dict)
    by_kind: dict[type[Any], list[Entry]] = field(default_factory=dict)
    by_name: dict[tuple[type[Any], str], list[Entry]] = field(default_factory=dict)
    by_sender: dict[str, list[Entry]] = field(default_factory=dict)
    # For each entry of `by_sender`: the bytes of its sender's leaves up to and including it.
    bytes_by_sender: dict[str, list[int]] = field(default_factory=dict)

    def add(self, statement: Statement) -> Entry:
        """Append a statement and index it; returns its entry."""
        entry: Entry = Entry(self.length, statement)
        kind = type(statement.body)
        self.length += 1
        self.entries.append(entry)
        self.by_digest.setdefault(entry.digest, entry)
        self.by_kind.setdefault(kind, []).append(entry)
        self.by_name.setdefault((kind, _name(statement)), []).append(entry)
        self.by_sender.setdefault(statement.sender, []).append(entry)
        sizes = self.bytes_by_sender.setdefault(statement.sender, [])
        sizes.append((sizes[-1] if sizes else 0) + len(statement.leaf))
        return entry

    def of(self, kind: type[K]) -> list[Entry[K]]:
        """The entries of one kind. Only `add` may change the list."""
        return cast("list[Entry[K]]", self.by_kind.get(kind, []))

    def named(self, kind: type[K], name: str) -> list[Entry[K]]:
        """The entries of one kind about this run or release. Only `add` may change the list."""
        return cast("list[Entry[K]]", self.by_name.get((kind, name), []))


def count_before(entries: Sequence[Entry], index: int) -> int:
    """How many of these entries come before that index of the log."""
    return bisect_left(entries, index, key=lambda entry: entry.index)


def sealed_of(entry: Entry) -> SealedRows:
    """The rows sent in a bundle or a delta; raises Refused for any other statement."""
    if not isinstance(entry.body, SealedRows):
        raise wrong_kind()
    return entry.body


def _name(statement: Statement) -> str:
    """The transfer or release that a statement is about, else the run that its binding names."""
    said = vars(statement.body)
    named = said.get("transfer") or said.get("release")
    return named if isinstance(named, str) and named else statement.binding.run
