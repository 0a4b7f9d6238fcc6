"""A run whose charter has block tags, or sampled bits: through service, engines and rerun."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from linkage_service.runs.results import Results
from policy.base.errors import NotYet, Refused
from policy.statements import EncodingShape
from tests.integration.test_rerun import handed_over, rerun
from tests.support.republic import charter_tree, scoped
from tests.support.service import BITS, HANDLE_BYTES, Town, handle_of

PERSONS = {"regsosek": range(130), "dtks": range(60, 200), "carik": range(20, 150)}
TAG_BITS = 3
FILTER_END = HANDLE_BYTES + BITS // 8
WIDTH = FILTER_END + 2


def town_without_tokens(folder: Path) -> Town:
    tree = charter_tree()
    tree["encoding"]["nik_leg"] = "off"
    return Town(folder, persons=dict(PERSONS), tree=scoped(tree), tile_rows=40)


def people_matched(town: Town, run: str, left: str, right: str) -> set[int]:
    """Of two datasets, by the number of the person on both sides."""
    service, ids = town.service, town.charter.dataset_ids
    groups = Results(service.blobs, town.project_id, run).groups("semua")
    person = {
        (ids.index(name), row): who
        for name in (left, right)
        for row, who in enumerate(by_handle(town, name))
    }
    found: dict[int, set[tuple[int, int]]] = {}
    for dataset, row, group in zip(groups.dataset, groups.row, groups.group, strict=True):
        if (int(dataset), int(row)) in person:
            found.setdefault(int(group), set()).add((int(dataset), int(row)))
    return {person[next(iter(pair))] for pair in found.values() if len(pair) == 2}


def by_handle(town: Town, name: str) -> list[int]:
    return sorted(PERSONS[name], key=lambda who: handle_of(name, who))


def rows_with_tags(town: Town, name: str) -> bytes:
    """A tag a person, another one for every seventh in dtks."""
    rows = np.frombuffer(town.rows[name], np.uint8).reshape(len(PERSONS[name]), -1)
    who = np.array(by_handle(town, name))
    tags = (who + (name == "dtks") * (who % 7 == 0)) % 2**TAG_BITS
    cells = tags.astype("<u2").view(np.uint8).reshape(-1, 2)
    return np.concatenate([rows[:, :FILTER_END], cells], axis=1).tobytes()


def give_keys(town: Town) -> None:
    for member in ("service", "auditor"):
        town.lock(member)


def test_tags_decide_who_meets_whom_and_a_rerun_agrees(tmp_path: Path) -> None:
    town = town_without_tokens(tmp_path / "town")
    utama = town.tree["encoding"]["encodings"][0]
    utama |= {"tag": ["jk"], "tag_bits": TAG_BITS}
    scoped(town.tree)
    give_keys(town)
    shape = EncodingShape(name="utama", bits=BITS, tag_bits=TAG_BITS)
    change = {"encodings": (shape,), "token_bytes": 0}
    town.row_bytes = WIDTH
    with town.serving():
        for name in PERSONS:
            town.rows[name] = rows_with_tags(town, name)
        town.agree()
        with pytest.raises(Refused, match="more bits than the charter"):
            town.upload("dtks", town.rows["dtks"][:-2] + bytes([2**TAG_BITS, 0]), **change)
        for name in PERSONS:
            town.upload(name, **change)
        town.match("satu")
        both = set(PERSONS["regsosek"]) & set(PERSONS["dtks"])
        expected = {who for who in both if who % 7}
        # By way of carik, a third dataset with the same tags, nobody is found again.
        assert people_matched(town, "satu", "regsosek", "dtks") == expected
        with pytest.raises(NotYet, match="not looked for"):
            town.session("dinsos").get(f"/projects/{town.project_id}/runs/satu/duplicates/dtks")
        town.synced("auditor")
        found = rerun(town, "satu", handed_over(town, tmp_path), "--tile-rows", "7", code=0)
        logged = town.result("satu")
        by_tags = search_of(town, "satu")
    assert found["agree"]
    assert found["found"] == logged
    # The report compares with all pairs, and so counts whom the tags keep apart.
    between = next(each for each in by_tags if each["right"] == "dtks")
    assert (between["method"], between["sampled_rows"]) == ("tags", len(PERSONS["regsosek"]))
    assert (between["reached"], between["found"]) == (len(both), len(expected))
    assert between["estimated_ppm"] == len(expected) * 1_000_000 // len(both)


def search_of(town: Town, run: str) -> list[dict[str, Any]]:
    path = f"/projects/{town.project_id}/runs/{run}/calibration"
    found: list[dict[str, Any]] = json.loads(town.session("service").get(path))["search"]
    return found


@pytest.mark.thorough("test_tags_decide_who_meets_whom_and_a_rerun_agrees")
def test_sampled_bits_find_the_town_and_a_rerun_agrees(tmp_path: Path) -> None:
    town = town_without_tokens(tmp_path / "town")
    town.tree["matching"]["sampling_recall_ppm"] = 999_000
    town.row_bytes = FILTER_END
    give_keys(town)
    with town.serving():
        for name in PERSONS:
            rows = np.frombuffer(town.rows[name], np.uint8).reshape(len(PERSONS[name]), -1)
            town.rows[name] = rows[:, :FILTER_END].tobytes()
        town.agree()
        for name in PERSONS:
            town.upload(name, token_bytes=0)
        town.match("satu")
        both = set(PERSONS["regsosek"]) & set(PERSONS["dtks"])
        assert people_matched(town, "satu", "regsosek", "dtks") == both
        between = next(each for each in search_of(town, "satu") if each["right"] == "dtks")
        assert between["method"] == "sampling"
        assert between["expected_ppm"] >= between["least_ppm"] >= 999_000
        assert between["near_found"] == between["near_reached"]
        assert between["estimated_ppm"] == 1_000_000
        town.synced("auditor")
        found = rerun(town, "satu", handed_over(town, tmp_path), "--tile-rows", "7", code=0)
        assert found["found"] == town.result("satu")
    assert found["agree"]
