"""A charter from people's answers: everything computed that can be, each choice with its reason.

Pure: digests of papers and what the encoder knows are given.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from policy.charter import Charter, parse_charter
from policy.charter import Region as CharterRegion
from policy.charter.agreement import LATEST_LAW
from policy.charter.shipped_probes import shipped_for
from policy.regions import CODEBOOK, YEAR
from policy.starter.answers import CharterAnswers, in_both
from policy.starter.choices import Choice, choices_of
from policy.starter.fitting import ListFit, window
from policy.starter.seats import Seat, people_of, seats

_ZEROS = "0" * 64
_RUNS, _RELEASES, _ACROSS = 4, 4, 12
_STAGE_DAYS = 14


@dataclass(frozen=True)
class Draft:
    """A charter as data for its YAML file, and as what it means."""

    tree: dict[str, Any]
    charter: Charter
    choices: tuple[Choice, ...]
    seats: tuple[Seat, ...]


def draft(
    answers: CharterAnswers, rules: str, encodings: list[dict[str, Any]], papers: Mapping[str, str]
) -> Draft:
    """The charter of these answers.

    `rules` is the digest of the encoder's rules, `encodings` what it encodes by, and `papers` has
    the digest of each attached paper by its name in `Papers`.
    """
    fit = ListFit(min(each.people for each in answers.lists))
    tree = _tree(answers, fit, rules, papers)
    whole = {**tree, "encoding": {**tree["encoding"], "encodings": encodings}}
    report = shipped_for(_parsed(whole))
    if report is not None:
        tree["dpia"]["probe"] = whole["dpia"]["probe"] = report.digest()
    charter = _parsed(whole)
    scope = {"terms": charter.terms_digest(), "charter": charter.assessed_digest()}
    tree["dpia"]["scope"].update(scope)
    choices = tuple(choices_of(answers, fit, charter, shipped=report is not None))
    return Draft(tree, _parsed(whole), choices, tuple(seats(answers)))


def _parsed(tree: dict[str, Any]) -> Charter:
    return parse_charter(json.dumps(tree, default=str).encode(), "charter")


def _tree(
    answers: CharterAnswers, fit: ListFit, rules: str, papers: Mapping[str, str]
) -> dict[str, Any]:
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
            "code": answers.project,
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
                ("processing", "processing", [*parties, answers.operator.id]),
            )
        ],
        "exemptions": [],
        "dpia": {
            "reference": answers.papers.assessment.number,
            "sha256": papers.get("assessment", _ZEROS),
            "valid_until": until,
            "scope": {
                "purpose": answers.project,
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
        **people_of(answers),
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
        | {"kk": 585_000, "kk-nama": 650_000},
    },
}
