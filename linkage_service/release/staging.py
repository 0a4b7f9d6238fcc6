"""From a decision's request to sealed files: draw IDs, seal, stage, decide.

stage    fresh match IDs and row secrets for each row of each ID domain, in one
         sealed file for each dataset and domain; the log gets their digests
decide   the release gate over committed facts and signed approvals; files of a refused
         stage are destroyed, files of a released stage may be downloaded
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from linkage_service.error_codes import ServiceCode
from linkage_service.intake.present_rows import handles_taken
from linkage_service.release.disclosure import released_before, told
from linkage_service.release.domains import Handles, Solved, rows_left, without
from linkage_service.release.files import file_name, seal_domain
from linkage_service.release.lost_files import require_files, stream_file
from linkage_service.release.persons import without_rows
from linkage_service.runs.as_logged import as_logged
from linkage_service.runs.own_lists import Joined, joinable
from linkage_service.runs.results import Results
from linkage_service.runs.solve import DomainGroups
from linkage_service.runs.stored_parts import DamagedResult
from linkage_service.service import Service
from linkage_service.storage.ledger import Append
from policy.base.dates import at_second, long_moment
from policy.base.errors import NotYet, Refused
from policy.base.words import Words
from policy.charter import FIRST_LAW
from policy.gates.cases import release_case
from policy.gates.decision import GateOutcome, release_gate
from policy.gates.facts import OpenedFacts, ReleaseFacts, release_facts
from policy.law.conditions import require_enough_changed, require_none_withdrawn
from policy.project import Entry, Project
from policy.project.recipients import recipients
from policy.project.row_counts import rows_gone, taken_away
from policy.retention import require_rows, require_usable
from policy.statements import Decided, RunFinished, Staged

_DAY_SECONDS = 86_400


def stage(service: Service, project_id: str, release: str) -> str:
    """Draw, seal and log one release manifest, and return its digest; repeating is harmless.

    If rows were removed since an earlier stage, this stages again and destroys the earlier files.
    """
    project = service.ledger.project(project_id)
    record = project.release(release)
    known = record.stage
    if known is not None and not _is_outdated(project, known):
        return known.digest
    require_rows(project, service.clock())
    if not record.is_requested or record.run.finished is None:
        raise _not_requested()
    run, finished, order = record.run, record.run.finished, record.run.order
    if project.charter.law == FIRST_LAW:
        require_none_withdrawn(project, order)
    require_enough_changed(project, order)
    stored = _Stored(service, project)
    with _computed_again_if_damaged(service, project_id):
        domains = [stored.solved(project, run.name, each) for each in record.request.body.domains]
        opened = OpenedFacts.fresh(stored.told(release, finished.body, domains))
    files = [file for domain in domains for file in seal_domain(service, project, release, domain)]
    with service.ledger.appending(project_id) as append:
        require_nothing_new(since=project, now=append.project)
        append.keep_opened(opened)
        staged = Staged(
            at=service.clock(),
            release=release,
            request=record.request.digest,
            run=finished.digest,
            result=finished.body.result,
            facts=opened.commitment(),
            files=tuple(files),
            withdrawn=taken_away(project, order.index),
            expires=service.clock() + project.charter.release.stage_valid_days * _DAY_SECONDS,
        )
        digest = append.own(staged, run=release).digest
    if known is not None:
        _destroy_files(service, project_id, known)
    return digest


@dataclass
class _Stored:
    """The stored results of runs; each run's rows are read once."""

    service: Service
    project: Project
    _handles: dict[str, Handles] = field(default_factory=dict)
    _found: dict[str, DomainGroups] = field(default_factory=dict)

    def solved(self, stood: Project, run: str, domain: str) -> Solved:
        """A domain of a run, without the rows removed by now."""
        found = self._found_by(run)
        whole = Solved(
            run, domain, found.groups[domain], found.verify[domain], self._handles_of(run)
        )
        return without(whole, rows_left(stood, self.service.intake), stood.charter.dataset_ids)

    def told(self, release: str, finished: RunFinished, now: Sequence[Solved]) -> ReleaseFacts:
        before = [
            (earlier.name, self.solved(then, earlier.run.name, domain))
            for earlier, then, domain in released_before(self.project)
        ]
        joined = list(self._joined(now[0].run))
        return told(self.project, release, finished, now, before, joined)

    def _joined(self, run: str) -> Iterator[Joined]:
        """Joined lists of a run; raises Refused for one who became a recipient after the run."""
        charter = self.project.charter
        if charter.law == FIRST_LAW:
            return
        stored = Results(self.service.blobs, charter.project, run)
        gone = rows_left(self.project, self.service.intake)
        for recipient, own in joinable(charter, recipients(charter, self.project.roster)):
            whole = Joined(recipient, own, stored.joined(own))
            yield without_rows(whole, self._handles_of(run), gone, charter.dataset_ids)

    def _found_by(self, run: str) -> DomainGroups:
        """All domains of a run; raises DamagedResult if they are not those of the log."""
        if run not in self._found:
            record, handles = self.project.run(run), self._handles_of(run)
            stored = Results(self.service.blobs, self.project.charter.project, run)
            entry, order = record.require_finished(), record.order.body
            charter = self.project.until(entry.index).charter  # a later one may have another law
            self._found[run] = as_logged(charter, order, entry.body, handles, stored)
        return self._found[run]

    def _handles_of(self, run: str) -> Handles:
        if run not in self._handles:
            order = self.project.run(run).order
            self._handles[run] = handles_taken(self.project, self.service.intake, order)
        return self._handles[run]


