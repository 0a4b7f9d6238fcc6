"""A kind of statement is one file, with its title and its place in a project's life."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from policy.base.words import Words
from policy.statements import BODIES, Approval, Decided, Hold, HoldLifted, Kind, Phase, kinds
from tests.support.programme import ROOT
from tests.support.republic import Republic

# What a legal hold was also called: one thing has one name.
_OTHER_TERM = re.compile(r"penahanan", re.I)
_TEXTS = {".py", ".html", ".yaml", ".md", ".js"}


def defined_in(module: object) -> list[type[Kind]]:
    """The kinds that a module defines itself."""
    return [
        value
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, Kind)
        and "TYPE" in vars(value)
        and value.__module__ == getattr(module, "__name__", "")
    ]


def test_every_file_has_one_kind_and_every_kind_is_read() -> None:
    found = []
    for name in (each.name for each in pkgutil.iter_modules(kinds.__path__)):
        own = defined_in(importlib.import_module(f"policy.statements.kinds.{name}"))
        assert len(own) == 1, name
        found += own
    assert {kind.TYPE: kind for kind in found} == BODIES
    assert len(found) == len(BODIES)


def in_order(places: Iterable[tuple[Phase, int]]) -> bool:
    """Each place once, ascending, numbered from 1 in each phase without a gap."""
    listed = list(places)
    numbered = [
        (phase, number)
        for phase in Phase
        for number in range(1, 1 + sum(each == phase for each, _ in listed))
    ]
    return listed == numbered


def test_kinds_are_in_the_order_of_a_projects_life() -> None:
    places = [kind.PLACE for kind in BODIES.values()]
    assert in_order(places)
    assert not in_order([places[0], places[0], *places[2:]])
    assert not in_order([*places[1:], places[0]])
    assert [BODIES[f"padan/{name}"].PLACE[0] for name in ("roster", "order", "hold-lifted")] == [
        Phase.AGREEMENT,
        Phase.RUNS,
        Phase.RETENTION,
    ]


def titled(titles: list[Words]) -> bool:
    """All in two languages, and no two kinds alike."""
    full = all(each.id.strip() and each.en.strip() and each.id != each.en for each in titles)
    different = {each.id for each in titles}, {each.en for each in titles}
    return full and all(len(texts) == len(titles) for texts in different)


def test_every_kind_has_a_title_of_its_own_in_both_languages() -> None:
    titles = [kind.TITLE for kind in BODIES.values()]
    assert titled(titles)
    assert not titled([*titles[1:], titles[1]])
    assert not titled([*titles, Words("Judul", "")])


def texts_of(*folders: str) -> Iterator[tuple[Path, str]]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in _TEXTS and path.is_file():
                yield path, path.read_text(encoding="utf-8")


def test_a_legal_hold_has_one_name_in_indonesian() -> None:
    assert all("penangguhan pemusnahan" in kind.TITLE.id.lower() for kind in (Hold, HoldLifted))
    assert _OTHER_TERM.search("Penahanan hukum")
    saying = [
        path
        for path, text in texts_of("policy", "encoder", "linkage_service", "docs")
        if path.name != "glossary.md" and _OTHER_TERM.search(text)
    ]
    assert saying == []


@pytest.mark.parametrize(
    ("verdict", "outcome"), [("approve", "Approval given"), ("refuse", "Approval refused")]
)
def test_a_vote_tells_its_verdict(verdict: str, outcome: str) -> None:
    vote = Republic().to("stage").approval(verdict=verdict)
    assert isinstance(vote, Approval)
    assert vote.outcome.en == outcome
    assert vote.TITLE.en == "Approver's vote"


@pytest.mark.parametrize(("verdict", "end"), [("released", "released"), ("refused", "refused")])
def test_a_decision_tells_its_verdict(verdict: str, end: str) -> None:
    decided = Republic().to("approve").decided().model_copy(update={"verdict": verdict})
    assert isinstance(decided, Decided)
    assert decided.outcome.en == f"Release decided: {end}"
