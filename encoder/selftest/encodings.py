"""Encodings of stored rows, bit for bit: two agencies that differ here would match nobody."""

from __future__ import annotations

import hashlib
from pathlib import Path

from encoder.encoding.clk import ClkEncoder
from encoder.encoding.project_keys import ProjectKeys
from encoder.encoding.terms import RowEncoder, identifiers
from encoder.normalise import ruleset_digest
from policy.base.words import Words
from policy.charter import Charter, parse_charter
from policy.terminal.checks import SelfCheck, holds

DEFAULT_CHARTER = Path(__file__).with_name("charter-of-padan-id-5.json")
ROW = {
    "nama": "SITI AMINAH",
    "lahir.year": "1985",
    "lahir.month": "7",
    "lahir.day": "1",
    "jk": "F",
    "kelurahan": "GAMBIR",
    "nik": "3171994107850001",
    "kk": "3171990101150002",
    "rtrw": "3/4",
    "ibu": "SRI",
}
DEFAULT_DIGEST = "8311145161b66a4fafd683c7d3e7f25c169d64789e7450356a80076721814fa3"

CLK_SECRET = b"a secret for the selftest alone."
CLK_SCHEMA = {
    "version": 3,
    "clkConfig": {"l": 1024, "kdf": {"type": "HKDF"}},
    "features": [
        {
            "identifier": "nama",
            "format": {"type": "string", "encoding": "utf-8"},
            "hashing": {"comparison": {"type": "ngram", "n": 2}, "strategy": {"bitsPerToken": 10}},
        },
        {
            "identifier": "lahir",
            "format": {"type": "string", "encoding": "utf-8"},
            "hashing": {
                "comparison": {"type": "ngram", "n": 1, "positional": True},
                "strategy": {"bitsPerFeature": 100},
            },
        },
    ],
}
CLK_ROWS = {"nama": ["SITI AMINAH", "I GUSTI NGURAH RAI", ""], "lahir": ["1985-07-01", "", "x"]}
CLK_DIGEST = "5d860f9c4b225a27b8df5edec3efaeb9a2ca78a1a074897dba2e0cfb9b477639"

_REMEDY = Words(
    "Pasang ulang Padan dari roda (wheel) yang sama dengan instansi lain; bila tetap, laporkan"
    " versi yang tampak pada 'padan-encoder --version'.",
    "Install Padan again from the same wheels as the other agencies; if that does not help,"
    " report the versions that 'padan-encoder --version' shows.",
)


def default_charter() -> Charter:
    """The stored charter with the default encodings, under this version's rules."""
    charter = parse_charter(DEFAULT_CHARTER.read_bytes())
    today = charter.encoding.model_copy(update={"rules_digest": ruleset_digest()})
    return charter.model_copy(update={"encoding": today})


def clk_digest() -> str:
    """SHA-256 of the plain CLKs of three rows."""
    return hashlib.sha256(ClkEncoder(CLK_SCHEMA, CLK_SECRET).encode(CLK_ROWS).tobytes()).hexdigest()


def default_digest() -> str:
    """SHA-256 of a full and an empty row, encoded by the default encodings."""
    charter = default_charter()
    encoder = RowEncoder(charter, ProjectKeys(b"k" * 32, "the same terms"))
    rows = [[ROW[column] for column in identifiers(charter)], [""] * len(ROW)]
    sent = encoder.encode([b"0" * 16, b"1" * 16], rows)
    return hashlib.sha256(sent.tobytes()).hexdigest()


def check_encodings() -> list[SelfCheck]:
    """Plain CLKs and the default encodings, each against its stored digest."""
    return [
        holds(
            "encodings.plain",
            clk_digest() == CLK_DIGEST,
            Words("CLK polos sama bit demi bit", "plain CLKs, equal bit for bit"),
            _REMEDY,
        ),
        holds(
            "encodings.default",
            default_digest() == DEFAULT_DIGEST,
            Words("penyandian bawaan sama bit demi bit", "default encodings, equal bit for bit"),
            _REMEDY,
        ),
    ]