@contextmanager
def _computed_again_if_damaged(service: Service, project_id: str) -> Iterator[None]:
    """Start a run again whose stored result is damaged, and say so; nothing is staged from it."""
    try:
        yield
    except DamagedResult as found:
        service.runs.compute_again(project_id, found.run)
        raise _computed_again(found) from None


def unmendable(service: Service, project_id: str, release: str) -> tuple[str, ...]:
    """Rules that block a stage whatever approvals it gets; empty once the stage is decided."""
    project = service.ledger.project(project_id)
    record = project.release(release)
    stage_entry = record.stage
    if stage_entry is None or record.decision is not None:
        return ()
    try:
        facts = service.opened(project_id, stage_entry.body.facts)
    except Refused:
        return ()  # destroyed at their date
    case = release_case(project, release, release_facts(facts), service.clock())
    return release_gate(case).unmendable


def decide(service: Service, project_id: str, release: str, *, final: bool = False) -> GateOutcome:
    """Evaluate the release gate, log the verdict, destroy the files of a refused stage.

    A verdict is final and uses up its request. So a stage that lacks only approvals is decided
    after its period ends, or earlier with `final`; otherwise raises NotYet.
    """
    with service.ledger.appending(project_id) as append:
        stage_entry = append.project.release(release).stage
        if stage_entry is None:
            raise _not_requested()
        outcome = _decide(service, append, stage_entry, final)
    if not outcome.passed:
        _destroy_files(service, project_id, stage_entry)
    return outcome


def _decide(
    service: Service, append: Append, stage_entry: Entry[Staged], final: bool
) -> GateOutcome:
    now, staged = service.clock(), stage_entry.body
    release = staged.release
    record = append.project.release(release)
    facts = service.opened(append.project_id, staged.facts)
    if record.decision is not None:  # asked again: the same answer
        then = record.at_decision().project
        return release_gate(
            release_case(then, release, release_facts(facts), record.decision.body.at)
        )
    case = release_case(append.project, release, release_facts(facts), now)
    outcome = release_gate(case)
    if not final and outcome.awaits_approvals(case):
        raise _awaits_approvals(outcome, staged)
    if outcome.passed:
        require_files(service.blobs, append.project_id, staged)
    decided = Decided(
        at=now,
        release=release,
        stage=stage_entry.digest,
        approvals=tuple(e.digest for e in record.approvals),
        rules=outcome.rules(),
        verdict=outcome.verdict,
    )
    append.own(decided, run=release)
    return outcome


def _is_outdated(project: Project, stage: Entry[Staged]) -> bool:
    """Whether rows were removed since an undecided stage."""
    if project.charter.law == FIRST_LAW:
        return False
    undecided = project.release(stage.body.release).decision is None
    return undecided and bool(rows_gone(project, stage.index))


