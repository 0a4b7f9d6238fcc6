"""Contradictions in a charter. A charter with a contradiction is rejected and cannot be signed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from policy.base.words import Words
from policy.charter.attributes import shared
from policy.charter.hardened import hardened

if TYPE_CHECKING:
    from policy.charter.agreement import Charter

_VALID = ("valid_from", "valid_until")


def contradictions(charter: Charter) -> Iterator[Words]:
    """The violated rules, in words without any value of a row."""
    for rules in (
        _names,
        _agency_names,
        _walidata,
        _processor,
        _encodings,
        hardened,
        _contrary,
        _domains,
        _fields,
        _witnesses,
        _dates,
        _recipients,
        shared,
    ):
        yield from rules(charter)


def _agency_names(charter: Charter) -> Iterator[Words]:
    unit = charter.linkage_unit
    known = {*charter.party_ids, *charter.authorities, *charter.witnesses.members}
    known |= {*charter.auditors, *(each.member for each in charter.walidata)}
    known |= {unit.member} if unit else set()
    unknown = sorted(set(charter.agency_names) - known)
    if unknown:
        yield Words(
            f"agency_names menyebut anggota tanpa tugas di piagam ini: {', '.join(unknown)}",
            f"agency_names names members without a task in this charter: {', '.join(unknown)}",
        )


def _names(charter: Charter) -> Iterator[Words]:
    for noun, names in (
        (Words("pihak", "a party"), charter.party_ids),
        (Words("sumber data", "a dataset"), charter.dataset_ids),
        (Words("kolom", "a field"), [field.name for field in charter.fields]),
        (
            Words("penyandian", "an encoding"),
            [encoding.name for encoding in charter.encoding.encodings],
        ),
        (Words("domain", "a domain"), [domain.id for domain in charter.domains]),
        (
            Words("perjanjian", "an agreement"),
            [(each.kind, each.number) for each in charter.agreements],
        ),
    ):
        if not _distinct(names):
            yield Words(f"{noun.id} disebut dua kali", f"{noun.en} is named twice")
    if {d.owner for d in charter.datasets} != set(charter.party_ids):
        yield Words(
            "setiap pihak memiliki sumber data, dan setiap sumber data milik satu pihak",
            "every party owns a dataset and every dataset is owned by a party",
        )
    for dataset in charter.datasets:
        if dataset.rows_min > dataset.rows_max:
            yield _ordered(dataset.id, "rows_min", "rows_max")


def _walidata(charter: Charter) -> Iterator[Words]:
    for party in charter.parties:
        if not _distinct(party.roles):
            yield Words(
                f"{party.member}: setiap peran Satu Data disebut sekali",
                f"{party.member}: each Satu Data role is named once",
            )
    served = [party for each in charter.walidata for party in each.parties]
    own = {party.member for party in charter.parties if "walidata" in party.roles}
    publishing = {each.member for each in charter.walidata} & set(charter.party_ids)
    if not _distinct(served) or not set(served) <= set(charter.party_ids) - own:
        yield Words(
            "walidata: satu untuk setiap pihak; pihak yang walidata sendiri menyebutnya di role",
            "walidata: one for each party; a party that is its own says so by its role",
        )
    if not publishing <= own:
        yield Words(
            "walidata: pihak yang menyebarluaskan data pihak lain berperan walidata",
            "walidata: a party that publishes for others has the role walidata",
        )


def _processor(charter: Charter) -> Iterator[Words]:
    letters = [each.letter for each in charter.dpia.triggers]
    if not _distinct(letters):
        yield Words(
            "dpia.triggers: setiap huruf disebut sekali", "dpia.triggers: each letter is named once"
        )
    unit = charter.linkage_unit
    for each in unit.subprocessors if unit else ():
        if not _distinct(each.consents) or not set(each.consents) <= set(charter.party_ids):
            yield Words(
                "subprocessors.consents menyebut pihak di piagam ini, masing-masing sekali",
                "subprocessors.consents names parties of this charter, each once",
            )


def _encodings(charter: Charter) -> Iterator[Words]:
    encodings, thresholds = charter.encoding.encodings, charter.matching.thresholds_ppm
    if not thresholds or not set(thresholds) <= {each.name for each in encodings}:
        yield Words(
            "ambang berlaku bagi penyandian di piagam ini, satu atau lebih",
            "thresholds are for encodings of this charter, for one or more",
        )
    if not all(0 < ppm <= 1_000_000 for ppm in thresholds.values()):
        yield Words("ambang di antara 1 dan 1000000 ppm", "thresholds lie in 1..1000000 ppm")
    alone = charter.matching.alone_ppm
    if not all(thresholds.get(name, ppm + 1) <= ppm <= 1_000_000 for name, ppm in alone.items()):
        yield Words(
            "alone_ppm bagi penyandian yang berambang, tidak di bawahnya, sampai 1000000 ppm",
            "alone_ppm is for encodings with a threshold, not below it, up to 1000000 ppm",
        )
    review, certain = charter.matching.review_ppm, {**thresholds, **alone}
    if not all(0 < ppm < certain.get(name, 0) for name, ppm in review.items()):
        yield Words(
            "pita peninjauan mulai di atas 0 dan di bawah yang cukup bagi penyandiannya sendiri",
            "a review band begins above 0 and below what is enough of its encoding by itself",
        )
    if charter.release.grades and not review and not charter.encoding.contrary_codes:
        yield Words(
            "tingkat kepastian memerlukan matching.review_ppm atau kode kontra (contrary)",
            "grades need matching.review_ppm or encodings with contrary codes",
        )
    cards = charter.salted_by_cards & set(thresholds)
    if charter.matching.order == "household" and not cards:
        yield Words(
            "urutan household memerlukan penyandian berambang yang digarami kolom berjenis kk",
            "the order household needs an encoding with a threshold, salted by a field of kind kk",
        )
    if not all(bool(each.tag) == bool(each.tag_bits) for each in encodings):
        yield Words(
            "penyandian menyebut kolom tanda dan jumlah bitnya, atau tidak keduanya",
            "an encoding names the columns of its tag and the tag's bits, or neither",
        )


def _contrary(charter: Charter) -> Iterator[Words]:
    codes, rule = charter.encoding.contrary_codes, charter.matching.contrary
    if rule is None:
        return
    if not codes:
        yield Words(
            "matching.contrary memerlukan penyandian dengan kode kontra (contrary)",
            "matching.contrary needs encodings with contrary codes",
        )
    names = {each.name for each in charter.encoding.encodings}
    same = rule.same_name_ppm
    if not set(same) <= names or not all(0 < ppm <= 1_000_000 for ppm in same.values()):
        yield Words(
            "same_name_ppm berlaku bagi penyandian di piagam ini, di antara 1 dan 1000000 ppm",
            "same_name_ppm is for encodings of this charter, within 1..1000000 ppm",
        )
    thresholds, confirmed = charter.matching.thresholds_ppm, rule.confirmed_ppm
    if not set(confirmed) <= codes.keys() or not all(
        thresholds.get(name, ppm + 1) <= ppm <= 1_000_000 for name, ppm in confirmed.items()
    ):
        yield Words(
            "confirmed_ppm bagi penyandian berkode kontra, tidak di bawah ambangnya, sampai 1000000"
            " ppm",
            "confirmed_ppm is for encodings with contrary codes, not below their thresholds, up to"
            " 1000000 ppm",
        )


def _domains(charter: Charter) -> Iterator[Words]:
    for domain in charter.domains:
        if not _distinct(domain.datasets) or not set(domain.datasets) <= set(charter.dataset_ids):
            yield Words(
                f"domain {domain.id} menyebut sumber data di piagam ini, masing-masing sekali",
                f"domain {domain.id} names datasets of this charter, each once",
            )
        if not set(domain.learn) <= set(domain.datasets):
            yield Words(
                f"domain {domain.id}: hanya sumber datanya yang dapat mengetahui baris yang padan",
                f"domain {domain.id}: only its datasets can learn membership",
            )
        # In a private index, two rows with one ID would reveal that both matched.
        alone = charter.matching.cardinality == "one-to-one"
        if not alone and set(domain.learn) != set(domain.datasets):
            yield Words(
                f"domain {domain.id}: pada one-to-many semua sumber datanya mengetahui baris"
                " yang padan",
                f"domain {domain.id}: under one-to-many all its datasets learn membership",
            )


def _fields(charter: Charter) -> Iterator[Words]:
    niks = [field for field in charter.fields if field.kind == "nik"]
    if len(niks) > 1:
        yield Words("paling banyak satu kolom berjenis nik", "at most one field is of kind nik")
    if not niks and charter.encoding.nik_leg == "on":
        yield Words(
            "nik_leg menyala, tetapi tidak ada kolom berjenis nik",
            "nik_leg is on but no field is of kind nik",
        )


def _witnesses(charter: Charter) -> Iterator[Words]:
    members = charter.witnesses.members
    if (
        not _distinct(members)
        or not set(charter.party_ids) <= set(members)
        or charter.witnesses.quorum > len(members)
    ):
        yield Words(
            "semua pihak menjadi saksi, dan kuorum tidak melebihi jumlah saksi",
            "all parties are witnesses and the quorum does not exceed them",
        )


def _dates(charter: Charter) -> Iterator[Words]:
    retention = charter.retention
    if charter.valid_from > charter.valid_until:
        yield _ordered("charter", *_VALID)
    if charter.purpose.valid_from > charter.purpose.valid_until:
        yield _ordered("purpose", *_VALID)
    for each in charter.agreements:
        if each.valid_from > each.valid_until:
            yield _ordered(f"agreements: {each.kind}", *_VALID)
    for citation in charter.lawful_basis.citations:
        first, last = citation.valid_from, citation.valid_until
        if first is not None and last is not None and first > last:
            yield _ordered("lawful_basis.citations", *_VALID)
    if min(retention.encodings_until, retention.releases_until) < charter.valid_from:
        yield Words(
            "retention: tidak ada yang berakhir sebelum piagam mulai berlaku",
            "retention: nothing ends before the charter begins",
        )


def _recipients(charter: Charter) -> Iterator[Words]:
    together = [member for group in charter.release.together for member in group]
    if not _distinct(together) or not set(together) <= set(charter.party_ids):
        yield Words(
            "release.together menyebut pihak di piagam ini, masing-masing sekali",
            "release.together names parties of this charter, each once",
        )
    dropped = set(charter.dropped)
    if dropped and charter.law == "padan-law-1":
        yield Words(
            "dropped ada sejak hukum padan-law-2",
            "there is dropped since the law padan-law-2",
        )
    if not _distinct(charter.dropped) or dropped & set(charter.party_ids):
        yield Words(
            "dropped menyebut bekas pihak, masing-masing sekali",
            "dropped names former parties, each once",
        )
    for each, whole in (
        (charter.budget.runs_each, charter.budget.runs),
        (charter.budget.releases_each, charter.budget.releases),
    ):
        if each is not None and each > whole:
            yield Words(
                "budget: bagian satu pihak tidak melebihi seluruhnya",
                "budget: the share of one party is not beyond the whole",
            )
    across = charter.budget.across_charters
    if across is not None and across < charter.budget.runs:
        yield Words(
            "budget: across_charters mencakup pemadanan di piagam ini",
            "budget: across_charters covers the runs of this charter",
        )


def _distinct(names: Sequence[object]) -> bool:
    return len(set(names)) == len(names)


def _ordered(where: str, first: str, last: str) -> Words:
    return Words(
        f"{where}: {first} tidak melebihi {last}", f"{where}: {first} is not beyond {last}"
    )
