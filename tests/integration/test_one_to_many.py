"""A charter that lets a person stand twice in a dataset; and what the run says of itself."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from policy.base.errors import Refused
from tests.integration.test_service_story import rows_of
from tests.support.republic import charter_tree
from tests.support.service import HANDLE_BYTES, ROW_BYTES, Town, handle_of, make_rows, open_file

PERSONS = {"regsosek": range(0, 180), "dtks": range(60, 260), "carik": range(215, 350)}
TWICE = 70  # in regsosek, and with two rows in dtks
SECOND_ROW = handle_of("dtks", 260)


def test_both_rows_of_a_person_carry_the_match_id(tmp_path: Path) -> None:
    tree = charter_tree()
    tree["matching"]["cardinality"] = "one-to-many"
    for domain in tree["domains"]:
        domain["learn"] = domain["datasets"]
    town = Town(tmp_path, persons=dict(PERSONS), tree=tree, tile_rows=50)
    again = SECOND_ROW + make_rows("dtks", range(TWICE, TWICE + 1))[HANDLE_BYTES:]
    rows = town.rows["dtks"] + again
    town.rows["dtks"] = b"".join(
        sorted(rows[start : start + ROW_BYTES] for start in range(0, len(rows), ROW_BYTES))
    )
    town.persons["dtks"] = range(60, 261)
    with town.serving():
        town.agree()
        for dataset in town.persons:
            town.upload(dataset)
        town.match("padan-1")
        the_coordinator_sees_a_calibration(town)
        owners_see_their_own_duplicates(town)
        town.request("rilis-1", "padan-1", "semua")
        staged = town.stage("rilis-1")
        town.approve("rilis-1", "bps-approver", "dppapp-approver")
        decided = town.decide("rilis-1")
        assert decided["verdict"] == "released", decided["rules"]
        ids: dict[str, dict[bytes, bytes]] = {}
        for file in staged.files:
            path = f"/projects/{town.project_id}/releases/rilis-1/files/{file.ciphertext}"
            session = town.synced(file.recipient)
            plain = open_file(town, session.project, file, session.get(path), "rilis-1")
            ids[file.dataset] = {row[:HANDLE_BYTES]: row[HANDLE_BYTES:32] for row in rows_of(plain)}
    mine = ids["dtks"]
    assert mine[SECOND_ROW] == mine[handle_of("dtks", TWICE)]
    assert mine[SECOND_ROW] == ids["regsosek"][handle_of("regsosek", TWICE)]
    assert len(set(mine.values())) == len(mine) - 1, "nobody else shares an ID"


def owners_see_their_own_duplicates(town: Town) -> None:
    path = f"/projects/{town.project_id}/runs/padan-1/duplicates"
    people = json.loads(town.session("dinsos").get(f"{path}/dtks"))
    assert [set(rows) for rows in people] == [{SECOND_ROW.hex(), handle_of("dtks", TWICE).hex()}]
    assert json.loads(town.session("bps").get(f"{path}/regsosek")) == []
    for other in ("bps", "service", "auditor"):
        with pytest.raises(Refused):
            town.session(other).get(f"{path}/dtks")


def the_coordinator_sees_a_calibration(town: Town) -> None:
    path = f"/projects/{town.project_id}/runs/padan-1/calibration"
    facts = json.loads(town.session("service").get(path))
    found = {(each["left"], each["right"]): each["facts"] for each in facts["pairs"]}
    # Everybody of this town has a NIK: nothing was found without one, and nothing was missed.
    sure = found.pop(("regsosek", "dtks"))
    assert sure["nik_pairs"] == 120 + 1
    assert sure["recall_ppm"]["estimate"] == 1_000_000
    assert set(found.values()) == {None}, "too few people in common to say anything"
    with pytest.raises(Refused):
        town.session("bps").get(path)
