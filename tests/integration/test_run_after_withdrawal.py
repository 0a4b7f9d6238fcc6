"""A run after withdrawals carries over what an earlier one found, and a full search agrees."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from linkage_service import engines
from linkage_service.runs.results import Results
from linkage_service.runs.tile_results import Found
from policy.base.canonical import canonical_json, sha256
from policy.statements import Withdrawn
from tests.integration.test_rerun import handed_over, rerun
from tests.support.republic import charter_tree
from tests.support.service import Town, handle_of

OBJECTING = range(70, 76)  # people of regsosek and of dtks


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    tree = charter_tree()
    tree["budget"] |= {"runs": 9, "runs_each": 9}
    town = Town(tmp_path_factory.mktemp("town"), tree=tree, tile_rows=60)
    for member in ("service", "auditor"):
        town.lock(member)
    with town.serving():
        town.agree()
        for dataset in town.persons:
            town.upload(dataset)
        town.match("satu")
        yield town


def withdraw(town: Town, persons: range) -> None:
    session = town.synced("dinsos")
    document = canonical_json(sorted(handle_of("dtks", who).hex() for who in persons))
    session.put(f"/projects/{town.project_id}/blobs/{sha256(document)}", document)
    body = {"dataset": "dtks", "handles": sha256(document), "count": len(persons)}
    session.say(Withdrawn(at=int(time.time()), **body))
    town.witness()


def rows_in_groups(town: Town, run: str) -> int:
    return len(Results(town.service.blobs, town.project_id, run).groups("semua").row)


@contextmanager
def searches() -> Iterator[list[Any]]:
    """The jobs that reached an engine."""
    seen: list[Any] = []
    opened = engines.opened

    def watched(settings: Any, job: Any, scratch: Path) -> Any:
        seen.append(job)
        return opened(settings, job, scratch)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engines, "opened", watched)
        yield seen


def test_nobody_is_compared_again_and_a_full_search_agrees(town: Town, tmp_path: Path) -> None:
    with searches() as seen:
        town.match("ulang")
        assert len(seen) == 1, "without a withdrawal a run searches again"
        withdraw(town, OBJECTING)
        town.match("dua")
        assert len(seen) == 1
        withdraw(town, range(76, 78))
        town.match("tiga")
        assert len(seen) == 1, "the search of the first run serves the third"
    assert town.run_state("dua")["state"] == "done"
    before, after = rows_in_groups(town, "satu"), rows_in_groups(town, "dua")
    # Most are in a third dataset too; those at 70 and more lose their row in dtks.
    assert before - after >= len(OBJECTING)
    town.synced("auditor")
    found = rerun(town, "tiga", handed_over(town, tmp_path), code=0)
    assert found["agree"]
    assert found["found"] == town.result("tiga")


def test_a_damaged_search_is_not_carried_over(town: Town) -> None:
    blobs = town.service.blobs
    searched = [(run, Found(blobs, town.project_id, run).finished()) for run in ("satu", "ulang")]
    assert searched[0][1]
    for run, tiles in searched:  # the second is there if the test before ran here
        for tile in sorted(tiles)[:1]:
            blobs.delete(f"{town.project_id}/runs/{run}/tiles/{tile:08d}")
    withdraw(town, range(80, 81))
    with searches() as seen:
        town.match("empat")
    assert len(seen) == 1
