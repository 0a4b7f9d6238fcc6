"""The table of people as people keep it: read as saved by a spreadsheet, refused with its row."""

from __future__ import annotations

from datetime import date

import pytest

from policy.base.errors import BadInput
from policy.crypto.envelope import parse_envelope, sign
from policy.crypto.keys import KeyRing
from policy.joining.invite import make_invite, open_invite
from policy.joining.plan import Plan, read_plan
from policy.members.home import public_keys
from policy.members.roster import Member
from policy.starter.roster_plan import HEADER, roster_plan
from policy.wire.http import read_any, send
from policy.wire.signed_requests import Message

HEAD = "member,agency,superior,roles,nama"
ROWS = (
    "bps,bps,,party witness authority,Andi",
    "dinsos,dinsos,pemda,party witness,Budi",
    "diskominfo,diskominfo,pemda,witness authority,Citra",
    "service,layanan,,service coordinator,Dewi",
)


def plan(*rows: str, head: str = HEAD, url: str = "https://padan.contoh.go.id") -> Plan:
    table = "\n".join([head, *rows]) + "\n"
    return read_plan(table.encode(), "bansos-2027", url, date(2026, 12, 1))


def test_a_plan_as_people_save_it() -> None:
    plain = plan(*ROWS)
    assert plain.authorities == ("bps", "diskominfo")
    assert plain.inviter.id == "service"
    assert [(each.id, each.superiors) for each in plain.agencies] == [
        ("dinsos", ("pemda",)),
        ("diskominfo", ("pemda",)),
    ]
    semicolons = "\ufeff" + "\r\n".join([HEAD, *ROWS, ",,,,"]).replace(",", ";")
    assert read_plan(semicolons.encode(), plain.project, plain.url, plain.issued) == plain
    shuffled = plan(*reversed(ROWS))
    assert shuffled.digest() == plain.digest(), "the order of the rows says nothing"


def test_the_plan_of_a_region_is_read_as_it_is_written() -> None:
    rows = [",".join(f'"{cell}"' for cell in row) for row in roster_plan("Kota Contoh")]
    found = plan(*rows, head=",".join(HEADER))
    assert found.person("bps") is not None
    assert {each.name for each in found.people} > {"Walidata Kota Contoh"}


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ((*ROWS[:1], "dinsos,dinsos,pemda,partyy,Budi", *ROWS[2:]), "row 3, roles"),
        ((*ROWS[:1], "Dinsos,dinsos,pemda,party,Budi", *ROWS[2:]), "row 3, member"),
        ((*ROWS[:3], "service,layanan,,service,"), "row 5, name"),
        ((*ROWS, ROWS[1]), "one id in two rows"),
        (ROWS[:3], "one service"),
        ((*ROWS, "two,lain,,service,Eka"), "one service"),
        ((*ROWS, "three,bps,,authority,Eka"), "two authorities"),
        (ROWS[1:], "two authorities"),
    ],
)
def test_a_wrong_plan_names_its_row(rows: tuple[str, ...], said: str) -> None:
    plan(*ROWS)
    with pytest.raises(BadInput) as caught:
        plan(*rows)
    assert caught.value.code == "plan.malformed"
    assert said in caught.value.problem.en


@pytest.mark.parametrize(
    "url",
    [
        *("", "padan.contoh.go.id", "ftp://padan", "https://a b", "https://:80"),
        *("http://127.0.0.1:abc", "http://127.0.0.1:99999", "http://127.0.0.1:0", "http://[::1"),
        *("https://budi:rahasia@padan.contoh.go.id", "https://a?b", "https://a/b#c"),
    ],
)
def test_an_address_is_a_url(url: str) -> None:
    with pytest.raises(BadInput) as refused:
        plan(*ROWS, url=url)
    assert refused.value.code == "plan.malformed"
    assert "rahasia" not in str(refused.value)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8321", "http://[::1]:8321", "https://a.go.id/padan", "http://a:"]
)
def test_an_invite_has_the_address_of_the_plan(url: str) -> None:
    """An invite is made elsewhere, by whatever program: its address is checked like a plan's."""
    keys, honest = KeyRing.generate(), plan(*ROWS, url=url)
    today = date(2026, 12, 1)
    inviter = Member(
        **honest.inviter.model_dump(), **public_keys(keys), valid_from=today, valid_until=today
    )

    invite = make_invite(honest, honest.people[0], inviter, keys, 1, today)
    assert open_invite(invite).body.url == url
    envelope = parse_envelope(invite)
    for wrong in ("http://127.0.0.1:abc", "http://127.0.0.1:99999", "https://a:b@c", "x"):
        body = envelope.body.replace(url.encode(), wrong.encode())
        with pytest.raises(BadInput) as refused:
            open_invite(sign(envelope.binding(), body, keys.signing).canonical())
        assert refused.value.code == "invite.malformed"


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:abc", "http://127.0.0.1:99999", "http://[::1", "http://1.2.3.999"]
)
def test_no_request_is_made_of_what_is_no_address(url: str) -> None:
    for ask in (read_any, lambda url: send(Message("GET", url, {}, b""))):
        with pytest.raises(BadInput) as refused:
            ask(url)
        assert refused.value.code == "service.address"


def test_missing_columns_are_named() -> None:
    with pytest.raises(BadInput) as caught:
        plan(*ROWS, head="anggota,agency,superior,peran,nama")
    assert "member, roles" in caught.value.problem.en
