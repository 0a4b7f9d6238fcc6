"""A roster holds no key with which somebody could sign, read or stop more than their own."""

from __future__ import annotations

import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from policy.base.canonical import b64, canonical_json, unb64
from policy.base.errors import BadInput
from policy.crypto.envelope import Envelope
from policy.crypto.keys import SealKey, seal_public_key
from policy.members.roster import Roster, parse_roster, roster_binding
from policy.statements import Committed, EpochOpened
from tests.conformance.test_ed25519 import WEAK, added, decoded, encodings, small_order
from tests.support.republic import NOON, PARTIES, Republic

P = 2**255 - 19
MLKEM = 1184


@pytest.fixture(scope="module")
def republic() -> Republic:
    return Republic()


def changed(republic: Republic, key: str, value: str, member: str = "dppapp") -> bytes:
    """The roster's bytes with one key replaced, as a careless authority would sign them."""
    tree: dict[str, Any] = republic.roster.model_dump(mode="json")
    for each in tree["members"]:
        if each["id"] == member:
            each[key] = value
    return canonical_json(tree)


def refused(data: bytes) -> BadInput:
    with pytest.raises(BadInput) as caught:
        Roster.model_validate_json(data)
    return caught.value


@pytest.mark.parametrize("key", ["signing_key", "log_key"])
@pytest.mark.parametrize("weak", [*WEAK, b"", b"abc", bytes(31), b"\xff" * 32], ids=bytes.hex)
def test_weak_and_misshapen_keys_are_refused(republic: Republic, key: str, weak: bytes) -> None:
    error = refused(changed(republic, key, b64(weak)))
    assert error.code == "roster.key"
    assert "dppapp" in error.problem.id
    assert key in error.problem.en


@pytest.mark.parametrize("key", ["signing_key", "log_key"])
def test_a_key_with_a_part_of_small_order_is_refused(republic: Republic, key: str) -> None:
    honest = unb64(getattr(republic.roster.member("dppapp"), key))
    for weak in small_order()[1:]:
        mixed = encodings(*added(decoded(honest), weak))[0]
        assert refused(changed(republic, key, b64(mixed))).code == "roster.key"


@pytest.mark.parametrize("key", ["signing_key", "log_key", "seal_key"])
def test_a_key_is_written_in_one_way(republic: Republic, key: str) -> None:
    text = getattr(republic.roster.member("bps"), key)
    assert refused(changed(republic, key, text + "=", "dppapp")).code == "roster.key"


@pytest.mark.parametrize("key", ["signing_key", "log_key"])
@pytest.mark.parametrize("theirs", ["signing_key", "log_key"])
def test_no_key_of_another_member(republic: Republic, key: str, theirs: str) -> None:
    text = getattr(republic.roster.member("bps"), theirs)
    error = refused(changed(republic, key, text))
    assert error.code == "roster.key-twice"
    assert "bps" in error.problem.en


def test_no_seal_key_of_another_member(republic: Republic) -> None:
    text = republic.roster.member("bps").seal_key
    assert refused(changed(republic, "seal_key", text)).code == "roster.key-twice"


def test_one_member_signs_and_cosigns_with_two_keys(republic: Republic) -> None:
    text = republic.roster.member("dppapp").signing_key
    assert refused(changed(republic, "log_key", text)).code == "roster.key-twice"


def weak_x25519() -> list[bytes]:
    """Every u below 2^255 that nobody can agree with: those of the weak points, other spellings."""
    candidates = [0, 1, P - 1, P, P + 1, *map(_montgomery, small_order())]
    texts = {(u % 2**256).to_bytes(32, "little") for u in candidates}
    return [text for text in texts if _agrees_on_zero(text)]


def _montgomery(point: tuple[int, int]) -> int:
    """u = (1 + y) / (1 - y), the map of RFC 7748 section 4.1."""
    return (1 + point[1]) * pow(1 - point[1], -1, P) % P if point[1] != 1 else 0


def _agrees_on_zero(text: bytes) -> bool:
    try:
        X25519PrivateKey.generate().exchange(X25519PublicKey.from_public_bytes(text))
    except ValueError:
        return True
    return False


def test_there_are_seven_ways_to_write_a_weak_x25519_key() -> None:
    assert len(weak_x25519()) == 7


@pytest.mark.parametrize("weak", sorted(weak_x25519()), ids=bytes.hex)
def test_no_weak_seal_key(republic: Republic, weak: bytes) -> None:
    good = SealKey.generate().public_bytes()
    error = refused(changed(republic, "seal_key", b64(good[:MLKEM] + weak)))
    assert error.code == "roster.key"


@pytest.mark.parametrize("cut", [0, 31, 32, 1184, 1215])
def test_no_short_seal_key(cut: int) -> None:
    with pytest.raises(BadInput):
        seal_public_key(SealKey.generate().public_bytes()[:cut])


def test_seal_keys_are_canonical() -> None:
    good = SealKey.generate().public_bytes()
    seal_public_key(good)
    for other in (good[:-1] + bytes([good[-1] | 0x80]), good[:MLKEM] + b"\xff" * 32):
        with pytest.raises(BadInput):
            seal_public_key(other)
    with pytest.raises(BadInput):  # coefficients of 4095, above the modulus of 3329
        seal_public_key(b"\xff" * 384 + good[384:])


def test_a_signed_roster_is_refused_too(republic: Republic) -> None:
    """Whatever the authorities signed: clients, service and verifier read rosters one way."""
    data = changed(republic, "signing_key", b64(WEAK[0]))
    binding = json.loads(roster_binding(republic.roster).canonical())
    envelope = Envelope(
        payload_type=canonical_json(binding).decode(), payload=b64(data), signatures=()
    )
    for authority in republic.roster.authorities:
        envelope = envelope.signed_by(authority, republic.keys[authority].signing)
    with pytest.raises(BadInput) as caught:
        parse_roster(envelope.canonical())
    assert caught.value.code == "roster.key"


# -- the keys of one epoch ------------------------------------------------------------------


def test_nobody_commits_to_a_key_that_cannot_be_sealed_to() -> None:
    republic = Republic().to("charter")
    good = republic.committed("bps")
    weak = b64(SealKey.generate().public_bytes()[:MLKEM] + bytes(32))
    for text in (weak, "AAAA", ""):
        body = Committed.model_validate({**good.model_dump(), "epoch_key": text})
        with pytest.raises(BadInput) as caught:
            republic.say("bps", body)
        assert caught.value.code == "key.malformed"
    republic.say("bps", good)


def test_the_service_opens_no_epoch_with_a_weak_key() -> None:
    republic = Republic()
    for party in PARTIES:
        republic.charter_signed_by(party)
    weak = b64(SealKey.generate().public_bytes()[:MLKEM] + bytes(32))
    with pytest.raises(BadInput):
        republic.say("service", EpochOpened(at=NOON, service_key=weak))
