"""Accounts by the command line, next to a running service: the first one, and those after it."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Queue

import httpx2
import pytest

from linkage_service.storage.records import open_database
from policy.formats.http_api import API
from policy.members.home import ServiceAddress
from policy.wire.signed_requests import Message, sign_request
from tests.support.ports import free_port
from tests.support.processes import PATIENCE_SECONDS
from tests.support.programme import Answer, command, expect
from tests.support.server import ROOT
from tests.support.service import Town
from tests.support.staff_site import PASSPHRASE, Browser, RealPlace

LINK = re.compile(r"http://127\.0\.0\.1:\d+/akun/baru#([A-Z2-7-]+)")


@contextmanager
def serve(town: Town, port: int = 0) -> Iterator[Queue[str]]:
    """`padan-linkage serve` as a process; what it says, line by line."""
    home, _ = town.service_home()
    options = ["--home", str(home), "--passphrase-file", str(town.folder / "passphrase")]
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "linkage_service",
            *options,
            "serve",
            "--port",
            str(port or town.port),
        ],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
    )
    said: Queue[str] = Queue()
    assert process.stderr is not None
    lines = process.stderr
    reader = threading.Thread(target=lambda: [said.put(line) for line in lines])
    reader.start()
    try:
        yield said
    finally:
        process.terminate()
        process.wait()
        reader.join()
        lines.close()


def until(said: Queue[str], sentence: str) -> str:
    """The first line with that in it."""
    while True:
        line = said.get(timeout=PATIENCE_SECONDS)
        if sentence in line:
            return line


def people(town: Town, *arguments: str) -> Answer:
    home, _ = town.service_home()
    options = ["--home", str(home), "--passphrase-file", str(town.folder / "passphrase")]
    return command("padan-linkage", *options, "--json", "people", *arguments)


def browser(town: Town) -> Browser:
    return Browser(RealPlace(town.url), httpx2.Client(base_url=town.url, timeout=PATIENCE_SECONDS))


@pytest.fixture
def town(tmp_path: Path) -> Town:
    """A service that has no account yet."""
    town = Town(tmp_path / "town")
    open_database(town.settings().database_url).close()
    return town


def test_the_first_hour(town: Town) -> None:
    with serve(town) as said:
        found = LINK.search(until(said, "/akun/baru#"))
        assert found is not None
        first, auditor = browser(town), browser(town)
        with first.client, auditor.client:
            assert first.set_up(found[1]).status_code == 200
            page = first.get("/akun").text
            assert "koordinator, operator" in page

            added = people(town, "add", "ayu", "--role", "auditor", "--office", "bpkp").json()[0]
            assert added["link"] == f"{town.url}/akun/baru#{added['code']}"
            auditor.set_up(added["code"])
            assert "auditor" in auditor.get("/akun").text

            again = people(town, "add", "ayu", "--role", "auditor", "--office", "bpkp")
            assert expect(again, "people.in-use")
            stored = people(town, "list")
            assert [(each["name"], each["state"]) for each in stored.json()[0]["people"]] == [
                ("ayu", "active"),
                ("koordinator", "active"),
            ]
            assert PASSPHRASE not in stored.out
            assert added["code"] not in stored.out

            reset = people(town, "reset", "ayu").json()[0]
            assert auditor.get("/akun").status_code == 303, "her sessions have ended"
            assert auditor.sign_in("ayu").status_code == 422
            auditor.set_up(reset["code"], "frasa sandi yang baru")
            people(town, "disable", "ayu")
            assert auditor.get("/akun").status_code == 303
            assert people(town, "disable", "ayu").code == 0, "given twice without harm"
    assert LINK.search(" ".join(said.queue)) is None
    # Now there is an account: nothing is offered any more.
    with serve(town) as said:
        until(said, town.url)
        httpx2.get(f"{town.url}/masuk", timeout=PATIENCE_SECONDS)
    assert LINK.search(" ".join(said.queue)) is None


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("add", "Ayu Lestari", "--role", "auditor", "--office", "bpkp"), "people.name"),
        (("add", "ayu", "--role", "auditor", "--office", "BPKP Pusat"), "people.office"),
        (("reset", "siapa"), "people.unknown"),
        (("disable", "siapa"), "people.unknown"),
    ],
    ids=str,
)
def test_a_wrong_account_is_refused(town: Town, arguments: tuple[str, ...], code: str) -> None:
    expect(people(town, *arguments), code)


def test_a_link_is_offered_on_loopback_alone(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from linkage_service.desk.first_account import first_account
    from linkage_service.settings import Settings

    me, settings = town.members["service"], Settings.under(tmp_path)
    public = Settings.under(tmp_path, public_url="https://padan.contoh.go.id")
    assert first_account(public, me, "127.0.0.1", "http://127.0.0.1:8321") is None
    assert first_account(settings, me, "0.0.0.0", "http://0.0.0.0:8321") is None
    for host in ("127.0.0.1", "::1", "localhost"):
        link = first_account(settings, me, host, "http://127.0.0.1:8321")
        assert LINK.search(link or "") is not None
    here = Settings.under(tmp_path, public_url="http://127.0.0.1:9000/")
    link = first_account(here, me, "127.0.0.1", "http://127.0.0.1:8321")
    assert (link or "").startswith("http://127.0.0.1:9000/akun/baru#")
    # Behind a proxy whose address is in the invites, without --public-url.
    monkeypatch.setattr(
        type(me.home),
        "service",
        lambda _: ServiceAddress(url="https://padan.contoh.go.id", roster_digest="0" * 64),
    )
    assert first_account(settings, me, "127.0.0.1", "http://127.0.0.1:8321") is None


def test_an_office_that_the_roster_does_not_know_is_refused_with_those_it_knows(town: Town) -> None:
    answer = people(town, "add", "sari", "--role", "dpo", "--office", "diskominfo")
    expect(answer, "people.office")
    assert answer.error is not None
    assert "bpkp, bps, dinsos, diskominfotik, dppapp, layanan" in answer.error.hint.en
    stored = people(town, "list").json()[0]["people"]
    assert "sari" not in [each["name"] for each in stored]


@pytest.mark.parametrize(
    "arguments",
    [
        ("people", "add", "ayu", "--role", "auditor", "--office", "bpkp"),
        ("people", "reset", "ayu"),
        ("people", "list"),
        ("people", "disable", "ayu"),
        ("worker",),
        ("storage",),
        ("retention",),
        ("backup", "--to", "cadangan"),
        ("restore",),
    ],
    ids=" ".join,
)
def test_only_the_service_makes_a_database(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    """Its home knows no URL: with PostgreSQL another database would come to be, of no use."""
    town = Town(tmp_path / "town")
    home, _ = town.service_home()
    options = ["--home", str(home), "--passphrase-file", str(town.folder / "passphrase")]
    answer = command("padan-linkage", *options, "--json", *arguments)
    assert "--database-url-file" in expect(answer, "service.no-database").hint.en
    assert not answer.out, "no link that opens nothing"
    assert not list(home.rglob("*.sqlite"))


def test_a_database_that_does_not_answer_is_one_error(tmp_path: Path) -> None:
    """For the service itself, and for every command at its database."""
    url = f"postgresql+psycopg://padan:rahasia@127.0.0.1:{free_port()}/padan"
    town = Town(tmp_path / "town", database_url=url)
    home, urls = town.service_home()
    options = ["--home", str(home), "--passphrase-file", str(town.folder / "passphrase")]
    serve = ("serve", "--port", str(town.port))
    public = ("--public-url", "https://padan.contoh.go.id")
    for arguments in (serve, (*serve, *public), ("worker",), ("people", "list")):
        ended = subprocess.run(
            [
                *(sys.executable, "-m", "linkage_service", *options, *arguments),
                *("--database-url-file", str(urls["database"])),
            ],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE_SECONDS,
        )
        assert ended.returncode == 6
        assert "[service.database-silent]" in ended.stderr
        assert "Traceback" not in ended.stderr
        assert "rahasia" not in ended.stderr
        assert len(ended.stderr.splitlines()) < 12, ended.stderr


def test_a_link_has_the_public_address(town: Town) -> None:
    public = ("--public-url", "https://gerbang.contoh.go.id/padan/")
    account = ("budi", "--role", "operator", "--office", "layanan")
    added = people(town, "add", *account, *public).json()[0]
    assert added["link"] == f"https://gerbang.contoh.go.id/padan/akun/baru#{added['code']}"
    again = people(town, "reset", "budi", *public).json()[0]
    assert again["link"].startswith("https://gerbang.contoh.go.id/padan/akun/baru#")
    expect(people(town, "reset", "budi", "--public-url", "gerbang"), "service.public-url")


def test_a_second_process_on_the_same_home_keeps_the_address_of_the_service(town: Town) -> None:
    """Members sign for one address, whichever process answers."""
    address = town.members["service"].home.path / "service.json"
    kept, port, path = address.read_bytes(), free_port(), f"{API}/projects"
    message = Message("GET", f"{town.url}{path}", {}, b"")
    sign_request(message, "bps", town.keys["bps"].signing)
    with serve(town) as first, serve(town, port) as second:
        until(first, town.url)
        until(second, f"http://127.0.0.1:{port}")
        here = {"host": town.url.removeprefix("http://"), **message.headers}
        answer = httpx2.get(f"http://127.0.0.1:{port}{path}", headers=here, timeout=60)
        assert answer.status_code == 200
        there = Message("GET", f"http://127.0.0.1:{port}{path}", {}, b"")
        sign_request(there, "bps", town.keys["bps"].signing)
        other = httpx2.get(there.url, headers=dict(there.headers), timeout=60)
        assert other.json()["code"] == "request.elsewhere", "its own address is not the service's"
    assert address.read_bytes() == kept
