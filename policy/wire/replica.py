"""A member's own copy of a project's log, checked entry by entry.

1. Every downloaded entry is replayed through the law of the project's life.
2. The Merkle root over the copy must be the checkpoint's root.
3. The log only grows: a checkpoint smaller than, or inconsistent with, an earlier one
   is a fork or a rollback, and a permanent error.
4. New entries must have the times that they state, by witnesses and by this clock.
5. A valid checkpoint is cosigned, if the charter names this member as a witness.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from policy.base.canonical import unb64
from policy.base.error_codes import PolicyCode
from policy.base.errors import Unverified
from policy.base.words import Words
from policy.formats.log_page import LogPage
from policy.law import append
from policy.law.in_time import require_timely
from policy.log import (
    COSIGNATURE,
    Checkpoint,
    Frontier,
    VerifierKey,
    cosigners,
    first_and_newest,
    leaf_hash,
    only_by,
    open_checkpoint,
    parse_checkpoint,
    parse_note,
)
from policy.members.home import Home
from policy.members.roster import Roster
from policy.members.succession import Rosters
from policy.project import Project
from policy.statements import parse_statement
from policy.wire.log_copy import LogCopy, damaged
from policy.witnessing.cosigned import CosignedSize
from policy.witnessing.witness_times import Witnessed


def log_origin(project: str) -> str:
    """The origin line of a project's checkpoints."""
    return f"padan/{project}"


def read_cosigned(note: str, roster: Roster, origin: str) -> tuple[Checkpoint, CosignedSize]:
    """A checkpoint signed by the service's log key, and its cosigners; raises Unverified."""
    checkpoint, times = read_cosigned_times(note, roster, origin)
    return checkpoint, CosignedSize(checkpoint.size, times)


def roster_of(note: str, rosters: Rosters) -> Roster:
    """The roster that judges a checkpoint: the one in force in a log of the checkpoint's size."""
    return rosters.at(parse_checkpoint(parse_note(note).text).size)


def read_cosigned_times(
    note: str, roster: Roster, origin: str
) -> tuple[Checkpoint, dict[str, int]]:
    """As `read_cosigned`, with each witness's time in Unix seconds; raises Unverified.

    A cosignature counts on the days on which the roster lets its witness sign.
    """
    service = roster.service()
    checkpoint = open_checkpoint(note, origin, service.log_public())
    witnesses = {m.id: m for m in roster.members if m.id != service.id}
    times = cosigners(note, {name: m.log_public() for name, m in witnesses.items()})
    valid = {name: at for name, at in times.items() if witnesses[name].may_sign(at)}
    return checkpoint, valid


def replica_of(home: Home, project_id: str) -> Replica:
    """This home's copy of a project's log, under the log's first roster.

    Raises Unverified if this home does not know that roster.
    """
    replica = Replica(home.project_folder(project_id) / "log", home.roster(), project_id)
    for leaf in replica.leaves()[:1]:
        replica.roster = home.learn(leaf)
    return replica


@dataclass
class Replay:
    """A log replayed from its first leaf: state, and the Merkle root at every size."""

    project: Project
    roots: list[bytes] = field(default_factory=lambda: [Frontier.empty().root()])
    frontier: Frontier = field(default_factory=Frontier.empty)

    @property
    def size(self) -> int:
        """The number of replayed leaves."""
        return len(self.roots) - 1

    def extend(self, leaves: Sequence[bytes], cosigned: Sequence[CosignedSize]) -> None:
        """Replay further leaves; raises Refused, NotYet or WrongKey if the law forbids one."""
        for leaf in leaves:
            append(self.project, parse_statement(leaf), cosigned)
            self.frontier = self.frontier.append(leaf_hash(leaf))
            self.roots.append(self.frontier.root())

    def check(self, checkpoint: Checkpoint) -> None:
        """Checks that the checkpoint is of this log; raises Unverified."""
        if checkpoint.size > self.size or self.roots[checkpoint.size] != checkpoint.root:
            raise forked()


