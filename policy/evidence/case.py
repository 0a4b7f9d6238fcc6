"""The log as an auditor sees it: every leaf is judged, and no leaf can stop the audit.

    1. A leaf has no effect if it is not a statement, if its sender did not sign it, or if it
       belongs to another project, epoch, charter or roster.
    2. A repeated statement has no effect either, nor one that its sender may not make. A
       roster or charter that the law refuses never comes into force.
    3. Any other breach of the law is noted, and the following leaves are judged as if the
       statement were lawful: one wrong step does not hide the next.

The checks sort and name what is noted here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

from policy.base.errors import PadanError
from policy.base.words import Words
from policy.evidence.bundle import EvidenceBundle
from policy.formats.opened_leaves import OpenedLeaves
from policy.gates.facts import OpenedFacts
from policy.law import require_allowed, require_belonging
from policy.log import Checkpoint, Frontier, leaf_hash
from policy.members.roster import Roster
from policy.members.succession import Rosters
from policy.project import Project
from policy.statements import CharterBody, RosterBody, Statement, parse_statement
from policy.wire.replica import log_origin, read_cosigned_times, roster_of
from policy.witnessing.cosigned import CosignedSize
from policy.witnessing.witness_times import Witnessed

Advance = Callable[[int], None]  # called with the number of entries judged since the last call
_COUNTS_FOR_NOTHING = {"project.again", "project.not-entitled"}


@dataclass(frozen=True)
class Breach:
    """An entry that the law does not allow. `kind` is its type, "" if it is not a statement."""

    index: int
    kind: str
    code: str
    problem: Words


@dataclass(frozen=True)
class CaseNote:
    """A checkpoint that verified, with the members' times; `Witnessed` says which members count."""

    checkpoint: Checkpoint
    times: dict[str, int]

    @property
    def size(self) -> int:
        return self.checkpoint.size

    def cosigned(self) -> CosignedSize:
        return CosignedSize(self.size, self.times)


@dataclass(frozen=True)
class Unread:
    """A note that did not verify: the service's latest, a cosigned one, or the auditor's."""

    which: str
    error: PadanError


@dataclass
class Case:
    """Everything that the checks may look at."""

    bundle: EvidenceBundle
    roster: Roster
    roster_error: PadanError | None
    pinned: bool
    project_id: str
    project: Project
    rosters: Rosters
    breaches: list[Breach] = field(default_factory=list)
    latest: CaseNote | None = None
    notes: list[CaseNote] = field(default_factory=list)
    own: CaseNote | None = None
    own_given: bool = False
    unread: list[Unread] = field(default_factory=list)
    roots: dict[int, bytes] = field(default_factory=dict)
    witnesses: Witnessed = field(default_factory=Witnessed)
    as_of: date | None = None
    leaves: Sequence[OpenedLeaves] = ()

    @property
    def size(self) -> int:
        return len(self.bundle.leaves)

    def fits(self, note: CaseNote) -> bool:
        """Whether this log starts with the log of the note."""
        return self.roots.get(note.size) == note.checkpoint.root

    def witnessed(self) -> list[CaseNote]:
        return [note for note in self.notes if self.fits(note)]

    def error_of(self, which: str) -> PadanError:
        """Why the one note of this sort did not verify."""
        return next(note.error for note in self.unread if note.which == which)

    def facts(self, commitment: str) -> OpenedFacts | None:
        """The opened facts, if they match the commitment; else None."""
        opened = self.bundle.facts.get(commitment)
        return opened if opened is not None and opened.commitment() == commitment else None


def open_case(
    bundle: EvidenceBundle,
    roster: Roster,
    roster_error: PadanError | None,
    pinned: bool,
    own_checkpoint: str | None,
    advance: Advance,
) -> Case:
    """Read every note, judge every leaf, and compute the root of every signed checkpoint."""
    rosters = Rosters(roster).extended(bundle.leaves, 0)
    case = Case(
        bundle, roster, roster_error, pinned, _project_id(bundle.leaves), Project(roster), rosters
    )
    case.own_given = own_checkpoint is not None
    case.latest = _read(case, "latest", bundle.checkpoint)
    read = [_read(case, "cosigned", note) for note in bundle.cosigned]
    notes = [note for note in (*read, case.latest) if note is not None and note.times]
    case.notes = sorted(notes, key=lambda note: note.size)
    if own_checkpoint is not None:
        case.own = _read(case, "own", own_checkpoint)
    signed = [case.latest, case.own, *case.notes]
    case.roots = _roots(bundle.leaves, {note.size for note in signed if note} | {case.size})
    _judge(case, advance)
    case.witnesses = Witnessed.of(case.project, [note.cosigned() for note in case.witnessed()])
    return case


def _judge(case: Case, advance: Advance) -> None:
    # Witnesses' times on another log say nothing about this log.
    cosigned = [note.cosigned() for note in case.witnessed()]
    for index, leaf in enumerate(case.bundle.leaves):
        breach = _enter(case.project, index, leaf, cosigned)
        if breach is not None:
            case.breaches.append(breach)
        advance(1)


def _enter(
    project: Project, index: int, leaf: bytes, cosigned: Sequence[CosignedSize]
) -> Breach | None:
    """Add the leaf's statement to the project if it counts; returns what is wrong with it."""
    kind = ""
    try:
        statement = parse_statement(leaf)
        kind = statement.binding.type
        sender = require_belonging(project, statement)
    except PadanError as error:
        project.pass_over()
        return Breach(index, kind, error.code, error.problem)
    breach = None
    try:
        require_allowed(project, sender, statement, cosigned)
    except PadanError as error:
        breach = Breach(index, kind, error.code, error.problem)
    except LookupError:
        # The law may rely on an earlier step; in this log that step failed.
        breach = Breach(index, kind, "project.rests-on-a-breach", _RESTS)
    _stand(project, statement, breach)
    return breach


def _stand(project: Project, statement: Statement, breach: Breach | None) -> None:
    agreed = isinstance(statement.body, RosterBody | CharterBody)
    if breach is not None and (agreed or breach.code in _COUNTS_FOR_NOTHING):
        project.pass_over()
    else:
        project.add(statement)


def _read(case: Case, which: str, text: str) -> CaseNote | None:
    try:
        roster = roster_of(text, case.rosters)
        checkpoint, times = read_cosigned_times(text, roster, log_origin(case.project_id))
    except PadanError as error:
        case.unread.append(Unread(which, error))
        return None
    return CaseNote(checkpoint, times)


def _roots(leaves: Sequence[bytes], sizes: set[int]) -> dict[int, bytes]:
    """The Merkle root at each of these sizes that the log has reached."""
    frontier, roots = Frontier.empty(), {}
    for size in sorted(size for size in sizes if size <= len(leaves)):
        frontier = frontier.extend(map(leaf_hash, leaves[frontier.size : size]))
        roots[size] = frontier.root()
    return roots


def _project_id(leaves: Sequence[bytes]) -> str:
    """The project of the first charter; "" if there is none."""
    for leaf in leaves:
        try:
            body = parse_statement(leaf).body
        except PadanError:
            continue
        if isinstance(body, CharterBody):
            return body.project
    return ""


_RESTS = Words(
    "Pernyataan ini bertumpu pada entri lain yang tidak sah.",
    "This statement rests on another entry that does not hold.",
)
