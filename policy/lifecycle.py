"""The law of a project's life: which statement may follow which.

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
    order      all bundles are in; the run gate holds; spends budget
    run        the service; as ordered; the order under a cosigned checkpoint
    request    a run has finished; spends budget
    stage      the service; one file for each dataset and domain requested
    approval   an approver or DPO; the stage under a cosigned checkpoint
    decision   the service; once a release; names all approvals
    receipt    the recipient; the decision under a cosigned checkpoint

"Under a cosigned checkpoint" means: a checkpoint that covers that entry carries
the cosignatures of the charter's quorum (for reveal: of all parties) and is not
larger than the log was when the next step was appended.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from policy.charter import Charter
from policy.decision import require_run_gate
from policy.envelope import verify
from policy.errors import NotYet, Refused
from policy.facts import RunFacts
from policy.roster import Member, Roster, roster_binding
from policy.rules import RunCase
from policy.rules.case import ApprovalFact, ReleaseCase, StagedFact, day_of
from policy.rules.output_files import expected_files
from policy.statements import (
    Accepted,
    AnyBody,
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
    StagedFile,
    Statement,
    Withdrawn,
)
from policy.words import Words

B = TypeVar("B", bound=AnyBody)


@dataclass(frozen=True)
class CosignedSize:
    """A checkpoint's size and the members whose cosignatures on it verified."""

    size: int
    members: frozenset[str]


@dataclass(frozen=True)
class Entry:
    """A statement at its place in the log."""

    index: int
    statement: Statement

    @property
    def digest(self) -> str:
        return self.statement.digest


