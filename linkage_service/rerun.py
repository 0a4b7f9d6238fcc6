"""Repeat a run from a hand-over, and compare with what the log says it came to.

    1. The roster is the one pinned here; the log holds together, follows the law, and
       extends the checkpoint that this home folder remembers.
    2. Each bundle and delta is the one that its agency signed, chunk by chunk, with the committed
       handles; the run used those bundles, and the parameters that were ordered.
    3. Matching again, by any engine and in tiles of any size, gives digest and counts.

Everything but the arithmetic is thus taken from signatures of others than the operator
who is checked.
"""

from __future__ import annotations

import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from linkage_service import engines, outcome, plans
from linkage_service.datasets import RunData, load_datasets
from linkage_service.engines.scratch import run_folder, sweep
from linkage_service.handover import HandOver, destroy_key
from linkage_service.inputs import check_all
from linkage_service.matching import Candidates, from_bytes
from linkage_service.settings import EngineSettings
from policy.charter import Charter
from policy.errors import BadInput, NotYet, Refused, Unverified
from policy.evidence import EvidenceBundle, verify_bundle
from policy.facts import RunFacts
from policy.home import Unlocked
from policy.planted import planted
from policy.project import Project, body_of
from policy.replica import Replay, Replica, log_origin, read_cosigned, roster_of
from policy.retention import require_rows
from policy.roster import Roster, parse_roster
from policy.statements import Counts, Rerun, RunFinished, RunOrder
from policy.succession import Rosters
from policy.words import Words

# What a rerun takes from the log rests on these checks (policy/evidence/checks).
_TAKEN = ("signatures", "inclusion", "order", "encodings")


@dataclass(frozen=True)
class Compared:
    """What the log says of a run, and what the rerun found."""

    finished: str  # the statement that says what the run came to
    logged: str
    found: str
    counts: Counts
    tiles: int
    complete: bool  # the log was compared with a checkpoint that this folder remembered

    @property
    def agree(self) -> bool:
        return self.logged == self.found and self.counts == "as-logged"

    def statement(self) -> Rerun:
        """The verdict, as an auditor says it in the log."""
        return Rerun(
            at=int(time.time()), finished=self.finished, result=self.found, counts=self.counts
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
) -> Compared:
    """Verify, match again, compare. The key of the hand-over goes once both agree."""
    sweep(scratch)
    try:
        archive = zipfile.ZipFile(path)
    except (OSError, zipfile.BadZipFile):
        raise _no_handover(path) from None
    with archive, run_folder(scratch) as folder:
        handed = HandOver.open(archive, folder)
        project, complete = _verified(me, project_id, handed.evidence)
        _require_not_ended(me, project)
        entry = project.run(run)
        if entry is None:
            raise _not_finished(run)
        finished = body_of(entry, RunFinished)
        ordered = project.entry(finished.order)
        order = body_of(ordered, RunOrder)
        _require_as_ordered(project, finished, order)
        intake = handed.intake(me, project)
        check_all(project, intake)
        data = load_datasets(project, intake, ordered)
        searched = _search(data, project.charter, order, engine, tile_rows, scratch, progress)
        tiles, stored = searched
        found = outcome.candidates(data, project.charter, order, stored)
        pairs = outcome.standing(found, data, project.charter, order)
        same = outcome.duplicates(data, project.charter, order)
        solved = {d: outcome.groups(pairs, data, project.charter, d, same) for d in order.domains}
        verify = {
            d: outcome.to_verify(solved[d], pairs, data, project.charter, d, same)
            for d in order.domains
        }
        counted = outcome.PairCounts.of(pairs)
        compared = Compared(
            finished=entry.digest,
            logged=finished.result,
            found=outcome.result(project.charter, data, solved, verify),
            counts=_compared_counts(
                _logged_facts(handed.evidence, finished),
                outcome.facts(
                    run, counted, project.charter, data, solved, verify, planted(project)
                ),
            ),
            tiles=tiles,
            complete=complete,
        )
        if compared.agree:
            destroy_key(me, project)
        return compared


def _verified(me: Unlocked, project_id: str, evidence: EvidenceBundle) -> tuple[Project, bool]:
    """The project as its log has it; raises Unverified."""
    first, digest = _roster_of(me, evidence)
    own = Replica(me.home.project_folder(project_id) / "log", first, project_id)
    known = own.leaves()
    # A log that one's own copy goes on from is whole as far as it goes: no checkpoint of a
    # later day says more about it.
    earlier = len(known) > len(evidence.leaves) and known[: len(evidence.leaves)] == evidence.leaves
    report = verify_bundle(evidence, digest, None if earlier else own.remembered())
    # Decisions, canaries or an earlier rerun may well be wrong: that is what one looks into.
    failed = next((f for name in _TAKEN for f in report.check(name).failed), None)
    if failed is not None or report.project != project_id:
        raise Unverified(
            "rerun.log",
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
    """The roster that the log begins with, and the digest by which it is judged: its own if it
    is known here, else that of the newest one known here, to which it has to lead."""
    first, _ = parse_roster(evidence.roster)
    known = {roster.digest() for roster in me.home.rosters()}
    return first, first.digest() if first.digest() in known else me.home.roster().digest()


def _require_not_ended(me: Unlocked, project: Project) -> None:
    """After the last day of the encodings the hand-over's key goes, and with it the hand-over."""
    try:
        require_rows(project, int(time.time()))
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
            "rerun.not-as-ordered",
            Words(
                "Layanan menyebut bundel atau ambang lain daripada yang diperintahkan.",
                "The service names other bundles or thresholds than were ordered.",
            ),
            Words("Laporkan kepada para pihak.", "Report it to the parties."),
        )


def _search(
    data: RunData,
    charter: Charter,
    order: RunOrder,
    engine: EngineSettings,
    tile_rows: int,
    scratch: Path,
    progress: Callable[[int, int], None],
) -> tuple[int, list[Candidates]]:
    plan = plans.whole(data, charter, order, tile_rows)
    found: list[Candidates] = []
    with engines.opened(engine, plan.job, scratch) as machine:
        for number, unit in enumerate(plan.units):
            machine.submit(number, unit)
        for _, stored in machine.results(lambda: False):
            found.append(from_bytes(stored))
            progress(len(found), len(plan.units))
    return len(plan.units), found


def _compared_counts(logged: RunFacts | None, found: RunFacts) -> Counts:
    if logged is None:
        return "not-opened"
    return "as-logged" if logged == found else "different"


def _logged_facts(evidence: EvidenceBundle, finished: RunFinished) -> RunFacts | None:
    """The opened facts behind the log's commitment; None if they are not in the hand-over."""
    opened = evidence.facts.get(finished.facts)
    if opened is None or opened.commitment() != finished.facts:
        return None
    return opened.facts if isinstance(opened.facts, RunFacts) else None


def _not_finished(run: str) -> NotYet:
    return NotYet(
        "rerun.no-run",
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
        "rerun.malformed",
        Words(f"{path} bukan serahan Padan.", f"{path} is not a Padan hand-over."),
        Words("Minta berkas itu dikirim ulang.", "Ask for the file to be sent again."),
    )
