"""Logs as they are stored: where they end, who may read them, proofs; none of it replays a log.

What is kept in memory does not grow with statements, but for 64 bytes a leaf of logs whose entries
were proved.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from linkage_service.storage.heads import no_project
from linkage_service.storage.leaves import LEAVES_AT_ONCE, leaves_from
from linkage_service.storage.log_pages import LogEnd, log_end
from linkage_service.storage.readership import Readership
from linkage_service.storage.records import Database
from policy.base.canonical import is_identifier
from policy.log import HashedTree, leaf_hash


@dataclass
class StoredLogs:
    """All logs of one database."""

    database: Database
    _readerships: dict[str, Readership] = field(default_factory=dict)
    _trees: dict[str, HashedTree] = field(default_factory=dict)
    _reading: dict[str, threading.Lock] = field(default_factory=dict)

    def end(self, project_id: str) -> LogEnd:
        """Where the log ends now, by one statement; raises Refused if there is no such project."""
        require_identifier(project_id)
        with self.database.one_look() as connection:
            return log_end(connection, project_id)

    def may_read(self, project_id: str, member: str, size: int | None = None) -> bool:
        """Whether this member may read the log, by its first `size` leaves at least, or by all.

        Reads charters and rosters alone, and replays nothing; raises Refused if there is no such
        project.
        """
        return self.readership(project_id, size).has(member)

    def readership(self, project_id: str, size: int | None = None) -> Readership:
        """The charters and rosters of the log, of that many leaves at least; raises as above."""
        size = self.end(project_id).size if size is None else size
        found = self._readerships.get(project_id)
        if found is not None and found.size >= size:
            return found
        with self._alone(project_id):
            found = self._readerships.get(project_id)  # another thread may have read it meanwhile
            if found is None or found.size < size:
                with self.database.reading() as connection:
                    if found is None:
                        found = Readership.of(connection, project_id, size)
                    else:
                        found = found.until(connection, project_id, size)
                self._readerships[project_id] = found
            return found

    def inclusion_proof(self, project_id: str, index: int, size: int) -> list[bytes]:
        """A proof under the head of this size; each leaf is read and hashed once in a process."""
        with self._alone(project_id), self.database.reading() as connection:
            tree = self._trees.setdefault(project_id, HashedTree())
            for start in range(tree.size, size, LEAVES_AT_ONCE):
                end = min(start + LEAVES_AT_ONCE, size)
                tree.extend(map(leaf_hash, leaves_from(connection, project_id, start, end)))
            return tree.inclusion_proof(index, size)

    def _alone(self, project_id: str) -> threading.Lock:
        """Held while leaves of this log are read, so that threads do not read them twice."""
        return self._reading.setdefault(project_id, threading.Lock())


def require_identifier(project_id: str) -> None:
    """Raises Refused for a name that no project can have."""
    if not is_identifier(project_id):
        raise no_project()
