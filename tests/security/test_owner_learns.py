"""What people of an owner's agency can read of single persons before a stage, over real HTTP.

A party orders a run over four persons whom it knows to be on the other list, one target, and 150
invented rows. In one world the target is on the other list, in the other world it is not. Under
the first law a band flips with the target; since the second, nothing that differs reaches them.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import httpx2
import pytest

from policy.base.errors import PadanError
from policy.charter import FIRST_LAW, LATEST_LAW
from tests.support.republic import charter_tree, scoped
from tests.support.service import Town

TARGET, INVENTED, ELSEWHERE = 130, range(131, 281), 5000
KNOWN = range(126, 130)
OF_THE_OWNER = ("dinsos", "dinsos-approver", "dpo")


def world(folder: Path, law: str, *, matched: bool) -> Town:
    """The target is on Regsosek, or somebody else is; nothing else differs."""
    tree = {**charter_tree(), "law": law}
    tree["encoding"]["canaries"] = {"pairs": 0, "singles": 0}
    tree["release"]["minimum_cell"] = 5
    there = TARGET if matched else ELSEWHERE
    persons = {
        "regsosek": [*range(130), there],
        "dtks": [*KNOWN, TARGET, *INVENTED],
        "carik": [*range(20, 130), there],
    }
    return Town(folder, persons=persons, tree=scoped(tree))


def normal(answer: str) -> str:
    """Without what is drawn or dated again: digests, keys, nonces, moments."""
    answer = re.sub(r"[0-9a-f]{32,}", "#", answer)
    answer = re.sub(r"[A-Za-z0-9+/=]{40,}", "#", answer)
    return re.sub(r"\b1[0-9]{9}\b", "@", answer)


def routes(town: Town) -> list[str]:
    """Every address that can be read, filled in with what this project has."""
    document = httpx2.get(f"{town.url}/openapi.json").json()
    project = town.synced("auditor").project
    run = project.run("satu").finished
    assert run is not None
    facts = run.body.facts
    filled = {"project": town.project_id, "run": "satu", "name": "rilis", "commitment": facts}
    found = []
    for path, methods in document["paths"].items():
        if "get" not in methods or path.endswith(("/log", "/evidence")):
            continue
        for dataset in ("dtks", "regsosek"):
            values = {**filled, "dataset": dataset, "member": "dinsos-approver"}
            found.append(re.sub(r"\{(\w+)\}", lambda m, v=values: v.get(m[1], "ab" * 32), path))
    return sorted(set(found))


def read_by(town: Town, member: str) -> dict[str, str]:
    """What this member reads at each address, or is refused with."""
    session, answers = town.synced(member), {}
    for path in routes(town):
        try:
            answer = session.get(path.partition("/api/v1")[2] or path).decode("utf-8", "replace")
        except PadanError as error:
            answer = json.dumps(error.as_json())
        answers[re.sub(r"[0-9a-f]{32,}", "#", path)] = normal(answer)
    log = [normal(entry.statement.body.model_dump_json()) for entry in session.project.entries]
    answers["log"] = json.dumps(log)
    return answers


def matched_worlds(folder: Path, law: str) -> tuple[dict[str, dict[str, str]], ...]:
    found = []
    for matched in (True, False):
        town = world(folder / str(matched), law, matched=matched)
        with town.serving():
            town.agree()
            for dataset in town.persons:
                town.upload(dataset)
            town.match("satu")
            found.append({member: read_by(town, member) for member in OF_THE_OWNER})
    return tuple(found)


def differing(worlds: tuple[dict[str, dict[str, str]], ...]) -> set[tuple[str, str]]:
    there, away = worlds
    return {
        (member, path)
        for member, answers in there.items()
        for path, answer in answers.items()
        if away[member].get(path) != answer
    }


def test_before_a_stage_nothing_differs_with_the_target(tmp_path: Path) -> None:
    worlds = matched_worlds(tmp_path, LATEST_LAW)
    assert differing(worlds) == set()
    read = worlds[0]["dinsos"]
    # The addresses were there to be read: the run's state is, counts are refused by name.
    counts = next(answer for path, answer in read.items() if path.endswith("/counts"))
    assert json.loads(counts)["code"] == "counts.closed"
    assert any('"state":"done"' in answer for answer in read.values())


@pytest.mark.thorough("test_before_a_stage_nothing_differs_with_the_target")
def test_under_the_first_law_a_band_and_the_facts_differ(tmp_path: Path) -> None:
    """The negative control: the same reader, the same attack, the law before."""
    found = differing(matched_worlds(tmp_path, FIRST_LAW))
    paths = {(member, path.rpartition("/")[2]) for member, path in found}
    assert ("dinsos", "counts") in paths
    assert ("dinsos-approver", "#") in paths  # the exact facts of the run


# -- who opens the facts of a stage ------------------------------------------------------------
