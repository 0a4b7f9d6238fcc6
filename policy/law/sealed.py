"""Conditions for sealed rows, in a bundle or a delta."""

from __future__ import annotations

from policy.base.error_codes import PolicyCode
from policy.formats.bundle_row import RowPlaces, token_bytes
from policy.project import Project, refused
from policy.statements import Delta, SealedRows


def require_agreed_form(project: Project, body: SealedRows) -> None:
    """Checks that terms, rules and columns are the charter's; raises Refused."""
    if body.terms != project.charter.terms_digest():
        raise refused(
            PolicyCode.PROJECT_TERMS,
            "Bundel dibuat dengan ketentuan penyandian lain.",
            "The bundle was made under other encoding terms.",
        )
    if body.rules != project.charter.encoding.rules_digest:
        raise refused(
            PolicyCode.PROJECT_RULES,
            "Baris dinormalkan dengan aturan lain daripada aturan piagam.",
            "The rows were normalised by other rules than the charter's.",
        )
    encodings = project.charter.encoding.encodings
    agreed = [(each.name, each.tag_bits, len(each.contrary)) for each in encodings]
    tokens = token_bytes(nik_leg=project.charter.encoding.nik_leg == "on")
    width = RowPlaces.of(body.encodings, tokens).width
    if (
        [(each.name, each.tag_bits, each.contrary) for each in body.encodings] != agreed
        or body.token_bytes != tokens
        or body.row_bytes != width
    ):
        raise refused(
            PolicyCode.PROJECT_SHAPE,
            "Susunan kolom bundel berbeda dari piagam.",
            "The bundle's columns differ from the charter.",
        )


def require_standing(project: Project, body: Delta) -> None:
    """Checks that the delta follows the current bundle or delta; another may have come first."""
    if body.replaces != project.commitments()[body.dataset].digest:
        raise refused(
            PolicyCode.PROJECT_REPLACES,
            "Delta ini mengikuti komitmen yang sudah diganti.",
            "This delta follows a commitment that has been replaced.",
        )
