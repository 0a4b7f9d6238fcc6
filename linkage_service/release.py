"""From a decision's request to sealed files: draw IDs, seal, stage, decide.

stage    fresh match IDs and row secrets for each row of each ID domain; one
         sealed file a dataset and domain; the log gets their digests
decide   the release gate over committed facts and signed approvals; a refused
         stage's files are destroyed, a released one's may be downloaded
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from linkage_service.cells import View, cells, differences
from linkage_service.inputs import handles_taken
from linkage_service.ledger import Append
from linkage_service.matching import Groups
from linkage_service.runs import load_groups, load_verify
from linkage_service.service import Service
from policy.canonical import sha256
from policy.cases import release_case
from policy.charter import Charter
from policy.conditions import require_none_withdrawn
from policy.decision import Outcome, release_gate
from policy.envelope import Binding
from policy.errors import NotYet, Refused
from policy.facts import OpenedFacts, ReleaseFacts, release_facts
from policy.project import Entry, Project, body_of, taken
from policy.retention import require_rows, require_usable
from policy.rules.case import StagedFact
from policy.rules.output_files import expected_files
from policy.sealing import encrypt_stream, new_file_seal
from policy.statements import Decided, ReleaseRequest, RunFinished, Staged, StagedFile
from policy.words import Words

RELEASE_SEAL_TYPE = "padan/release-key"
RELEASE_MAGIC = b"padan-release-1\n"
GRADED_MAGIC = b"padan-release-2\n"  # a row ends with a byte: 0 certain, 1 to verify
SALT_BYTES, ID_BYTES, SECRET_BYTES = 32, 16, 32
_DAY_SECONDS = 86_400

Bytes = NDArray[np.uint8]
Numbers = NDArray[np.uint32]
Handles = Mapping[str, Bytes]  # by dataset, numbered as the run numbered its rows


def stage(service: Service, project_id: str, release: str) -> str:
    """Draw, seal and log one release manifest; done already, it is only named again."""
    project = service.ledger.project(project_id)
    known = project.stage(release)
    if known is not None:
        return known.digest
    require_rows(project, int(time.time()))
    request_entry = project.request(release)
    if request_entry is None:
        raise _not_requested()
    request = body_of(request_entry, ReleaseRequest)
    run_name = request_entry.statement.binding.run
    run = project.run(run_name)
    if run is None:
        raise _not_requested()
    finished = body_of(run, RunFinished)
    order = project.entry(finished.order)
    require_none_withdrawn(project, order)
    handles = handles_taken(project, service.intake, order)
    where = (service, project_id, run_name)
    groups = {domain: load_groups(*where, domain) for domain in request.domains}
    verify = {domain: load_verify(*where, domain) for domain in request.domains}
    opened = OpenedFacts.fresh(
        _facts(
            service,
            project,
            release,
            finished,
            [_view(project, release, d, each, handles, verify[d]) for d, each in groups.items()],
            {run_name: handles},
        )
    )
    files: list[StagedFile] = []
    for domain, each in groups.items():
        ids, secrets = _random(each.count, ID_BYTES), _random(each.count, SECRET_BYTES)
        drawn = _Drawn(ids, secrets, verify[domain])
        files += _seal_domain(service, project, release, domain, each, handles, drawn)
    with service.ledger.appending(project_id) as append:
        _require_none_decided(since=project, now=append.project)
        service.keep_opened(append, opened)
        staged = Staged(
            at=int(time.time()),
            release=release,
            request=request_entry.digest,
            run=run.digest,
            result=finished.result,
            facts=opened.commitment(),
            files=tuple(files),
            expires=int(time.time()) + project.charter.release.stage_valid_days * _DAY_SECONDS,
        )
        return append.own(staged, run=release).digest


def decide(service: Service, project_id: str, release: str) -> Outcome:
    """Evaluate the release gate, log the verdict, destroy what is refused."""
    with service.ledger.appending(project_id) as append:
        stage_entry = append.project.stage(release)
        if stage_entry is None:
            raise _not_requested()
        staged = body_of(stage_entry, Staged)
        outcome = _decide(service, append, stage_entry)
    if not outcome.passed:
        for file in staged.files:
            service.blobs.delete(file_name(project_id, file.ciphertext))
    return outcome


def _decide(service: Service, append: Append, stage_entry: Entry) -> Outcome:
    now, staged = int(time.time()), body_of(stage_entry, Staged)
    release = staged.release
    facts = service.opened(append.project_id, staged.facts)
    outcome = release_gate(release_case(append.project, release, release_facts(facts), now))
    decided = Decided(
        at=now,
        release=release,
        stage=stage_entry.digest,
        approvals=tuple(e.digest for e in append.project.approvals(release)),
        rules=outcome.rules(),
        verdict=outcome.verdict,
    )
    append.own(decided, run=release)
    return outcome


def released_file(
    service: Service, project_id: str, member: str, release: str, digest: str
) -> bytes:
    """A sealed file for its recipient, once it is released."""
    project = service.ledger.project(project_id)
    require_usable(project, "staged-files", int(time.time()))
    decision = project.decision(release)
    if decision is None or body_of(decision, Decided).verdict != "released":
        raise Refused(
            "release.not-released",
            Words("Rilis ini belum atau tidak disetujui.", "This release is not approved."),
            Words("Lihat 'padan-policy status'.", "See 'padan-policy status'."),
        )
    staged = body_of(project.entry(body_of(decision, Decided).stage), Staged)
    if not any((f.recipient, f.ciphertext) == (member, digest) for f in staged.files):
        raise Refused(
            "release.not-recipient",
            Words("Berkas ini bukan untuk Anda.", "This file is not for you."),
            Words("Unduh berkas milik sendiri saja.", "Download your own files only."),
        )
    return service.blobs.get(file_name(project_id, digest))


def file_name(project_id: str, digest: str) -> str:
    return f"{project_id}/releases/{digest}"


# -- what it would tell ---------------------------------------------------------------------


def _facts(
    service: Service,
    project: Project,
    release: str,
    finished: RunFinished,
    now: list[View],
    by_run: Mapping[str, Handles],
) -> ReleaseFacts:
    counted = service.opened(project.charter.project, finished.facts).facts
    before = list(_released_before(service, project, by_run))
    return ReleaseFacts(
        release=release,
        run=finished.facts,
        domains={view.domain: counted.domains[view.domain] for view in now},
        cells=cells(project.charter, now, before),
        differences=differences(project.charter, now, before),
    )


def _released_before(
    service: Service, project: Project, by_run: Mapping[str, Handles]
) -> Iterator[View]:
    """The domains of every release that was let out in this epoch, as its recipients have it.

    The rows of each run that is not known yet are read once.
    """
    known = dict(by_run)
    for entry in project.of(Decided):
        decided = body_of(entry, Decided)
        if decided.verdict != "released":
            continue
        request = project.entry(body_of(project.entry(decided.stage), Staged).request)
        run = request.statement.binding.run
        if run not in known:
            order = taken(project.order(run), "order")
            known[run] = handles_taken(project, service.intake, order)
        for domain in body_of(request, ReleaseRequest).domains:
            where = (service, project.charter.project, run, domain)
            groups, verify = load_groups(*where), load_verify(*where)
            yield _view(project, decided.release, domain, groups, known[run], verify)


def _require_none_decided(*, since: Project, now: Project) -> None:
    """Cells and differences were counted on the log as it was; raises Refused if one came since."""
    if len(now.of(Decided)) != len(since.of(Decided)):
        raise Refused(
            "release.decided-meanwhile",
            Words(
                "Rilis lain diputuskan sementara tahapan ini dihitung.",
                "Another release was decided while this stage was being counted.",
            ),
            Words("Jalankan tahapan ini sekali lagi.", "Stage this release once more."),
        )


def _view(
    project: Project,
    release: str,
    domain: str,
    groups: Groups,
    handles: Handles,
    verify: NDArray[np.bool_],
) -> View:
    shown, numbers = {}, {}
    for dataset in project.charter.domain(domain).datasets:
        rows, group = _matched(project.charter, dataset, groups)
        numbers[dataset] = np.full(len(handles[dataset]), -1, np.int64)
        numbers[dataset][rows] = group
        shown[dataset] = handles[dataset]
    return View(release, domain, shown, numbers, verify)


def _matched(charter: Charter, dataset: str, groups: Groups) -> tuple[Numbers, Numbers]:
    """The rows of a dataset that are in a group, and the group of each."""
    mine = groups.dataset == charter.dataset_ids.index(dataset)
    return groups.row[mine], groups.group[mine]


# -- drawing and sealing ------------------------------------------------------------------


@dataclass(frozen=True)
class _Drawn:
    """For every group of one domain a match ID, a row secret, and whether it is to be verified."""

    ids: Bytes
    secrets: Bytes
    verify: NDArray[np.bool_]


def _seal_domain(
    service: Service,
    project: Project,
    release: str,
    domain: str,
    groups: Groups,
    handles: Handles,
    drawn: _Drawn,
) -> list[StagedFile]:
    charter, files = project.charter, []
    for fact in sorted(expected_files(charter, (domain,)), key=lambda fact: fact.dataset):
        matched = _matched(charter, fact.dataset, groups)
        graded = charter.release.grades and fact.form != "private-index"
        plaintext = _plaintext(fact, handles[fact.dataset], *matched, drawn, graded)
        files.append(_seal_file(service, project, release, fact, plaintext))
    return files


def _plaintext(
    fact: StagedFact, handles: Bytes, rows: Numbers, group: Numbers, drawn: _Drawn, graded: bool
) -> bytes:
    """salt || rows sorted by match ID, so that the order tells nothing."""
    if fact.form == "private-index":
        # Every row gets an ID; one that matched is not to be told from one that did not.
        ids = _random(handles.shape[0], ID_BYTES)
        secrets = _random(handles.shape[0], SECRET_BYTES)
        ids[rows], secrets[rows] = drawn.ids[group], drawn.secrets[group]
        columns = [handles, ids, secrets]
    else:
        columns = [handles[rows], drawn.ids[group], drawn.secrets[group]]
        columns += [drawn.verify[group, np.newaxis].astype(np.uint8)] if graded else []
    table = np.concatenate(columns, axis=1)
    order = np.lexsort(table[:, 16 : 16 + ID_BYTES].T[::-1])
    magic = GRADED_MAGIC if graded else RELEASE_MAGIC
    return magic + os.urandom(SALT_BYTES) + table[order].tobytes()


def _seal_file(
    service: Service, project: Project, release: str, fact: StagedFact, plaintext: bytes
) -> StagedFile:
    charter = project.charter
    binding = Binding(
        type=RELEASE_SEAL_TYPE,
        project=charter.project,
        epoch=charter.epoch,
        charter=project.charter_digest,
        roster=project.roster.digest(),
        run=release,
        sender=service.me.member.id,
        recipient=fact.recipient,
        manifest=sha256(plaintext),
    )
    recipient = project.roster.member(fact.recipient).seal_public()
    seal = new_file_seal(recipient, binding, service.me.keys.signing)
    parts = [
        seal.envelope.canonical(),
        *encrypt_stream([plaintext], seal.key, seal.header_digest),
    ]
    digest = sha256(b"".join(parts))
    container = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
    service.blobs.put(file_name(charter.project, digest), container)
    return StagedFile(
        recipient=fact.recipient,
        dataset=fact.dataset,
        domain=fact.domain,
        form="membership" if fact.form == "membership" else "private-index",
        plaintext=sha256(plaintext),
        ciphertext=digest,
    )


def _random(rows: int, width: int) -> Bytes:
    return np.frombuffer(bytearray(os.urandom(rows * width)), np.uint8).reshape(rows, width)


def _not_requested() -> NotYet:
    return NotYet(
        "release.not-requested",
        Words(
            "Rilis ini belum diminta atau ditahapkan.", "This release is not requested or staged."
        ),
        Words(
            "Satu pihak menjalankan 'padan-policy request'.", "A party runs 'padan-policy request'."
        ),
    )
