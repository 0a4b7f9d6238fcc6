"""The short code of an invite: how it may be typed, and that a typing error is told."""

from __future__ import annotations

import pytest

from policy.base.errors import BadInput
from policy.joining.code import ShortCode, fingerprint_of, is_code, read_short, short_codes

INVITE = b"the file of an invite"
URL = "https://padan.example.go.id"
CODE = ShortCode.of(URL, INVITE)
ADDRESS, GROUPS = str(CODE).split("/")
SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def test_a_code_has_an_address_and_six_groups_of_five() -> None:
    assert ADDRESS == "padan.example.go.id"
    assert [len(each) for each in GROUPS.split("-")] == [5] * 6
    assert len(fingerprint_of(INVITE)) * 5 == 125
    assert set(GROUPS) <= set(SYMBOLS) | {"-"}


@pytest.mark.parametrize(
    "typed",
    [
        str(CODE).lower(),
        str(CODE).upper(),
        f"  {URL}/{GROUPS.replace('-', ' ')}\n",
        f"{ADDRESS} {GROUPS.replace('-', '')}",
        f"{ADDRESS}/#{GROUPS.replace('-', ' - ')}",
        f"padan. example. go. id / {GROUPS.replace('-', chr(0x2011))}",
        f"{ADDRESS}/{GROUPS.replace('0', 'o').replace('1', 'l')}",
        f"{ADDRESS}/{GROUPS.replace('0', 'O').replace('1', 'I')}",
    ],
)
def test_it_may_be_typed_in_many_ways(typed: str) -> None:
    assert read_short(typed) == CODE
    assert is_code(typed.strip())


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8321", "https://gerbang.example.go.id/Padan", "http://[fd00::1]:8321"]
)
def test_other_addresses_stay_as_they_are(url: str) -> None:
    code = ShortCode.of(url, INVITE)
    assert read_short(str(code)).url == url
    assert read_short(str(code).replace("-", " ")) == code


def test_every_wrong_symbol_and_every_exchange_is_told() -> None:
    plain = GROUPS.replace("-", "")
    wrong = {plain[:at] + each + plain[at + 1 :] for at in range(30) for each in SYMBOLS + "U"}
    wrong |= {plain[:at] + plain[at + 1] + plain[at] + plain[at + 2 :] for at in range(29)}
    wrong |= {plain[:at] + plain[at + 1 :] for at in range(30)}
    wrong |= {plain[:at] + "7" + plain[at:] for at in range(31)}
    for each in sorted(wrong - {plain}):
        told(f"{ADDRESS}/{each}")


@pytest.mark.parametrize(
    "typed",
    [
        "",
        GROUPS,
        f"padan.exampel.go.id/{GROUPS}",
        f"http://{ADDRESS}/{GROUPS}",
        f"{ADDRESS}:8443/{GROUPS}",
        f"{ADDRESS}/padan/{GROUPS}",
        "7" * 2000,
    ],
)
def test_a_wrong_address_is_told(typed: str) -> None:
    told(typed)


def told(typed: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_short(typed)
    assert refused.value.code == "invite.code"


def test_only_an_address_that_others_reach_gets_codes() -> None:
    assert short_codes(URL, {"bps": INVITE}) == {"bps": str(CODE)}
    assert set(short_codes("http://10.20.0.4:8321", {"bps": INVITE})) == {"bps"}
    for own in ("http://127.0.0.1:8321", "http://localhost:8321", "http://[::1]:8321"):
        assert short_codes(own, {"bps": INVITE}) == {}


@pytest.mark.parametrize("name", ["bps.padan", "invites/bps.padan", "/tmp/invites-2026/bps.padan"])
def test_a_file_is_no_code(name: str) -> None:
    assert not is_code(name)


def test_a_scheme_that_was_left_out_is_found_by_the_check() -> None:
    code = ShortCode.of("http://10.1.2.3:8321", b"an invite")
    assert read_short(str(code).removeprefix("http://")) == code
    other = str(code).removeprefix("http://").replace("10.1.2.3", "10.1.2.4")
    with pytest.raises(BadInput):
        read_short(other)
