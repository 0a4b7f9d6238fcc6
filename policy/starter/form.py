"""The answers from the fields of a form: the page's questions, as the answers file has them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from policy.starter.questions import short_id, source_of

FEWEST, MOST = 2, 6
PAPERS = ("cooperation", "processing", "assessment")


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
