"""Counts of a field review, looked at and approved before they are said."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from policy.base.error_codes import PolicyCode
from policy.base.errors import BadInput, Refused
from policy.base.files import read_file
from policy.base.words import Words
from policy.project.measured import Measured, smallest_cell
from policy.statements import ReviewApproved, Reviewed, ReviewFigures
from policy.statements.kinds.reviewed import are_lawful
from policy.wire.session import Session

_MOST_BYTES = 1024 * 1024


def read_figures(path: Path) -> ReviewFigures:
    """The counts in a file; raises BadInput if it has none, or not in its canonical form."""
    data = read_file(path, _MOST_BYTES)
    try:
        figures = ReviewFigures.model_validate_json(data)
    except ValidationError:
        raise _malformed(path) from None
    if figures.canonical() != data.strip():
        raise _malformed(path)
    return figures


def measured_by(session: Session, figures: ReviewFigures) -> tuple[Measured, ...]:
    """The strata of figures that are to be approved; raises Refused if they have small counts."""
    charter = session.charter
    if figures.project != charter.project:
        raise Refused(
            PolicyCode.REVIEW_FOREIGN,
            Words("Angka ini milik proyek lain.", "These figures belong to another project."),
            Words("Periksa nama proyek dan berkasnya.", "Check the project and the file."),
        )
    cell = smallest_cell(charter)
    if not are_lawful(figures.strata, cell):
        raise Refused(
            PolicyCode.PROJECT_REVIEW,
            Words(
                "Angka ini memuat sel di bawah batas piagam, atau tidak berjumlah.",
                "These figures have a cell below the charter's smallest one, or do not add up.",
            ),
            Words(
                "Minta petugas data membuatnya lagi: 'padan-encoder review figures --out'.",
                "Ask the data officer to make them again: 'padan-encoder review figures --out'.",
            ),
        )
    return tuple(Measured(each, each.precision(cell)) for each in figures.strata)


def approval_of(figures: ReviewFigures, at: int) -> ReviewApproved:
    """The approval of just these counts."""
    return ReviewApproved(
        at=at, release=figures.release, dataset=figures.dataset, figures=figures.digest()
    )


def has_approved(session: Session, figures: ReviewFigures) -> bool:
    """Whether this member has approved just these counts before."""
    me, digest = session.me.member.id, figures.digest()
    approvals = session.project.named(ReviewApproved, figures.release)
    return any(each.sender == me and each.body.figures == digest for each in approvals)


def has_said(session: Session, figures: ReviewFigures) -> bool:
    """Whether these counts are in the log."""
    said = session.project.named(Reviewed, figures.release)
    return any(each.body.figures == figures for each in said)


def _malformed(path: Path) -> BadInput:
    return BadInput(
        PolicyCode.REVIEW_MALFORMED,
        Words(
            f"{path} bukan angka pemeriksaan lapangan.",
            f"{path} has no figures of a field review.",
        ),
        Words(
            "Beri berkas dari 'padan-encoder review figures --out', tanpa mengubahnya.",
            "Give the file of 'padan-encoder review figures --out' as it is.",
        ),
    )
