"""The service's side of the log: append lawful statements, sign the head, keep cosignatures.

One transaction commits a leaf, the tree head and the rows of the recorded event. The
project's state is the log replayed through `policy.law`.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from sqlalchemy import Connection

from linkage_service.clock import require_plausible
from linkage_service.error_codes import ServiceCode
from linkage_service.storage.awaited import (
    AwaitedLog,
    NewestHeads,
    awaited_log,
    require_whole,
    wait_for,
)
from linkage_service.storage.heads import keep_cosignature, no_project, signed_head, stored
from linkage_service.storage.leaves import log_size, project_ids
from linkage_service.storage.log_state import LogState
from linkage_service.storage.newest_roster import NewestRoster
from linkage_service.storage.openings import Openings
from linkage_service.storage.records import Database
from linkage_service.storage.records.tables import heads, leaves, openings
from linkage_service.storage.stored_logs import StoredLogs, require_identifier
from policy.base.canonical import is_identifier
from policy.base.clocks import Clock, require_near
from policy.base.errors import Refused, Unverified
from policy.base.words import Words
from policy.crypto.envelope import Binding, sign
from policy.gates.facts import OpenedFacts
from policy.log import Checkpoint, add_signature, cosigners, sign_checkpoint, time_of_line
from policy.members.home import Unlocked
from policy.members.roster import Roster, as_first
from policy.project import Entry, Project
from policy.statements import AnyBody, Statement, parse_statement
from policy.wire.replica import Replay, log_origin
from policy.witnessing.cosigned import CosignedSize
from policy.witnessing.witness_times import Witnessed

# Of all logs that are kept replayed, about 4 kB each. A log of its own may be longer.
_MOST_ENTRIES = 50_000


@dataclass
class Append:
    """One open transaction on one project's log."""

    connection: Connection
    state: LogState
    ledger: Ledger
    vouched: bool = False  # a member's request, its clock compared
    head: str = ""  # the newest one signed here

    @property
    def project_id(self) -> str:
        return self.state.project_id

    @property
    def replay(self) -> Replay:
        return self.state.replay

    @property
    def project(self) -> Project:
        return self.replay.project

    def statement(self, statement: Statement) -> Entry:
        """Append a statement that the law allows, and sign the new head.

        Raises NotYet while the log may lack its end (`awaited`): nothing is signed into a gap.
        """
        require_whole(self.connection, self.project, self.project_id)
        return self.lawful(statement)

    def lawful(self, statement: Statement) -> Entry:
        """As `statement`, for one that was in this place of the log before."""
        leaf, index = statement.leaf, self.replay.size
        self.state.extend(leaf)
        self.connection.execute(
            leaves.insert().values(
                project=self.project_id, position=index, digest=statement.digest, leaf=leaf
            )
        )
        checkpoint = Checkpoint(log_origin(self.project_id), index + 1, self.replay.roots[-1])
        keys = self.ledger.me.under(self.project.roster).keys
        note = sign_checkpoint(checkpoint, keys.log)
        self.connection.execute(
            heads.insert().values(project=self.project_id, size=index + 1, note=note)
        )
        self.head = note
        return self.project.log.entries[-1]

    def own(self, body: AnyBody, *, run: str = "") -> Entry:
        """Append the service's own statement; raises NotYet while its clock may be wrong."""
        self.require_plausible(self.ledger.clock())
        charter = self.project.charter
        binding = Binding(
            type=body.TYPE,
            project=charter.project,
            epoch=charter.epoch,
            charter=charter.digest(),
            roster=self.project.roster_digest,
            run=run,
            sender=self.ledger.me.member.id,
        )
        keys = self.ledger.me.under(self.project.roster).keys
        envelope = sign(binding, body.canonical(), keys.signing)
        return self.statement(parse_statement(envelope.canonical()))

    def keep_opened(self, opened: OpenedFacts) -> None:
        """Keep facts in the transaction whose statement commits to them."""
        self.ledger.openings.keep(self.project_id, opened)
        self.connection.execute(
            openings.insert().values(
                project=self.project_id,
                commitment=opened.commitment(),
                opened=opened.canonical().decode(),
            )
        )

    def witnessed(self) -> Witnessed:
        """When the charter's witnesses saw the log."""
        return Witnessed.of(self.project, self.state.cosigned)

    def require_plausible(self, now: int) -> None:
        """Check that the service's clock can be right; raises NotYet."""
        require_plausible(self.project, self.state.times, now, vouched=self.vouched)


