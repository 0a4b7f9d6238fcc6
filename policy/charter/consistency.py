"""What in a charter contradicts itself. Such a charter is no charter; nobody can sign it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from policy.charter.encoding import COMPOUND

if TYPE_CHECKING:
    from policy.charter.agreement import Charter


def contradictions(charter: Charter) -> Iterator[str]:
    """Rules that do not hold, in words that name no value of a row."""
    for rules in (_names, _encodings, _domains, _fields, _witnesses, _dates, _recipients):
        yield from rules(charter)


def _names(charter: Charter) -> Iterator[str]:
    for noun, names in (
        ("a party is", charter.party_ids),
        ("a dataset is", charter.dataset_ids),
        ("a field is", [field.name for field in charter.fields]),
        ("an encoding is", [encoding.name for encoding in charter.encoding.encodings]),
        ("a domain is", [domain.id for domain in charter.domains]),
        ("an agreement is", [(each.kind, each.number) for each in charter.agreements]),
    ):
        if not _distinct(names):
            yield f"{noun} named twice"
    if {d.owner for d in charter.datasets} != set(charter.party_ids):
        yield "every party owns a dataset and every dataset is owned by a party"
    for dataset in charter.datasets:
        if dataset.rows_min > dataset.rows_max:
            yield f"{dataset.id}: rows_min <= rows_max"


def _encodings(charter: Charter) -> Iterator[str]:
    encodings, thresholds = charter.encoding.encodings, charter.matching.thresholds_ppm
    if not thresholds or not set(thresholds) <= {each.name for each in encodings}:
        yield "thresholds are for encodings of this charter, for one or more"
    if not all(0 < ppm <= 1_000_000 for ppm in thresholds.values()):
        yield "thresholds lie in 1..1000000 ppm"
    alone = charter.matching.alone_ppm
    if not all(thresholds.get(name, ppm + 1) <= ppm <= 1_000_000 for name, ppm in alone.items()):
        yield "alone_ppm is for encodings with a threshold, not below it, up to 1000000 ppm"
    review, certain = charter.matching.review_ppm, {**thresholds, **alone}
    if not all(0 < ppm < certain.get(name, 0) for name, ppm in review.items()):
        yield "a review band begins above 0 and below what is enough of its encoding by itself"
    if charter.release.grades and not review:
        yield "grades need a review band: matching.review_ppm"
    compound = charter.encoding.profile == COMPOUND
    if not all(bool(each.salt) == bool(each.rounds) == compound for each in encodings):
        yield "encodings name salt and rounds under the profile compound-1, and under no other"
    if alone and not compound:
        yield "alone_ppm needs salts to tell encodings apart: the profile compound-1"
    cards = charter.salted_by_cards & set(thresholds)
    if charter.matching.order == "household" and not cards:
        yield "the order household needs an encoding with a threshold, salted by a field of kind kk"
    if not all(bool(each.tag) == bool(each.tag_bits) for each in encodings):
        yield "an encoding names the columns of its tag and the tag's bits, or neither"
    # Rows of other salts are not alike in any case: such a tag loses nobody.
    if compound and not all(set(each.tag) <= set(each.salt) for each in encodings):
        yield "under compound-1 the columns of a tag are salt columns of its encoding"


def _domains(charter: Charter) -> Iterator[str]:
    for domain in charter.domains:
        if not _distinct(domain.datasets) or not set(domain.datasets) <= set(charter.dataset_ids):
            yield f"domain {domain.id} names datasets of this charter, each once"
        if not set(domain.learn) <= set(domain.datasets):
            yield f"domain {domain.id}: only its datasets can learn membership"
        # In a private index two rows of one ID would tell that both matched.
        alone = charter.matching.cardinality == "one-to-one"
        if not alone and set(domain.learn) != set(domain.datasets):
            yield f"domain {domain.id}: under one-to-many all its datasets learn membership"


def _fields(charter: Charter) -> Iterator[str]:
    niks = [field for field in charter.fields if field.kind == "nik"]
    if len(niks) > 1:
        yield "at most one field is of kind nik"
    if not niks and charter.encoding.nik_leg == "on":
        yield "nik_leg is on but no field is of kind nik"


def _witnesses(charter: Charter) -> Iterator[str]:
    members = charter.witnesses.members
    if (
        not _distinct(members)
        or not set(charter.party_ids) <= set(members)
        or charter.witnesses.quorum > len(members)
    ):
        yield "all parties are witnesses and the quorum does not exceed them"


def _dates(charter: Charter) -> Iterator[str]:
    retention = charter.retention
    if charter.valid_from > charter.valid_until:
        yield "valid_from <= valid_until"
    if charter.purpose.valid_from > charter.purpose.valid_until:
        yield "purpose: valid_from <= valid_until"
    for each in charter.agreements:
        if each.valid_from > each.valid_until:
            yield f"agreement {each.kind}: valid_from <= valid_until"
    for citation in charter.lawful_basis.citations:
        first, last = citation.valid_from, citation.valid_until
        if first is not None and last is not None and first > last:
            yield "citation: valid_from <= valid_until"
    if min(retention.encodings_until, retention.releases_until) < charter.valid_from:
        yield "retention: nothing ends before the charter begins"


def _recipients(charter: Charter) -> Iterator[str]:
    together = [member for group in charter.release.together for member in group]
    if not _distinct(together) or not set(together) <= set(charter.party_ids):
        yield "release.together names parties of this charter, each once"
    across = charter.budget.across_charters
    if across is not None and across < charter.budget.runs:
        yield "budget: across_charters covers the runs of this charter"


def _distinct(names: Sequence[object]) -> bool:
    return len(set(names)) == len(names)
