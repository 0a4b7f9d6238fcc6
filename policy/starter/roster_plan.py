"""Who is needed: members, agencies and roles, as a table that people fill with names."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from importlib import resources

import yaml

from policy.base.canonical import Identifier, Model
from policy.charter import Bilingual
from policy.starter.seats import Seat

HEADER = ("member", "agency", "superior", "roles", "siapa", "who", "nama")


class _Planned(Model):
    member: Identifier
    agency: Identifier
    superior: str = ""
    roles: str
    who: Bilingual


def roster_plan(name: str) -> Iterator[tuple[str, ...]]:
    """One row a member of the region with this name; the column `nama` is for people to fill in."""
    text = resources.files("policy.starter").joinpath("roster_plan.yaml").read_text("utf-8")
    for each in yaml.safe_load(text):
        plan = _Planned.model_validate(each)
        who = (plan.who.id.format(name=name), plan.who.en.format(name=name))
        yield plan.member, plan.agency, plan.superior, plan.roles, *who, ""


def plan_of(seats: Iterable[Seat]) -> bytes:
    """The plan of these seats, in the same columns."""
    text = io.StringIO()
    write = csv.writer(text, lineterminator="\n").writerow
    write(HEADER)
    for each in seats:
        roles = " ".join(each.roles)
        write((each.member, each.agency, each.superior, roles, each.who.id, each.who.en, ""))
    return text.getvalue().encode()
