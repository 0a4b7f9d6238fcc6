"""The log that a paper is made from: a member's own copy, or an evidence bundle.

Either is first replayed through the law of the project's life. A bundle's roster is not compared
with anything here: the paper shows its digest, and the reader compares it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from policy.base.error_codes import PolicyCode
from policy.base.errors import BadInput
from policy.base.words import Words
from policy.charter import Charter
from policy.evidence import read_bundle
from policy.members.roster import Roster, open_roster, roster_digest
from policy.members.succession import Rosters
from policy.papers.paper import Code, Datum, Fact, Facts, Missing
from policy.project import Project
from policy.statements import parse_statement
from policy.wire.replica import Replay, log_origin, read_cosigned, roster_of
from policy.witnessing.cosigned import CosignedSize
from policy.witnessing.quorum import is_witnessed


@dataclass
class Proposed(Project):
    """A charter without signatures, as a project without a log."""

    proposal: Charter | None = None

    @property
    def charter(self) -> Charter:
        assert self.proposal is not None
        return self.proposal

    @property
    def charter_digest(self) -> str:
        return self.charter.digest()


@dataclass(frozen=True)
class Reading:
    """A project by its log; a quorum's checkpoint covers the first `witnessed` entries."""

    project: Project
    root: str
    witnessed: int

    def origin(self, now: datetime) -> Facts:
        """When and from what a paper was made, for the head of the paper."""
        project, charter = self.project, self.project.charter
        return Facts(
            (
                Fact(
                    "project",
                    Words("Proyek dan zaman kunci", "Project and key epoch"),
                    Code(f"{charter.project} / {charter.epoch}"),
                ),
                Fact("charter", Words("Piagam", "Charter"), self._charter()),
                Fact("roster", Words("Sidik roster", "Roster digest"), Code(project.roster_digest)),
                Fact("log", Words("Log yang dibaca", "Log that was read"), self._log()),
                Fact("made", Words("Disusun pada", "Compiled on"), now),
            )
        )

    def _charter(self) -> Datum:
        charter = self.project.charter
        version = Words(f"versi {charter.version}", f"version {charter.version}")
        if isinstance(self.project, Proposed):
            # The charter's digest changes when the assessment's digest is written into it.
            return version, Missing(Words("belum ditandatangani", "not signed yet"))
        return version, Code(self.project.charter_digest)

    def _log(self) -> Datum:
        if isinstance(self.project, Proposed):
            return Missing(Words("belum ada", "there is none yet"))
        size = self.project.size
        return (
            Words(
                f"{size} entri, {self.witnessed} di antaranya disaksikan kuorum saksi",
                f"{size} entries, {self.witnessed} of them under a checkpoint of the witnesses'"
                " quorum",
            ),
            Code(self.root),
        )


def read_draft(charter: Charter, roster: Roster) -> Reading:
    """A charter before anybody signs it, for papers that must exist before the signatures."""
    return Reading(Proposed(roster, proposal=charter), "", 0)


def read_replay(replay: Replay, cosigned: Iterable[CosignedSize]) -> Reading:
    """A log that was already replayed."""
    sizes = [c.size for c in cosigned if is_witnessed(replay.project, c.members)]
    return Reading(replay.project, replay.roots[replay.size].hex(), max(sizes, default=0))


def read_evidence(path: Path) -> Reading:
    """The log of an evidence bundle; raises the errors of the law and of its checkpoints."""
    bundle = read_bundle(path)
    roster = open_roster(bundle.roster, roster_digest(bundle.roster))
    bindings = (parse_statement(leaf).binding for leaf in bundle.leaves)
    project_id = next((binding.project for binding in bindings if binding.project), None)
    if project_id is None:
        raise BadInput(
            PolicyCode.PAPERS_NO_PROJECT,
            Words(f"{path}: belum memuat piagam.", f"{path}: holds no charter yet."),
            Words("Ambil bundel bukti yang lebih baru.", "Take a newer evidence bundle."),
        )
    origin = log_origin(project_id)
    rosters = Rosters(roster).extended(bundle.leaves, 0)
    notes = [
        read_cosigned(note, roster_of(note, rosters), origin)
        for note in (*bundle.cosigned, bundle.checkpoint)
    ]
    replay = Replay(Project(roster))
    replay.extend(bundle.leaves, [cosigned for _, cosigned in notes])
    for checkpoint, _ in notes:
        replay.check(checkpoint)
    return read_replay(replay, [cosigned for _, cosigned in notes])
