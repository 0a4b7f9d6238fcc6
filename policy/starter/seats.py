"""Who is needed: members and their roles in the roster, and the people that the charter names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from policy.base.words import Words
from policy.starter.answers import AgencyAnswer, CharterAnswers, in_both


@dataclass(frozen=True)
class Seat:
    """One member that the project needs: who it is and which roles the roster gives."""

    member: str
    agency: str
    roles: tuple[str, ...]
    who: Words
    superior: str = ""


def _officer(agency: AgencyAnswer) -> str:
    return agency.officer or f"{agency.id}-dpo"


def people_of(answers: CharterAnswers) -> dict[str, Any]:
    third, auditor = answers.third, answers.auditor
    publisher = third.id if third and third.publishes else answers.agencies[0].id
    served = [each.id for each in answers.agencies if not each.publishes and each.id != publisher]
    people: dict[str, Any] = {
        "authorities": list(authorities(answers)),
        "agency_names": agency_names(answers),
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
            "member": answers.operator.id,
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


def agency_names(answers: CharterAnswers) -> dict[str, str]:
    """What each agency is called, by its member's id."""
    others = (answers.third, answers.operator, answers.auditor)
    return {each.id: each.name for each in (*answers.agencies, *others) if each is not None}


def authorities(answers: CharterAnswers) -> tuple[str, str]:
    """The two members that sign the roster: of the first agency, and of one other."""
    other = answers.third.id if answers.third else answers.agencies[1].id
    return answers.agencies[0].id, other


def witnesses(answers: CharterAnswers) -> tuple[str, ...]:
    """All parties; with an auditor, the third agency and the auditor as well."""
    more = [each.id for each in (answers.third, answers.auditor) if each]
    return (*answers.agency_ids, *(more if answers.auditor else ()))


def _quorum(answers: CharterAnswers) -> int:
    """The smallest quorum against one lying agency."""
    return (len(witnesses(answers)) + 1) // 2 + 1


def seats(answers: CharterAnswers) -> Iterator[Seat]:
    """The members that the project needs, each with its roles in the roster."""
    named = [*answers.agencies, answers.third, answers.operator, answers.auditor]
    superiors = {each.id: each.superior for each in named if each is not None}
    return (replace(each, superior=superiors.get(each.agency) or "") for each in _seats(answers))


def _seats(answers: CharterAnswers) -> Iterator[Seat]:
    chosen, seen = authorities(answers), set(witnesses(answers))
    known: set[str] = set()
    for each in answers.agencies:
        roles = ["party", "witness"] + ["authority"] * (each.id in chosen)
        yield Seat(
            each.id,
            each.id,
            tuple(roles),
            Words(f"Pengolah data {each.name}", f"Data officer of {each.name}"),
        )
        yield _approver(f"{each.id}-approver", each.id, ("approver",), each.name)
        if (officer := _officer(each)) not in known:
            known.add(officer)
            yield _dpo(officer, officer.removesuffix("-dpo"), each.name)
    if (third := answers.third) is not None:
        roles = ["approver"] + ["authority"] * (third.id in chosen)
        yield _approver(third.id, third.id, (*roles, *["witness"] * (third.id in seen)), third.name)
    operator = answers.operator
    yield Seat(
        answers.operator.id,
        operator.id,
        ("service", "coordinator"),
        Words(f"Pengelola layanan: {operator.name}", f"Operator of the service: {operator.name}"),
    )
    yield _dpo(f"{operator.id}-dpo", operator.id, operator.name)
    if (auditor := answers.auditor) is not None:
        yield Seat(
            auditor.id,
            auditor.id,
            ("auditor", "witness"),
            Words(f"Auditor: {auditor.name}", f"Auditor: {auditor.name}"),
        )


def _approver(member: str, agency: str, roles: tuple[str, ...], name: str) -> Seat:
    who = Words(
        f"Pejabat {name} yang menyetujui rilis", f"Official of {name} who approves releases"
    )
    return Seat(member, agency, roles, who)


def _dpo(member: str, agency: str, name: str) -> Seat:
    who = Words(f"Pejabat pelindungan data {name}", f"Data protection officer of {name}")
    return Seat(member, agency, ("dpo",), who)
