"""The service's side of the log: append lawfully, sign the head, keep cosignatures.

Leaf, tree head and the rows of the event that it records commit in one
transaction. The project's state is the log replayed through `policy.law`.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import Connection, func, select

from linkage_service.clock import require_plausible
from linkage_service.records import Database
from linkage_service.records.tables import cosignatures, heads, leaves
from policy.canonical import is_identifier
from policy.clocks import require_near
from policy.conditions import CosignedSize
from policy.envelope import Binding, sign
from policy.errors import Refused, Unverified
from policy.home import Unlocked
from policy.log import Checkpoint, add_signature, cosigners, sign_checkpoint, time_of_line
from policy.project import Entry, Project
from policy.replica import Replay, log_origin, read_cosigned
from policy.roster import Roster
from policy.statements import AnyBody, Statement, parse_statement
from policy.witnessed import Witnessed
from policy.words import Words


@dataclass
class Append:
    """One open transaction on one project's log."""

    connection: Connection
    replay: Replay
    ledger: Ledger
    project_id: str
    vouched: bool = False  # a member asks just now, and its clock was compared with this one

    @property
    def project(self) -> Project:
        return self.replay.project

    def statement(self, statement: Statement) -> Entry:
        """Append if the law allows, and sign the new head."""
        leaf, index = statement.leaf, self.replay.size
        self.replay.extend([leaf], self.ledger.cosigned(self.connection, self.project_id))
        self.connection.execute(
            leaves.insert().values(
                project=self.project_id, position=index, digest=statement.digest, leaf=leaf
            )
        )
        checkpoint = Checkpoint(log_origin(self.project_id), index + 1, self.replay.roots[-1])
        note = sign_checkpoint(checkpoint, self.ledger.me.keys.log)
        self.connection.execute(
            heads.insert().values(project=self.project_id, size=index + 1, note=note)
        )
        return self.project.log.entries[-1]

    def own(self, body: AnyBody, *, run: str = "") -> Entry:
        """Append a statement of the service itself; raises NotYet while its clock may be wrong."""
        self.require_plausible(int(time.time()))
        charter = self.project.charter
        binding = Binding(
            type=body.TYPE,
            project=charter.project,
            epoch=charter.epoch,
            charter=charter.digest(),
            roster=self.ledger.roster.digest(),
            run=run,
            sender=self.ledger.me.member.id,
        )
        envelope = sign(binding, body.canonical(), self.ledger.me.keys.signing)
        return self.statement(parse_statement(envelope.canonical()))

    def witnessed(self) -> Witnessed:
        """When the charter's witnesses saw the log."""
        cosigned = self.ledger.cosigned(self.connection, self.project_id)
        return Witnessed.of(self.project, cosigned)

    def require_plausible(self, now: int) -> None:
        """The service's clock can be right; raises NotYet."""
        require_plausible(self.project, self.witnessed(), now, vouched=self.vouched)