@dataclass
class Replica:
    """The copy on disk: leaves, the remembered checkpoint, and cosigned checkpoints.

    `roster` is the log's first roster.
    """

    folder: Path
    roster: Roster
    project_id: str
    _rosters: Rosters | None = field(default=None, init=False, repr=False)
    _read_before: dict[str, tuple[Checkpoint, CosignedSize]] = field(
        default_factory=dict, repr=False
    )

    @property
    def copy(self) -> LogCopy:
        return LogCopy(self.folder)

    def load(self) -> Replay:
        """Replay the copy and compare it with the remembered checkpoint."""
        kept, replay = self.copy.read(), Replay(Project(self.roster))
        replay.extend(_leaves(kept), [c for _, c in map(self._read, kept.cosigned)])
        if kept.checkpoint:
            checkpoint, _ = self._read(kept.checkpoint)
            replay.check(checkpoint)
        return replay

    def advance(
        self, replay: Replay, page: LogPage, now: int | None = None, *, late_releases: bool = False
    ) -> Checkpoint:
        """Check the new entries of a page that starts where the replay ends, then store the page.

        With a clock, new entries must also have the times that they state (`policy.law.in_time`).
        """
        since, leaves, before = replay.size, _leaves(page), self.copy.read()
        if len(before.entries) < since:
            raise damaged(self.copy.path)
        self._rosters = replay.project.rosters.extended(leaves, since)
        known = [self._read(note) for note in self._joined(before, page)]
        replay.extend(leaves, [cosigned for _, cosigned in known])
        checkpoint, _ = self._read(page.checkpoint)
        if checkpoint.size != replay.size:
            raise forked()
        for each in (checkpoint, *(self._read(note)[0] for note in page.cosigned)):
            replay.check(each)
        if now is not None:
            witnessed = Witnessed.of(replay.project, [cosigned for _, cosigned in known])
            require_timely(replay.project, since, witnessed, now, late_releases=late_releases)
        self._keep((*before.entries[:since], *page.entries), page)
        return checkpoint

    def checked(self, note: str) -> Checkpoint:
        """A checkpoint signed by the service's log key; raises Unverified."""
        return self._read(note)[0]

    def leaves(self) -> list[bytes]:
        """The stored leaves, in order."""
        return _leaves(self.copy.read())

    def remembered(self) -> str | None:
        """The stored checkpoint, a signed note; None if there is none."""
        return self.copy.read().checkpoint or None

    def seen(self) -> int:
        """How many changes of the service's cosigned notes are known here."""
        return self.copy.read().seen or 0

    def cosigned_notes(self) -> list[tuple[str, CosignedSize]]:
        """Each checkpoint's note and cosigners, the smallest checkpoint first."""
        return [(note, self._read(note)[1]) for note in self.copy.read().cosigned]

    def cosigned_sizes(self) -> list[CosignedSize]:
        """The cosigned checkpoints' sizes and times."""
        return [self._read(note)[1] for note in self.copy.read().cosigned]

    def _read(self, note: str) -> tuple[Checkpoint, CosignedSize]:
        if note not in self._read_before:
            if self._rosters is None:
                self._rosters = Rosters(self.roster).extended(self.leaves(), 0)
            roster = roster_of(note, self._rosters)
            self._read_before[note] = read_cosigned(note, roster, log_origin(self.project_id))
        return self._read_before[note]

    def _keep(self, entries: tuple[str, ...], page: LogPage) -> None:
        """Merge the stored page with the new one; another command may have stored more."""
        with self.copy.locked() as here:
            shared = min(len(entries), len(here.entries))
            if entries[:shared] != here.entries[:shared]:
                raise forked()
            more = len(here.entries) > len(entries)
            kept = LogPage(
                entries=here.entries if more else entries,
                checkpoint=here.checkpoint if more else page.checkpoint,
                cosigned=self._joined(here, page),
                seen=max(here.seen or 0, page.seen or 0),
            )
            if kept != here:
                self.copy.write(kept)

    def _joined(self, here: LogPage, page: LogPage) -> tuple[str, ...]:
        """All notes merged, without lines by strangers, of which there could be any number."""
        origin, rosters = log_origin(self.project_id), (self._rosters or Rosters(self.roster)).all
        keys = [VerifierKey.of(origin, each.service().log_public()) for each in rosters]
        members = (member for roster in rosters for member in roster.members)
        keys += [VerifierKey.of(m.id, m.log_public(), COSIGNATURE) for m in members]
        return joined((*here.cosigned, *(only_by(note, keys) for note in page.cosigned)))


def joined(notes: Iterable[str]) -> tuple[str, ...]:
    """Notes of several checkpoints, smallest first; for each the first and newest times."""
    by_size: dict[tuple[int, str], list[str]] = {}
    for note in dict.fromkeys(notes):
        text = parse_note(note).text
        by_size.setdefault((parse_checkpoint(text).size, text), []).append(note)
    return tuple(each for key in sorted(by_size) for each in first_and_newest(by_size[key]))


def _leaves(page: LogPage) -> list[bytes]:
    return [unb64(entry) for entry in page.entries]


def forked() -> Unverified:
    """The error for a log that does not extend the one seen before."""
    return Unverified(
        PolicyCode.LOG_FORK,
        Words(
            "Log layanan berbeda dari yang pernah dilihat: dipotong, diubah, atau bercabang.",
            "The service's log does not fit what was seen before: cut, altered or forked.",
        ),
        Words(
            "Berhenti. Simpan folder rumah ini sebagai bukti dan hubungi auditor.",
            "Stop. Keep this home folder as evidence and call the auditor.",
        ),
    )
