"""The participants and their agreements, as fields and tables."""

from __future__ import annotations

from collections.abc import Iterable

from policy.base.words import Words
from policy.charter import LinkageUnit
from policy.papers.agreed.data import span
from policy.papers.agreed.words import AGREEMENTS, CAPACITIES, ROLES, TASKS
from policy.papers.paper import (
    NOT_GIVEN,
    Code,
    Datum,
    Fact,
    Facts,
    Office,
    PaperColumn,
    PaperTable,
)
from policy.project import Project


def name_of(project: Project, member: str) -> Words:
    """An agency's name by the charter, else the member's by the roster."""
    name = project.charter.agency_names.get(member) or project.known(member).name
    return Words(f"{name} ({member})", f"{name} ({member})")


def office(project: Project, member: str) -> Office:
    """A member by its name alone; by its id if neither charter nor roster has a name."""
    names = {each.id: each.name for each in project.roster.members}
    names |= project.charter.agency_names
    return Office(member, names.get(member, member))


def parties(project: Project) -> PaperTable:
    """Controllers with their contacts; a missing capacity or DPO is shown as missing."""
    charter = project.charter
    return PaperTable(
        "parties",
        Words("Pihak", "Parties"),
        (
            PaperColumn("party", Words("Pihak", "Party")),
            PaperColumn("role", Words("Peran Satu Data", "Satu Data role")),
            PaperColumn("capacity", Words("Kedudukan UU PDP", "Capacity under UU PDP")),
            PaperColumn("contact", Words("Narahubung subjek data", "Contact for data subjects")),
            PaperColumn("dpo", Words("Pejabat PDP", "Data protection officer")),
        ),
        tuple(
            (
                name_of(project, p.member),
                tuple(ROLES[role] for role in p.roles),
                CAPACITIES[p.capacity] if p.capacity else NOT_GIVEN,
                p.contact,
                Code(p.dpo) if p.dpo else NOT_GIVEN,
            )
            for p in charter.parties
        ),
    )


def processor(project: Project) -> Facts:
    """The linkage unit; the roster's service if the charter does not say more."""
    unit = project.charter.linkage_unit
    member = unit.member if unit else project.roster.service().id
    return Facts(
        (
            Fact("processor", Words("Prosesor", "Processor"), name_of(project, member)),
            Fact(
                "processor_controller",
                Words("Instansi pengelola", "Operating agency"),
                Code(unit.controller) if unit else NOT_GIVEN,
            ),
            Fact(
                "processor_administrators",
                Words("Administrator", "Administrators"),
                tuple(map(Code, unit.administrators)) if unit else NOT_GIVEN,
            ),
            *processor_duties(project).facts,
        )
    )


def processor_duties(project: Project) -> Facts:
    """The processor's own officer, and the place of its machines."""
    unit = project.charter.linkage_unit
    return Facts(
        (
            Fact(
                "processor_dpo",
                Words("Pejabat PDP prosesor (Ps. 53(1))", "Processor's DPO (art. 53(1))"),
                office(project, unit.dpo) if unit and unit.dpo else NOT_GIVEN,
            ),
            Fact(
                "hosting",
                Words("Letak server", "Where the machines are"),
                _hosting(unit) if unit else NOT_GIVEN,
            ),
        )
    )


def _hosting(unit: LinkageUnit) -> Datum:
    hosts = [Words(s.name, s.name) for s in unit.subprocessors if "hosting" in s.tasks]
    own = [unit.hosting.words()] if unit.hosting else []
    return (*own, *hosts) or NOT_GIVEN


def subprocessors(project: Project) -> PaperTable:
    """The sub-processors (UU PDP art. 51(5)), and which controllers consented."""
    unit = project.charter.linkage_unit
    return PaperTable(
        "subprocessors",
        Words("Subprosesor (Ps. 51(5))", "Sub-processors (art. 51(5))"),
        (
            PaperColumn("name", Words("Siapa", "Who")),
            PaperColumn("tasks", Words("Tugas", "Tasks")),
            PaperColumn("about", Words("Untuk apa", "For what")),
            PaperColumn("agreement", Words("Perjanjian", "Agreement")),
            PaperColumn("consents", Words("Persetujuan tertulis dari", "Written consent of")),
        ),
        tuple(
            (
                each.name,
                tuple(TASKS[task] for task in each.tasks),
                each.about.words(),
                each.agreement,
                tuple(office(project, party) for party in each.consents) or NOT_GIVEN,
            )
            for each in (unit.subprocessors if unit else ())
        ),
        Words("tidak ada menurut piagam", "none, by the charter"),
    )


def agreements(project: Project, kinds: Iterable[str] | None = None) -> PaperTable:
    wanted = set(AGREEMENTS if kinds is None else kinds)
    return PaperTable(
        "agreements",
        Words("Perjanjian", "Agreements"),
        (
            PaperColumn("kind", Words("Perjanjian", "Agreement")),
            PaperColumn("number", Words("Nomor", "Number")),
            PaperColumn("parties", Words("Para pihak", "Parties")),
            PaperColumn("valid", Words("Berlaku", "Valid")),
            PaperColumn("sha256", Words("Sidik naskah", "Digest of the text")),
        ),
        tuple(
            (
                AGREEMENTS[a.kind],
                a.number,
                tuple(office(project, party) for party in a.parties),
                span(a.valid_from, a.valid_until),
                Code(a.sha256),
            )
            for a in project.charter.agreements
            if a.kind in wanted
        ),
        NOT_GIVEN.why,
    )


def publishers(project: Project) -> tuple[str, ...]:
    """The walidata, first those that publish for others; empty if the charter names none."""
    charter = project.charter
    own = (party.member for party in charter.parties if "walidata" in party.roles)
    return tuple(dict.fromkeys((*(each.member for each in charter.walidata), *own)))


def walidata(project: Project) -> PaperTable:
    """Which walidata publishes whose data (Perpres 39/2019)."""
    charter = project.charter
    return PaperTable(
        "walidata",
        Words("Walidata", "Data custodians (walidata)"),
        (
            PaperColumn("walidata", Words("Walidata", "Walidata")),
            PaperColumn("parties", Words("Bagi data milik", "For the data of")),
        ),
        tuple(
            (
                name_of(project, each),
                tuple(
                    name_of(project, party)
                    for party in charter.party_ids
                    if charter.walidata_of(party) == each
                ),
            )
            for each in publishers(project)
        ),
        NOT_GIVEN.why,
    )
