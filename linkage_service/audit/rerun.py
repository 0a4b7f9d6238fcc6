"""Repeat a run from a hand-over and compare it with the results in the log.

    1. The roster is the one pinned here. The log is consistent, follows the law, and
       extends the checkpoint that this home folder remembers.
    2. Each bundle and delta is the one that its agency signed, chunk by chunk, with the committed
       handles. The run used those bundles and the ordered parameters.
    3. Matching again, by any engine and in tiles of any size, gives the same digest and counts.
    4. For every stage of the run, cells and differences are counted again from the new matches
       and must equal those that the service committed. Earlier runs from which something was
       released are matched again for this.

So everything except the arithmetic rests on signatures of members other than the operator
who is checked.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from linkage_service.audit.hand_over import HandOver, destroy_key
from linkage_service.audit.repeated_runs import RepeatedRuns, Searching
from linkage_service.engines.scratch import run_folder, sweep
from linkage_service.error_codes import ServiceCode
from linkage_service.intake.present_rows import check_all
from linkage_service.settings import EngineSettings
from policy.base.clocks import Clock, system_clock
from policy.base.errors import BadInput, NotYet, Refused, Unverified
from policy.base.words import Words
from policy.charter import FIRST_LAW
from policy.evidence import EvidenceBundle, verify_bundle
from policy.gates.facts import Facts
from policy.members.home import Unlocked
from policy.members.roster import Roster, parse_roster
from policy.members.succession import Rosters
from policy.project import Entry, Project
from policy.retention import require_rows
from policy.statements import Counts, Rerun, RunFinished, RunOrder, StageCounts, Staged
from policy.wire.replica import Replay, Replica, log_origin, read_cosigned, roster_of

# These checks cover what a rerun takes from the log (policy/evidence/checks).
_TAKEN = ("signatures", "inclusion", "order", "encodings")


@dataclass(frozen=True)
class Compared:
    """What the log says about a run, and what the rerun found."""

    finished: str  # the statement with the run's result
    logged: str
    found: str
    counts: Counts
    stages: tuple[StageCounts, ...]
    tiles: int
    complete: bool  # the log was compared with a checkpoint that this folder remembered

    @property
    def agree(self) -> bool:
        counted = (self.counts, *(each.counts for each in self.stages))
        return self.logged == self.found and set(counted) == {"as-logged"}

    def statement(self, at: int) -> Rerun:
        """The verdict as the auditor's statement for the log, dated `at` (seconds since 1970)."""
        return Rerun(
            at=at,
            finished=self.finished,
            result=self.found,
            counts=self.counts,
            stages=self.stages,
        )


def rerun(
    me: Unlocked,
    project_id: str,
    run: str,
    path: Path,
    engine: EngineSettings,
    tile_rows: int,
    scratch: Path,
    progress: Callable[[int, int], None],
    clock: Clock = system_clock,
) -> Compared:
    """Verify, match again and compare. The key of the hand-over is destroyed if both agree."""
    sweep(scratch)
    try:
        archive = zipfile.ZipFile(path)
    except (OSError, zipfile.BadZipFile):
        raise _no_handover(path) from None
    with archive, run_folder(scratch) as folder:
        handed = HandOver.open(archive, folder)
        project, complete = _verified(me, project_id, handed.evidence)
        _require_not_ended(me, project, clock())
        entry = project.run(run).finished
        if entry is None:
            raise _not_finished(run)
        finished = entry.body
        order = project.entry(finished.order, RunOrder).body
        _require_as_ordered(project, finished, order)
        intake = handed.intake(me, project, clock)
        check_all(project, intake)
        again = RepeatedRuns(project, intake, Searching(engine, tile_rows, folder, progress))
        found = again.run(run)
        compared = Compared(
            finished=entry.digest,
            logged=finished.result,
            found=found.committed.result,
            counts=_compared(_opened(handed.evidence, finished.facts), found.committed.facts),
            stages=tuple(_compared_stages(handed.evidence, again, entry)),
            tiles=found.tiles,
            complete=complete,
        )
        if compared.agree:
            destroy_key(me, project)
        return compared


