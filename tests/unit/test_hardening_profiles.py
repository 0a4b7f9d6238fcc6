"""The named profiles: lengths, keys, and what each keeps and hides."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from encoder.encoding.clk import ClkEncoder
from encoder.encoding.hardening import Keys, SaltColumns, hardened_encoder
from encoder.encoding.hardening.salting import SaltValues
from policy.base.errors import BadInput
from policy.charter import Encoding, Profile

SCHEMA: dict[str, Any] = json.loads(
    (Path(__file__).parents[2] / "encoder" / "schemas" / "padan-id-1.json").read_text()
)
KEYS = Keys(clk=b"c" * 32, salt=b"s" * 32, harden=b"h" * 32, values=SaltValues(b"v" * 32))
SALTS = SaltColumns("lahir.year", "nama.sound")
NAMED: tuple[Profile, ...] = ("plain", "salted", "saul-k3", "salted+saul-k3", "salted+saul-k4")
BITS = 1024

PEOPLE = (
    ("AMINAH SITI", "1990", "M"),
    ("AMINAH SITI", "1990", "M"),
    ("AMINA SITI", "1990", "M"),
    ("AMINAH SITI", "1991", "M"),
    ("AMINAH SITI", "", "M"),
    ("AMINAH SITI", "", "M"),
    ("HARTONO", "1962", "F"),
)


def encoded(profile: Profile, keys: Keys = KEYS) -> Any:
    columns = {
        "nama": [name for name, _, _ in PEOPLE],
        "nama.sound": [name for name, _, _ in PEOPLE],
        "lahir.year": [year for _, year, _ in PEOPLE],
        "lahir.month": ["7"] * len(PEOPLE),
        "lahir.day": ["2"] * len(PEOPLE),
        "jk": [sex for _, _, sex in PEOPLE],
        "kelurahan": ["GAMBIR"] * len(PEOPLE),
    }
    handles = [hashlib.sha256(bytes([at])).digest()[:16] for at in range(len(PEOPLE))]
    encoding = Encoding(name="utama", linkage_schema=SCHEMA)
    made = hardened_encoder(profile, encoding, keys, SALTS)
    assert made.bits == BITS
    return np.unpackbits(made.encode(columns, handles), axis=1)


def differing(bits: Any, a: int, b: int) -> int:
    return int(np.sum(bits[a] != bits[b]))


@pytest.mark.parametrize("profile", NAMED)
def test_equal_rows_stay_equal_and_a_misspelling_stays_near(profile: Profile) -> None:
    bits = encoded(profile)
    assert differing(bits, 0, 1) == 0
    assert differing(bits, 4, 5) == 0, "without a year as well"
    assert differing(bits, 0, 2) < differing(bits, 0, 6)


@pytest.mark.parametrize("profile", ["salted", "salted+saul-k3", "salted+saul-k4"])
def test_another_year_or_none_is_another_world(profile: Profile) -> None:
    bits = encoded(profile)
    for other in (3, 4):
        assert differing(bits, 0, other) > 0.35 * BITS


@pytest.mark.parametrize("profile", NAMED)
def test_every_key_of_a_profile_counts(profile: Profile) -> None:
    used = {
        "clk": True,
        "salt": profile.startswith("salted"),
        "harden": "saul" in profile,
    }
    for name, counts in used.items():
        other = Keys(**{**KEYS.__dict__, name: b"x" * 32})
        assert (encoded(profile, other) != encoded(profile)).any() == counts, name


def test_plain_is_clkhash() -> None:
    clk = ClkEncoder(SCHEMA, KEYS.clk)
    columns = {
        "nama": ["AMINAH SITI"],
        "lahir.year": ["1990"],
        "lahir.month": ["7"],
        "lahir.day": ["2"],
        "jk": ["M"],
        "kelurahan": ["GAMBIR"],
    }
    assert (np.unpackbits(clk.encode(columns)[0]) == encoded("plain")[0]).all()


@pytest.mark.parametrize("profile", ["saul-k3", "salted+saul-k4"])
def test_saul_evens_the_bits_out(profile: Profile) -> None:
    assert 0.4 < encoded(profile).mean() < 0.6


def test_compound_refuses_a_length_that_no_cipher_block_fills() -> None:
    schema = {**SCHEMA, "clkConfig": {**SCHEMA["clkConfig"], "l": 64}}
    encoding = Encoding(name="utama", linkage_schema=schema, salt=("lahir.year",), rounds=2)
    with pytest.raises(BadInput) as refused:
        hardened_encoder("compound-1", encoding, KEYS, SALTS)
    assert refused.value.code == "schema.length"
