"""The pages where invited people arrive: what they refuse, and what counts as a yes."""

from __future__ import annotations

import re
import zlib
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from policy.joining.code import as_code, of_code
from policy.joining.folder import JoiningFolder
from policy.members.home import Home
from policy.ui.app import approver_page
from policy.ui.arrival import Arrival
from policy.ui.desk import ApproverDesk
from tests.support.browser import served, visitor
from tests.support.joining import INVITED, Joiners

WORDS = re.compile(r'id="words">([a-z ]+)<')


@pytest.fixture(scope="module")
def joiners(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Joiners]:
    """Everybody has joined, except for the authority Diskominfo."""
    people = Joiners(tmp_path_factory.mktemp("arrival"))
    people.invite()
    with people.receiving():
        for name in INVITED:
            if name != "diskominfo":
                people.accept(name)
        yield people


@contextmanager
def page(home: Path) -> Iterator[tuple[httpx2.Client, ApproverDesk]]:
    desk = ApproverDesk(Home(home))
    with served(approver_page(desk)) as server, visitor() as me:
        me.get(server.access.address)
        me.base_url = httpx2.URL(f"http://{server.access.host}")
        me.headers["origin"] = f"http://{server.access.host}"
        yield me, desk


def opened(me: httpx2.Client, invite: bytes) -> httpx2.Response:
    return me.post("/begin", files={"file": ("x.padan", invite)}, follow_redirects=True)


def test_only_the_words_that_are_shown_count(
    joiners: Joiners, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A yes to words of another roster, or without the tick, pins and signs nothing."""
    monkeypatch.setattr("policy.ui.arrival._LOOK_SECONDS", 0.0)
    invite, home = joiners.invite_file("diskominfo").read_bytes(), joiners.home("by-page")
    secret = "kata sandi di halaman"
    with page(home) as (me, desk):
        assert me.get("/").headers["location"] == "/begin"
        assert me.get("/releases").headers["location"] == "/begin"
        assert "diskominfo" in opened(me, invite).text
        form = {"passphrase": secret, "again": secret}
        shown = me.post("/arrive", data=form, follow_redirects=True).text
        assert secret not in shown
        said = WORDS.search(shown)
        assert said is not None
        assert "Anda otoritas" in shown
        assert "Telepon salah satu otoritas" not in shown, "an authority is called"
        words, folder = said[1], JoiningFolder(desk.home, joiners.project)
        other = " ".join(sorted(words.split()))
        for attack in (
            {"words": other, "same": "yes"},  # the list changed after it was shown
            {"words": words},  # nobody said that others read the same
            {"same": "yes"},
        ):
            me.post("/join", data=attack)
            assert not (folder.path / "compared.json").exists(), attack
        assert me.post("/join", data={"heard": other}).status_code == 409
        strange = {"origin": "https://jahat.example"}
        yes = {"words": words, "same": "yes"}
        assert me.post("/join", data=yes, headers=strange).status_code == 403
        assert not (folder.path / "compared.json").exists()
        me.post("/join", data=yes)  # the control: this is a yes
        assert (folder.path / "compared.json").exists()
        waits = me.get("/join").text
        assert "roster" in waits.lower()
        assert not desk.home.has_joined, "the other authority has not signed"


def test_a_wrong_invite_is_refused_before_there_are_keys(joiners: Joiners) -> None:
    good = joiners.invite_file("bps").read_bytes()
    with page(joiners.home("nobody")) as (me, desk):
        for wrong in (b"", b"PK\x03\x04", good.replace(b"a", b"b", 1), good[:-9]):
            assert opened(me, wrong).status_code == 409
        assert me.post("/arrive", data={"passphrase": "x" * 9, "again": "x" * 9}).status_code == 409
        assert opened(me, good).status_code == 200
        for typed, again in (("kurang", "kurang"), ("kata sandi satu", "kata sandi dua")):
            answer = me.post("/arrive", data={"passphrase": typed, "again": again})
            assert answer.status_code == 409
        assert not desk.home.identity_path.exists()
    with page(joiners.home("dinsos")) as (me, _):
        assert "invite.other-person" in opened(me, good).text


def test_a_locked_page_tells_nothing_and_takes_nothing(joiners: Joiners) -> None:
    with page(joiners.home("dinsos")) as (me, desk):
        for path in ("/join", "/people", "/invites/jakarta-2026", "/charter"):
            assert me.get(path).headers["location"] == "/unlock", path
        assert me.get("/join/watch").json() == {"state": ""}
        assert me.post("/join", data={"words": "x", "same": "yes"}).headers["location"] == "/unlock"
        assert desk.me is None
        unlock = {"passphrase": "kata sandi uji dinsos"}
        assert me.post("/unlock", data=unlock, follow_redirects=True).url.path == "/join"


def test_a_mistyped_code_stays_in_its_box(joiners: Joiners) -> None:
    typed = "padan.example.go.id/7K3QD-M0X4T-7K3QD-M0X4T-7K3QD-M0X4T"
    with page(joiners.home("nobody-yet")) as (me, _):
        answer = me.post("/begin", data={"code": typed})
        assert answer.status_code == 409
        assert "invite.code" in answer.text
        assert f">{typed}</textarea>" in answer.text


def test_an_invite_as_a_code_is_the_same_invite(joiners: Joiners) -> None:
    invite = joiners.invite_file("bps").read_bytes()
    code = as_code(invite)
    assert len(code) < len(invite)
    assert of_code(f"  {code[:40]}\r\n {code[40:]}\n") == invite
    arrival = Arrival(Home(joiners.home("coded")), lambda _: None)
    arrival.open(b"", code)
    assert arrival.require_invite().data == invite
    huge = "padan1-" + urlsafe_b64encode(zlib.compress(b"0" * 10_000_000)).decode()
    for wrong in ("", code[:-4], code.replace("padan1-", ""), "padan1-%%%", huge):
        assert of_code(wrong) == b""