@dataclass
class Ledger:
    """All projects' logs of one service."""

    database: Database
    roster: Roster
    roster_data: bytes
    me: Unlocked
    _replays: dict[str, Replay] = field(default_factory=dict)
    _cosigned: dict[str, dict[str, CosignedSize]] = field(default_factory=dict)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    # -- reading ------------------------------------------------------------------------

    def project(self, project_id: str) -> Project:
        """The project's state; raises Refused if there is no such project."""
        _require_identifier(project_id)
        with self._lock, self.database.reading() as connection:
            replay = self._replay(connection, project_id)
            if not replay.size:
                raise no_project()
            return replay.project.until(replay.size)

    def projects(self) -> list[str]:
        """The ids of all projects."""
        query = select(leaves.c.project).distinct().order_by(leaves.c.project)
        with self.database.reading() as connection:
            return [str(each) for each in connection.execute(query).scalars()]

    def leaves(self, connection: Connection, project_id: str, start: int = 0) -> list[bytes]:
        query = (
            select(leaves.c.leaf)
            .where(leaves.c.project == project_id, leaves.c.position >= start)
            .order_by(leaves.c.position)
        )
        return [bytes(leaf) for leaf in connection.execute(query).scalars()]

    def notes(
        self, connection: Connection, project_id: str, since: int = 0
    ) -> tuple[tuple[str, ...], int]:
        """Cosigned heads that changed after `since`, and the number of the last change.

        Smallest first; of each size all first cosignatures, and then the newest where some
        differ. A number that this database has not reached comes from another one: all are sent.
        """
        of_project = cosignatures.c.project == project_id
        last = connection.execute(
            select(func.coalesce(func.max(cosignatures.c.changed), 0)).where(of_project)
        ).scalar_one()
        after = since if since <= last else 0
        fresh = select(cosignatures.c.size).where(of_project, cosignatures.c.changed > after)
        query = (
            select(heads.c.size, heads.c.note, cosignatures.c.line, cosignatures.c.newest)
            .join(heads, (heads.c.project == cosignatures.c.project) & _SAME_SIZE)
            .where(of_project, cosignatures.c.size.in_(fresh))
            .order_by(heads.c.size, cosignatures.c.member)
        )
        rows: dict[int, list[tuple[str, str, str]]] = {}
        for size, *row in connection.execute(query):
            rows.setdefault(size, []).append((row[0], row[1], row[2]))
        return tuple(note for each in rows.values() for note in _cosigned_heads(each)), int(last)

    def latest(self, connection: Connection, project_id: str) -> str:
        """The newest head with all its cosignatures."""
        size = connection.execute(
            select(func.max(heads.c.size)).where(heads.c.project == project_id)
        ).scalar()
        if size is None:
            raise no_project()
        query = select(cosignatures.c.line).where(
            cosignatures.c.project == project_id, cosignatures.c.size == size
        )
        lines = list(connection.execute(query.order_by(cosignatures.c.member)).scalars())
        return _with(self._head(connection, project_id, size), lines)

    def cosigned(self, connection: Connection, project_id: str) -> list[CosignedSize]:
        """Who saw which head, and when; each note is verified once."""
        notes, _ = self.notes(connection, project_id)
        known, origin = self._cosigned.get(project_id, {}), log_origin(project_id)
        self._cosigned[project_id] = {
            note: known.get(note) or read_cosigned(note, self.roster, origin)[1] for note in notes
        }
        return list(self._cosigned[project_id].values())

    def witnessed(self, project_id: str) -> Witnessed:
        """When the charter's witnesses saw the log."""
        with self._lock, self.database.reading() as connection:
            replay = self._replay(connection, project_id)
            return Witnessed.of(replay.project, self.cosigned(connection, project_id))

    # -- writing ------------------------------------------------------------------------

    @contextmanager
    def appending(self, project_id: str, *, vouched: bool = False) -> Iterator[Append]:
        """A transaction in which statements may be appended and their event recorded."""
        _require_identifier(project_id)
        with self._lock:
            try:
                with self.database.writing(project_id) as connection:
                    replay = self._replay(connection, project_id)
                    yield Append(connection, replay, self, project_id, vouched)
            except BaseException:
                # What was replayed may not have been committed: replay afresh next time.
                self._replays.pop(project_id, None)
                raise

    def open_project(self, append: Append) -> None:
        """The roster is the first leaf of every project's log."""
        if append.replay.size == 0:
            append.statement(parse_statement(self.roster_data))

    def cosign(self, project_id: str, member: str, line: str, now: int) -> None:
        """Keep a witness's cosignature of the newest head, its first and its newest one.

        Raises Refused for one who is no witness or whose clock is not near `now`, and
        Unverified.
        """
        with self.appending(project_id) as append:
            if member not in append.project.charter.witnesses.members:
                raise _no_witness(member)
            head = self._head(append.connection, project_id, append.replay.size)
            if not self._is_cosignature(head, line, member):
                raise _no_cosignature()
            at = time_of_line(line)
            require_near("witness.clock", _COSIGNATURE, at, now)
            self._keep_cosignature(append, member, line, at)

    def _keep_cosignature(self, append: Append, member: str, line: str, at: int) -> None:
        key = {"project": append.project_id, "size": append.replay.size, "member": member}
        last = select(func.coalesce(func.max(cosignatures.c.changed), 0)).where(
            cosignatures.c.project == append.project_id
        )
        change = append.connection.execute(last).scalar_one() + 1
        known = append.connection.execute(
            select(cosignatures.c.line, cosignatures.c.newest).filter_by(**key)
        ).first()
        if known is None:
            values = {**key, "line": line, "changed": change}
            append.connection.execute(cosignatures.insert().values(**values))
        elif at > time_of_line(known.newest or known.line):
            newer = cosignatures.update().filter_by(**key).values(newest=line, changed=change)
            append.connection.execute(newer)

    def others(self, append: Append) -> Iterator[Project]:
        """Every other project of this service, read in the transaction at hand."""
        query = select(leaves.c.project).distinct().where(leaves.c.project != append.project_id)
        for project_id in sorted(append.connection.execute(query).scalars()):
            yield self._replay(append.connection, project_id).project

    def _is_cosignature(self, head: str, line: str, member: str) -> bool:
        key = self.roster.member(member).log_public()
        try:
            return member in cosigners(add_signature(head, line), {member: key})
        except Unverified:
            return False

    def _replay(self, connection: Connection, project_id: str) -> Replay:
        """The cached replay, brought up to what is committed (other processes append too)."""
        replay = self._replays.get(project_id) or Replay(Project(self.roster))
        fresh = self.leaves(connection, project_id, replay.size)
        if fresh:
            replay.extend(fresh, self.cosigned(connection, project_id))
        self._replays[project_id] = replay
        return replay

    def _head(self, connection: Connection, project_id: str, size: int) -> str:
        query = select(heads.c.note).filter_by(project=project_id, size=size)
        return str(connection.execute(query).scalar_one())


def _require_identifier(project_id: str) -> None:
    if not is_identifier(project_id):
        raise no_project()


def no_project() -> Refused:
    return Refused(
        "service.no-project",
        Words("Proyek ini tidak ada di layanan.", "There is no such project at the service."),
        Words("Periksa id proyek, atau ajukan piagamnya.", "Check the id, or submit a charter."),
    )


def _cosigned_heads(rows: list[tuple[str, str, str]]) -> tuple[str, ...]:
    """One head with all first cosignatures, and with the newest ones if some differ."""
    head = rows[0][0]
    first = _with(head, [line for _, line, _ in rows])
    newest = _with(head, [newest or line for _, line, newest in rows])
    return tuple(dict.fromkeys((first, newest)))


_SAME_SIZE = heads.c.size == cosignatures.c.size
_COSIGNATURE = Words("tanda tangan saksi", "the cosignature")


def _no_witness(member: str) -> Refused:
    return Refused(
        "witness.not-named",
        Words(
            f"Piagam tidak menyebut '{member}' sebagai saksi.",
            f"The charter does not name '{member}' as a witness.",
        ),
        Words("Periksa piagam.", "Check the charter."),
    )


def _no_cosignature() -> Unverified:
    return Unverified(
        "witness.cosignature",
        Words(
            "Tanda tangan saksi bukan untuk titik periksa terbaru.",
            "The cosignature is not one of the newest checkpoint.",
        ),
        Words("Jalankan lagi 'padan-policy witness'.", "Run 'padan-policy witness'."),
    )


def _with(note: str, lines: list[str]) -> str:
    """The head with lines that were verified before they were kept, one of each member."""
    return note + "".join(lines)
