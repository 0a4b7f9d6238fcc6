"""Counts of a field review: approved at the recipient's own agency, then said by the recipient.

The field answers about persons stay at the recipient. Counts are said once for each run and
dataset: the difference of two statements would tell of the few rows between them, and releases of
one run have the same matches. For the same reason no two domains of a statement share a source.
"""

from __future__ import annotations

from policy.base.error_codes import PolicyCode
from policy.law.conditions import require_covered, require_entitled, require_first_time
from policy.law.step import Step
from policy.members.entitled import may_decide
from policy.members.separation import hindrance
from policy.project import Entry, Project, refused
from policy.project.measured import domains_apart, smallest_cell
from policy.project.requests import is_key_valid
from policy.statements import ReviewApproved, Reviewed
from policy.statements.kinds.reviewed import are_lawful


def review_approved(step: Step, body: ReviewApproved) -> None:
    """Judges an approval: by an approver or DPO of the agency whose list was reviewed, once."""
    project, sender = step.project, step.sender
    charter, roster = project.charter, project.roster
    owner = roster.member(charter.dataset(body.dataset).owner)
    require_entitled(
        may_decide(charter, roster, sender)
        and hindrance(charter, roster, sender) is None
        and sender.agency == owner.agency
        and bool(_opened_domains(project, body.release, body.dataset)),
        sender,
    )
    said = project.named(ReviewApproved, body.release)
    require_first_time(any((e.sender, e.body.figures) == (sender.id, body.figures) for e in said))


def reviewed(step: Step, body: Reviewed) -> None:
    """Judges the counts: by the recipient that opened the files, approved, witnessed and once."""
    project, sender = step.project, step.sender
    release = project.release(body.release)
    require_entitled(
        project.charter.dataset(body.dataset).owner == sender.id
        and body.project == project.charter.project
        and release.require_decision().digest == body.decision,
        sender,
    )
    domains = _opened_domains(project, body.release, body.dataset)
    named = sorted({each.domain for each in body.strata})
    if not domains.issuperset(named):
        raise refused(
            PolicyCode.PROJECT_REVIEW,
            "Angka pemeriksaan menyebut domain yang tidak dibuka instansi ini.",
            "The figures name a domain that this agency has not opened.",
        )
    if domains_apart(project.charter, body.dataset, named) != tuple(named):
        raise refused(
            PolicyCode.PROJECT_REVIEW,
            "Dua domain pada angka pemeriksaan memuat sumber yang sama.",
            "Two domains of the figures have the same source.",
        )
    if not are_lawful(body.strata, smallest_cell(project.charter)):
        raise refused(
            PolicyCode.PROJECT_REVIEW,
            "Angka pemeriksaan memuat sel di bawah batas piagam, atau tidak berjumlah.",
            "The figures have a cell below the charter's smallest one, or do not add up.",
        )
    require_first_time(
        any(
            each.body.dataset == body.dataset
            and project.release(each.body.release).run.name == release.run.name
            for each in project.of(Reviewed)
        )
    )
    digest, agency = body.figures.digest(), sender.agency
    # An approval ends with its charter, and with the key that signed it.
    approvals: list[Entry] = [
        each
        for each in project.named(ReviewApproved, body.release)
        if each.body.figures == digest
        and each.body.dataset == body.dataset
        and project.sender_of(each).agency == agency
        and each.statement.binding.charter == project.charter_digest
        and is_key_valid(project, each)
    ]
    if not approvals:
        raise refused(
            PolicyCode.PROJECT_REVIEW_APPROVAL,
            "Angka ini belum disetujui penyetuju atau PPDP instansi ini.",
            "These figures are not approved by an approver or DPO of this agency.",
        )
    require_covered(project, approvals[:1], step.cosigned)


def _opened_domains(project: Project, release: str, dataset: str) -> set[str]:
    """The domains of the release in which the owner of the dataset has opened who matched."""
    return {
        each.file.domain
        for each in project.release(release).released_files
        if each.file.dataset == dataset and each.file.form == "membership" and each.is_opened
    }
