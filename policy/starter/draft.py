"""A charter from people's answers: everything computed that can be, each choice with its reason.

Pure: digests of papers and what the encoder knows are given.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from policy.base.words import Words, number
from policy.charter import Charter, parse_charter
from policy.charter import Region as CharterRegion
from policy.charter.agreement import LATEST_LAW
from policy.charter.shipped_probes import shipped_for
from policy.regions import CODEBOOK, YEAR
from policy.starter.answers import Agency, Answers, in_both
from policy.starter.fitting import Fit, window

_ZEROS = "0" * 64
_RUNS, _RELEASES, _ACROSS = 4, 4, 12
_STAGE_DAYS = 14


@dataclass(frozen=True)
class Choice:
    """What was computed for one part of the charter, and why."""

    part: str
    value: Words
    why: Words


@dataclass(frozen=True)
class Draft:
    """A charter as data for its YAML file, and as what it means."""

    tree: dict[str, Any]
    charter: Charter
    choices: tuple[Choice, ...]
    seats: tuple[Seat, ...]


@dataclass(frozen=True)
class Seat:
    """One member that the project needs: who it is and which roles the roster gives."""

    member: str
    agency: str
    roles: tuple[str, ...]
    name: str
    who: Words
    superior: str = ""


def draft(
    answers: Answers, rules: str, encodings: list[dict[str, Any]], papers: Mapping[str, str]
) -> Draft:
    """The charter of these answers.

    `rules` is the digest of the encoder's rules, `encodings` what it encodes by, and `papers` has
    the digest of each attached paper by its name in `Papers`.
    """
    fit = Fit(min(each.people for each in answers.lists))
    tree = _tree(answers, fit, rules, papers)
    whole = {**tree, "encoding": {**tree["encoding"], "encodings": encodings}}
    report = shipped_for(_parsed(whole))
    if report is not None:
        tree["dpia"]["probe"] = whole["dpia"]["probe"] = report.digest()
    charter = _parsed(whole)
    scope = {"terms": charter.terms_digest(), "charter": charter.assessed_digest()}
    tree["dpia"]["scope"].update(scope)
    choices = tuple(_choices(answers, fit, charter, shipped=report is not None))
    return Draft(tree, _parsed(whole), choices, tuple(seats(answers)))


def _parsed(tree: dict[str, Any]) -> Charter:
    return parse_charter(json.dumps(tree, default=str).encode(), "charter")


def _tree(answers: Answers, fit: Fit, rules: str, papers: Mapping[str, str]) -> dict[str, Any]:
    valid = {"valid_from": answers.starts.isoformat(), "valid_until": answers.ends.isoformat()}
    region = CharterRegion(code=answers.region, codebook=CODEBOOK, vintage=YEAR)
    parties = list(answers.agency_ids)
    until = answers.ends.isoformat()
    return {
        "type": "padan/charter",
        "law": LATEST_LAW,
        "version": 1,
        "project": answers.project,
        "epoch": 1,
        "title": in_both(answers.title).model_dump(),
        **valid,
        "purpose": {
            "code": _purpose_code(answers),
            "category": answers.category,
            "text": in_both(answers.purpose).model_dump(),
            **valid,
        },
        "lawful_basis": {
            "ground": "public-task",
            "citations": [{"text": law, **valid} for law in answers.laws],
        },
        "agreements": [
            {
                "kind": kind,
                "number": getattr(answers.papers, name).number,
                "parties": members,
                "sha256": papers.get(name, _ZEROS),
                **valid,
            }
            for kind, name, members in (
                ("joint-control", "cooperation", parties),
                ("processing", "processing", [*parties, service_of(answers)]),
            )
        ],
        "exemptions": [],
        "dpia": {
            "reference": answers.papers.assessment.number,
            "sha256": papers.get("assessment", _ZEROS),
            "valid_until": until,
            "scope": {
                "purpose": _purpose_code(answers),
                "parties": parties,
                "datasets": [each.id for each in answers.lists],
                "terms": _ZEROS,
                "charter": _ZEROS,
            },
            "probe": _ZEROS,
        },
        "region": {
            "code": answers.region,
            "codebook": CODEBOOK,
            "vintage": region.book_years()[-1],
        },
        **_people(answers),
        "datasets": [
            {
                "id": each.id,
                "owner": each.agency,
                "title": in_both(each.title).model_dump(),
                "source": each.source,
                "data_class": "spesifik" if each.specific else "umum",
                "sensitive": each.sensitive or each.specific,
                "rows_min": window(each.people)[0],
                "rows_max": window(each.people)[1],
            }
            for each in answers.lists
        ],
        "fields": [{"name": name, "kind": kind} for name, kind in _FIELDS],
        "encoding": {
            "rules_digest": rules,
            "profile": "compound-2",
            "nik_leg": "on",
            "canaries": {"kind": "like-the-list", "share_ppm": fit.canary_ppm},
            "test_records": 64,
        },
        "matching": _MATCHING,
        "domains": [
            {
                "id": "-".join((each.list, *each.about))[:63].rstrip("-"),
                "datasets": [each.list, *each.about],
                "learn": [each.list],
            }
            for each in answers.learns
        ],
        "release": {
            "minimum_cell": fit.minimum_cell,
            "empty_cell_allowed": False,
            "approvals": 2,
            "dpo_approval": any(each.sensitive or each.specific for each in answers.lists),
            "grades": fit.grades,
            "together": [],
            "stage_valid_days": _STAGE_DAYS,
        },
        "budget": {
            "runs": _RUNS,
            "releases": _RELEASES,
            "across_charters": _ACROSS,
            "runs_each": _RUNS - 1,
        },
        "retention": {
            "jra": answers.archive_code,
            "encodings_until": until,
            "releases_until": until,
            "maps_until": until,
            "attributes_until": until,
        },
    }


_FIELDS = (
    ("nama", "name"),
    ("lahir", "date"),
    ("jk", "sex"),
    ("kelurahan", "place"),
    ("nik", "nik"),
    ("kk", "kk"),
    ("rtrw", "rtrw"),
    ("ibu", "name"),
)
_MATCHING: dict[str, Any] = {
    "thresholds_ppm": {
        "kk": 585_000,
        "kk-nama": 650_000,
        "lahir": 585_000,
        "alamat": 585_000,
        "ibu": 585_000,
        "nik-depan": 585_000,
    },
    "alone_ppm": {
        "kk": 610_000,
        "kk-nama": 695_000,
        "lahir": 660_000,
        "alamat": 610_000,
        "ibu": 620_000,
        "nik-depan": 610_000,
    },
    "nik_floor_ppm": 550_000,
    "contrary": {
        "same_name_ppm": {"kk-nama": 900_000, "nik-depan": 900_000, "nik-nama": 900_000}
        | {"lahir": 870_000},
        "confirmed_ppm": {"lahir": 585_000, "alamat": 585_000, "ibu": 585_000}
        | {"kk-nama": 650_000},
    },
}


# -- people ------------------------------------------------------------------------------------


def service_of(answers: Answers) -> str:
    return answers.operator.id


def _officer(agency: Agency) -> str:
    return agency.officer or f"{agency.id}-dpo"


def _people(answers: Answers) -> dict[str, Any]:
    third, auditor = answers.third, answers.auditor
    publisher = third.id if third and third.publishes else answers.agencies[0].id
    served = [each.id for each in answers.agencies if not each.publishes and each.id != publisher]
    people: dict[str, Any] = {
        "authorities": list(authorities(answers)),
        "parties": [
            {
                "member": each.id,
                "role": ["produsen-data", "walidata"]
                if each.publishes or each.id == publisher
                else "produsen-data",
                "contact": each.contact,
                "capacity": "joint-controller",
                "dpo": _officer(each),
            }
            for each in answers.agencies
        ],
        "linkage_unit": {
            "member": service_of(answers),
            "controller": answers.operator.id,
            "superiors": [answers.operator.superior] if answers.operator.superior else [],
            "administrators": [answers.operator.id],
            "dpo": f"{answers.operator.id}-dpo",
            "hosting": in_both(answers.operator.place).model_dump(),
        },
        "auditors": [auditor.id] if auditor else [],
        "witnesses": {"members": list(witnesses(answers)), "quorum": _quorum(answers)},
    }
    if served:
        contact = third.contact if third and third.publishes else answers.agencies[0].contact
        people["walidata"] = [{"member": publisher, "parties": served, "contact": contact}]
    return people


def authorities(answers: Answers) -> tuple[str, str]:
    """The two members that sign the roster: of the first agency, and of one other."""
    other = answers.third.id if answers.third else answers.agencies[1].id
    return answers.agencies[0].id, other


def witnesses(answers: Answers) -> tuple[str, ...]:
    """All parties; with an auditor, the third agency and the auditor as well."""
    more = [each.id for each in (answers.third, answers.auditor) if each]
    return (*answers.agency_ids, *(more if answers.auditor else ()))


def _quorum(answers: Answers) -> int:
    """The smallest quorum against one lying agency."""
    return (len(witnesses(answers)) + 1) // 2 + 1


def seats(answers: Answers) -> Iterator[Seat]:
    """The members that the project needs, each with its roles in the roster."""
    named = [*answers.agencies, answers.third, answers.operator, answers.auditor]
    superiors = {each.id: each.superior for each in named if each is not None}
    return (replace(each, superior=superiors.get(each.agency) or "") for each in _seats(answers))


def _seats(answers: Answers) -> Iterator[Seat]:
    chosen, seen = authorities(answers), set(witnesses(answers))
    known: set[str] = set()
    for each in answers.agencies:
        roles = ["party", "witness"] + ["authority"] * (each.id in chosen)
        yield Seat(
            each.id,
            each.id,
            tuple(roles),
            each.name,
            Words(f"Pengolah data {each.name}", f"Data officer of {each.name}"),
        )
        yield _approver(f"{each.id}-approver", each.id, ("approver",), each.name)
        if (officer := _officer(each)) not in known:
            known.add(officer)
            yield _dpo(officer, each.id if officer == f"{each.id}-dpo" else officer, each.name)
    if (third := answers.third) is not None:
        roles = ["approver"] + ["authority"] * (third.id in chosen)
        yield _approver(third.id, third.id, (*roles, *["witness"] * (third.id in seen)), third.name)
    operator = answers.operator
    yield Seat(
        service_of(answers),
        operator.id,
        ("service", "coordinator"),
        operator.name,
        Words(f"Pengelola layanan: {operator.name}", f"Operator of the service: {operator.name}"),
    )
    yield _dpo(f"{operator.id}-dpo", operator.id, operator.name)
    if (auditor := answers.auditor) is not None:
        yield Seat(
            auditor.id,
            auditor.id,
            ("auditor", "witness"),
            auditor.name,
            Words(f"Auditor: {auditor.name}", f"Auditor: {auditor.name}"),
        )


def _approver(member: str, agency: str, roles: tuple[str, ...], name: str) -> Seat:
    who = Words(
        f"Pejabat {name} yang menyetujui rilis", f"Official of {name} who approves releases"
    )
    return Seat(member, agency, roles, name, who)


def _dpo(member: str, agency: str, name: str) -> Seat:
    who = Words(f"Pejabat pelindungan data {name}", f"Data protection officer of {name}")
    return Seat(member, agency, ("dpo",), name, who)


def _purpose_code(answers: Answers) -> str:
    return answers.project


# -- reasons -----------------------------------------------------------------------------------


def _choices(answers: Answers, fit: Fit, charter: Charter, *, shipped: bool) -> Iterator[Choice]:
    people = number(fit.people)
    cell = fit.minimum_cell
    yield Choice(
        "release.minimum_cell",
        Words(str(cell), str(cell)),
        Words(
            f"Daftar terpendek memuat sekitar {people.id} orang. Jumlah di bawah {cell} orang tidak"
            " pernah keluar.",
            f"The shortest list has about {people.en} people. No count below {cell} people ever"
            " leaves the service.",
        ),
    )
    if fit.grades:
        yield Choice(
            "release.grades",
            Words("ya", "yes"),
            Words(
                "Penerima melihat mana yang pasti dan mana yang perlu dicek; daftarnya cukup"
                " besar.",
                "Recipients see which matches are certain and which are to be checked; the lists"
                " are large enough.",
            ),
        )
    else:
        yield Choice(
            "release.grades",
            Words("tidak", "no"),
            Words(
                "Yang perlu dicek terlalu sedikit orang untuk dirilis tersendiri; hanya yang pasti"
                " dirilis.",
                "The matches to be checked would be too few people to be released by themselves;"
                " only certain ones are released.",
            ),
        )
    share = fit.canary_ppm
    yield Choice(
        "encoding.canaries",
        Words(f"{share} per sejuta", f"{share} in a million"),
        Words(
            "Baris buatan yang dirahasiakan dari layanan mengungkap layanan yang membuang padanan.",
            "Made-up rows that the service does not know show a service that drops matches.",
        ),
    )
    yield Choice(
        "datasets",
        Words("setengah sampai dua kali lipat", "half to twice"),
        Words(
            "Setiap daftar boleh berisi setengah sampai dua kali jumlah orang yang Anda sebut.",
            "Each list may have half to twice the number of people that you gave.",
        ),
    )
    yield Choice(
        "release.approvals",
        Words("2 instansi lain", "2 other agencies"),
        Words(
            "Paling sedikit yang diizinkan: dua instansi selain yang meminta harus setuju.",
            "The fewest allowed: two agencies other than the one that asks must agree.",
        ),
    )
    witnessing, quorum = charter.witnesses, charter.witnesses.quorum
    count = len(witnessing.members)
    yield Choice(
        "witnesses",
        Words(f"{quorum} dari {count}", f"{quorum} of {count}"),
        Words(
            "Kuorum terkecil yang menahan satu instansi yang berbohong tentang log.",
            "The smallest quorum that withstands one agency that lies about the log.",
        ),
    )
    yield Choice(
        "encoding.profile",
        Words("compound-2, padan-id-4", "compound-2, padan-id-4"),
        Words(
            "Profil bawaan: yang paling tahan uji serangan.",
            "The default profile: the one that withstands the attacks best.",
        ),
    )
    if shipped:
        yield Choice(
            "dpia.probe",
            Words("laporan bawaan Padan", "the report shipped with Padan"),
            Words(
                "Uji serangan atas penyandian ini sudah ada dan disertakan. Siapa pun dapat"
                " mengulanginya: padan-encoder probe.",
                "The attacks on these encodings were run and their report comes with Padan."
                " Anybody can repeat them: padan-encoder probe.",
            ),
        )
    else:
        yield Choice(
            "dpia.probe",
            Words("belum ada", "not there yet"),
            Words(
                "Untuk daftar sebesar ini jalankan 'padan-encoder probe' dan tulis sidiknya.",
                "For lists of this size run 'padan-encoder probe' and write its digest.",
            ),
        )
    yield Choice(
        "retention",
        Words(answers.ends.isoformat(), answers.ends.isoformat()),
        Words(
            "Semua salinan dimusnahkan pada hari terakhir piagam.",
            "All copies are destroyed on the charter's last day.",
        ),
    )
