"""The rights, the people who must be heard, and the outcome of the assessment."""

from __future__ import annotations

from policy.base.words import Words
from policy.charter import Charter
from policy.papers.paper import (
    BY_HAND,
    NOT_GIVEN,
    Code,
    Datum,
    Fact,
    Facts,
    Items,
    PaperSection,
    Text,
)
from policy.project import Project

_SCOPE_CHANGED = Words(
    "cakupan penilaian berbeda dari piagam; nilai ulang sebelum dipakai",
    "the assessment's scope differs from the charter; assess again before use",
)


def rights(project: Project) -> PaperSection:
    return PaperSection(
        "rights",
        Words("Hak subjek data", "Rights of data subjects"),
        (
            Text(
                Words(
                    "Permintaan dijawab instansi pemilik baris dari peta lokalnya, dalam 3 x 24"
                    " jam; layanan pemadanan tidak dapat mengenali orang.",
                    "Requests are answered by the agency that owns the row, from its local map,"
                    " within 3 x 24 hours; the linkage service cannot tell persons apart by name.",
                )
            ),
            Items(
                "contacts",
                tuple(
                    Words(f"{p.member}: {p.contact}", f"{p.member}: {p.contact}")
                    for p in project.charter.parties
                ),
            ),
        ),
        duties=(7, 12, 28),
    )


def heard(project: Project) -> PaperSection:
    terms = project.charter.dpia
    return PaperSection(
        "outcome",
        Words("Pendapat dan putusan", "Opinions and outcome"),
        (
            Facts(
                (
                    Fact(
                        "reference",
                        Words("Nomor dalam piagam", "Reference in the charter"),
                        terms.reference,
                    ),
                    Fact(
                        "valid_until",
                        Words("Berlaku sampai", "Valid until"),
                        terms.valid_until,
                    ),
                    Fact("scope", Words("Cakupan", "Scope"), *_scope(project.charter)),
                    Fact(
                        "dpo_opinion",
                        Words("Pendapat pejabat PDP", "Opinion of the DPO"),
                        BY_HAND,
                    ),
                    Fact(
                        "consulted",
                        Words("Pihak yang dimintai pendapat", "Who was consulted"),
                        BY_HAND,
                    ),
                    Fact(
                        "form",
                        Words("Bentuk yang diwajibkan", "Prescribed form"),
                        Words("susunan ini buatan sendiri", "this outline is our own"),
                        Words(
                            "apakah peraturan pelaksana UU PDP sudah menetapkan isi penilaian",
                            "whether an implementing regulation prescribes the contents",
                        ),
                    ),
                    Fact("outcome", Words("Putusan pengendali", "Controllers' outcome"), BY_HAND),
                )
            ),
        ),
        duties=(14,),
    )


def _scope(charter: Charter) -> tuple[Datum, Words | None]:
    """The scope in the charter, and a note if the charter has changed since."""
    scope = charter.dpia.scope
    if scope is None:
        return NOT_GIVEN, None
    same = (
        scope.purpose == charter.purpose.code
        and set(scope.parties) == set(charter.party_ids)
        and set(scope.datasets) == set(charter.dataset_ids)
        and scope.terms == charter.terms_digest()
    )
    shown: Datum = (
        Code(f"{scope.purpose}: {', '.join(scope.parties)}; {', '.join(scope.datasets)}"),
        Code(scope.terms),
    )
    return shown, None if same else _SCOPE_CHANGED
