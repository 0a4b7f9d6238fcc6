"""A charter with a review band: what is to be verified is counted, released and told apart."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from policy.formats import release_file
from tests.integration.test_rerun import handed_over, rerun
from tests.support.republic import charter_tree
from tests.support.service import (
    BITS,
    HANDLE_BYTES,
    ROW_BYTES,
    Town,
    handle_of,
    make_rows,
    open_file,
)

PERSONS = {"regsosek": range(130), "dtks": range(60, 200), "carik": range(300, 400)}
DOUBTFUL = range(100, 112)  # in regsosek and dtks; in dtks with many errors and another NIK


def doubtful(row: bytes) -> bytes:
    """Of some 440 bits 140 differ: a Dice coefficient of .83."""
    bits = np.unpackbits(np.frombuffer(row, np.uint8, BITS // 8, HANDLE_BYTES))
    bits[np.random.default_rng(row[0]).permutation(BITS)[:140]] ^= 1
    return row[:HANDLE_BYTES] + np.packbits(bits).tobytes() + row[:HANDLE_BYTES]


@pytest.fixture(params=[True, False], ids=["graded", "counted"])
def town(request: pytest.FixtureRequest, tmp_path: Path) -> Town:
    tree = charter_tree()
    tree["matching"]["review_ppm"] = {"utama": 790_000}
    tree["release"] |= {"grades": request.param, "minimum_cell": 5}
    town = Town(tmp_path, persons=dict(PERSONS), tree=tree, tile_rows=60)
    for member in ("service", "auditor"):
        town.lock(member)
    rows = make_rows("dtks", PERSONS["dtks"])
    unsure = {handle_of("dtks", person) for person in DOUBTFUL}
    cut = [rows[at : at + ROW_BYTES] for at in range(0, len(rows), ROW_BYTES)]
    town.rows["dtks"] = b"".join(doubtful(r) if r[:HANDLE_BYTES] in unsure else r for r in cut)
    return town


def facts_of(town: Town, run: str) -> Any:
    """Of the run, and of the stage."""
    session = town.synced("auditor")
    finished, stage = session.project.run(run).finished, session.project.release("rilis-1").stage
    assert finished is not None
    assert stage is not None
    said = finished.body.facts, stage.body.facts
    return [session.open_facts(each).facts for each in said]


def test_the_band_is_counted_and_released_where_the_charter_says_so(
    town: Town, tmp_path: Path
) -> None:
    graded = town.charter.release.grades
    with town.serving():
        town.agree()
        for dataset in town.persons:
            town.upload(dataset)
        town.match("padan-1")
        town.request("rilis-1", "padan-1", "dtks-regsosek")
        staged = town.stage("rilis-1")
        run_facts, facts = facts_of(town, "padan-1")
        town.approve("rilis-1", "bps-approver", "dppapp-approver")
        decided = town.decide("rilis-1")
        assert decided["verdict"] == "released", decided["rules"]
        opened = {}
        for file in staged.files:
            path = f"/projects/{town.project_id}/releases/rilis-1/files/{file.ciphertext}"
            session = town.synced(file.recipient)
            plain = open_file(town, session.project, file, session.get(path), "rilis-1")
            opened[file.form] = {row.handle: row.verify for row in release_file.read(plain)}
        town.synced("auditor")
        assert rerun(town, "padan-1", handed_over(town, tmp_path), code=0)["agree"]
    assert run_facts.uncertain == len(DOUBTFUL)
    counted = facts.domains["dtks-regsosek"].datasets["dtks"]
    mine = opened["membership"]
    unsure = {handle_of("dtks", person) for person in DOUBTFUL}
    sure = {handle_of("dtks", person) for person in range(60, 130)} - unsure
    planted = town.charter.encoding.canaries.pairs
    cells = {cell.pattern: cell.rows for cell in facts.cells if cell.dataset == "dtks"}
    assert cells.get(("dtks-regsosek:1+verify",), 0) == (len(DOUBTFUL) if graded else 0)
    if graded:
        assert mine == {**dict.fromkeys(sure, False), **dict.fromkeys(unsure, True)}
        assert (counted.matched, counted.verify) == (70 - planted, len(DOUBTFUL))
    else:
        assert mine == dict.fromkeys(sure, None)
        assert (counted.matched, counted.verify) == (70 - planted - len(DOUBTFUL), 0)
    # A private index tells nobody which rows matched, and so no grades either.
    assert set(opened["private-index"].values()) == {None}
