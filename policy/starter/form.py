"""The answers from the fields of a form: the page's questions, as the answers file has them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import ValidationError

from policy.base.words import Words
from policy.starter.answers import CharterAnswers
from policy.starter.questions import QUESTIONS, short_id, source_of

FEWEST, MOST = 2, 6
PAPERS = ("cooperation", "processing", "assessment")
LEARNS = Words(
    "Instansi ini boleh mengetahui siapa di daftarnya yang ada juga di daftar lain",
    "This agency may learn which of its people are on the other lists too",
)
_NUMBER, _FILE = Words("nomor", "number"), Words("berkas", "file")
_NOT_ANSWERED = Words("belum dijawab", "not answered")
_NOBODY_LEARNS = Words("pilih sedikitnya satu instansi", "choose one agency at least")
_NO_FIT = Words("jawabannya tidak sesuai", "the answer does not fit")
# Where an answer of the file is asked on the page, if the page does not call it the same.
_ASKED = {"project": "title", "learns": "a1.learns"}
_LIST_ASKED = {"id": "list", "title": "list", "source": "list", "agency": "name"}


@dataclass(frozen=True)
class Fault:
    """An answer that is missing or does not fit. `field` is the field of the form, empty if it is
    about several answers; `question` is the field's question in the page's own words.
    """

    field: str
    question: Words
    problem: Words


def tree_of(fields: Mapping[str, str], agencies: int, today: date) -> dict[str, Any]:
    """The tree for `parse_answers`; a field that was left empty is missing in it."""

    def said(name: str) -> str:
        return fields.get(name, "").strip()

    owners, lists = _owners(said, agencies)
    taken = tuple(each["id"] for each in owners)
    told: dict[str, Any] = {
        "type": "padan/charter-answers",
        "version": 1,
        "project": f"{short_id(said('title'))}-{today.year}",
        "title": said("title"),
        "purpose": said("purpose"),
        "laws": [each.strip() for each in said("laws").splitlines() if each.strip()],
        "region": said("region"),
        "starts": said("starts"),
        "ends": said("ends"),
        "agencies": owners,
        "lists": lists,
        "learns": list(_learns(said, owners, lists)),
        "papers": {
            name: _filled({"number": said(f"{name}.number"), "file": said(f"{name}.file")})
            for name in PAPERS
        },
        "archive_code": said("archive_code"),
    }
    if said("third.name"):
        third = {"name": said("third.name"), "contact": said("third.contact")}
        told["third"] = _filled({"id": short_id(third["name"], taken), **third})
        taken = (*taken, told["third"]["id"])
    name = said("operator.name")
    told["operator"] = _filled(
        {"id": short_id(name, taken), "name": name, "place": said("operator.place")}
    )
    taken = (*taken, told["operator"].get("id", ""))
    if said("auditor.name"):
        auditor = {"name": said("auditor.name"), "contact": said("auditor.contact")}
        told["auditor"] = _filled({"id": short_id(auditor["name"], taken), **auditor})
    return _filled(told)


def _owners(said: Any, agencies: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    owners: list[dict[str, Any]] = []
    lists: list[dict[str, Any]] = []
    for number in range(1, agencies + 1):
        name, title, people = (said(f"a{number}.{each}") for each in ("name", "list", "people"))
        plain = people.replace(".", "").replace(",", "")
        own = short_id(name, tuple(each["id"] for each in owners))
        owner: dict[str, Any] = {"id": own, "name": name, "contact": said(f"a{number}.contact")}
        if said(f"a{number}.superior"):
            owner["superior"] = short_id(said(f"a{number}.superior"))
        owners.append({**_filled(owner), "publishes": bool(said(f"a{number}.publishes"))})
        mine: dict[str, Any] = {
            "id": short_id(title, tuple(each["id"] for each in lists)),
            "agency": own,
            "title": title,
            "source": source_of(title),
            "people": int(plain) if plain.isdecimal() and len(plain) < 10 else "",
        }
        ticked = {each: bool(said(f"a{number}.{each}")) for each in ("sensitive", "specific")}
        lists.append({**_filled(mine), **ticked})
    return owners, lists


def _learns(
    said: Any, owners: list[dict[str, Any]], lists: list[dict[str, Any]]
) -> Iterator[dict[str, Any]]:
    for number, (owner, own) in enumerate(zip(owners, lists, strict=True), 1):
        if said(f"a{number}.learns"):
            about = [each["id"] for each in lists if each["agency"] != owner["id"]]
            yield {"list": own["id"], "about": about}


def _filled(tree: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in tree.items() if value not in ("", [])}


# -- what is missing or does not fit -----------------------------------------------------------


def required_fields(fields: Mapping[str, str], agencies: int) -> tuple[str, ...]:
    """The fields that need an answer, in the order of the page."""
    each_agency = ("name", "contact", "list", "people")
    some = [] if agencies > FEWEST else ["third.name"]
    some += ["third.contact"] if some or fields.get("third.name", "").strip() else []
    audits = ["auditor.contact"] if fields.get("auditor.name", "").strip() else []
    return (
        *("title", "purpose", "laws", "region", "starts", "ends"),
        *(f"a{number}.{each}" for number in range(1, agencies + 1) for each in each_agency),
        *(*some, "operator.name", "operator.place", *audits),
        *(name for paper in PAPERS for name in (f"{paper}.number", paper)),
        "archive_code",
    )


def faults(fields: Mapping[str, str], agencies: int, today: date) -> tuple[Fault, ...]:
    """What is missing, else what does not fit. A paper's file is `fields["PAPER.file"]`."""

    def said(name: str) -> str:
        return fields.get(f"{name}.file" if name in PAPERS else name, "").strip()

    missing = [each for each in required_fields(fields, agencies) if not said(each)]
    found = [Fault(each, question_of(each), _NOT_ANSWERED) for each in missing]
    if not any(said(f"a{number}.learns") for number in range(1, agencies + 1)):
        found.append(Fault("a1.learns", LEARNS, _NOBODY_LEARNS))
    if found:
        return tuple(found)
    try:
        CharterAnswers.model_validate_json(json.dumps(tree_of(fields, agencies, today)))
    except ValidationError as error:
        told = error.errors(include_url=False, include_input=False)
        return tuple(dict.fromkeys(fault for each in told for fault in _faults(each)))
    return ()


