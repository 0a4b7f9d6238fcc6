"""The key ceremony: all honest parties agree, nobody else can, every lie is seen."""

from __future__ import annotations

import pytest

from encoder.encoding.project_keys import (
    KeyShare,
    agree,
    check_confirmations,
    commitment,
    records_mac,
)
from policy.base.errors import PadanError, Refused, WrongKey
from policy.crypto.envelope import parse_envelope
from policy.crypto.sealing import open_seal
from policy.statements import CharterBody
from tests.support.republic import PARTIES, Republic, charter_from


def test_all_parties_derive_the_same_keys() -> None:
    republic = Republic().to("confirm")
    keys = [republic.project_keys(party) for party in PARTIES]
    assert len({k.root for k in keys}) == 1
    purposes = ("clk", "nik", "canary", "check", "salt", "harden", "block")
    subkeys = {keys[0].subkey(purpose) for purpose in purposes}
    assert len(subkeys) == len(purposes)
    check_confirmations(republic.project, keys[0], records_mac(keys[0], b"records"))


def test_other_encodings_of_the_test_records_are_seen() -> None:
    republic = Republic().to("confirm")
    keys = republic.project_keys("bps")
    with pytest.raises(Refused):
        check_confirmations(republic.project, keys, records_mac(keys, b"other rules"))


def test_an_amendment_leaves_the_confirmations_standing() -> None:
    republic = Republic().to("confirm")
    keys = republic.project_keys("bps")
    agreed = republic.project.charter_digest
    tree = {**republic.tree, "version": 2}
    for party in PARTIES:
        republic.say(party, CharterBody.model_validate(charter_from(tree).model_dump()))
    assert republic.project.charter_digest != agreed
    assert republic.project.keyed_charter_digest == agreed
    check_confirmations(republic.project, keys, records_mac(keys, b"records"))


def test_a_share_that_does_not_fit_its_commitment_is_refused() -> None:
    republic = Republic().to("commit")
    republic.witness()
    liar = republic.shares["dinsos"]
    republic.shares["dinsos"] = KeyShare(b"x" * 32, liar.epoch_key)
    for party in PARTIES:
        republic.say(party, republic.revealed(party))
    with pytest.raises(Refused) as caught:
        republic.project_keys("bps")
    assert caught.value.code == "ceremony.share"


def test_a_swapped_seal_is_refused() -> None:
    republic = Republic().to("reveal")
    sealed = {peer: republic.seals[peer]["bps"] for peer in PARTIES if peer != "bps"}
    sealed["dinsos"] = sealed["dppapp"]
    with pytest.raises(Refused):
        agree(republic.project, "bps", republic.shares["bps"], sealed)


def test_roster_keys_do_not_open_a_share() -> None:
    """A stolen roster key rebuilds nothing: shares go to one-epoch keys only (T14)."""
    republic = Republic().to("reveal")
    envelope = parse_envelope(republic.seals["dinsos"]["bps"])
    for key in (republic.keys["bps"].seal, republic.keys["service"].seal):
        with pytest.raises(WrongKey):
            open_seal(
                envelope,
                key,
                envelope.binding(),
                republic.roster.member("dinsos").signing_public(),
            )


@pytest.mark.parametrize(
    "field", ["project", "epoch", "charter", "roster", "run", "sender", "recipient", "manifest"]
)
def test_every_field_of_the_binding_is_bound(field: str) -> None:
    republic = Republic().to("reveal")
    envelope = parse_envelope(republic.seals["dinsos"]["bps"])
    binding = envelope.binding()
    other = {"epoch": 9}.get(field, "ab" * 32)
    with pytest.raises(PadanError):
        open_seal(
            envelope,
            republic.shares["bps"].epoch_key,
            binding.model_copy(update={field: other}),
            republic.roster.member("dinsos").signing_public(),
        )


def test_commitments_differ_by_member_and_project() -> None:
    republic = Republic().to("charter")
    secret = b"s" * 32
    assert commitment(republic.project, "bps", secret) != commitment(
        republic.project, "dinsos", secret
    )
