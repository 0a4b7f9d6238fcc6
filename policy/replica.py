"""A member's own copy of a project's log, checked entry by entry.

1. Every downloaded entry is replayed through the law of the project's life.
2. The Merkle root over the copy must be the checkpoint's root.
3. The log only grows: a checkpoint smaller than, or inconsistent with, what
   was seen before is a fork or a rollback, and is an error for good.
4. What holds is cosigned, if the charter names this member as a witness.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from policy.conditions import CosignedSize
from policy.errors import Unverified
from policy.files import read_file, write_file
from policy.home import Home
from policy.law import append
from policy.log import (
    Checkpoint,
    Frontier,
    cosigners,
    leaf_hash,
    open_checkpoint,
    parse_checkpoint,
    parse_note,
)
from policy.project import Project
from policy.roster import Roster
from policy.statements import parse_statement
from policy.succession import Rosters
from policy.words import Words


def log_origin(project: str) -> str:
    """The origin line of a project's checkpoints."""
    return f"padan/{project}"


def read_cosigned(note: str, roster: Roster, origin: str) -> tuple[Checkpoint, CosignedSize]:
    """A checkpoint signed by the service's log key, and who cosigned it; raises Unverified."""
    checkpoint, times = read_cosigned_times(note, roster, origin)
    return checkpoint, CosignedSize(checkpoint.size, frozenset(times))


def roster_of(note: str, rosters: Rosters) -> Roster:
    """The roster whose keys a checkpoint is judged by: that in force in a log of its size."""
    return rosters.at(parse_checkpoint(parse_note(note).text).size)


def read_cosigned_times(
    note: str, roster: Roster, origin: str
) -> tuple[Checkpoint, dict[str, int]]:
    """As `read_cosigned`, with the time at which each witness saw it; raises Unverified.

    A cosignature counts on the days on which the roster lets its witness sign.
    """
    service = roster.service()
    checkpoint = open_checkpoint(note, origin, service.log_public())
    witnesses = {m.id: m for m in roster.members if m.id != service.id}
    times = cosigners(note, {name: m.log_public() for name, m in witnesses.items()})
    valid = {name: at for name, at in times.items() if witnesses[name].may_sign(at)}
    return checkpoint, valid


def replica_of(home: Home, project_id: str) -> Replica:
    """This home's copy of a project's log, under the roster that it begins with.

    Raises Unverified for a copy that begins with a roster that this home does not know.
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
        return len(self.roots) - 1

    def extend(self, leaves: Sequence[bytes], cosigned: Sequence[CosignedSize]) -> None:
        for leaf in leaves:
            append(self.project, parse_statement(leaf), cosigned)
            self.frontier = self.frontier.append(leaf_hash(leaf))
            self.roots.append(self.frontier.root())

    def check(self, checkpoint: Checkpoint) -> None:
        """The checkpoint is of this log; raises Unverified."""
        if checkpoint.size > self.size or self.roots[checkpoint.size] != checkpoint.root:
            raise forked()


@dataclass
class Replica:
    """The copy on disk: leaves, the remembered checkpoint, and cosigned checkpoints.

    `roster` is the one that the log begins with.
    """

    folder: Path
    roster: Roster
    project_id: str
    _rosters: Rosters | None = field(default=None, init=False, repr=False)

    def load(self) -> Replay:
        """Replay the copy and compare it with the remembered checkpoint."""
        replay = Replay(Project(self.roster))
        replay.extend(self.leaves(), [c for _, c in self.cosigned()])
        remembered = self.remembered()
        if remembered is not None:
            checkpoint, _ = self._read(remembered)
            replay.check(checkpoint)
        return replay

    def advance(
        self, replay: Replay, leaves: Sequence[bytes], checkpoint_note: str, notes: Sequence[str]
    ) -> Checkpoint:
        """Check new leaves and checkpoints against the copy, then keep them."""
        self._rosters = replay.project.rosters.extended(leaves, replay.size)
        known = [self._read(note) for note in notes]
        replay.extend(leaves, [cosigned for _, cosigned in known])
        checkpoint, _ = self._read(checkpoint_note)
        if checkpoint.size != replay.size:
            raise forked()
        for each in (checkpoint, *(c for c, _ in known)):
            replay.check(each)
        self._keep(replay.size - len(leaves), leaves, checkpoint_note, notes)
        return checkpoint

    def leaves(self) -> list[bytes]:
        path = self.folder / "entries.jsonl"
        return read_file(path).splitlines() if path.exists() else []

    def remembered(self) -> str | None:
        path = self.folder / "checkpoint.txt"
        return read_file(path).decode() if path.exists() else None

    def cosigned(self) -> list[tuple[Checkpoint, CosignedSize]]:
        folder = self.folder / "cosigned"
        notes = sorted(folder.glob("*.txt")) if folder.exists() else []
        return [self._read(read_file(path).decode()) for path in notes]

    def cosigned_sizes(self) -> list[CosignedSize]:
        return [cosigned for _, cosigned in self.cosigned()]

    def _read(self, note: str) -> tuple[Checkpoint, CosignedSize]:
        if self._rosters is None:
            self._rosters = Rosters(self.roster).extended(self.leaves(), 0)
        roster = roster_of(note, self._rosters)
        return read_cosigned(note, roster, log_origin(self.project_id))

    def _keep(
        self, known: int, leaves: Sequence[bytes], checkpoint_note: str, notes: Sequence[str]
    ) -> None:
        for note in notes:
            checkpoint, _ = self._read(note)
            write_file(self.folder / "cosigned" / f"{checkpoint.size:08d}.txt", note.encode())
        here = self.leaves()
        if len(here) > known + len(leaves):
            return  # another command of this home has seen more meanwhile, and kept it
        # Canonical JSON has no raw line feed, so a line is a leaf.
        everything = b"".join(leaf + b"\n" for leaf in (*here[:known], *leaves))
        write_file(self.folder / "entries.jsonl", everything)
        write_file(self.folder / "checkpoint.txt", checkpoint_note.encode())


def forked() -> Unverified:
    return Unverified(
        "log.fork",
        Words(
            "Log layanan berbeda dari yang pernah dilihat: dipotong, diubah, atau bercabang.",
            "The service's log does not fit what was seen before: cut, altered or forked.",
        ),
        Words(
            "Berhenti. Simpan folder rumah ini sebagai bukti dan hubungi auditor.",
            "Stop. Keep this home folder as evidence and call the auditor.",
        ),
    )
