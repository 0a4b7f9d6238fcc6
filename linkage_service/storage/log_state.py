"""One project's log as this process has replayed it from the database.

`view` is the committed state, read without a lock. Two locks, each of one project:

    appending    held for a whole transaction that may append
    reading      held while new leaves and cosignatures are taken in from the database

While a transaction appends, the replay is longer than the committed log. If the transaction fails,
this state is spoilt: those who read it by then still have the committed log, and everybody else
gets another state, which replays everything from the database.
"""

from __future__ import annotations

import threading
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection

from linkage_service.clock import SeenTimes
from linkage_service.storage.heads import cosigned_heads, stored
from linkage_service.storage.leaves import leaves_from
from policy.members.roster import Roster, parse_roster
from policy.members.succession import Rosters
from policy.project import Project
from policy.wire.replica import Replay, log_origin, read_cosigned, roster_of
from policy.witnessing.cosigned import CosignedSize


@dataclass
class LogState:
    """A replay, its cosigned heads, and how much of both was read from the database."""

    project_id: str
    roster: Roster  # with which an empty log would begin
    replay: Replay = field(init=False)
    view: Project = field(init=False)
    cosigned: list[CosignedSize] = field(init=False)
    times: SeenTimes = field(init=False)
    appending: threading.RLock = field(default_factory=threading.RLock)
    reading: threading.RLock = field(default_factory=threading.RLock)
    _changes: int = 0
    _spoilt: bool = False

    def __post_init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Replay everything from the database again, at the next `catch_up`."""
        self.replay = Replay(Project(self.roster))
        self.view = self.replay.project.until(0)
        self.cosigned, self.times, self._changes = [], SeenTimes(), 0

    # -- reading ------------------------------------------------------------------------

    def catch_up(self, connection: Connection) -> None:
        """Take in what other processes, or earlier transactions, have committed."""
        size, changes = stored(connection, self.project_id)
        if self.has(size, changes):
            return
        if self._has_tail and size > self.view.size:
            # A transaction of this process has just ended: its thread settles or forgets it.
            with self.appending:
                pass
        with self.reading:
            if not self._has_tail:
                self._take_in(connection)

    def has(self, size: int, changes: int) -> bool:
        """Whether nothing is missing here of a log of this size and number of changes."""
        return size <= self.view.size and changes <= self._changes

    @property
    def _has_tail(self) -> bool:
        return self.replay.size > self.view.size

    def _take_in(self, connection: Connection) -> None:
        # Cosigned heads first: every head has its leaves when the leaves are read.
        notes, changes = cosigned_heads(connection, self.project_id, self._changes)
        fresh = leaves_from(connection, self.project_id, self.replay.size)
        try:
            self.begin(fresh)
            rosters = self.replay.project.rosters.extended(fresh, self.replay.size)
            known = self.read(notes, rosters)
            self.replay.extend(fresh, self.cosigned)
        except BaseException:
            self.forget()
            raise
        for each in known:
            self.times.add_cosigned(self.replay.project, each)
        self._changes = changes
        self._settle()

    def begin(self, leaves: Sequence[bytes]) -> None:
        """Of an empty log: the roster in its first leaf judges the leaf."""
        if leaves and not self.replay.size:
            self.replay = Replay(Project(parse_roster(leaves[0])[0]))

    def read(self, notes: Iterable[str], rosters: Rosters) -> list[CosignedSize]:
        """Verify these notes, all of each size, and keep who cosigned when."""
        by_size: dict[int, list[CosignedSize]] = {}
        for note in notes:
            judge, origin = roster_of(note, rosters), log_origin(self.project_id)
            read = read_cosigned(note, judge, origin)[1]
            by_size.setdefault(read.size, []).append(read)
        for size, found in by_size.items():
            low = bisect_left(self.cosigned, size, key=_size)
            high = bisect_right(self.cosigned, size, key=_size)
            self.cosigned[low:high] = found
        return [each for found in by_size.values() for each in found]

    # -- appending ----------------------------------------------------------------------

    def extend(self, leaf: bytes) -> None:
        """Replay a leaf that the current transaction appends; raises what the law raises."""
        with self.reading:
            self.replay.extend([leaf], self.cosigned)

    def settle(self) -> None:
        """The transaction is committed: readers see what it appended."""
        with self.reading:
            self._settle()

    def spoil(self) -> None:
        """The transaction fails, and has taken in what is not in the database."""
        self._spoilt = True

    @property
    def is_spoilt(self) -> bool:
        """Whether a transaction that failed has left something here."""
        return self._spoilt or self._has_tail

    def _settle(self) -> None:
        known, project = self.view.size, self.replay.project
        if project.size > known:
            service = project.roster.service().id
            self.times.add_entries(project.log.entries[known:], service)
            self.view = project.until(project.size)


def _size(cosigned: CosignedSize) -> int:
    return cosigned.size