def question_of(field: str) -> Words:
    """The question of a field, as the page asks it."""
    first, _, last = field.partition(".")
    if first in PAPERS:
        asked, part = QUESTIONS[f"papers.{first}"].ask, _NUMBER if last else _FILE
        return Words(f"{asked.id}: {part.id}", f"{asked.en}: {part.en}")
    if not (first[:1] == "a" and first[1:].isdecimal()):
        return QUESTIONS[field].ask
    named = {"list": "list.title", "people": "list.people"}.get(last, f"agency.{last}")
    asked = LEARNS if last == "learns" else QUESTIONS[named].ask
    return Words(f"Instansi {first[1:]}: {asked.id}", f"Agency {first[1:]}: {asked.en}")


def _faults(error: Any) -> Iterator[Fault]:
    """What one error of the model says about the form's fields."""
    cause = error.get("ctx", {}).get("error")
    if error["type"] == "value_error" and cause is not None:
        for both in zip(*json.loads(str(cause)), strict=True):
            yield Fault("", Words("Jawaban-jawabannya", "The answers"), Words(*both))
        return
    field = _field_of(tuple(str(part) for part in error["loc"]))
    if field is None:
        yield Fault("", Words("Sebuah jawaban", "An answer"), _NO_FIT)
    else:
        yield Fault(field, question_of(field), _NO_FIT)


def _field_of(place: tuple[str, ...]) -> str | None:
    """The field of the form that asks for the answer at this place of the answers file."""
    first, *rest = place
    if first in ("agencies", "lists") and len(rest) > 1:
        asked = _LIST_ASKED if first == "lists" else {"id": "name"}
        field = f"a{int(rest[0]) + 1}.{asked.get(rest[1], rest[1])}"
    elif first == "papers" and rest:
        field = rest[0] if rest[-1] == "file" else f"{rest[0]}.number"
    elif first in ("third", "operator", "auditor") and rest:
        field = f"{first}.{'name' if rest[0] == 'id' else rest[0]}"
    else:
        field = _ASKED.get(first, first)
    try:
        question_of(field)
    except KeyError:
        return None
    return field
