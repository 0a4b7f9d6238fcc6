"""What a project's log says: its roster, its charter, and who has said what.

Nothing here decides whether a statement is allowed; that is `policy.law`.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from typing import Any, TypeVar

from policy.charter import FIRST_LAW, Charter
from policy.envelope import Binding
from policy.errors import NotYet, Refused
from policy.roster import Member, Roster
from policy.statements import (
    Accepted,
    AnyBody,
    Approval,
    ApprovalWithdrawn,
    BundleManifest,
    CharterBody,
    Committed,
    Confirmed,
    Counted,
    Decided,
    Delta,
    Received,
    ReleaseRequest,
    Revealed,
    RosterBody,
    RunFinished,
    RunOrder,
    SealedRows,
    Staged,
    StagedFile,
    Statement,
    Withdrawn,
)
from policy.succession import Rosters
from policy.words import Words

B = TypeVar("B", bound=AnyBody)
T = TypeVar("T")


@dataclass(frozen=True)
class Entry:
    """A statement at its place in the log."""

    index: int
    statement: Statement

    @property
    def digest(self) -> str:
        return self.statement.digest


@dataclass
class Log:
    """Statements in order, found by digest, by kind, and by kind and name of run or release.

    Every list only grows at its end, so that a project up to some entry stays what it was
    while the log goes on. Of a digest that repeats, the first counts.
    """

    length: int = 0
    entries: list[Entry] = field(default_factory=list)
    by_digest: dict[str, Entry] = field(default_factory=dict)
    by_kind: dict[type[Any], list[Entry]] = field(default_factory=dict)
    by_name: dict[tuple[type[Any], str], list[Entry]] = field(default_factory=dict)
    by_sender: dict[str, list[Entry]] = field(default_factory=dict)
    # Beside `by_sender`: how many bytes its leaves take, up to and with each of them.
    bytes_by_sender: dict[str, list[int]] = field(default_factory=dict)

    def add(self, statement: Statement) -> Entry:
        entry, kind = Entry(self.length, statement), type(statement.body)
        self.length += 1
        self.entries.append(entry)
        self.by_digest.setdefault(entry.digest, entry)
        self.by_kind.setdefault(kind, []).append(entry)
        self.by_name.setdefault((kind, _name(statement)), []).append(entry)
        self.by_sender.setdefault(statement.sender, []).append(entry)
        sizes = self.bytes_by_sender.setdefault(statement.sender, [])
        sizes.append((sizes[-1] if sizes else 0) + len(statement.leaf))
        return entry


@dataclass(frozen=True)
class _Agreed:
    """What the signatures on charters come to: one on the version that counts."""

    signature: Entry
    in_force: bool
    ceremony: int


# What an amendment that drops a party undoes.
_CEREMONY = (Committed, Revealed, Confirmed)


@dataclass
class Project:
    """A project's state, derived from its log alone; `until` is one as it was before.

    `first` is the roster that the log begins with, or is to begin with.
    """

    first: Roster
    log: Log = field(default_factory=Log)
    end: int | None = None
    _agreed: tuple[int, _Agreed] | None = field(default=None, repr=False, compare=False)
    _succeeded: tuple[int, Roster, str] | None = field(default=None, repr=False, compare=False)

    @property
    def roster(self) -> Roster:
        """The roster in force: the latest of the log."""
        return self._last_roster()[0]

    @property
    def roster_digest(self) -> str:
        return self._last_roster()[1]

    def _last_roster(self) -> tuple[Roster, str]:
        entries = self.of(RosterBody)
        if self._succeeded is None or self._succeeded[0] != len(entries):
            last: Roster = body_of(entries[-1], RosterBody) if entries else self.first
            self._succeeded = (len(entries), last, last.digest())
        return self._succeeded[1:]

    @property
    def rosters(self) -> Rosters:
        """All of the log, and from which size on each is in force."""
        later = ((e.index + 1, body_of(e, RosterBody)) for e in self.of(RosterBody) if e.index)
        return Rosters(self.first, tuple(later))

    def roster_at(self, entry: Entry) -> Roster:
        """The roster that an entry is judged by: the one in force where it stands."""
        return self.until(entry.index).roster

    def sender_of(self, entry: Entry) -> Member:
        """Who said it, as the roster had them then; raises Refused for a stranger."""
        return self.roster_at(entry).member(entry.statement.sender)

    def known(self, member_id: str) -> Member:
        """A member of whatever roster of this log, the latest that has it; raises Refused."""
        holding = [roster for roster in self.rosters.all if roster.has_member(member_id)]
        return (holding[-1] if holding else self.roster).member(member_id)

    @property
    def charter(self) -> Charter:
        """The charter in force: the latest version that all its parties signed.

        Before all have signed one, it is the proposal that most have signed. Raises NotYet before
        anybody has.
        """
        return body_of(self._signature(), CharterBody)

    @property
    def charter_digest(self) -> str:
        return self._signature().statement.binding.charter

    def _signature(self) -> Entry:
        """A signature on the charter in force."""
        signatures = self.of(CharterBody)
        if not signatures:
            raise not_yet("charter", "Piagam belum diajukan.", "No charter has been proposed yet.")
        return self._agreement(signatures).signature

    def _agreement(self, signatures: list[Entry]) -> _Agreed:
        """What these come to; looked for again when another one has come."""
        if self._agreed is None or self._agreed[0] != len(signatures):
            self._agreed = (len(signatures), _agreed(signatures))
        return self._agreed[1]

    @property
    def in_force(self) -> bool:
        """Whether all parties of a charter have signed it."""
        signatures = self.of(CharterBody)
        return bool(signatures) and self._agreement(signatures).in_force

    @property
    def ceremony(self) -> int:
        """Where the key ceremony begins; an amendment that drops a party starts it again."""
        signatures = self._standing(self.log.by_kind.get(CharterBody, []))
        return self._agreement(signatures).ceremony if signatures else 0

    def proposals(self) -> tuple[Charter, ...]:
        """The charter in force; while there is none, every one that somebody proposed."""
        if self.in_force:
            return (self.charter,)
        signed = {e.statement.binding.charter: e for e in self.of(CharterBody)}
        return tuple(body_of(entry, CharterBody) for entry in signed.values())

    def signatures(self, charter_digest: str) -> list[Entry]:
        """The signatures on one version."""
        return [e for e in self.of(CharterBody) if e.statement.binding.charter == charter_digest]

    def signed_by(self) -> frozenset[str]:
        """Who signed the charter in force."""
        return frozenset(e.statement.sender for e in self.signatures(self.charter_digest))

    @property
    def keyed_charter_digest(self) -> str:
        """Of the charter that the epoch's keys were agreed under, which amendments leave alone.

        Whatever hangs from those keys is bound to it: what was sealed before an amendment is
        sent after it.
        """
        committed = self.of(Committed)
        return committed[0].statement.binding.charter if committed else self.charter_digest

    @property
    def keyed_roster_digest(self) -> str:
        """Of the roster under which the first commitment stands, whatever came after it.

        For what hangs from the epoch's keys, as `keyed_charter_digest` is.
        """
        committed = self.of(Committed)
        return committed[0].statement.binding.roster if committed else self.roster_digest

    def binding(
        self,
        kind: str,
        *,
        sender: str,
        recipient: str,
        manifest: str = "",
        run: str = "",
        charter: str | None = None,
        roster: str | None = None,
    ) -> Binding:
        """What a seal in this project is bound to: under the charter and the roster in force,
        unless others are named. Whoever seals and whoever opens say it alike."""
        return Binding(
            type=kind,
            project=self.charter.project,
            epoch=self.charter.epoch,
            charter=self.charter_digest if charter is None else charter,
            roster=self.roster_digest if roster is None else roster,
            run=run,
            sender=sender,
            recipient=recipient,
            manifest=manifest,
        )

    @property
    def size(self) -> int:
        return self.log.length if self.end is None else self.end

    @property
    def entries(self) -> list[Entry]:
        return self._standing(self.log.entries)

    def add(self, statement: Statement) -> Entry:
        """Append what the law has allowed (`policy.law.append`)."""
        assert self.end is None, "the past does not grow"
        return self.log.add(statement)

    def pass_over(self) -> None:
        """Leave a place to a leaf that counts for nothing (an auditor keeps counting)."""
        assert self.end is None, "the past does not grow"
        self.log.length += 1

    def until(self, size: int) -> Project:
        """The project as its first `size` entries have it, whatever is appended later."""
        return Project(self.first, self.log, min(size, self.size))

    def of(self, body: type[B]) -> list[Entry]:
        """Those of a kind; of the key ceremony, those of the one that counts."""
        found = self._standing(self.log.by_kind.get(body, []))
        return found[_before(found, self.ceremony) :] if body in _CEREMONY else found

    def named(self, body: type[B], name: str) -> list[Entry]:
        """Those of a kind that are about this run or release."""
        return self._standing(self.log.by_name.get((body, name), []))

    def said_by(self, member: str) -> list[Entry]:
        """All that a member said, in order."""
        return self._standing(self.log.by_sender.get(member, []))

    def bytes_of(self, member: str) -> int:
        """How many bytes of leaves a member's statements take."""
        said = len(self.said_by(member))
        return self.log.bytes_by_sender[member][said - 1] if said else 0

    def by_sender(self, body: type[B]) -> dict[str, B]:
        return {e.statement.sender: body_of(e, body) for e in self.of(body)}

    def entry(self, digest: str) -> Entry:
        """The entry of a statement digest; raises Refused."""
        entry = self.log.by_digest.get(digest)
        if entry is None or entry.index >= self.size:
            raise refused(
                "reference",
                "Pernyataan merujuk pada sesuatu yang tidak ada di log.",
                "The statement refers to something that is not in the log.",
            )
        return entry

    def accepted(self, since: int = 0) -> list[Entry]:
        """Bundles and deltas whose intake stands at this index or later, in that order."""
        intakes = self.of(Accepted)[_before(self.of(Accepted), since) :]
        return [self.entry(body_of(e, Accepted).bundle) for e in intakes]

    def holds(self, digest: str) -> bool:
        """Whether this very statement stands in the log."""
        entry = self.log.by_digest.get(digest)
        return entry is not None and entry.index < self.size

    def bundles(self) -> dict[str, Entry]:
        """The accepted bundle of each dataset."""
        found = {}
        for entry in self.accepted():
            if isinstance(entry.statement.body, BundleManifest):
                found[entry.statement.body.dataset] = entry
        return found

    def commitments(self) -> dict[str, Entry]:
        """What each dataset is committed by: its bundle or latest delta."""
        return {sealed_of(e).dataset: e for e in self.accepted()}

    def deltas(self, since: int = 0) -> list[Delta]:
        """Those whose intake stands at this index or later, in order."""
        bodies = (entry.statement.body for entry in self.accepted(since))
        return [body for body in bodies if isinstance(body, Delta)]

    def withdrawals(self, since: int = 0, until: int | None = None) -> list[Withdrawn]:
        """Those that stand at the indices since..until-1 of the log."""
        view = self if until is None else self.until(until)
        withdrawn = view.of(Withdrawn)
        return [body_of(e, Withdrawn) for e in withdrawn[_before(withdrawn, since) :]]

    def order(self, run: str) -> Entry | None:
        return self._first(RunOrder, run)

    def counted(self, order: Statement) -> Counted | None:
        """What the service counted elsewhere when this order came in."""
        named = self.named(Counted, order.binding.run)
        counts = (body_of(entry, Counted) for entry in named)
        return next((each for each in counts if each.order == order.digest), None)

    def run(self, run: str) -> Entry | None:
        return self._first(RunFinished, run)

    def request(self, release: str) -> Entry | None:
        return self._first(ReleaseRequest, release)

    def stage(self, release: str) -> Entry | None:
        """What is decided on; since the second law the last stage, each without more rows."""
        stages = self.named(Staged, release)
        if not stages or self.charter.law == FIRST_LAW:
            return next(iter(stages), None)
        return stages[-1]

    def votes(self, release: str) -> list[Entry]:
        """Yes and no to a release, as the charter in force lets them count.

        Under the second law a yes was given to one stage, under the version of the charter that
        it names, and ends with either; so does one whose key was revoked since. A no stays.
        """
        said = self.named(Approval, release)
        if self.charter.law == FIRST_LAW:
            return said
        return [e for e in said if body_of(e, Approval).verdict == "refuse" or self._is_current(e)]

    def approvals(self, release: str) -> list[Entry]:
        """The votes without the ones withdrawn."""
        taken_back = self.named(ApprovalWithdrawn, release)
        withdrawn = {body_of(e, ApprovalWithdrawn).approval for e in taken_back}
        return [e for e in self.votes(release) if e.digest not in withdrawn]

    def _is_current(self, entry: Entry) -> bool:
        """Whether it was said of the stage at hand, under the charter in force, with a key that
        still stands."""
        vote = body_of(entry, Approval)
        stage = self.stage(vote.release)
        of_stage = stage is not None and vote.stage == stage.digest
        under_charter = entry.statement.binding.charter == self.charter_digest
        return of_stage and under_charter and self._key_stands(entry)

    def _key_stands(self, entry: Entry) -> bool:
        """Whether the roster in force lets the key that signed an approval sign on that day."""
        said, roster = entry.statement, self.roster
        if said.binding.roster == self.roster_digest:
            return True
        now = roster.member(said.sender) if roster.has_member(said.sender) else None
        return (
            now is not None
            and now.signing_key == self.sender_of(entry).signing_key
            and now.may_sign(body_of(entry, Approval).at)
        )

    def decision(self, release: str) -> Entry | None:
        return self._first(Decided, release)

    def has_receipt(self, release: str, file: StagedFile) -> bool:
        """Whether its recipient has said that it opened the file."""
        return any(r.canaries != "not-looked-at" for r in self._receipts(release, file))

    def has_complaint(self, release: str, file: StagedFile) -> bool:
        """Whether its recipient has said that another file came."""
        return any(r.canaries == "not-looked-at" for r in self._receipts(release, file))

    def _receipts(self, release: str, file: StagedFile) -> list[Received]:
        said = (body_of(e, Received) for e in self.named(Received, release))
        return [r for r in said if (r.dataset, r.domain) == (file.dataset, file.domain)]

    def _first(self, body: type[B], name: str) -> Entry | None:
        return next(iter(self.named(body, name)), None)

    def _standing(self, entries: list[Entry]) -> list[Entry]:
        """A copy of those that stand in the log as this project has it."""
        return entries[: _before(entries, self.size)]