@dataclass
class Ledger:
    """All projects' logs of one service."""

    database: Database
    me: Unlocked
    clock: Clock
    pinned: NewestRoster = field(init=False)
    newest: NewestHeads = field(init=False)
    openings: Openings = field(init=False)
    stored: StoredLogs = field(init=False)
    _states: OrderedDict[str, LogState] = field(default_factory=OrderedDict)  # as they were used
    taking_roster: threading.RLock = field(default_factory=threading.RLock)  # one at a time

    def __post_init__(self) -> None:
        self.pinned = NewestRoster(self.me.home)
        self.newest = NewestHeads(self.me.home.path / "heads")
        self.openings = Openings.of(self.me)
        self.stored = StoredLogs(self.database)
        self._notice_older_database()

    def _notice_older_database(self) -> None:
        """Wait for members' copies of the logs of which this home remembers a larger head."""
        for project_id in filter(is_identifier, self.newest.projects()):
            size = self.newest.size(project_id)
            with self.database.writing(project_id) as connection:
                if size > log_size(connection, project_id):
                    wait_for(connection, project_id, size, self.clock())

    def await_copies(self) -> list[str]:
        """After a restore: every log waits until its witnesses have shown their heads.

        Each log is replayed; raises what the law or a damaged leaf raises.
        """
        found = self.projects()
        for project_id in found:
            self.project(project_id)
            with self.database.writing(project_id) as connection:
                wait_for(connection, project_id, 0, self.clock())
        return found

    def awaited_log(self, project_id: str) -> AwaitedLog | None:
        """What this log waits for since a restore; None if it does not wait."""
        project = self.project(project_id)
        with self.database.reading() as connection:
            return awaited_log(connection, project, project_id)

    # -- reading ------------------------------------------------------------------------

    def project(self, project_id: str) -> Project:
        """The project's committed state; raises Refused if there is no such project."""
        return self._caught_up(project_id).view

    def projects(self) -> list[str]:
        """The ids of all projects."""
        with self.database.reading() as connection:
            return project_ids(connection)

    def cosigned(self, project_id: str) -> list[CosignedSize]:
        """Which witness saw which head, and when."""
        return list(self._caught_up(project_id).cosigned)

    def witnessed(self, project_id: str) -> Witnessed:
        """When the charter's witnesses saw the log."""
        state = self._caught_up(project_id)
        return Witnessed.of(state.view, list(state.cosigned))

    def require_plausible(self, project_id: str, now: int) -> None:
        """Check that this clock can be right, by what members stated; raises NotYet."""
        state = self._caught_up(project_id)
        require_plausible(state.view, state.times, now)

    def _caught_up(self, project_id: str) -> LogState:
        """What this process knows, updated to what is committed (other processes append too)."""
        require_identifier(project_id)
        state = self._states.get(project_id)
        if state is not None and state.view.size:
            with self.database.one_look() as connection:
                if state.has(*stored(connection, project_id)):
                    with suppress(KeyError):
                        self._states.move_to_end(project_id)
                    return state
        with self.database.reading() as connection:
            state = self._state(project_id, connection)
            if not state.view.size:
                raise no_project()
            return state

    def _state(self, project_id: str, connection: Connection) -> LogState:
        state = self._states.get(project_id)
        if state is None:
            state = LogState(project_id, self.roster)
            if log_size(connection, project_id):  # no memory for names that were only asked for
                state = self._states.setdefault(project_id, state)
        state.catch_up(connection)
        self._let_go(project_id)
        return state

    def _let_go(self, used: str) -> None:
        """Forget the logs that were used longest ago, while all have more entries than fit.

        A caller that holds one goes on with it; the next one replays it from the database.
        """
        with suppress(KeyError):
            self._states.move_to_end(used)
        kept = sum(state.view.size for state in list(self._states.values()))
        for project_id, state in list(self._states.items()):
            if kept <= _MOST_ENTRIES or project_id == used:
                return
            self._states.pop(project_id, None)
            kept -= state.view.size

    # -- writing ------------------------------------------------------------------------

    @contextmanager
    def appending(self, project_id: str, *, vouched: bool = False) -> Iterator[Append]:
        """A transaction in which statements may be appended and their event recorded.

        It holds up this project alone. Within it, `project` still shows what is committed.
        """
        require_identifier(project_id)
        with self._alone(project_id) as state:
            try:
                with self.database.writing(project_id) as connection:
                    state.catch_up(connection)
                    append = Append(connection, state, self, vouched)
                    yield append
            except BaseException:
                if state.is_spoilt or not state.view.size:
                    self._states.pop(project_id, None)
                raise
            state.settle()
            if append.head:
                self.newest.keep(project_id, append.head)

    @contextmanager
    def _alone(self, project_id: str) -> Iterator[LogState]:
        """The state that this project's readers share, for one thread that may append."""
        while True:
            state = self._states.setdefault(project_id, LogState(project_id, self.roster))
            with state.appending:
                if self._states.get(project_id) is state:
                    yield state
                    return
            # While this thread waited, a transaction failed and left its state behind.

    def open_project(self, append: Append) -> None:
        """The roster is the first leaf of every project's log."""
        if append.replay.size == 0:
            append.statement(parse_statement(as_first(self.pinned.data())))

    def cosign(self, project_id: str, member: str, line: str) -> None:
        """Keep a witness's cosignature of the newest head, its first and its newest one.

        Raises Refused for a member who is not a witness or whose clock differs too much from the
        service's clock, and Unverified for a cosignature that does not verify.
        """
        with self.appending(project_id) as append:
            if member not in append.project.charter.witnesses.members:
                raise _no_witness(member)
            head = signed_head(append.connection, project_id, append.replay.size)
            if not self._is_cosignature(append.project.roster, head, line, member):
                raise _no_cosignature()
            at = time_of_line(line)
            require_near(ServiceCode.WITNESS_CLOCK, _COSIGNATURE, at, self.clock())
            keep_cosignature(append.connection, project_id, append.replay.size, member, line)

    # -- rosters --------------------------------------------------------------------------

    @property
    def roster(self) -> Roster:
        """The newest roster, by which this service authenticates callers."""
        return self.pinned.roster()

    def learn_from(self, project_id: str) -> None:
        """Learn a later roster that another process has taken, if this log has it."""
        self.pinned.learn_from(self.stored.readership(project_id).project)

    def roster_files(self) -> list[bytes]:
        """All rosters that this service ever had, the oldest first."""
        return self.me.home.roster_files()

    def others(self, append: Append) -> Iterator[Project]:
        """Every other project of this service, read in the current transaction."""
        for project_id in project_ids(append.connection):
            if project_id != append.project_id:
                yield self._state(project_id, append.connection).view

    def _is_cosignature(self, roster: Roster, head: str, line: str, member: str) -> bool:
        key = roster.member(member).log_public()
        try:
            return member in cosigners(add_signature(head, line), {member: key})
        except Unverified:
            return False


_COSIGNATURE = Words("tanda tangan saksi", "the cosignature")


def _no_witness(member: str) -> Refused:
    return Refused(
        ServiceCode.WITNESS_NOT_NAMED,
        Words(
            f"Piagam tidak menyebut '{member}' sebagai saksi.",
            f"The charter does not name '{member}' as a witness.",
        ),
        Words("Periksa piagam.", "Check the charter."),
    )


def _no_cosignature() -> Unverified:
    return Unverified(
        ServiceCode.WITNESS_COSIGNATURE,
        Words(
            "Tanda tangan saksi bukan untuk titik periksa terbaru.",
            "The cosignature is not one of the newest checkpoint.",
        ),
        Words("Jalankan lagi 'padan-policy witness'.", "Run 'padan-policy witness'."),
    )
