"""The law of a project's life: which statement may follow which, and who may make it.

The service applies it before it appends, every client applies it to what it
downloads, the auditor applies it to an evidence bundle: one law, three readers.

    roster     first, once, both authorities
    charter    each party once, all the same bytes
    epoch      the service, once all parties signed the charter
    commit     each party once; the run gate holds; all its datasets, counts in window
    reveal     all have committed, and all parties cosigned a checkpoint over that
    confirm    all have revealed
    bundle     all have confirmed the same keys, under a cosigned checkpoint;
               equal to what was committed; once a dataset
    intake     the service, for a bundle that it opened and found as declared
    withdraw   the party that owns the dataset; its bundle is in
    order      all bundles are in; the run gate holds; spends budget
    run        the service; as ordered; the order under a cosigned checkpoint
    request    a run has finished; spends budget
    stage      the service; one file for each dataset and domain requested; nothing
               withdrawn since the order
    approval   an approver or DPO; the stage under a cosigned checkpoint
    decision   the service; once a release; names all approvals
    receipt    the recipient; the decision under a cosigned checkpoint

Every statement but the roster and the charter comes from a member whose roster entry
is valid on its day, and all but the roster are bound to the project, epoch, charter and
roster at hand. "Under a cosigned checkpoint" is said in `policy.conditions`; here that
checkpoint is also no larger than the log was when the next step was appended.
"""

from __future__ import annotations

from collections.abc import Iterable

from policy.cases import staged_fact
from policy.conditions import (
    CosignedSize,
    require_all_parties,
    require_confirmed,
    require_covered,
    require_entitled,
    require_first_time,
    require_none_withdrawn,
    require_party,
    require_ready_to_reveal,
    require_run_gate,
    require_service,
)
from policy.envelope import verify
from policy.project import Entry, Project, body_of, not_yet, refused, taken
from policy.roster import Member, roster_binding
from policy.rules.case import day_of
from policy.rules.output_files import expected_files
from policy.statements import (
    Accepted,
    Approval,
    BundleManifest,
    CharterBody,
    Committed,
    Confirmed,
    Decided,
    EpochOpened,
    Received,
    ReleaseRequest,
    Revealed,
    RosterBody,
    RunFinished,
    RunOrder,
    Staged,
    Statement,
    Withdrawn,
)


def append(  # noqa: C901 - one case a statement type is the table itself
    project: Project, statement: Statement, cosigned: Iterable[CosignedSize]
) -> Entry:
    """Append if the law allows; raises Refused, NotYet or WrongKey otherwise."""
    entry = Entry(len(project.entries), statement)
    usable = [c for c in cosigned if c.size <= entry.index]
    sender = _check_envelope(project, statement)
    match statement.body:
        case RosterBody():
            _roster(project, statement)
        case CharterBody() as body:
            _charter(project, sender, body)
        case EpochOpened():
            _epoch(project, sender)
        case Committed() as body:
            _commit(project, sender, body)
        case Revealed() as body:
            _reveal(project, sender, body, usable)
        case Confirmed():
            _confirm(project, sender)
        case BundleManifest() as body:
            _bundle(project, sender, body, usable)
        case Accepted() as body:
            _intake(project, sender, body)
        case Withdrawn() as body:
            _withdraw(project, sender, body)
        case RunOrder() as body:
            _order(project, sender, statement, body)
        case RunFinished() as body:
            _run(project, sender, statement, body, usable)
        case ReleaseRequest() as body:
            _request(project, sender, statement, body)
        case Staged() as body:
            _stage(project, sender, body)
        case Approval() as body:
            _approval(project, sender, statement, body, usable)
        case Decided() as body:
            _decision(project, sender, body)
        case Received() as body:
            _receipt(project, sender, body, usable)
        case _:
            raise refused("type", "Jenis tidak dikenal.", "This type is not known here.")
    project.entries.append(entry)
    return entry


