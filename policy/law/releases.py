"""A release: request, stage, approvals, decision, receipts."""

from __future__ import annotations

from policy.base.error_codes import PolicyCode
from policy.gates.cases import release_case, staged_fact
from policy.gates.decision import release_rules_without_facts
from policy.gates.rules import GATES
from policy.gates.rules.output_files import expected_files
from policy.law.conditions import (
    require_covered,
    require_enough_changed,
    require_entitled,
    require_first_time,
    require_none_withdrawn,
    require_party,
    require_run_gate,
    require_service,
)
from policy.law.in_time import require_decided_in_time
from policy.law.step import Step
from policy.members.entitled import may_decide
from policy.members.separation import hindrance
from policy.project import not_yet, refused
from policy.project.row_counts import rows_gone, taken_away
from policy.retention.conditions import require_rows, require_usable
from policy.statements import (
    Approval,
    ApprovalWithdrawn,
    Decided,
    Received,
    ReleaseRequest,
    Staged,
)


def request(step: Step, body: ReleaseRequest) -> None:
    """Judges a request: by a party, on a finished run, within the budget."""
    require_party(step.project, step.sender)
    run, release = step.project.run(step.statement.binding.run), step.project.release(body.release)
    if run.finished is None:
        raise not_yet(
            PolicyCode.PROJECT_WAIT_RUN, "Pemadanan belum selesai.", "The run has not finished."
        )
    require_first_time(release.is_requested)
    require_run_gate(step.project, body.at)
    order = run.order.body
    if not set(body.domains) <= set(order.domains) or len(set(body.domains)) != len(body.domains):
        raise refused(
            PolicyCode.PROJECT_DOMAINS,
            "Domain yang diminta tidak termasuk dalam perintah pemadanan.",
            "The domains requested are not among those of the run's order.",
        )
    if len(step.project.of(ReleaseRequest)) >= step.project.charter.budget.releases:
        raise refused(
            PolicyCode.PROJECT_RELEASE_BUDGET,
            "Anggaran rilis pada zaman ini telah habis.",
            "The release budget of this epoch is spent.",
        )


def request_of_share(step: Step, body: ReleaseRequest) -> None:
    """As `request`; no agency asks for more than the charter's share, if it names one."""
    request(step, body)
    share, roster = step.project.charter.budget.releases_each, step.project.roster
    asked = (roster.member(e.statement.sender).agency for e in step.project.of(ReleaseRequest))
    if share is not None and sum(each == step.sender.agency for each in asked) >= share:
        raise refused(
            PolicyCode.PROJECT_RELEASE_BUDGET,
            "Bagian instansi ini dari anggaran rilis telah habis.",
            "This agency's share of the release budget is spent.",
        )


def stage(step: Step, body: Staged) -> None:
    """Judges a stage: by the service, once, with the requested files, and no row withdrawn."""
    _stage(step, body)
    require_first_time(bool(step.project.release(body.release).stages))
    require_none_withdrawn(step.project, step.project.run_ended_by(body.run).order)
    if body.withdrawn:
        raise refused(
            PolicyCode.PROJECT_STAGE_WITHDRAWN,
            "Hukum piagam ini tidak mengenal tahapan tanpa baris yang ditarik.",
            "The charter's law knows no stage without rows that were withdrawn.",
        )


def _stage(step: Step, body: Staged) -> None:
    require_service(step.project, step.sender)
    require_rows(step.project, body.at)
    require_usable(step.project, "candidates", body.at)
    request = step.project.entry(body.request, ReleaseRequest)
    run = step.project.run_ended_by(body.run)
    require_entitled(
        request.body.release == body.release and run.name == request.statement.binding.run,
        step.sender,
    )
    staged = {staged_fact(f) for f in body.files}
    if (
        body.result != run.require_finished().body.result
        or staged != expected_files(step.project.charter, request.body.domains)
        or len(staged) != len(body.files)
    ):
        raise refused(
            PolicyCode.PROJECT_STAGE,
            "Tahapan rilis tidak sesuai dengan hasil atau permintaannya.",
            "The stage does not fit the run's result or the request.",
        )


def stage_without_withdrawn(step: Step, body: Staged) -> None:
    """As `stage`, without rows that left since the run; repeated if more rows leave.

    A stage replaces another one only if rows left since: nothing else may change what approvers
    looked at.
    """
    _stage(step, body)
    order, release = step.project.run_ended_by(body.run).order, step.project.release(body.release)
    before = release.stage
    require_first_time(release.is_decided)
    require_first_time(before is not None and not rows_gone(step.project, before.index))
    if body.withdrawn != taken_away(step.project, order.index):
        raise refused(
            PolicyCode.PROJECT_STAGE_WITHDRAWN,
            "Tahapan rilis tidak menyebut semua penarikan baris sejak pemadanannya.",
            "The stage does not name all withdrawals of rows since its run.",
        )


def stage_of_changed_rows(step: Step, body: Staged) -> None:
    """As before; a stage also shows no difference of a few rows to a stage of an earlier run."""
    stage_without_withdrawn(step, body)
    require_enough_changed(step.project, step.project.run_ended_by(body.run).order)