@dataclass
class Project:
    """A project's state, derived from its log alone."""

    roster: Roster
    entries: list[Entry] = field(default_factory=list)

    # -- what the log says ------------------------------------------------------------

    @cached_property
    def charter(self) -> Charter:
        """The charter; raises NotYet before the first party signed it. It never changes."""
        signatures = self.of(CharterBody)
        if not signatures:
            raise _not_yet("charter", "Piagam belum diajukan.", "No charter has been proposed yet.")
        return body_of(signatures[0], CharterBody)

    @cached_property
    def charter_digest(self) -> str:
        return self.charter.digest()

    @cached_property
    def roster_digest(self) -> str:
        return self.roster.digest()

    def of(self, body: type[B]) -> list[Entry]:
        return [e for e in self.entries if isinstance(e.statement.body, body)]

    def by_sender(self, body: type[B]) -> dict[str, B]:
        return {e.statement.sender: body_of(e, body) for e in self.of(body)}

    def entry(self, digest: str) -> Entry:
        """The entry of a statement digest; raises Refused."""
        for entry in self.entries:
            if entry.digest == digest:
                return entry
        raise _refused(
            "reference",
            "Pernyataan merujuk pada sesuatu yang tidak ada di log.",
            "The statement refers to something that is not in the log.",
        )

    def bundles(self) -> dict[str, Entry]:
        """The accepted bundle of each dataset."""
        accepted = [body_of(e, Accepted) for e in self.of(Accepted)]
        return {a.dataset: self.entry(a.bundle) for a in accepted}

    def order(self, run: str) -> Entry | None:
        return self._about(RunOrder, run)

    def run(self, run: str) -> Entry | None:
        return self._about(RunFinished, run)

    def request(self, release: str) -> Entry | None:
        return self._release(ReleaseRequest, release)

    def stage(self, release: str) -> Entry | None:
        return self._release(Staged, release)

    def decision(self, release: str) -> Entry | None:
        return self._release(Decided, release)

    def approvals(self, release: str) -> list[Entry]:
        return [e for e in self.of(Approval) if body_of(e, Approval).release == release]

    # -- the law ------------------------------------------------------------------------

    def apply(  # noqa: C901 - one case a statement type is the table itself
        self, statement: Statement, cosigned: Iterable[CosignedSize]
    ) -> Entry:
        """Append if the law allows; raises Refused, NotYet or WrongKey otherwise."""
        entry = Entry(len(self.entries), statement)
        usable = [c for c in cosigned if c.size <= entry.index]
        sender = self._check_envelope(statement)
        match statement.body:
            case RosterBody():
                self._first(statement)
            case CharterBody() as body:
                self._charter(sender, body)
            case EpochOpened():
                self._epoch(sender)
            case Committed() as body:
                self._commit(sender, body)
            case Revealed() as body:
                self._reveal(sender, body, usable)
            case Confirmed():
                self._confirm(sender)
            case BundleManifest() as body:
                self._bundle(sender, body, usable)
            case Accepted() as body:
                self._intake(sender, body)
            case Withdrawn() as body:
                self._withdraw(sender, body)
            case RunOrder() as body:
                self._order(sender, statement, body)
            case RunFinished() as body:
                self._run(sender, statement, body, usable)
            case ReleaseRequest() as body:
                self._request(sender, statement, body)
            case Staged() as body:
                self._stage(sender, body)
            case Approval() as body:
                self._approval(sender, statement, body, usable)
            case Decided() as body:
                self._decision(sender, body)
            case Received() as body:
                self._receipt(sender, body, usable)
            case _:
                raise _refused("type", "Jenis tidak dikenal.", "This type is not known here.")
        self.entries.append(entry)
        return entry

    def _check_envelope(self, statement: Statement) -> Member:
        """Signature, sender and binding fit roster, project, epoch and charter."""
        binding, body = statement.binding, statement.body
        if isinstance(body, RosterBody):
            keys = {a: body.member(a).signing_public() for a in body.authorities}
            verify(statement.envelope, keys)
            return body.member(binding.sender)
        sender = self.roster.member(binding.sender)
        if not isinstance(body, CharterBody):
            sender = self.roster.valid_member(binding.sender, day_of(body.at))
        verify(statement.envelope, {sender.id: sender.signing_public()})
        own = isinstance(body, CharterBody)
        charter = body if isinstance(body, CharterBody) else self.charter
        if (
            binding.project != charter.project
            or binding.epoch != charter.epoch
            or binding.charter != (charter.digest() if own else self.charter_digest)
            or binding.roster != self.roster_digest
        ):
            raise _refused(
                "binding",
                "Pernyataan ini milik proyek, zaman, piagam, atau roster lain.",
                "This statement belongs to another project, epoch, charter or roster.",
            )
        return sender

    def _first(self, statement: Statement) -> None:
        if self.entries or statement.binding != roster_binding(self.roster):
            raise _refused(
                "roster",
                "Roster hanya boleh di awal log dan harus yang disematkan.",
                "The roster stands first in the log and must be the pinned one.",
            )

    def _charter(self, sender: Member, body: CharterBody) -> None:
        if not self.entries:
            raise _not_yet("roster", "Roster belum ada.", "There is no roster yet.")
        if set(body.authorities) != set(self.roster.authorities):
            raise _refused(
                "authorities",
                "Roster tidak ditandatangani otoritas yang disebut piagam.",
                "The roster is not signed by the authorities that the charter names.",
            )
        for member in (*body.party_ids, *body.witnesses.members, *body.auditors):
            self.roster.member(member)
        earlier = self.by_sender(CharterBody)
        if earlier and next(iter(earlier.values())).digest() != body.digest():
            raise _refused(
                "charter",
                "Piagam ini berbeda dari yang sudah ditandatangani pihak lain.",
                "This charter differs from the one that others have signed.",
            )
        self._once(sender.id in earlier)
        self._require(sender.id in body.party_ids, sender)

    def _epoch(self, sender: Member) -> None:
        self._by_service(sender)
        self._once(bool(self.of(EpochOpened)))
        self._all_parties(CharterBody, "charter")

    def _commit(self, sender: Member, body: Committed) -> None:
        if not self.of(EpochOpened):
            raise _not_yet("epoch", "Zaman kunci belum dibuka.", "The epoch is not open yet.")
        self._party(sender)
        self._once(sender.id in self.by_sender(Committed))
        self.require_run_gate(body.at)
        owned = {dataset.id: dataset for dataset in self.charter.datasets_of(sender.id)}
        if owned.keys() != body.datasets.keys():
            raise _refused(
                "datasets",
                "Komitmen harus memuat semua sumber data instansi ini, tidak lebih.",
                "A commitment names all datasets of its agency and no others.",
            )
        slots = self.charter.encoding.canaries.total
        for name, committed in body.datasets.items():
            if not owned[name].rows_min <= committed.count - slots <= owned[name].rows_max:
                raise _refused(
                    "count-window",
                    f"Jumlah baris {name} di luar rentang yang disepakati piagam.",
                    f"The row count of {name} lies outside the charter's window.",
                )

    def _reveal(self, sender: Member, body: Revealed, cosigned: list[CosignedSize]) -> None:
        self._party(sender)
        self._once(sender.id in self.by_sender(Revealed))
        self.require_ready_to_reveal(cosigned)
        if body.seals.keys() != set(self.charter.party_ids) - {sender.id}:
            raise _refused(
                "peers",
                "Bagian rahasia harus disegel untuk setiap pihak lain.",
                "The share must be sealed to every other party.",
            )

    def _confirm(self, sender: Member) -> None:
        self._party(sender)
        self._once(sender.id in self.by_sender(Confirmed))
        self._all_parties(Revealed, "reveal")

    def _bundle(self, sender: Member, body: BundleManifest, cosigned: list[CosignedSize]) -> None:
        self.require_confirmed()
        self._covered(self.of(Confirmed), cosigned)
        self.require_run_gate(body.at)
        self._require(self.charter.dataset(body.dataset).owner == sender.id, sender)
        self._once(
            body.dataset in {body_of(e, BundleManifest).dataset for e in self.bundle_entries}
        )
        committed = self.by_sender(Committed)[sender.id].datasets[body.dataset]
        if (body.handle_root, body.count) != (committed.handle_root, committed.count):
            raise _refused(
                "commitment",
                "Akar pegangan atau jumlah baris berbeda dari yang dikomitmenkan.",
                "Handle root or row count differ from what was committed.",
            )
        if body.terms != self.charter.terms_digest():
            raise _refused(
                "terms",
                "Bundel dibuat dengan ketentuan penyandian lain.",
                "The bundle was made under other encoding terms.",
            )
        named = [encoding.name for encoding in self.charter.encoding.encodings]
        tokens = 16 if self.charter.encoding.nik_leg == "on" else 0
        width = 16 + sum(shape.bits // 8 for shape in body.encodings) + tokens
        if (
            [shape.name for shape in body.encodings] != named
            or body.token_bytes != tokens
            or body.row_bytes != width
        ):
            raise _refused(
                "shape",
                "Susunan kolom bundel berbeda dari piagam.",
                "The bundle's columns differ from the charter.",
            )

    @property
    def bundle_entries(self) -> list[Entry]:
        return self.of(BundleManifest)

    def _intake(self, sender: Member, body: Accepted) -> None:
        self._by_service(sender)
        bundle = body_of(self.entry(body.bundle), BundleManifest)
        self._require(bundle.dataset == body.dataset, sender)
        self._once(body.dataset in self.bundles())

    def _order(self, sender: Member, statement: Statement, body: RunOrder) -> None:
        self._party(sender)
        missing = sorted(set(self.charter.dataset_ids) - self.bundles().keys())
        if missing:
            names = ", ".join(missing)
            raise _not_yet(
                "bundle", f"Bundel belum diterima: {names}.", f"Bundles still missing: {names}."
            )
        self._once(self.order(statement.binding.run) is not None)
        if not statement.binding.run:
            raise _refused("run", "Perintah harus bernama.", "An order must name its run.")
        self.require_run_gate(body.at, statement)

    def _run(
        self,
        sender: Member,
        statement: Statement,
        body: RunFinished,
        cosigned: list[CosignedSize],
    ) -> None:
        self._by_service(sender)
        order_entry = self.entry(body.order)
        order = body_of(order_entry, RunOrder)
        self._once(self.run(statement.binding.run) is not None)
        self._covered([order_entry], cosigned)
        self.require_run_gate(body.at)
        executed = (body.thresholds_ppm, body.nik_floor_ppm, statement.binding.run)
        ordered = (order.thresholds_ppm, order.nik_floor_ppm, order_entry.statement.binding.run)
        bundles = {dataset: entry.digest for dataset, entry in self.bundles().items()}
        if executed != ordered or body.bundles != bundles:
            raise _refused(
                "executed",
                "Yang dijalankan berbeda dari yang diperintahkan.",
                "What was executed differs from what was ordered.",
            )

    def _request(self, sender: Member, statement: Statement, body: ReleaseRequest) -> None:
        self._party(sender)
        run = self.run(statement.binding.run)
        if run is None:
            raise _not_yet("run", "Pemadanan belum selesai.", "The run has not finished.")
        self._once(self.request(body.release) is not None)
        self.require_run_gate(body.at)
        order = body_of(self.entry(body_of(run, RunFinished).order), RunOrder)
        if not set(body.domains) <= set(order.domains) or len(set(body.domains)) != len(
            body.domains
        ):
            raise _refused(
                "domains",
                "Domain yang diminta tidak termasuk dalam perintah pemadanan.",
                "The domains requested are not among those of the run's order.",
            )
        if len(self.of(ReleaseRequest)) >= self.charter.budget.releases:
            raise _refused(
                "release-budget",
                "Anggaran rilis pada zaman ini telah habis.",
                "The release budget of this epoch is spent.",
            )

    def _withdraw(self, sender: Member, body: Withdrawn) -> None:
        self._require(self.charter.dataset(body.dataset).owner == sender.id, sender)
        self._need(self.bundles().get(body.dataset), "bundle")

    def withdrawals(self, since: int = 0, until: int | None = None) -> list[Withdrawn]:
        """Those that stand at the indices since..until-1 of the log."""
        end = len(self.entries) if until is None else until
        return [body_of(e, Withdrawn) for e in self.of(Withdrawn) if since <= e.index < end]

    def _stage(self, sender: Member, body: Staged) -> None:
        self._by_service(sender)
        self._once(self.stage(body.release) is not None)
        request = self.entry(body.request)
        asked = body_of(request, ReleaseRequest)
        run = self.entry(body.run)
        finished = body_of(run, RunFinished)
        self._require(
            asked.release == body.release
            and run.statement.binding.run == request.statement.binding.run,
            sender,
        )
        staged = {_staged_fact(f) for f in body.files}
        if (
            body.result != finished.result
            or body.facts != finished.facts
            or staged != expected_files(self.charter, asked.domains)
            or len(staged) != len(body.files)
        ):
            raise _refused(
                "stage",
                "Tahapan rilis tidak sesuai dengan hasil atau permintaannya.",
                "The stage does not fit the run's result or the request.",
            )
        if self.withdrawals(since=self.entry(finished.order).index):
            raise withdrawn_since()

    def _approval(
        self,
        sender: Member,
        statement: Statement,
        body: Approval,
        cosigned: list[CosignedSize],
    ) -> None:
        agencies = {self.roster.member(party).agency for party in self.charter.party_ids}
        self._require(
            (sender.has("approver") and sender.agency in agencies) or sender.has("dpo"), sender
        )
        stage = self._need(self.stage(body.release), "stage")
        staged = body_of(stage, Staged)
        self._require(
            body.stage == stage.digest == statement.binding.manifest
            and body.facts == staged.facts
            and body.expires <= staged.expires,
            sender,
        )
        self._once(sender.id in {e.statement.sender for e in self.approvals(body.release)})
        self._once(self.decision(body.release) is not None)
        self._covered([stage], cosigned)

    def _decision(self, sender: Member, body: Decided) -> None:
        self._by_service(sender)
        stage = self._need(self.stage(body.release), "stage")
        self._once(self.decision(body.release) is not None)
        given = tuple(e.digest for e in self.approvals(body.release))
        passed = all(rule.passed for rule in body.rules)
        if (
            body.stage != stage.digest
            or body.approvals != given
            or (body.verdict == "released") != passed
        ):
            raise _refused(
                "decision",
                "Keputusan tidak sesuai dengan tahapan, persetujuan, atau aturannya.",
                "The decision does not fit its stage, approvals or rules.",
            )

    def _receipt(self, sender: Member, body: Received, cosigned: list[CosignedSize]) -> None:
        decision = self._need(self.decision(body.release), "decision")
        decided = body_of(decision, Decided)
        staged = body_of(self.entry(decided.stage), Staged)
        matching = [
            f
            for f in staged.files
            if (f.dataset, f.domain, f.ciphertext) == (body.dataset, body.domain, body.ciphertext)
        ]
        self._require(
            decided.verdict == "released"
            and body.decision == decision.digest
            and [f.recipient for f in matching] == [sender.id]
            and matching[0].plaintext == body.plaintext,
            sender,
        )
        self._once(self.has_receipt(body.release, matching[0]))
        self._covered([decision], cosigned)

    # -- cases for the gates ----------------------------------------------------------

    def require_run_gate(self, at: int, order: Statement | None = None) -> None:
        """Raises Refused if the run gate does not hold at that time."""
        require_run_gate(self.run_case(at, order))

    def run_case(self, at: int, order: Statement | None = None) -> RunCase:
        """The run gate's case; `order` may be one that is still to be appended."""
        logged = [entry.digest for entry in self.of(RunOrder)]
        orders = len(logged) + (order is not None and order.digest not in logged)
        ordered = order.body if order else None
        return RunCase(
            charter=self.charter,
            signed_by=frozenset(self.by_sender(CharterBody)),
            at=at,
            orders=orders,
            purpose=ordered.purpose if isinstance(ordered, RunOrder) else None,
            domains=ordered.domains if isinstance(ordered, RunOrder) else (),
            thresholds_ppm=ordered.thresholds_ppm if isinstance(ordered, RunOrder) else None,
            nik_floor_ppm=ordered.nik_floor_ppm if isinstance(ordered, RunOrder) else None,
        )

    def release_case(self, release: str, facts: RunFacts, at: int) -> ReleaseCase:
        """The release gate's case, as it stands at that time."""
        stage = self._need(self.stage(release), "stage")
        staged = body_of(stage, Staged)
        request = self.entry(staged.request)
        order = self.entry(body_of(self.entry(staged.run), RunFinished).order)
        decision = self.decision(release)
        withdrawn = self.withdrawals(order.index, decision.index if decision else None)
        return ReleaseCase(
            run=self.run_case(at, self._order_of(staged)),
            requester_agency=self.roster.member(request.statement.sender).agency,
            domains=body_of(request, ReleaseRequest).domains,
            facts=facts,
            files=tuple(_staged_fact(f) for f in staged.files),
            approvals=tuple(self._approval_fact(e) for e in self.approvals(release)),
            at=at,
            stage_expires=staged.expires,
            withdrawn=sum(each.count for each in withdrawn),
        )

    def _order_of(self, staged: Staged) -> Statement:
        finished = body_of(self.entry(staged.run), RunFinished)
        return self.entry(finished.order).statement

    def _approval_fact(self, entry: Entry) -> ApprovalFact:
        body, member = body_of(entry, Approval), self.roster.member(entry.statement.sender)
        return ApprovalFact(
            member=member.id,
            agency=member.agency,
            dpo=member.has("dpo"),
            approves=body.verdict == "approve",
            expires=body.expires,
        )

    def require_confirmed(self) -> None:
        """All parties confirmed the same keys and rules; raises NotYet or Refused."""
        self._all_parties(Confirmed, "confirm")
        macs = {c.records_mac for c in self.by_sender(Confirmed).values()}
        if len(macs) != 1:
            raise _refused(
                "confirmation",
                "Konfirmasi antarinstansi berbeda: ada kunci, aturan, atau profil yang tidak sama.",
                "The agencies' confirmations differ: a key, rule or profile is not the same.",
            )

    def require_ready_to_reveal(self, cosigned: Iterable[CosignedSize]) -> None:
        """All commitments stand under a checkpoint that all parties cosigned; raises NotYet."""
        self._all_parties(Committed, "commit")
        self._covered(self.of(Committed), list(cosigned), by_all_parties=True)

    def require_covered(self, entries: list[Entry], cosigned: Iterable[CosignedSize]) -> None:
        """These entries stand under a checkpoint with the quorum's cosignatures."""
        self._covered(entries, list(cosigned))

    def has_receipt(self, release: str, file: StagedFile) -> bool:
        receipts = (body_of(e, Received) for e in self.of(Received))
        return any(
            (r.release, r.dataset, r.domain) == (release, file.dataset, file.domain)
            for r in receipts
        )

    # -- small helpers ----------------------------------------------------------------

    def _about(self, body: type[RunOrder] | type[RunFinished], run: str) -> Entry | None:
        return next((e for e in self.of(body) if e.statement.binding.run == run), None)

    def _release(
        self, body: type[ReleaseRequest] | type[Staged] | type[Decided], release: str
    ) -> Entry | None:
        return next((e for e in self.of(body) if body_of(e, body).release == release), None)

    def _all_parties(self, body: type[B], step: str) -> None:
        done = {entry.statement.sender for entry in self.of(body)}
        missing = sorted(set(self.charter.party_ids) - done)
        if missing:
            names = ", ".join(missing)
            raise _not_yet(
                step,
                f"Langkah '{step}' belum dilakukan oleh: {names}.",
                f"Step '{step}' is still missing from: {names}.",
            )

    def _covered(
        self, entries: list[Entry], cosigned: list[CosignedSize], *, by_all_parties: bool = False
    ) -> None:
        size = max(entry.index for entry in entries) + 1
        parties = frozenset(self.charter.party_ids)
        witnesses = frozenset(self.charter.witnesses.members)
        best: frozenset[str] = frozenset()
        for checkpoint in cosigned:
            if checkpoint.size < size:
                continue
            signed = checkpoint.members & witnesses
            if by_all_parties and parties <= signed:
                return
            if not by_all_parties and len(signed) >= self.charter.witnesses.quorum:
                return
            best = max(best, signed, key=len)
        missing = ", ".join(sorted((parties if by_all_parties else witnesses) - best))
        raise _not_yet(
            "cosigned",
            f"Langkah sebelumnya belum disaksikan; belum ikut menandatangani: {missing}.",
            f"The step before is not witnessed yet; cosignatures missing from: {missing}.",
        )

    def _party(self, sender: Member) -> None:
        self._require(sender.id in self.charter.party_ids, sender)

    def _by_service(self, sender: Member) -> None:
        self._require(sender.id == self.roster.service().id, sender)

    def _require(self, holds: bool, sender: Member) -> None:
        if not holds:
            raise _refused(
                "not-entitled",
                f"'{sender.id}' tidak berhak membuat pernyataan ini.",
                f"'{sender.id}' is not entitled to make this statement.",
            )

    def _once(self, done: bool) -> None:
        if done:
            raise _refused(
                "again", "Langkah ini sudah dilakukan.", "This step has been done already."
            )

    def _need(self, entry: Entry | None, step: str) -> Entry:
        if entry is None:
            raise _not_yet(
                step, f"Langkah '{step}' belum dilakukan.", f"Step '{step}' is not done yet."
            )
        return entry


def _staged_fact(file: StagedFile) -> StagedFact:
    return StagedFact(file.dataset, file.domain, file.recipient, file.form)


def body_of(entry: Entry, body: type[B]) -> B:
    found = entry.statement.body
    if not isinstance(found, body):
        raise _refused(
            "reference",
            "Pernyataan merujuk pada jenis pernyataan yang salah.",
            "The statement refers to a statement of the wrong kind.",
        )
    return found


def _refused(code: str, indonesian: str, english: str) -> Refused:
    return Refused(
        f"project.{code}",
        Words(indonesian, english),
        Words(
            "Lihat keadaan proyek dengan 'padan-policy status'.",
            "See where the project stands with 'padan-policy status'.",
        ),
    )


def _not_yet(step: str, indonesian: str, english: str) -> NotYet:
    return NotYet(
        f"project.wait-{step}",
        Words(indonesian, english),
        Words(
            "Tunggu pihak itu, lalu ulangi; saksi menjalankan 'padan-policy witness'.",
            "Wait for them, then try again; witnesses run 'padan-policy witness'.",
        ),
    )


def withdrawn_since() -> Refused:
    """Rows were withdrawn after the run was ordered; what it found may not be released."""
    return Refused(
        "project.withdrawn",
        Words(
            "Ada baris yang ditarik sejak pemadanan ini diperintahkan.",
            "Rows were withdrawn since this run was ordered.",
        ),
        Words(
            "Perintahkan pemadanan baru; baris yang ditarik tidak ikut.",
            "Order a new run; the withdrawn rows take no part in it.",
        ),
    )
