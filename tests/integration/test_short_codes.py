"""An invite by its short code: fetched from the service, and taken only if it is that invite."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from linkage_service.api.joining import Limit
from policy.joining.code import ShortCode, as_code, fingerprint_of
from policy.joining.folder import JoiningFolder
from policy.members.home import Home
from tests.support.joining import INVITED, Joiners
from tests.support.programme import expect

SEEN = "https://padan.example.go.id"


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Joiners]:
    """Everybody is invited, and the service receives people."""
    people = Joiners(tmp_path_factory.mktemp("short-codes"))
    people.invite()
    with people.receiving(Limit(most=10_000)):
        yield people


def code_of(town: Joiners, name: str, url: str = "") -> str:
    return str(ShortCode.of(url or town.url, town.invite_file(name).read_bytes()))


def accept(town: Joiners, code: str, name: str, home: str, exit_code: int) -> Any:
    return town.run(name, "accept", code, code=exit_code, home=town.home(home))


def asked(town: Joiners, fingerprint: str) -> httpx2.Response:
    return httpx2.get(f"{town.url}/api/v1/invites/{fingerprint}")


def test_a_code_that_was_read_by_telephone_is_as_good_as_the_file(town: Joiners) -> None:
    """Typed in small letters, with spaces; also where `go` begins."""
    typed = code_of(town, "dinsos").lower().replace("-", " ")
    for _ in range(2):
        assert accept(town, typed, "dinsos", "dinsos", 0).json()[0]["event"] == "waiting"
    kept = JoiningFolder(Home(town.home("dinsos")), town.project).invite()
    assert kept is not None
    assert kept.data == town.invite_file("dinsos").read_bytes()
    gone = town.run("bps", "go", code_of(town, "bps"), code=6)
    assert gone.error is not None
    assert gone.error.code == "joining.awaited"
    whole = as_code(town.invite_file("diskominfo").read_bytes())
    town.run("diskominfo", "accept", whole, "--reply", str(town.folder / "reply.padan"))


def test_the_command_shows_codes_where_others_reach_the_service(tmp_path: Path) -> None:
    town = Joiners(tmp_path)
    assert town.invite().json()[0]["codes"] == {}
    told = town.run("service", "invite", str(town.place), "--service", SEEN).json()[0]
    assert told["codes"] == {name: code_of(town, name, SEEN) for name in INVITED}
    assert all(town.invite_file(name).exists() for name in INVITED)


def test_a_typing_error_is_told_without_asking_anybody(town: Joiners) -> None:
    code = code_of(town, "bps", "https://padan.invalid")
    wrong = code[:-1] + ("7" if code[-1] != "7" else "8")
    expect(accept(town, wrong, "bps", "typing", 3), "invite.code")
    assert not town.home("typing").exists()


def test_another_address_never_leads_to_an_invite(town: Joiners, tmp_path: Path) -> None:
    """Somebody changes the address and computes the check again."""
    nobody = f"http://127.0.0.1:{Joiners(tmp_path / 'nobody').port}"
    expect(accept(town, code_of(town, "bps", nobody), "bps", "away", 8), "invite.fetch")
    other = Joiners(tmp_path / "other", project="lain-2027")
    other.invite()
    with other.receiving():
        expect(accept(town, code_of(town, "bps", other.url), "bps", "away", 4), "joining.no-invite")
        # That service has the very invite, which names another address.
        place = JoiningFolder(Home(other.home("service")), other.project)
        place.offer([town.invite_file("bps").read_bytes()])
        expect(accept(town, code_of(town, "bps", other.url), "bps", "away", 7), "invite.address")
        # It gives another file.
        file = next((place.path / "invites").glob("*.padan"))
        file.write_bytes(other.invite_file("bps").read_bytes())
        refused = accept(town, code_of(town, "bps", other.url), "bps", "away", 7)
        expect(refused, "invite.other-file")
    assert not town.home("away").exists()


def test_the_service_shows_an_invite_to_those_who_know_its_fingerprint(town: Joiners) -> None:
    invite = town.invite_file("bps").read_bytes()
    assert asked(town, fingerprint_of(invite)).content == invite
    for unknown in (fingerprint_of(b""), fingerprint_of(invite)[:-1], "..%5c..%5ckeys", "bps"):
        answer = asked(town, unknown)
        assert answer.status_code == 404, unknown
        assert answer.headers["content-type"] == "application/problem+json"
    assert asked(town, fingerprint_of(b"")).json()["code"] == "joining.no-invite"


def test_a_replaced_invite_is_no_longer_shown(tmp_path: Path) -> None:
    town = Joiners(tmp_path)
    town.invite()
    earlier = code_of(town, "dinsos")
    with town.receiving(Limit(most=6)):
        town.invite("--again", "dinsos")
        expect(accept(town, earlier, "dinsos", "dinsos", 4), "joining.no-invite")
        accept(town, code_of(town, "dinsos"), "dinsos", "dinsos", 0)
        answers = [asked(town, fingerprint_of(b"")).json()["code"] for _ in range(6)]
    assert answers[0] == "joining.no-invite"
    assert answers[-1] == "joining.too-many"
