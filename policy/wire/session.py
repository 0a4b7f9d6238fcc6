"""Signed HTTP to the linkage service, for every command of every party.

Before a command acts, it brings its copy of the log up to date and checks it. If the charter names
this member as a witness, the command cosigns the new checkpoint. It also cosigns a checkpoint again
that it last cosigned some minutes ago (docs/explanation/protocol.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import IO, TypeVar

import httpx2

from policy.base.canonical import is_identifier, unb64
from policy.base.clocks import Clock, system_clock
from policy.base.errors import PadanError, Refused, Unreachable, Unverified
from policy.charter import FIRST_LAW, Charter
from policy.crypto.envelope import Binding, Envelope, sign
from policy.formats.http_api import API, GivenBack
from policy.formats.log_page import LogPage, merged, state_tag
from policy.gates.facts import OpenedFacts
from policy.law import require_lawful
from policy.law.texts import require_plain_statement
from policy.log import cosign
from policy.members.home import Unlocked
from policy.members.roster import Roster, parse_roster
from policy.project import Project
from policy.statements import AnyBody, CharterBody, RosterBody, Statement, parse_statement
from policy.wire.http import content_type, download, send_patiently
from policy.wire.replica import Replay, Replica, forked, replica_of
from policy.wire.rosters import catch_up
from policy.wire.session_refusals import log_cut, no_run_name, roster_behind
from policy.wire.signed_requests import Message, sign_request
from policy.witnessing.witness_times import Witnessed

B = TypeVar("B", bound=AnyBody)
_COSIGN_TRIES = 20
_PAGE_ENTRIES = 500
# After this time a checkpoint is cosigned again, so that an idle log has a recent time.
COSIGN_AGAIN_SECONDS = 600


@dataclass
class Session:
    """One member's connection to the service for one project."""

    me: Unlocked
    project_id: str
    late_releases: bool = False  # see `policy.law.in_time.require_timely`
    clock: Clock = system_clock
    url: str = field(init=False)
    replay: Replay = field(init=False)
    newest: Roster = field(init=False)
    repeated: bool = field(init=False, default=False)  # the last step's statement was in the log
    reached: bool = field(init=False, default=False)  # whether the service has answered before

    def __post_init__(self) -> None:
        self.url = self.me.home.service().url
        self.newest = self.me.home.roster()
        self.replay = Replay(Project(self.newest))
        self.me = self.me.under(self.newest)

    @property
    def roster(self) -> Roster:
        """The roster in force in this project."""
        return self.project.roster

    @property
    def project(self) -> Project:
        """The project as of the last `sync`, `recall` or `learn`."""
        return self.replay.project

    @property
    def charter(self) -> Charter:
        """The charter in force; raises NotYet if nobody has signed one."""
        return self.project.charter

    def replica(self) -> Replica:
        """This home's copy of the project's log."""
        return replica_of(self.me.home, self.project_id)

    def recall(self) -> Project:
        """The project from this member's copy of the log; needs no network."""
        self.replay = self.replica().load()
        self._learn_rosters()
        return self.project

    def require_lawful(self, envelope: Envelope) -> Statement:
        """Checks that the statement may come next by this copy of the log; raises if not."""
        statement = parse_statement(envelope.canonical())
        require_lawful(self.project, statement, self.replica().cosigned_sizes())
        return statement

    # -- the log ------------------------------------------------------------------------

    def sync(self) -> Project:
        """Bring the copy of the log up to date, check it, and cosign it if entitled."""
        replica = self.replica()
        self.replay = replica.load()
        newest = self._advance(replica)
        for _ in range(_COSIGN_TRIES):
            if not self._owes_cosignature(replica):
                break
            try:
                self._cosign(newest)
            except Unverified as error:
                # Another member appended meanwhile: check the newer log, then cosign that one.
                if error.code != "witness.cosignature":
                    raise
            size = self.replay.size
            newest = self._advance(replica)
            if self.replay.size == size:
                break
        return self.project

    def learn(self, log: LogPage) -> Project:
        """Check and store a whole log that was carried here by file."""
        self.recall()
        replica = self.replica()
        known = replica.copy.read().entries
        if log.entries[: len(known)] != known[: len(log.entries)]:
            raise forked()
        if log.entries and not known:
            self._begin(replica, unb64(log.entries[0]))
        if len(log.entries) >= len(known):
            rest = log.model_copy(update={"entries": log.entries[len(known) :], "seen": None})
            replica.advance(self.replay, rest, self.clock())
        self._learn_rosters()
        return self.project

    def sync_or_recall(self) -> bool:
        """As `sync`; if the service does not answer, as `recall`. Returns whether it answered.

        Raises Unreachable if there is no copy to recall.
        """
        try:
            self.sync()
        except Unreachable:
            if not self.recall().size:
                raise
            return False
        return True

    def witnessed(self) -> tuple[int, int] | None:
        """How many entries a quorum saw, and until when (Unix seconds); None if no quorum did."""
        seen = Witnessed.of(self.project, self.replica().cosigned_sizes())
        head = seen.covered
        return None if head is None else (head.size, seen.standing_at(head))

    def open_with(self, charter: CharterBody) -> str:
        """Sign a charter. The first signature creates the project, so there may be no log yet."""
        self.sync_or_begin()
        return self.send(self.statement(charter))

    def sync_or_begin(self) -> None:
        """As `sync`; if the service has no such project yet, the project is empty."""
        try:
            self.sync()
        except Refused as error:
            if error.code != "service.no-project":
                raise
            self._catch_up()
            self.replay = Replay(Project(self.newest))

    def open_facts(self, commitment: str) -> OpenedFacts:
        """Exact facts, for entitled members; raises Unverified if not those of the commitment."""
        opened = OpenedFacts.model_validate_json(
            self.get(f"/projects/{self.project_id}/facts/{commitment}")
        )
        opened.require(commitment)
        return opened

    def said(self, kind: type[B]) -> B | None:
        """What this member said of that kind, which it says once; then the step is `repeated`."""
        body = self.project.by_sender(kind).get(self.me.member.id)
        self.repeated = body is not None
        return body

    def say(self, body: AnyBody, *, run: str = "", manifest: str = "") -> str:
        """Sign a statement, send it, and bring the copy up to date. Returns the digest."""
        return self.send(self.statement(body, run=run, manifest=manifest))

    def send(self, envelope: Envelope) -> str:
        """Send a signed statement and bring the copy up to date. Returns the digest."""
        self.post(f"/projects/{self.project_id}/statements", envelope.canonical())
        self.sync()
        return envelope.content_digest()

    def statement(self, body: AnyBody, *, run: str = "", manifest: str = "") -> Envelope:
        """A signed statement of this member in this project."""
        if run and not is_identifier(run):
            raise no_run_name()
        charter = body if isinstance(body, CharterBody) else self.charter
        if self._is_behind():
            raise roster_behind(self.roster.version, self.newest.version)
        self.me.require_keys(self.roster)
        require_plain_statement(charter, body, run)
        binding = Binding(
            type=body.TYPE,
            project=charter.project,
            epoch=charter.epoch,
            charter=charter.digest(),
            roster=self.project.roster_digest,
            run=run,
            sender=self.me.member.id,
            manifest=manifest,
        )
        return sign(binding, body.canonical(), self.me.keys.signing)

    def _advance(self, replica: Replica) -> str:
        """Read the log's news, check and store them; returns the newest checkpoint."""
        news = self._news(replica.copy.read())
        if news is not None:
            self._require_not_behind(replica, news)
            if news.entries and not self.replay.size:
                self._begin(replica, unb64(news.entries[0]), online=True)
            now = self.clock()
            replica.advance(self.replay, news, now, late_releases=self.late_releases)
        self._learn_rosters()
        return replica.remembered() or ""

    def _require_not_behind(self, replica: Replica, news: LogPage) -> None:
        """If the service's log is the beginning of this copy, show it what it lacks, and stop.

        Raises Unverified: also for a log that is not the beginning of this copy, as a fork.
        """
        if news.entries:
            return  # longer than this copy; its new entries may bring the key of its checkpoint
        checkpoint = replica.checked(news.checkpoint)
        if checkpoint.size < self.replay.size:
            self.replay.check(checkpoint)
            self.show(replica)
            raise log_cut(self.project_id, checkpoint.size, self.replay.size)

    def show(self, replica: Replica) -> int:
        """Show the service the newest head of this copy; returns the size of the service's log."""
        head = (replica.remembered() or "").encode()
        path = f"/projects/{self.project_id}/log/newest"
        return GivenBack.model_validate_json(self.ask(path, head)).size

    def _news(self, kept: LogPage) -> LogPage | None:
        """All pages after this copy as one, since only together they show who saw what when.

        None if nothing changed since the copy was stored.
        """
        start, seen = self.replay.size, kept.seen or 0
        whole = kept.checkpoint and start == len(kept.entries)
        tag = state_tag(kept.checkpoint, seen) if whole else None
        pages: list[LogPage] = []
        while not pages or pages[-1].more:
            query = {"start": str(start), "since": str(seen), "limit": str(_PAGE_ENTRIES)}
            answer = self.get(f"/projects/{self.project_id}/log", query, unless=tag)
            if not answer:
                return None
            page, tag = LogPage.model_validate_json(answer), None
            if page.more and not page.entries and (page.seen or 0) <= seen:
                raise forked()  # pages without end
            pages.append(page)
            start, seen = start + len(page.entries), page.seen or 0
        return merged(pages)

    # -- rosters ------------------------------------------------------------------------

    def _begin(self, replica: Replica, leaf: bytes, *, online: bool = False) -> None:
        """Start an empty copy with the roster in this leaf; raises Unverified.

        If this home does not know that roster, the service may supply the rosters in between. A
        leaf that is not a roster is left to the law.
        """
        try:
            parse_roster(leaf)
        except PadanError:
            return
        try:
            replica.roster = self.me.home.learn(leaf)
        except PadanError:
            if not online:
                raise
            self._catch_up()
            replica.roster = self.me.home.learn(leaf)
        self.replay = Replay(Project(replica.roster))

    def _catch_up(self) -> None:
        catch_up(self.me.home)
        self._use_newest()

    def _learn_rosters(self) -> None:
        """Store this log's rosters here, and sign with the keys that they name."""
        for entry in self.project.of(RosterBody):
            self.me.home.learn(entry.statement.leaf)
        self._use_newest()

    def _use_newest(self) -> None:
        self.newest = self.me.home.roster()
        self.me = self.me.under(self.project.roster)

    def _is_behind(self) -> bool:
        """Whether this log lacks a roster that it could have."""
        charters = self.project.of(CharterBody)
        lawful = bool(charters) and self.charter.law != FIRST_LAW
        return lawful and self.roster.version < self.newest.version

    def _cosign(self, checkpoint: str) -> None:
        line = cosign(checkpoint, self.me.member.id, self.me.keys.log, self.clock())
        self.post(f"/projects/{self.project_id}/cosignatures", line.encode())

    def _owes_cosignature(self, replica: Replica) -> bool:
        me, size = self.me.member.id, self.replay.size
        if (
            self._is_behind()
            or not self.project.of(CharterBody)
            or me not in self.charter.witnesses.members
        ):
            return False
        mine = [c.times[me] for c in replica.cosigned_sizes() if c.size == size and me in c.times]
        return self.clock() - max(mine, default=0) > COSIGN_AGAIN_SECONDS

    # -- HTTP ---------------------------------------------------------------------------

    def get(
        self, path: str, params: Mapping[str, str] | None = None, unless: str | None = None
    ) -> bytes:
        """GET a path of the service; returns the body, raises the service's error.

        `unless` is an ETag: if the resource still has it, the body is empty.
        """
        return self._send("GET", path, b"", params, unless=unless)

    def fetch(self, path: str, into: IO[bytes]) -> None:
        """As `get`, into an open file instead of memory."""
        url = self.url + API + path
        download(url, lambda: self._signed("GET", url), into, self.reached)
        self.reached = True

    def post(self, path: str, body: bytes = b"", params: Mapping[str, str] | None = None) -> bytes:
        """POST to a path of the service; not repeated if the first request may have arrived."""
        return self._send("POST", path, body, params, harmless=False)

    def ask(self, path: str, body: bytes, params: Mapping[str, str] | None = None) -> bytes:
        """A POST that may be repeated, such as a question too long for an address."""
        return self._send("POST", path, body, params)

    def put(self, path: str, body: bytes) -> bytes:
        """PUT to a path of the service; returns the body."""
        return self._send("PUT", path, body)

    def _send(
        self,
        method: str,
        path: str,
        body: bytes,
        params: Mapping[str, str] | None = None,
        *,
        harmless: bool = True,
        unless: str | None = None,
    ) -> bytes:
        """The answer; repeated where that may be, and more if the service has answered before."""
        url = str(httpx2.URL(self.url + API + path, params=params or {}))

        def signed() -> Message:
            message = self._signed(method, url, body)
            if unless is not None:
                message.headers["if-none-match"] = unless
            return message

        answer = send_patiently(url, signed, harmless, self.reached)
        self.reached = True
        return answer

    def _signed(self, method: str, url: str, body: bytes = b"") -> Message:
        message = Message(method, url, {"content-type": content_type(body)}, body)
        sign_request(message, self.me.member.id, self.me.under(self.newest).keys.signing)
        return message