def _verified(me: Unlocked, project_id: str, evidence: EvidenceBundle) -> tuple[Project, bool]:
    """The project replayed from the log, and whether a remembered checkpoint confirmed it.

    Raises Unverified.
    """
    first, digest = _roster_of(me, evidence)
    own = Replica(me.home.project_folder(project_id) / "log", first, project_id)
    known = own.leaves()
    # If our copy extends this log, the log is complete up to its end: a later checkpoint
    # adds nothing.
    earlier = len(known) > len(evidence.leaves) and known[: len(evidence.leaves)] == evidence.leaves
    report = verify_bundle(evidence, digest, None if earlier else own.remembered())
    # Decisions, canaries or an earlier rerun may be wrong: finding that out is the purpose.
    failed = next((f for name in _TAKEN for f in report.check(name).failed), None)
    if failed is not None or report.project != project_id:
        raise Unverified(
            ServiceCode.RERUN_LOG,
            Words(
                f"Log dalam serahan tidak sah: {failed.detail.id if failed else report.project}",
                f"The log in the hand-over does not hold: "
                f"{failed.detail.en if failed else report.project}",
            ),
            Words(
                "Simpan berkasnya sebagai bukti; periksa dengan 'padan-policy verify'.",
                "Keep the file as evidence; look closer with 'padan-policy verify'.",
            ),
        )
    replay, origin = Replay(Project(first)), log_origin(project_id)
    rosters = Rosters(first).extended(evidence.leaves, 0)
    notes = (read_cosigned(n, roster_of(n, rosters), origin) for n in evidence.cosigned)
    replay.extend(evidence.leaves, [cosigned for _, cosigned in notes])
    return replay.project, earlier or not report.incomplete


def _roster_of(me: Unlocked, evidence: EvidenceBundle) -> tuple[Roster, str]:
    """The log's first roster, and the digest of the roster to judge it by.

    That is the first roster itself if it is known here, else the newest one known here, to which
    the first one must lead.
    """
    first, _ = parse_roster(evidence.roster)
    known = {roster.digest() for roster in me.home.rosters()}
    return first, first.digest() if first.digest() in known else me.home.roster().digest()


def _require_not_ended(me: Unlocked, project: Project, now: int) -> None:
    """After the encodings' last day, destroys the hand-over's key and refuses the rerun."""
    try:
        require_rows(project, now)
    except Refused:
        destroy_key(me, project)
        raise


def _require_as_ordered(project: Project, finished: RunFinished, order: RunOrder) -> None:
    """The run's own statement names the accepted bundles and the ordered parameters."""
    stood = project.until(project.entry(finished.order).index).commitments()
    bundles = {dataset: entry.digest for dataset, entry in stood.items()}
    said = (finished.bundles, finished.thresholds_ppm, finished.nik_floor_ppm)
    if said != (bundles, order.thresholds_ppm, order.nik_floor_ppm):
        raise Unverified(
            ServiceCode.RERUN_NOT_AS_ORDERED,
            Words(
                "Layanan menyebut bundel atau ambang lain daripada yang diperintahkan.",
                "The service names other bundles or thresholds than were ordered.",
            ),
            Words("Laporkan kepada para pihak.", "Report it to the parties."),
        )


def _compared_stages(
    evidence: EvidenceBundle, again: RepeatedRuns, run: Entry
) -> Iterator[StageCounts]:
    """Every stage of the run; empty under the first law, whose builds cannot read this."""
    if again.project.charter.law == FIRST_LAW:
        return
    for stage in again.project.of(Staged):
        staged = stage.body
        if staged.run == run.digest:
            logged = _opened(evidence, staged.facts)
            yield StageCounts(stage=stage.digest, counts=_compared(logged, again.stage(stage)))


def _compared(logged: Facts | None, found: Facts) -> Counts:
    if logged is None:
        return "not-opened"
    return "as-logged" if logged == found else "different"


def _opened(evidence: EvidenceBundle, commitment: str) -> Facts | None:
    """The facts behind the log's commitment; None if they are not in the hand-over."""
    opened = evidence.facts.get(commitment)
    if opened is None or opened.commitment() != commitment:
        return None
    return opened.facts


def _not_finished(run: str) -> NotYet:
    return NotYet(
        ServiceCode.RERUN_NO_RUN,
        Words(
            f"Log dalam serahan tidak memuat hasil pemadanan '{run}'.",
            f"The log in the hand-over holds no result of run '{run}'.",
        ),
        Words(
            "Periksa namanya, atau minta serahan sesudah pemadanan selesai.",
            "Check its name, or ask for a hand-over once the run has finished.",
        ),
    )


def _no_handover(path: Path) -> BadInput:
    return BadInput(
        ServiceCode.RERUN_MALFORMED,
        Words(f"{path} bukan serahan Padan.", f"{path} is not a Padan hand-over."),
        Words("Minta berkas itu dikirim ulang.", "Ask for the file to be sent again."),
    )