def approval(step: Step, body: Approval) -> None:
    """Judges a vote: by an entitled member, on the current stage, before the decision."""
    charter, roster = step.project.charter, step.project.roster
    require_entitled(may_decide(charter, roster, step.sender), step.sender)
    release = step.project.release(body.release)
    stage = release.require_stage()
    require_entitled(
        body.stage == stage.digest == step.statement.binding.manifest
        and body.facts == stage.body.facts
        and body.expires <= stage.body.expires,
        step.sender,
    )
    _require_first_word(step, body)
    require_first_time(release.is_decided)
    require_covered(step.project, [stage], step.cosigned)


def approval_by_persons(step: Step, body: Approval) -> None:
    """As `approval`; a yes comes from a person who neither runs nor audits the service.

    Anybody who may decide may say no.
    """
    approval(step, body)
    why = hindrance(step.project.charter, step.project.roster, step.sender)
    if body.approves and why is not None:
        raise refused(
            PolicyCode.PROJECT_NOT_APART,
            f"Persetujuan '{step.sender.id}' tidak dapat dihitung: {why.id}.",
            f"The approval of '{step.sender.id}' cannot count: {why.en}.",
        )


def _require_first_word(step: Step, body: Approval) -> None:
    """One vote for each person. After withdrawing a yes, a person may say no but not yes again.

    A person who can be talked into a second yes can be put under pressure for it. If something has
    changed since, a new request lets everybody look again.
    """
    release = step.project.release(body.release)
    said = [vote for vote in release.votes if vote.sender == step.sender.id]
    not_withdrawn = release.approvals
    require_first_time(any(vote in not_withdrawn for vote in said))
    if said and body.approves:
        raise refused(
            PolicyCode.PROJECT_WITHDRAWN_BEFORE,
            "Anda sudah menarik persetujuan atas tahapan ini; menolak masih dapat.",
            "You withdrew your approval of this stage; you may still refuse it.",
        )


def approval_withdrawn(step: Step, body: ApprovalWithdrawn) -> None:
    """Judges the withdrawal of a yes: by its approver, once, before the decision."""
    release = step.project.release(body.release)
    require_first_time(release.is_decided)
    given = step.project.entry(body.approval, Approval)
    require_entitled(
        given.sender == step.sender.id
        and given.body.release == body.release
        and given.body.approves
        and step.statement.binding.manifest == body.approval,
        step.sender,
    )
    require_first_time(given not in release.approvals)


def decision(step: Step, body: Decided) -> None:
    """Judges a decision: by the service, once; its verdict follows from its rules."""
    require_service(step.project, step.sender)
    require_usable(step.project, "staged-files", body.at)
    release = step.project.release(body.release)
    stage = release.require_stage()
    require_first_time(release.is_decided)
    given = tuple(e.digest for e in release.approvals)
    passed = all(rule.passed for rule in body.rules)
    if body.stage != stage.digest or body.approvals != given or body.is_released != passed:
        raise refused(
            PolicyCode.PROJECT_DECISION,
            "Keputusan tidak sesuai dengan tahapan, persetujuan, atau aturannya.",
            "The decision does not fit its stage, approvals or rules.",
        )


def decision_by_rules(step: Step, body: Decided) -> None:
    """As `decision`; every rule of the gate is answered, from the log where that is possible.

    Rules that need opened facts are the service's word here; the verifier judges them. Every member
    who holds the log judges all other rules. So the next member who sees a decision against an
    objection, or without approvals, rejects it.
    """
    decision(step, body)
    case = release_case(step.project, body.release, None, body.at)
    found = {each.rule: each.passed for each in release_rules_without_facts(case).rules()}
    gates = GATES[step.project.charter.law]
    said = [rule.rule for rule in body.rules]
    if said != [rule.id for rule in gates.rules]:
        raise refused(
            PolicyCode.PROJECT_DECISION_RULES,
            "Keputusan tidak memuat setiap aturan dari hukum piagam, masing-masing sekali.",
            "The decision does not answer every rule of the charter's law, each once.",
        )
    wrong = sorted(
        each.rule for each in body.rules if found.get(each.rule, each.passed) != each.passed
    )
    if wrong:
        names = ", ".join(wrong)
        raise refused(
            PolicyCode.PROJECT_DECISION_RULES,
            f"Log sendiri memberi jawaban lain atas aturan: {names}.",
            f"The log itself answers these rules otherwise: {names}.",
        )


def receipt(step: Step, body: Received) -> None:
    """Judges a receipt or complaint: by the file's recipient, once, after the release."""
    release = step.project.release(body.release)
    decision = release.require_decision()
    decided_on = step.project.entry(decision.body.stage, Staged)
    named = (body.dataset, body.domain)
    matching = [f for f in decided_on.body.files if (f.dataset, f.domain) == named]
    require_entitled(
        release.is_released
        and body.decision == decision.digest
        and [f.recipient for f in matching] == [step.sender.id],
        step.sender,
    )
    as_staged = (matching[0].ciphertext, matching[0].plaintext) == (body.ciphertext, body.plaintext)
    if as_staged == body.is_complaint:
        raise refused(
            PolicyCode.PROJECT_RECEIPT,
            "Kenari dilihat hanya di berkas yang ditahapkan.",
            "Canaries are looked for in the staged file, and in no other.",
        )
    said = release.has_receipt if as_staged else release.has_complaint
    require_first_time(said(matching[0]))
    require_covered(step.project, [decision], step.cosigned)


def receipt_in_time(step: Step, body: Received) -> None:
    """As `receipt`; witnesses also saw the release while it could be decided."""
    receipt(step, body)
    decision = step.project.release(body.release).require_decision()
    require_decided_in_time(step.project, decision, step.witnessed)
