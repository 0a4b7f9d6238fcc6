"""Reading the log costs the same however long it is, and no project waits for another."""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Barrier
from typing import Any

import httpx2
import pytest
from sqlalchemy import Connection, event

from linkage_service.error_codes import ServiceCode
from linkage_service.limits.parties import Bucket
from linkage_service.service import Service
from linkage_service.storage import log_pages
from linkage_service.storage.heads import signed_head
from linkage_service.storage.leaves import leaves_from
from linkage_service.storage.ledger import Ledger
from linkage_service.storage.log_pages import read_page
from linkage_service.storage.nonces import Nonces
from linkage_service.storage.readership import Readership
from policy.base.errors import PadanError, Unverified
from policy.crypto.envelope import Binding, sign
from policy.formats.http_api import API
from policy.formats.log_page import LogPage, state_tag
from policy.log import cosign, inclusion_proof, leaf_hash, parse_checkpoint, parse_note
from policy.statements import CharterBody, Excepted, RosterBody, parse_statement
from policy.wire.signed_requests import Message, sign_request
from tests.support.republic import PARTIES
from tests.support.service import Town

A_PAGE = 7


@pytest.fixture
def town(tmp_path: Path, new_database_url: Callable[[], str]) -> Town:
    town = Town(tmp_path, database_url=new_database_url())
    town.tree.pop("law")  # the first law limits nobody's statements
    return town


@pytest.fixture
def service(town: Town) -> Iterator[Service]:
    """Signed by all, without a web server."""
    service = Service.open(town.settings(), town.members["service"])
    body = CharterBody.model_validate(town.charter.model_dump())
    for party in PARTIES:
        signed = town.session(party).statement(body).canonical()
        service.receive(town.project_id, town.roster.member(party), signed)
    yield service
    service.close()


def excepted(town: Town, service: Service, number: int) -> bytes:
    project = service.ledger.project(town.project_id)
    charter = project.charter
    body = Excepted(
        at=town.clock(),
        rule="run.privacy",
        about=(charter.encoding_digest(),),
        reference=f"PPDP/{number}",
        until=charter.valid_until,
    )
    binding = Binding(
        type=body.TYPE,
        project=charter.project,
        epoch=charter.epoch,
        charter=charter.digest(),
        roster=project.roster_digest,
        sender="dpo",
    )
    return sign(binding, body.canonical(), town.keys["dpo"].signing).canonical()


def grow(town: Town, service: Service, size: int) -> None:
    """A log of this size, of which every head is cosigned by every witness."""
    project_id, ledger = town.project_id, service.ledger
    for number in range(ledger.project(project_id).size, size):
        service.receive(project_id, town.roster.member("dpo"), excepted(town, service, number))
        with ledger.database.reading() as connection:
            head = signed_head(connection, project_id, number + 1)
        for witness in PARTIES:
            line = cosign(head, witness, town.keys[witness].log, town.clock())
            ledger.cosign(project_id, witness, line)


def size_of(note: str) -> int:
    return parse_checkpoint(parse_note(note).text).size


# -- pages ----------------------------------------------------------------------------------


def asked(town: Town, headers: dict[str, str] | None = None, **query: Any) -> httpx2.Response:
    url = str(httpx2.URL(f"{town.url}{API}/projects/{town.project_id}/log", params=query))
    message = Message("GET", url, {}, b"")
    sign_request(message, "bps", town.keys["bps"].signing)
    return httpx2.get(url, headers={**message.headers, **(headers or {})})


