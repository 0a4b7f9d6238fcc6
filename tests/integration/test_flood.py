"""Half of all pairs pass: refused before the search with a number and advice, or limited."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest

from linkage_service.matching import flood
from linkage_service.runs.results import Results
from linkage_service.runs.tile_results import Found
from tests.integration.test_rerun import handed_over, linkage, rerun
from tests.support.republic import charter_tree, scoped
from tests.support.service import Town

PERSONS = {"regsosek": range(2_000), "dtks": range(1_900, 3_900), "carik": range(3_900, 3_950)}
THRESHOLD_PPM = 430_000  # 440 of 1024 bits: half of all strangers reach it


def town_of_strangers(folder: Path, top_k: int | None) -> Town:
    tree = charter_tree()
    tree["matching"] |= {"thresholds_ppm": {"utama": THRESHOLD_PPM}, "top_k": top_k}
    town = Town(folder, persons=dict(PERSONS), tree=scoped(tree), tile_rows=1_000)
    for member in ("service", "auditor"):
        town.lock(member)
    return town


def begin(town: Town) -> dict[str, object]:
    town.agree()
    for name in PERSONS:
        town.upload(name)
    town.order("banjir")
    town.start("banjir")
    return town.wait("banjir", lambda state: state["state"] == "done")


def test_a_flood_is_refused_before_the_search(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flood, "MOST_CANDIDATES", 1_000_000)
    town = town_of_strangers(tmp_path / "town", top_k=None)
    with town.serving():
        state = begin(town)
        reason = state["reason"]
        assert isinstance(reason, dict)
        path = f"/projects/{town.project_id}/runs/banjir"
        of_a_party = json.loads(town.session("bps").get(path))
        stored = Found(town.service.blobs, town.project_id, "banjir").finished()
        told = linkage(
            town, "service", "start-run", town.project_id, "banjir", "--wait", code=4
        ).err
    assert (state["state"], state["error"], state["tiles_done"]) == ("failed", "matching.flood", 0)
    assert stored == set()
    # How many rows are alike is no party's business.
    assert of_a_party == {"run": "banjir", "state": "failed"}
    expected = re.search(
        r"some ([\d,]+) pairs pass; at most 1,000,000 may", reason["problem"]["en"]
    )
    assert expected is not None
    assert 1_500_000 < int(expected.group(1).replace(",", "")) < 2_500_000
    for language in ("id", "en"):
        assert "top_k" in reason["hint"][language]
        assert int(re.findall(r"\d{6}", reason["hint"][language])[0]) > THRESHOLD_PPM
        assert reason["problem"][language] in told, "the coordinator reads the same"
        assert reason["hint"][language] in told


@pytest.mark.thorough("test_a_flood_is_refused_before_the_search")
def test_a_flood_inside_one_dataset_is_refused_as_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Few people on the other sides, so that only a list beside itself has too many pairs."""
    monkeypatch.setattr(flood, "MOST_CANDIDATES", 400_000)
    tree = charter_tree()
    tree["matching"] |= {"thresholds_ppm": {"utama": THRESHOLD_PPM}, "cardinality": "one-to-many"}
    for domain in tree["domains"]:
        domain["learn"] = domain["datasets"]
    persons = {"regsosek": range(1_500), "dtks": range(50), "carik": range(40)}
    town = Town(tmp_path / "town", persons=persons, tree=scoped(tree), tile_rows=1_000)
    with town.serving():
        town.agree()
        for name in persons:
            town.upload(name)
        town.order("banjir")
        town.start("banjir")
        state = town.wait("banjir", lambda state: state["state"] == "done")
    assert (state["state"], state["error"], state["tiles_done"]) == ("failed", "matching.flood", 0)


def test_with_a_limit_the_run_finishes_and_a_rerun_agrees(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flood, "MOST_CANDIDATES", 1_000_000)
    town = town_of_strangers(tmp_path / "town", top_k=3)
    with town.serving():
        state = begin(town)
        assert (state["state"], state["reason"]) == ("done", None)
        service = town.service
        found = Found(service.blobs, town.project_id, "banjir")
        passed = sum(len(found.get(number)) for number in found.finished())
        officer = town.synced("auditor")
        finished = officer.project.run("banjir").finished
        assert finished is not None
        facts = officer.open_facts(finished.body.facts).facts
        groups = Results(service.blobs, town.project_id, "banjir").groups("dtks-regsosek")
        town.synced("auditor")
        again = rerun(town, "banjir", handed_over(town, tmp_path), "--tile-rows", "700", code=0)
    assert 1_500_000 < passed < 2_500_000
    # Three for each row of either side, and no more; the hundred in both lists are found by NIK.
    rows = [len(who) for who in PERSONS.values()]
    assert facts.candidates <= 3 * 2 * sum(rows) + 100
    assert facts.candidates > 3 * max(rows)
    assert groups.count > 1_000, "strangers join at such a threshold: a limit makes nobody right"
    assert np.bincount(groups.group).max() == 2
    assert again["agree"]
