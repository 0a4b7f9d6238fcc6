"""One party signs something else first, or falls silent: the others go on, by real commands."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from linkage_service.intake.other_projects import MOST_OPEN_PROJECTS
from policy.base.errors import Refused
from policy.statements import CharterBody
from tests.support import programme as support
from tests.support.programme import MEMBERS, PROJECT, Programme, expect
from tests.support.republic import PARTIES, charter_from, charter_tree, scoped
from tests.support.service import Town

Tree = dict[str, Any]


def without(tree: Tree, leaving: str) -> Tree:
    """A charter without a party and all that is its own."""
    tree = copy.deepcopy(tree)
    gone = {each["id"] for each in tree["datasets"] if each["owner"] == leaving}
    tree["parties"] = [each for each in tree["parties"] if each["member"] != leaving]
    tree["datasets"] = [each for each in tree["datasets"] if each["id"] not in gone]
    for domain in tree["domains"]:
        domain["datasets"] = [each for each in domain["datasets"] if each not in gone]
        domain["learn"] = [each for each in domain["learn"] if each not in gone]
    for part in (*tree["agreements"], *tree.get("walidata", [])):
        part["parties"] = [each for each in part["parties"] if each != leaving]
    tree["walidata"] = [each for each in tree.get("walidata", []) if each["member"] != leaving]
    scope = tree["dpia"]["scope"]
    scope["parties"] = [each["member"] for each in tree["parties"]]
    scope["datasets"] = [each["id"] for each in tree["datasets"]]
    return tree


# -- over HTTP, without an encoder ----------------------------------------------------------


def body(tree: Tree) -> CharterBody:
    return CharterBody.model_validate(charter_from(scoped(tree)).model_dump())


def test_an_id_that_another_one_took(tmp_path: Path) -> None:
    """The squatter's text does not even name dinsos, which could neither sign nor read."""
    town = Town(tmp_path)
    with town.serving():
        tree = charter_tree()
        tree["domains"] = [{"id": "lain", "datasets": ["regsosek", "carik"], "learn": ["carik"]}]
        tree["witnesses"] = {"members": ["bps", "dppapp", "auditor"], "quorum": 2}
        town.session("dppapp").open_with(body(without(tree, "dinsos")))
        with pytest.raises(Refused):
            town.session("dinsos").sync()
        town.sign_charter()
        project = town.synced("dinsos").project
        assert project.in_force
        assert set(project.charter.party_ids) == set(PARTIES)
        town.commit()
        for party in PARTIES:
            town.reveal(party)
        town.confirm()


def test_nobody_opens_ever_more_projects(tmp_path: Path) -> None:
    town = Town(tmp_path)
    with town.serving():
        answers = []
        for number in range(MOST_OPEN_PROJECTS + 1):
            town.tree = scoped({**charter_tree(), "project": f"proyek-{number}"})
            try:
                town.session("dppapp").open_with(body(town.tree))
                answers.append("")
            except Refused as error:
                answers.append(error.code)
        assert answers == [""] * MOST_OPEN_PROJECTS + ["service.open-projects"]
        town.tree = scoped({**charter_tree(), "project": "proyek-lain"})
        town.session("bps").open_with(body(town.tree))


# -- by the commands ------------------------------------------------------------------------


@pytest.fixture
def programme(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Programme]:
    """With one more approver, so that two parties find enough other agencies."""
    more = {"wali-approver": ("diskominfotik", ("approver",))}
    monkeypatch.setattr(support, "MEMBERS", {**MEMBERS, **more})
    programme = Programme(tmp_path, persons=600)
    programme.found()
    with programme.serving():
        programme.sign_charter(programme.scoped(programme.tree_of_any_size()))
        yield programme


def shares(programme: Programme, party: str) -> dict[str, bytes]:
    vault = programme.home(party) / "projects" / PROJECT / "vault"
    return {path.name: path.read_bytes() for path in vault.glob("share*")}


def test_the_others_drop_a_silent_party(programme: Programme) -> None:
    """It has committed, holds what was sealed to it, and says no more."""
    for dataset in ("regsosek", "dtks", "ppks", "carik"):
        programme.prepare(dataset)
    programme.each("padan-encoder", "commit", PROJECT)
    programme.witness()
    stay = ("bps", "dinsos")
    for party in stay:
        programme.run(party, "padan-encoder", "reveal", PROJECT)
    before = {party: shares(programme, party) for party in stay}

    tree = without(programme.tree_of_any_size(), "dppapp")
    tree |= {"version": 2, "dropped": ["dppapp"]}
    charter = programme.write_charter(programme.scoped(tree), "dropped.yaml")
    for party in stay:
        programme.run(party, "padan-policy", "charter", "sign", charter)
    status = programme.run("dppapp", "padan-policy", "status", PROJECT).json()[0]
    assert "dppapp" not in str(status["steps"][0]["by"]), "it may still read that it was dropped"
    answer = programme.run("dppapp", "padan-encoder", "reveal", PROJECT, code=6)
    assert answer.error is not None

    for party in stay:
        programme.run(party, "padan-encoder", "commit", PROJECT)
    after = {party: shares(programme, party) for party in stay}
    for party in stay:
        assert len(after[party]) == 1
        assert after[party].keys() != before[party].keys(), "a new share; the old one is destroyed"
    programme.witness(*stay, "auditor")
    for party in stay:
        programme.run(party, "padan-encoder", "reveal", PROJECT)
    for party in stay:
        programme.run(party, "padan-encoder", "confirm", PROJECT)
        assert shares(programme, party) == {}
    programme.witness(*stay, "auditor")
    for party in stay:
        programme.run(party, "padan-encoder", "encode", PROJECT)
        programme.run(party, "padan-encoder", "upload", PROJECT)
    answer = programme.run("bps", "padan-policy", "end", PROJECT, "--reason", "Surat 1", code=4)
    expect(answer, "project.keys-exist")