def test_a_client_reads_page_by_page_what_it_once_read_whole(
    town: Town, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    grow(town, service, 5 * A_PAGE + 2)
    monkeypatch.setattr(log_pages, "MOST_ENTRIES", A_PAGE)
    with town.serving():
        whole = LogPage.model_validate_json(asked(town, start=0, since=0).content)
        pages: list[LogPage] = []
        start = seen = 0
        while not pages or pages[-1].more:
            answer = asked(town, start=start, since=seen, limit=1000)
            page = LogPage.model_validate_json(answer.content)
            pages.append(page)
            start, seen = start + len(page.entries), page.seen or 0
            assert size_of(page.checkpoint) == start, "a page is a log with the head of its size"
            assert len(page.entries) <= A_PAGE
            assert all(size_of(note) <= start for note in page.cosigned)
        assert len(pages) == 6
        assert sum((page.entries for page in pages), ()) == whole.entries
        notes = [note for page in pages for note in page.cosigned]
        assert sorted(notes) == sorted(whole.cosigned), "every cosigned head travels once"
        assert (seen, pages[-1].checkpoint) == (whole.seen, whole.checkpoint)
        # The earliest clients name neither, and get the first times alone.
        earliest = json.loads(asked(town).content)
        assert set(earliest) == {"entries", "checkpoint", "cosigned"}
        assert tuple(earliest["entries"]) == whole.entries
        # The production client takes all pages, and goes on from there.
        assert town.synced("bps").project.size == start
        town.witness()
        assert {size_of(n) for n, _ in town.synced("bps").replica().cosigned_notes()} >= {start}


def test_a_page_of_more_than_the_service_has_is_refused(
    town: Town, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page without its own head, or pages without end, are no log."""
    grow(town, service, 12)
    with service.ledger.database.reading() as connection:
        first = read_page(connection, town.project_id, 0, 0, 5)
        last = read_page(connection, town.project_id, 5, first.seen or 0)
    session, pages = town.session("bps"), list[LogPage]()
    monkeypatch.setattr(type(session), "get", lambda *_, **__: pages.pop(0).canonical())
    for wrong in (
        [first.model_copy(update={"more": False, "checkpoint": last.checkpoint})],
        [first, first.model_copy(update={"entries": ()})],
        [last],
    ):
        pages[:] = wrong
        with pytest.raises(PadanError) as caught:
            session.sync()
        assert isinstance(caught.value, Unverified) or caught.value.code.startswith("project.")
    pages[:] = [first, last]
    with suppress(IndexError):  # the cosignature that it owes is beyond this test
        session.sync()
    assert session.replay.size == 12


def test_nothing_new_is_a_304_and_anything_new_is_not(town: Town) -> None:
    with town.serving():
        town.sign_charter()
        town.witness()
        known = LogPage.model_validate_json(asked(town, start=0, since=0, limit=500).content)
        tag = state_tag(known.checkpoint, known.seen or 0)
        place: dict[str, Any] = {"start": len(known.entries), "since": known.seen}
        for query in (place, {**place, "limit": 500}):
            nothing = asked(town, {"If-None-Match": tag}, **query)
            assert (nothing.status_code, nothing.content) == (304, b"")
            assert nothing.headers["etag"] == tag
        assert asked(town, **place).status_code == 200, "only who asks for it gets a 304"
        assert asked(town, {"If-None-Match": '"x"'}, **place).status_code == 200
        stranger = asked(town, {"If-None-Match": tag, "Signature": "padan=:AAAA:"}, **place)
        assert stranger.status_code == 401
        before = town.synced("bps").replica().copy.path.read_bytes()
        town.synced("bps")
        assert town.session("bps").replica().copy.path.read_bytes() == before
        # A new statement, and a new cosignature alone.
        town.except_privacy("PPDP/2")  # the first one, within its second, would be the same bytes
        assert asked(town, {"If-None-Match": tag}, **place).status_code == 200
        page = LogPage.model_validate_json(asked(town, start=0, since=0, limit=500).content)
        tag = state_tag(page.checkpoint, page.seen or 0)
        assert asked(town, {"If-None-Match": tag}, start=0).status_code == 304
        town.synced("dinsos")
        assert asked(town, {"If-None-Match": tag}, start=0).status_code == 200


def test_a_poll_is_checked_as_every_request(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    with town.serving():
        town.sign_charter()
        ledger, members = town.service.ledger, town.roster.members
        tag = ledger.stored.end(town.project_id).tag
        outsider = next(m.id for m in members if not ledger.stored.may_read(town.project_id, m.id))
        url = f"{town.url}{API}/projects/{town.project_id}/log"

        def poll(sender: str, body: bytes = b"", **headers: str) -> httpx2.Response:
            message = Message("GET", url, {}, body)
            sign_request(message, sender, town.keys[sender].signing)
            headers = {**message.headers, "If-None-Match": tag, **headers}
            sent.append(headers)
            return httpx2.get(url, headers=headers)

        sent: list[dict[str, str]] = []
        assert poll("auditor").status_code == 304
        again = httpx2.get(url, headers=sent[-1])
        assert again.status_code == 401, "a poll is accepted once"
        assert again.json()["code"] == ServiceCode.REQUEST_REPLAYED
        other = {name: text for name, text in sent[-1].items() if name != "If-None-Match"}
        assert httpx2.get(url, headers=other).status_code == 401, "and by no other route"
        assert poll(outsider).status_code == 403, "the tag of a log that it may not read"
        assert poll("auditor", b"signed, and not sent").status_code == 401
        monkeypatch.setattr(Bucket, "take", lambda *_: 2.0)
        often = poll("auditor")
        assert (often.status_code, often.headers["retry-after"]) == (429, "2")
        assert often.json()["code"] == ServiceCode.REQUEST_TOO_MANY


# -- cost -----------------------------------------------------------------------------------


def calls(act: Callable[[], object]) -> int:
    """How many Python functions were called."""
    counted = [0]

    def count(_frame: object, event: str, _argument: object) -> None:
        counted[0] += event == "call"

    sys.setprofile(count)
    try:
        act()
    finally:
        sys.setprofile(None)
    return counted[0]


def test_an_append_and_a_poll_cost_the_same_however_long_the_log(
    town: Town, service: Service
) -> None:
    project_id, dpo = town.project_id, town.roster.member("dpo")

    def costs() -> tuple[int, int, int]:
        size, database = service.ledger.project(project_id).size, service.ledger.database
        statement = excepted(town, service, 10_000 + size)

        def poll() -> None:
            with database.reading() as connection:
                read_page(
                    connection, project_id, size, log_pages.log_end(connection, project_id).changes
                )

        def whole() -> None:
            with database.reading() as connection:
                read_page(connection, project_id, 0, 0)

        poll()  # statements are compiled once
        whole()
        return calls(poll), calls(whole), calls(lambda: service.receive(project_id, dpo, statement))

    grow(town, service, 25)
    costs()
    poll, whole, append = costs()
    grow(town, service, 150)
    later = costs()
    assert later[0] < 1.1 * poll
    assert later[2] < 1.2 * append
    assert later[1] > 1.5 * whole, "the negative control: reading all of it grows with the log"


def test_a_poll_asks_the_database_once_and_keeps_no_log(town: Town, service: Service) -> None:
    ledger, project_id = service.ledger, town.project_id
    asked: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("SELECT"):
            asked.append(statement)

    for size in (25, 150):
        grow(town, service, size)
        other = Ledger(ledger.database, ledger.me, ledger.clock)  # as of a process that starts
        try:
            event.listen(ledger.database.engine, "before_cursor_execute", note)
            assert other.stored.may_read(project_id, "bps", size)
            asked.clear()
            assert other.stored.may_read(project_id, "bps", other.stored.end(project_id).size)
            assert len(asked) == 1, "however long the log"
            asked.clear()
            other.project(project_id)
            assert len(asked) > 1, "the negative control: the replay reads more than that"
        finally:
            event.remove(ledger.database.engine, "before_cursor_execute", note)
        readership = other.stored._readerships[project_id]
        kept = readership.project.log.entries
        assert {type(entry.body) for entry in kept} == {RosterBody, CharterBody}
        replayed = ledger.project(project_id)
        assert (readership.project.roster_digest, readership.project.charter_digest) == (
            replayed.roster_digest,
            replayed.charter_digest,
        )
        assert [entry.index for entry in kept] == [
            e.index for e in replayed.entries if isinstance(e.body, RosterBody | CharterBody)
        ]


def test_a_proof_reads_each_leaf_once(town: Town, service: Service) -> None:
    grow(town, service, 40)
    ledger, project_id = service.ledger, town.project_id
    other = Ledger(ledger.database, ledger.me, ledger.clock)
    read = list[str]()

    def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
        if "leaves.leaf" in statement:
            read.append(statement)

    event.listen(ledger.database.engine, "before_cursor_execute", note)
    try:
        with ledger.database.reading() as connection:
            hashes = [leaf_hash(leaf) for leaf in leaves_from(connection, project_id)]
        assert read, "the negative control: who reads leaves is counted"
        assert other.stored.inclusion_proof(project_id, 7, 33) == inclusion_proof(hashes[:33], 7)
        read.clear()
        for index in range(33):
            other.stored.inclusion_proof(project_id, index, 33)
        assert read == []
    finally:
        event.remove(ledger.database.engine, "before_cursor_execute", note)
    grow(town, service, 42)
    with ledger.database.reading() as connection:
        hashes = [leaf_hash(leaf) for leaf in leaves_from(connection, project_id)]
    assert other.stored.inclusion_proof(project_id, 41, 42) == inclusion_proof(hashes, 41)


def test_readers_who_come_at_once_read_the_log_once(
    town: Town, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    grow(town, service, 12)
    ledger, project_id = service.ledger, town.project_id
    other, read, together = Ledger(ledger.database, ledger.me, ledger.clock), [], Barrier(4)
    of = Readership.of

    def slow(connection: Connection, project: str, size: int) -> Readership:
        read.append(size)
        time.sleep(0.2)
        return of(connection, project, size)

    def reads(_: int) -> bool:
        together.wait()
        return other.stored.may_read(project_id, "bps")

    monkeypatch.setattr(Readership, "of", slow)
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(reads, range(4))) == [True] * 4
    assert read == [12]
    assert other.stored.may_read(project_id, "bps")
    assert read == [12], "and once in a process"


def test_logs_that_nobody_uses_are_let_go(
    town: Town, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    grow(town, service, 12)
    ledger, project_id = service.ledger, town.project_id
    for most, kept in ((50, ["lama", "baru", project_id]), (30, ["baru", project_id])):
        monkeypatch.setattr("linkage_service.storage.ledger._MOST_ENTRIES", most)
        other = Ledger(ledger.database, ledger.me, ledger.clock)
        other._states.update(dict.fromkeys(("lama", "baru"), ledger._states[project_id]))
        held = other._states["lama"]
        assert other.project(project_id).size == 12
        assert list(other._states) == kept
        assert held.view.size == 12, "whoever holds it goes on with it"


# -- no project waits for another -------------------------------------------------------------


def within(seconds: float, act: Callable[[], object]) -> bool:
    thread = threading.Thread(target=act, daemon=True)
    thread.start()
    thread.join(seconds)
    return not thread.is_alive()


def test_while_a_project_appends_others_are_read_and_requests_are_accepted(
    town: Town, service: Service
) -> None:
    grow(town, service, 10)
    project_id, ledger = town.project_id, service.ledger
    with suppress(KeyError), ledger.appending(project_id) as append:
        state = append.state
        assert within(20, lambda: ledger.project(project_id)), "not even its own readers wait"
        assert within(20, lambda: service.nonces.use("bps", "n" * 24, 2**31, 1))
        # The negative control: who waits for the project's own lock waits.
        assert not within(0.2, state.appending.acquire)
        if ledger.database.engine.dialect.name == "postgresql":
            # SQLite has one writer; PostgreSQL has one a project.
            def other() -> None:
                with suppress(KeyError), ledger.appending("proyek-lain"):
                    raise KeyError

            assert within(20, other)
        raise KeyError


def test_an_append_that_fails_takes_the_log_from_no_reader(town: Town, service: Service) -> None:
    grow(town, service, 10)
    project_id, ledger = town.project_id, service.ledger
    waits = threading.Thread(
        target=service.receive,
        args=(project_id, town.roster.member("dpo"), excepted(town, service, 11)),
    )
    with suppress(KeyError), ledger.appending(project_id) as append:
        append.statement(parse_statement(excepted(town, service, 10)))
        state, cosigned = append.state, len(append.state.cosigned)
        waits.start()
        waits.join(0.2)
        assert waits.is_alive(), "one after the other"
        raise KeyError
    # As a request holds it that came before.
    assert (state.view.size, len(state.cosigned)) == (10, cosigned)
    waits.join()
    assert ledger.project(project_id).size == 11, "the failed one is not there, and the other is"


def test_a_nonce_is_used_once(service: Service) -> None:
    nonces, taken = service.nonces, []

    def use() -> None:
        taken.append(nonces.use("bps", "m" * 24, 1_000, 500))

    threads = [threading.Thread(target=use) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == [False] * 7 + [True]
    again = Nonces.of(service.ledger.database)
    assert not again.use("bps", "m" * 24, 1_000, 999), "another process, or a restart"
    assert again.use("dinsos", "m" * 24, 1_000, 999), "of another member"
    assert again.use("bps", "m" * 24, 3_000, 2_000), "expired, and removed"
    again.close()