def _check_envelope(project: Project, statement: Statement) -> Member:
    """Signature, sender and binding fit roster, project, epoch and charter."""
    binding, body = statement.binding, statement.body
    if isinstance(body, RosterBody):
        keys = {a: body.member(a).signing_public() for a in body.authorities}
        verify(statement.envelope, keys)
        return body.member(binding.sender)
    sender = project.roster.member(binding.sender)
    if not isinstance(body, CharterBody):
        sender = project.roster.valid_member(binding.sender, day_of(body.at))
    verify(statement.envelope, {sender.id: sender.signing_public()})
    own = isinstance(body, CharterBody)
    charter = body if isinstance(body, CharterBody) else project.charter
    if (
        binding.project != charter.project
        or binding.epoch != charter.epoch
        or binding.charter != (charter.digest() if own else project.charter_digest)
        or binding.roster != project.roster_digest
    ):
        raise refused(
            "binding",
            "Pernyataan ini milik proyek, zaman, piagam, atau roster lain.",
            "This statement belongs to another project, epoch, charter or roster.",
        )
    return sender


def _roster(project: Project, statement: Statement) -> None:
    if project.entries or statement.binding != roster_binding(project.roster):
        raise refused(
            "roster",
            "Roster hanya boleh di awal log dan harus yang disematkan.",
            "The roster stands first in the log and must be the pinned one.",
        )


def _charter(project: Project, sender: Member, body: CharterBody) -> None:
    if not project.entries:
        raise not_yet("roster", "Roster belum ada.", "There is no roster yet.")
    if set(body.authorities) != set(project.roster.authorities):
        raise refused(
            "authorities",
            "Roster tidak ditandatangani otoritas yang disebut piagam.",
            "The roster is not signed by the authorities that the charter names.",
        )
    for member in (*body.party_ids, *body.witnesses.members, *body.auditors):
        project.roster.member(member)
    earlier = project.by_sender(CharterBody)
    if earlier and next(iter(earlier.values())).digest() != body.digest():
        raise refused(
            "charter",
            "Piagam ini berbeda dari yang sudah ditandatangani pihak lain.",
            "This charter differs from the one that others have signed.",
        )
    require_first_time(sender.id in earlier)
    require_entitled(sender.id in body.party_ids, sender)


def _epoch(project: Project, sender: Member) -> None:
    require_service(project, sender)
    require_first_time(bool(project.of(EpochOpened)))
    require_all_parties(project, CharterBody, "charter")


def _commit(project: Project, sender: Member, body: Committed) -> None:
    if not project.of(EpochOpened):
        raise not_yet("epoch", "Zaman kunci belum dibuka.", "The epoch is not open yet.")
    require_party(project, sender)
    require_first_time(sender.id in project.by_sender(Committed))
    require_run_gate(project, body.at)
    owned = {dataset.id: dataset for dataset in project.charter.datasets_of(sender.id)}
    if owned.keys() != body.datasets.keys():
        raise refused(
            "datasets",
            "Komitmen harus memuat semua sumber data instansi ini, tidak lebih.",
            "A commitment names all datasets of its agency and no others.",
        )
    slots = project.charter.encoding.canaries.total
    for name, committed in body.datasets.items():
        if not owned[name].rows_min <= committed.count - slots <= owned[name].rows_max:
            raise refused(
                "count-window",
                f"Jumlah baris {name} di luar rentang yang disepakati piagam.",
                f"The row count of {name} lies outside the charter's window.",
            )


def _reveal(project: Project, sender: Member, body: Revealed, cosigned: list[CosignedSize]) -> None:
    require_party(project, sender)
    require_first_time(sender.id in project.by_sender(Revealed))
    require_ready_to_reveal(project, cosigned)
    if body.seals.keys() != set(project.charter.party_ids) - {sender.id}:
        raise refused(
            "peers",
            "Bagian rahasia harus disegel untuk setiap pihak lain.",
            "The share must be sealed to every other party.",
        )


