"""What a party may upload, what becomes of what it never names, and what the report says."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import Connection, event

from encoder.steps import bundle
from encoder.steps.bundle import BundleFolder, batches_of, send_chunks
from linkage_service.api import uploads as routes
from linkage_service.intake import quotas
from linkage_service.storage import uploads
from linkage_service.upkeep import leftovers
from linkage_service.upkeep.storage_report import ProjectStorage, storage_report
from policy.base.canonical import sha256
from policy.base.errors import NotYet, PadanError
from policy.base.files import write_file
from policy.formats.chunk_stream import CHUNKS_AT_ONCE, SEALED_CHUNK_BYTES
from policy.formats.http_api import API
from policy.statements import CharterBody
from policy.wire.signed_requests import Message, sign_request
from tests.support.clock import Clock
from tests.support.programme import command
from tests.support.republic import PARTIES, charter_tree
from tests.support.service import Town

UPLOAD_DAYS = 7


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def town(tmp_path: Path, clock: Clock) -> Iterator[Town]:
    tree = charter_tree()
    for dataset in tree["datasets"]:
        dataset |= {"rows_min": 1, "rows_max": 1000}
    town = Town(tmp_path, clock=clock, tree=tree)
    with town.serving():
        yield town


def put(town: Town, *chunks: bytes, member: str = "bps") -> str:
    """Send chunks in one request; returns the code of the error, or an empty text."""
    try:
        path = f"/projects/{town.project_id}/chunks"
        town.session(member).put(path, b"".join(chunks))
    except PadanError as error:
        return error.code
    return ""


def missing(town: Town, *chunks: bytes) -> list[int]:
    listed = [sha256(chunk) for chunk in chunks]
    path = f"/projects/{town.project_id}/chunks/missing"
    told = json.loads(town.session("bps").ask(path, json.dumps(listed).encode()))
    return [listed.index(digest) for digest in told]


def facts(town: Town) -> ProjectStorage:
    [project] = storage_report(town.service, town.clock()).projects
    return project


def chunk(size: int = SEALED_CHUNK_BYTES) -> bytes:
    return os.urandom(size)


def test_from_the_first_chunk_to_the_last_that_is_deleted(
    town: Town, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    nothing_is_taken_before_all_have_signed(town)
    several_chunks_travel_in_one_request(town)
    damage_on_the_disk_is_sent_again(town)
    a_store_that_is_away_fails_clearly_and_work_goes_on(town)
    with monkeypatch.context() as patch:
        a_party_has_room_for_its_rows(town, patch)
    many_uploads_at_once_keep_to_the_room_and_wait_for_the_disk_together(town)
    what_a_manifest_names_no_longer_waits(town)
    what_nothing_names_is_deleted_after_some_days(town, clock)
    the_report_on_the_command_line(town)


def nothing_is_taken_before_all_have_signed(town: Town) -> None:
    session, first = town.session(PARTIES[0]), chunk(100)
    session.open_with(CharterBody.model_validate(town.charter.model_dump()))
    assert put(town, first, member=PARTIES[0]) == "upload.early"
    for party in PARTIES[1:]:
        town.session(party).open_with(CharterBody.model_validate(town.charter.model_dump()))
    assert put(town, first, member=PARTIES[0]) == ""
    town.except_privacy()
    town.commit()
    for party in PARTIES:
        town.reveal(party)
    town.confirm()


def several_chunks_travel_in_one_request(town: Town) -> None:
    chunks = [chunk() for _ in range(CHUNKS_AT_ONCE - 1)] + [chunk(1000)]
    assert missing(town, *chunks) == list(range(CHUNKS_AT_ONCE))
    assert put(town, *chunks) == ""
    assert missing(town, *chunks) == []
    assert put(town, *chunks) == "", "the same bytes again are no error"
    assert put(town) == "upload.malformed"
    # A short chunk is the last one of a bundle, so chunks after it are another chunk.
    assert put(town, b"short", chunks[0]) == ""
    assert missing(town, b"short") == [0]


def damage_on_the_disk_is_sent_again(town: Town) -> None:
    one = chunk()
    assert put(town, one) == ""
    path = town.settings().blobs / town.project_id / "chunks" / sha256(one)
    for damaged in (b"", one[:-1], bytes([one[0] ^ 1]) + one[1:]):
        path.write_bytes(damaged)
        assert missing(town, one) == [0]
        assert put(town, one) == ""
        assert path.read_bytes() == one


def a_store_that_is_away_fails_clearly_and_work_goes_on(town: Town) -> None:
    one, blobs = chunk(), town.settings().blobs
    blobs.rename(blobs.with_name("lain"))
    assert put(town, one) == "store.gone"
    url = f"{town.url}{API}/projects/{town.project_id}/chunks"
    message = Message("PUT", url, {}, one)
    sign_request(message, "bps", town.keys["bps"].signing)
    answer = httpx2.put(url, content=message.body, headers=dict(message.headers))
    assert (answer.status_code, answer.json()["code"]) == (503, "store.gone")
    with pytest.raises(NotYet):
        missing(town, one)
    assert not blobs.exists()
    blobs.with_name("lain").rename(blobs)
    assert missing(town, one) == [0]
    assert put(town, one) == ""


def a_party_has_room_for_its_rows(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("linkage_service.intake.quotas._SLACK_BYTES", 4 * SEALED_CHUNK_BYTES)
    room = quotas.upload_room(town.charter, "bps")
    before = {each.party: each.waiting for each in facts(town).uploads}
    assert before["bps"] > 0
    fits = (room - before["bps"]) // SEALED_CHUNK_BYTES
    assert 0 < fits < 100
    sent = [chunk() for _ in range(fits)]
    for each in sent:
        assert put(town, each) == ""
    assert put(town, chunk()) == "upload.quota"
    # What was counted before is not counted twice, and others have their own room.
    assert put(town, sent[-1]) == ""
    assert put(town, chunk(), member="dinsos") == ""
    report = {each.party: each for each in facts(town).uploads}
    assert report["bps"].waiting == before["bps"] + fits * SEALED_CHUNK_BYTES <= report["bps"].most

    url = f"{town.url}{API}/projects/{town.project_id}/chunks"
    message = Message("PUT", url, {}, chunk())
    sign_request(message, "bps", town.keys["bps"].signing)
    answer = httpx2.put(url, content=message.body, headers=dict(message.headers))
    assert (answer.status_code, answer.json()["code"]) == (413, "upload.quota")
    # Other rows in the charter are another room.
    wider = town.charter.model_copy(
        update={
            "datasets": tuple(
                each.model_copy(update={"rows_max": 2 * each.rows_max})
                for each in town.charter.datasets
            )
        }
    )
    assert quotas.upload_room(wider, "bps") > room
    assert quotas.upload_room(town.charter, "walidata") < room


def many_uploads_at_once_keep_to_the_room_and_wait_for_the_disk_together(town: Town) -> None:
    service, asked, fits = town.service, 12, 5
    database, commits = service.ledger.database, list[int]()
    with database.reading() as connection:
        waits = uploads.waiting_bytes(connection, town.project_id).get("dppapp", 0)

    def reserve(number: int) -> str:
        name, room = f"{town.project_id}/chunks/{number:064}", waits + fits * 1000
        wanted = uploads.Upload(town.project_id, "dppapp", {name: 1000}, room, town.clock())
        try:
            service.reservations.reserve(wanted)
        except PadanError as error:
            return error.code
        return ""

    def count(connection: Connection) -> None:
        if connection.get_execution_options().get("padan_writes"):  # the worker reads meanwhile
            commits.append(1)

    event.listen(database.engine, "commit", count)
    with ThreadPoolExecutor(asked) as pool, database.writing(town.project_id):
        going = [pool.submit(reserve, number) for number in range(asked)]
        while len(service.reservations._together._waiting) < asked - 1:
            time.sleep(0.01)
    assert sorted(each.result() for each in going) == [""] * fits + ["upload.quota"] * 7
    assert len(commits) <= 3, "the one that held all up, the first, and all others together"
    with database.reading() as connection:
        now = uploads.waiting_bytes(connection, town.project_id)["dppapp"]
    assert now == waits + fits * 1000


def what_a_manifest_names_no_longer_waits(town: Town) -> None:
    waits = {each.party: each.waiting for each in facts(town).uploads}
    for dataset in town.persons:
        town.upload(dataset)
    assert {each.party: each.waiting for each in facts(town).uploads} == waits
    assert facts(town).folders["chunks"].blobs > len(town.persons)


def what_nothing_names_is_deleted_after_some_days(town: Town, clock: Clock) -> None:
    town.match("padan-1")
    town.request("rilis-1", "padan-1", "semua")
    staged = town.stage("rilis-1")
    folder = town.settings().blobs / town.project_id
    orphan = folder / "releases" / sha256(b"of a crash")
    orphan.write_bytes(b"of a crash")
    service, named = town.service, {each.ciphertext for each in staged.files}
    total = facts(town).folders["chunks"].blobs

    clock.days = UPLOAD_DAYS - 1
    assert put(town, chunk()) == ""  # so bps is still at it
    clock.days = UPLOAD_DAYS + 2
    with pytest.raises(NotYet):  # no witness has seen this day
        service.ledger.require_plausible(town.project_id, clock())
    assert leftovers.sweep(service, clock()) == []
    town.witness()
    told = {each: amount.blobs for each, amount in facts(town).left_over.items()}
    swept = {each.kind: each for each in leftovers.sweep(service, clock())}
    assert {kind: each.blobs for kind, each in swept.items()} | {"releases": 0} == told
    assert told["uploads"] == 1, "the one chunk of dinsos; bps sent something six days ago"
    # Nobody is known to have sent the orphan: it waits from now on.
    assert {path.name for path in (folder / "releases").iterdir()} == {*named, orphan.name}

    clock.days = 2 * UPLOAD_DAYS + 3
    town.witness()
    swept = {each.kind: each for each in leftovers.sweep(service, clock())}
    assert swept["uploads"].blobs > CHUNKS_AT_ONCE
    assert swept["releases"].blobs == 1
    assert {path.name for path in (folder / "releases").iterdir()} == named
    assert facts(town).folders["chunks"].blobs == total + 1 - 1 - swept["uploads"].blobs
    assert all(each.waiting == 0 for each in facts(town).uploads)
    assert leftovers.sweep(service, clock()) == []
    town.match("padan-2")  # everything that is named is there


def the_report_on_the_command_line(town: Town) -> None:
    passphrase, home = town.lock("service"), town.members["service"].home.path
    options = ("--home", str(home), "--passphrase-file", str(passphrase))
    [project] = json.loads(command("padan-linkage", *options, "--json", "storage").out)["projects"]
    assert project == facts(town).model_dump(mode="json")
    assert project["in_force"]
    shown = command("padan-linkage", *options, "storage").out
    assert town.project_id in shown
    assert "MiB" in shown


def test_a_service_of_the_version_before_takes_chunk_by_chunk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    earlier = [each for each in routes.router.routes if not _is_new(each)]
    assert len(earlier) == len(routes.router.routes) - 1
    monkeypatch.setattr(routes.router, "routes", earlier)
    town = Town(tmp_path)
    with town.serving():
        town.agree()
        session = town.synced("bps")
        with pytest.raises(PadanError) as caught:
            session.put(f"/projects/{town.project_id}/chunks", b"x")
        assert caught.value.code == "service.older"
        assert "upgrade the service" in caught.value.hint.en
        sealed, folder = town.sealed(session, "regsosek", town.rows["regsosek"]), tmp_path / "sent"
        many = [os.urandom(SEALED_CHUNK_BYTES) for _ in range(CHUNKS_AT_ONCE + 1)]
        write_file(folder / "sealed.bin", b"".join([*many, *sealed.chunks]))
        steps: list[int] = []
        batches = batches_of(BundleFolder(folder), *_listed(*many, *sealed.chunks))
        send_chunks(session, batches, steps.append)  # as `padan-encoder send` does
        assert sum(steps) == len(many) + len(sealed.chunks)
        assert missing(town, *many, *sealed.chunks) == []
        # The negative control: without the question, the first request is the refused one.
        monkeypatch.setattr(bundle, "_takes_many", lambda *_: True)
        with pytest.raises(PadanError) as caught:
            send_chunks(session, iter([(1, b"x")]), steps.append)
        assert caught.value.code == "service.older"


def _listed(*chunks: bytes) -> tuple[list[str], set[str]]:
    digests = [sha256(each) for each in chunks]
    return digests, set(digests)


def _is_new(route: Any) -> bool:
    return bool(route.path == "/projects/{project}/chunks")