def _destroy_files(service: Service, project_id: str, stage: Entry[Staged]) -> None:
    for file in stage.body.files:
        service.blobs.delete(file_name(project_id, file.ciphertext))


def released_file(
    service: Service, project_id: str, member: str, release: str, digest: str
) -> Iterator[bytes]:
    """A sealed file for its recipient in blocks, once it is released."""
    project = service.ledger.project(project_id)
    require_usable(project, "staged-files", service.clock())
    record = project.release(release)
    if not record.is_released:
        raise Refused(
            ServiceCode.RELEASE_NOT_RELEASED,
            Words("Rilis ini belum atau tidak disetujui.", "This release is not approved."),
            Words("Lihat 'padan-policy status'.", "See 'padan-policy status'."),
        )
    files = (each.file for each in record.released_files)
    if not any((file.recipient, file.ciphertext) == (member, digest) for file in files):
        raise Refused(
            ServiceCode.RELEASE_NOT_RECIPIENT,
            Words("Berkas ini bukan untuk Anda.", "This file is not for you."),
            Words("Unduh berkas milik sendiri saja.", "Download your own files only."),
        )
    return stream_file(service.blobs, project_id, digest)


def require_nothing_new(*, since: Project, now: Project) -> None:
    """Raises Refused if the log changed after cells and differences were counted.

    A new roster counts as a change: files were sealed to the keys of the roster in force.
    """
    if now.roster_digest != since.roster_digest:
        raise Refused(
            ServiceCode.RELEASE_ROSTER_MEANWHILE,
            Words(
                "Roster baru datang sementara berkas rilis ini disegel.",
                "A new roster came while this stage was being sealed.",
            ),
            Words("Siapkan rilis ini sekali lagi.", "Stage this release again."),
        )
    if rows_gone(now, since.size):
        raise Refused(
            ServiceCode.RELEASE_WITHDRAWN_MEANWHILE,
            Words(
                "Ada baris yang ditarik sementara berkas rilis ini dihitung.",
                "Rows were withdrawn while this stage was being counted.",
            ),
            Words("Siapkan rilis ini sekali lagi.", "Stage this release again."),
        )
    if len(now.of(Decided)) != len(since.of(Decided)):
        raise Refused(
            ServiceCode.RELEASE_DECIDED_MEANWHILE,
            Words(
                "Rilis lain diputuskan sementara berkas rilis ini dihitung.",
                "Another release was decided while this stage was being counted.",
            ),
            Words("Siapkan rilis ini sekali lagi.", "Stage this release again."),
        )


def _awaits_approvals(outcome: GateOutcome, staged: Staged) -> NotYet:
    lacking = [finding.reason for finding in outcome.findings if not finding.passed]
    until = long_moment(at_second(staged.expires))
    return NotYet(
        ServiceCode.RELEASE_AWAITS_APPROVALS,
        Words(
            f"{staged.release} masih menunggu. {' '.join(each.id for each in lacking)}",
            f"{staged.release} still waits. {' '.join(each.en for each in lacking)}",
        ),
        Words(
            f"Persetujuan diterima sampai {until.id}. Untuk menolaknya sekarang:"
            " 'padan-linkage decide --final'.",
            f"Approvals are taken until {until.en}. To refuse it now:"
            " 'padan-linkage decide --final'.",
        ),
    )


def _computed_again(found: DamagedResult) -> NotYet:
    problem = found.problem
    return NotYet(
        ServiceCode.RUN_RESULT_DAMAGED,
        Words(
            f"{problem.id} Hasil pemadanan '{found.run}' sedang dihitung lagi.",
            f"{problem.en} The result of run '{found.run}' is being computed again.",
        ),
        Words(
            "Tunggu sampai 'padan-linkage run-status' berkata selesai, lalu ulangi perintah ini."
            " Periksa disk layanan.",
            "Wait until 'padan-linkage run-status' says that it is done, then give this command"
            " again. Check the service's disk.",
        ),
    )


def _not_requested() -> NotYet:
    return NotYet(
        ServiceCode.RELEASE_NOT_REQUESTED,
        Words(
            "Rilis ini belum diminta atau disiapkan.", "This release is not requested or staged."
        ),
        Words(
            "Satu pihak menjalankan 'padan-policy request'.", "A party runs 'padan-policy request'."
        ),
    )