def _confirm(project: Project, sender: Member) -> None:
    require_party(project, sender)
    require_first_time(sender.id in project.by_sender(Confirmed))
    require_all_parties(project, Revealed, "reveal")


def _bundle(
    project: Project, sender: Member, body: BundleManifest, cosigned: list[CosignedSize]
) -> None:
    require_confirmed(project)
    require_covered(project, project.of(Confirmed), cosigned)
    require_run_gate(project, body.at)
    require_entitled(project.charter.dataset(body.dataset).owner == sender.id, sender)
    require_first_time(
        body.dataset in {body_of(e, BundleManifest).dataset for e in project.of(BundleManifest)}
    )
    committed = project.by_sender(Committed)[sender.id].datasets[body.dataset]
    if (body.handle_root, body.count) != (committed.handle_root, committed.count):
        raise refused(
            "commitment",
            "Akar pegangan atau jumlah baris berbeda dari yang dikomitmenkan.",
            "Handle root or row count differ from what was committed.",
        )
    if body.terms != project.charter.terms_digest():
        raise refused(
            "terms",
            "Bundel dibuat dengan ketentuan penyandian lain.",
            "The bundle was made under other encoding terms.",
        )
    if body.rules != project.charter.encoding.rules_digest:
        raise refused(
            "rules",
            "Baris dinormalkan dengan aturan lain daripada aturan piagam.",
            "The rows were normalised by other rules than the charter's.",
        )
    agreed = [(each.name, each.tag_bits) for each in project.charter.encoding.encodings]
    tokens = 16 if project.charter.encoding.nik_leg == "on" else 0
    width = 16 + sum(each.bits // 8 + each.tag_bytes for each in body.encodings) + tokens
    if (
        [(each.name, each.tag_bits) for each in body.encodings] != agreed
        or body.token_bytes != tokens
        or body.row_bytes != width
    ):
        raise refused(
            "shape",
            "Susunan kolom bundel berbeda dari piagam.",
            "The bundle's columns differ from the charter.",
        )


def _intake(project: Project, sender: Member, body: Accepted) -> None:
    require_service(project, sender)
    bundle = body_of(project.entry(body.bundle), BundleManifest)
    require_entitled(bundle.dataset == body.dataset, sender)
    require_first_time(body.dataset in project.bundles())


def _withdraw(project: Project, sender: Member, body: Withdrawn) -> None:
    require_entitled(project.charter.dataset(body.dataset).owner == sender.id, sender)
    taken(project.bundles().get(body.dataset), "bundle")


def _order(project: Project, sender: Member, statement: Statement, body: RunOrder) -> None:
    require_party(project, sender)
    missing = sorted(set(project.charter.dataset_ids) - project.bundles().keys())
    if missing:
        names = ", ".join(missing)
        raise not_yet(
            "bundle", f"Bundel belum diterima: {names}.", f"Bundles still missing: {names}."
        )
    require_first_time(project.order(statement.binding.run) is not None)
    if not statement.binding.run:
        raise refused("run", "Perintah harus bernama.", "An order must name its run.")
    require_run_gate(project, body.at, statement)


def _run(
    project: Project,
    sender: Member,
    statement: Statement,
    body: RunFinished,
    cosigned: list[CosignedSize],
) -> None:
    require_service(project, sender)
    order_entry = project.entry(body.order)
    order = body_of(order_entry, RunOrder)
    require_first_time(project.run(statement.binding.run) is not None)
    require_covered(project, [order_entry], cosigned)
    require_run_gate(project, body.at)
    executed = (body.thresholds_ppm, body.nik_floor_ppm, statement.binding.run)
    ordered = (order.thresholds_ppm, order.nik_floor_ppm, order_entry.statement.binding.run)
    bundles = {dataset: entry.digest for dataset, entry in project.bundles().items()}
    if executed != ordered or body.bundles != bundles:
        raise refused(
            "executed",
            "Yang dijalankan berbeda dari yang diperintahkan.",
            "What was executed differs from what was ordered.",
        )


def _request(project: Project, sender: Member, statement: Statement, body: ReleaseRequest) -> None:
    require_party(project, sender)
    run = project.run(statement.binding.run)
    if run is None:
        raise not_yet("run", "Pemadanan belum selesai.", "The run has not finished.")
    require_first_time(project.request(body.release) is not None)
    require_run_gate(project, body.at)
    order = body_of(project.entry(body_of(run, RunFinished).order), RunOrder)
    if not set(body.domains) <= set(order.domains) or len(set(body.domains)) != len(body.domains):
        raise refused(
            "domains",
            "Domain yang diminta tidak termasuk dalam perintah pemadanan.",
            "The domains requested are not among those of the run's order.",
        )
    if len(project.of(ReleaseRequest)) >= project.charter.budget.releases:
        raise refused(
            "release-budget",
            "Anggaran rilis pada zaman ini telah habis.",
            "The release budget of this epoch is spent.",
        )


def _stage(project: Project, sender: Member, body: Staged) -> None:
    require_service(project, sender)
    require_first_time(project.stage(body.release) is not None)
    request = project.entry(body.request)
    asked = body_of(request, ReleaseRequest)
    run = project.entry(body.run)
    finished = body_of(run, RunFinished)
    require_entitled(
        asked.release == body.release
        and run.statement.binding.run == request.statement.binding.run,
        sender,
    )
    staged = {staged_fact(f) for f in body.files}
    if (
        body.result != finished.result
        or body.facts != finished.facts
        or staged != expected_files(project.charter, asked.domains)
        or len(staged) != len(body.files)
    ):
        raise refused(
            "stage",
            "Tahapan rilis tidak sesuai dengan hasil atau permintaannya.",
            "The stage does not fit the run's result or the request.",
        )
    require_none_withdrawn(project, project.entry(finished.order))


def _approval(
    project: Project,
    sender: Member,
    statement: Statement,
    body: Approval,
    cosigned: list[CosignedSize],
) -> None:
    agencies = {project.roster.member(party).agency for party in project.charter.party_ids}
    require_entitled(
        (sender.has("approver") and sender.agency in agencies) or sender.has("dpo"), sender
    )
    stage = taken(project.stage(body.release), "stage")
    staged = body_of(stage, Staged)
    require_entitled(
        body.stage == stage.digest == statement.binding.manifest
        and body.facts == staged.facts
        and body.expires <= staged.expires,
        sender,
    )
    require_first_time(sender.id in {e.statement.sender for e in project.approvals(body.release)})
    require_first_time(project.decision(body.release) is not None)
    require_covered(project, [stage], cosigned)


def _decision(project: Project, sender: Member, body: Decided) -> None:
    require_service(project, sender)
    stage = taken(project.stage(body.release), "stage")
    require_first_time(project.decision(body.release) is not None)
    given = tuple(e.digest for e in project.approvals(body.release))
    passed = all(rule.passed for rule in body.rules)
    if (
        body.stage != stage.digest
        or body.approvals != given
        or (body.verdict == "released") != passed
    ):
        raise refused(
            "decision",
            "Keputusan tidak sesuai dengan tahapan, persetujuan, atau aturannya.",
            "The decision does not fit its stage, approvals or rules.",
        )


def _receipt(
    project: Project, sender: Member, body: Received, cosigned: list[CosignedSize]
) -> None:
    decision = taken(project.decision(body.release), "decision")
    decided = body_of(decision, Decided)
    staged = body_of(project.entry(decided.stage), Staged)
    matching = [
        f
        for f in staged.files
        if (f.dataset, f.domain, f.ciphertext) == (body.dataset, body.domain, body.ciphertext)
    ]
    require_entitled(
        decided.verdict == "released"
        and body.decision == decision.digest
        and [f.recipient for f in matching] == [sender.id]
        and matching[0].plaintext == body.plaintext,
        sender,
    )
    require_first_time(project.has_receipt(body.release, matching[0]))
    require_covered(project, [decision], cosigned)
