"""GET /ready of a real service, while one part after the other is taken away."""

from __future__ import annotations

import shutil
import sqlite3
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import httpx2
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from linkage_service.api import public
from linkage_service.readiness import Lately, PartCheck, checks, look
from linkage_service.storage.opening import StoreIdentity
from linkage_service.storage.records.database import connect
from linkage_service.storage.stores import IDENTITY
from policy.formats.http_api import API, Ready
from tests.support.service import Town
from tests.support.stored_town import town_at


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    town = town_at("agreed", tmp_path_factory.mktemp("town"))
    with town.serving():
        yield town


def failing(town: Town) -> list[PartCheck]:
    return [each for each in look(town.service) if not each.ok]


@pytest.fixture
def moved(town: Town, request: pytest.FixtureRequest) -> Iterator[Path]:
    """A part's folder is away, and back afterwards."""
    folder: Path = getattr(town.service.settings, request.param)
    away = folder.with_name(f"{folder.name}-away")
    folder.rename(away)
    folder.mkdir()
    yield folder
    shutil.rmtree(folder)
    away.rename(folder)


def test_a_service_that_works_is_ready(town: Town) -> None:
    answer = httpx2.get(f"{town.url}{API}/ready")
    assert answer.status_code == 200
    found = Ready.model_validate_json(answer.content)
    assert found.status == "ready"
    assert [each.name for each in found.checks] == [
        "disk",
        "database",
        "store",
        "keystore",
        "roster",
        "clock",
        "logs",
    ]
    assert failing(town) == []
    assert not list((town.service.settings.blobs / "readiness").glob("*"))


@pytest.mark.parametrize(
    ("moved", "part"), [("blobs", "store"), ("keystore", "keystore")], indirect=["moved"]
)
def test_an_empty_folder_in_the_place_of_a_part(town: Town, moved: Path, part: str) -> None:
    assert [each.name for each in failing(town)] == [part]


def test_a_store_of_another_database(town: Town) -> None:
    path = town.service.settings.blobs / IDENTITY
    kept = path.read_bytes()
    path.write_bytes(StoreIdentity(id="0" * 32, service="service").canonical())
    assert [each.name for each in failing(town)] == ["store"]
    path.write_bytes(kept)


def test_a_full_disk_and_a_clock_that_is_behind(town: Town) -> None:
    service = town.service
    full = replace(service, settings=replace(service.settings, least_free_bytes=2**60))
    assert [each.name for each in look(full) if not each.ok] == ["disk"]
    behind = replace(service, clock=lambda: town.clock() - 86400)
    assert [each.name for each in look(behind) if not each.ok] == ["clock"]


def test_a_database_with_damaged_pages(town: Town, tmp_path: Path) -> None:
    """A copy of it, of which the pages after the first are overwritten."""
    copy = tmp_path / "copy.sqlite"
    with closing(sqlite3.connect(town.settings().database_url.split("///")[1])) as connection:
        connection.execute("VACUUM INTO ?", (str(copy),))
    opened = connect(f"sqlite:///{copy}")
    ledger = replace(town.service.ledger, database=opened, _states=OrderedDict())
    looked_at = replace(town.service, ledger=ledger)
    assert [each.name for each in look(looked_at) if not each.ok] == []
    opened.close()  # no page of it is remembered
    with copy.open("r+b") as file:
        file.seek(2 * 4096)
        file.write(b"\xff" * 4096 * 4)
    assert "database" in [each.name for each in look(looked_at) if not each.ok]
    opened.close()


def test_a_service_that_cannot_work_answers_503_and_is_alive() -> None:
    app = FastAPI()
    app.include_router(public.router)
    app.state.readiness = Lately(lambda: [checks.store("missing", True)])
    with TestClient(app) as client:
        answer = client.get("/ready")
        assert answer.status_code == 503
        assert Ready.model_validate_json(answer.content).status == "not-ready"
        assert client.get("/health").status_code == 200
