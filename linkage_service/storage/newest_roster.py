"""The newest roster of a home folder, also if another process of this service took it.

Processes that share the home folder see it at once. One with a folder of its own learns it from a
log that has it, where both authorities' signatures are checked again.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from policy.members.home import Home
from policy.members.roster import Roster, open_roster, roster_digest
from policy.project import Project
from policy.statements import RosterBody

_Stamp = tuple[int, int, int] | None


@dataclass(frozen=True)
class _Read:
    stamp: _Stamp
    roster: Roster
    data: bytes


@dataclass
class NewestRoster:
    """By which callers are authenticated."""

    home: Home
    _learning: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _read: _Read = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._read = self._from_home(self._stamp())

    def roster(self) -> Roster:
        return self._now().roster

    def data(self) -> bytes:
        """As it was signed."""
        return self._now().data

    def learn_from(self, project: Project) -> None:
        """Store the rosters of a log that are newer; raises what `Home.learn` raises."""
        if project.roster.version <= self.roster().version:
            return
        with self._learning:
            for entry in project.entries:
                body = entry.body
                if isinstance(body, RosterBody) and body.version > self.roster().version:
                    self.home.learn(entry.statement.leaf)

    def _now(self) -> _Read:
        stamp = self._stamp()
        if stamp is None or stamp != self._read.stamp:
            self._read = self._from_home(stamp)
        return self._read

    def _stamp(self) -> _Stamp:
        """Another one after each pinning, which is one rename; None if the file is gone."""
        try:
            found = (self.home.path / "service.json").stat()
        except FileNotFoundError:
            return None
        return found.st_mtime_ns, found.st_ctime_ns, found.st_ino

    def _from_home(self, stamp: _Stamp) -> _Read:
        data = self.home.roster_file()
        return _Read(stamp, open_roster(data, roster_digest(data)), data)