def _before(entries: list[Entry], index: int) -> int:
    return bisect_left(entries, index, key=lambda entry: entry.index)


def _name(statement: Statement) -> str:
    """The release that a body is about, else the run that its binding names."""
    release = vars(statement.body).get("release")
    return release if isinstance(release, str) and release else statement.binding.run


def _agreed(signatures: list[Entry]) -> _Agreed:
    """The latest version that all its parties signed, else the proposal that most signed."""
    signed: dict[str, set[str]] = {}
    proposed: dict[str, Entry] = {}
    latest, ceremony, dropped = None, 0, 0
    for entry in signatures:
        charter, digest = body_of(entry, CharterBody), entry.statement.binding.charter
        senders = signed.setdefault(digest, set())
        senders.add(entry.statement.sender)
        proposed.setdefault(digest, entry)
        if senders == set(charter.party_ids):
            latest = entry
            if len(charter.dropped) > dropped:
                ceremony = entry.index + 1
            dropped = len(charter.dropped)
    if latest is None:
        # Of equally many signatures, the first counts: `max` keeps it.
        most = max(signed, key=lambda digest: len(signed[digest]))
        return _Agreed(proposed[most], False, 0)
    return _Agreed(latest, True, ceremony)


def body_of(entry: Entry, body: type[B]) -> B:
    found = entry.statement.body
    if not isinstance(found, body):
        raise _wrong_kind()
    return found


def sealed_of(entry: Entry) -> SealedRows:
    """Rows that travelled, in a bundle or in a delta."""
    found = entry.statement.body
    if not isinstance(found, SealedRows):
        raise _wrong_kind()
    return found


def taken(entry: T | None, step: str) -> T:
    """The entry of a step; raises NotYet if nobody has taken it."""
    if entry is None:
        raise not_yet(step, f"Langkah '{step}' belum dilakukan.", f"Step '{step}' is not done yet.")
    return entry


def _wrong_kind() -> Refused:
    return refused(
        "reference",
        "Pernyataan merujuk pada jenis pernyataan yang salah.",
        "The statement refers to a statement of the wrong kind.",
    )


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
