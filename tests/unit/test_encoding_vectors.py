"""Stored charters and what their encodings come to: a profile keeps its bits under its name."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from encoder.encoding.project_keys import ProjectKeys
from encoder.encoding.terms import RowEncoder, identifiers
from encoder.normalise import ruleset_digest
from encoder.selftest.encodings import DEFAULT_CHARTER, ROW
from policy.charter import Charter, parse_charter

VECTORS = Path(__file__).parent / "vectors"
STORED = {
    "padan-id-3": (
        "78a7708b6c5c7a12092295b090ca78091af47b8cef99d75a8a457be0ecc727e7",
        "ca466de9edaac6b7d3d25b03a89c7de62feb3e3ed40803d83f08c7699307aacb",
        "ecd426b5bcd1476f29ca45b24658ff33018bc9f4314add990fe0509127cbfb58",
    ),
    "padan-id-4": (
        "a8d676cab4c9b07b2ae4f868b16dcec79e3f711fe8263997f24b821d9bf2db9b",
        "87224fedc6adbf7d28fad73f19de66d007c9c2dc9f7761fddbab95774f9b35ba",
        "bfbda61156c3f363f35634f79ddf5b66a0dcdc4eef7e8dd85ec77eb86690f31a",
    ),
    "padan-id-5": (
        "67273866e006c51f91af9d202e0f700482a077ad17a86787a510c6d1569c4136",
        "acdfcb32fe7b5a06d2858b9b483f5c6ee034722f311c8be343a76b226519288b",
        "8311145161b66a4fafd683c7d3e7f25c169d64789e7450356a80076721814fa3",
    ),
}


def stored(name: str) -> tuple[bytes, Charter]:
    path = VECTORS / f"charter-of-{name}.json"
    content = (path if path.exists() else DEFAULT_CHARTER).read_bytes()
    return content, parse_charter(content)


@pytest.mark.parametrize("name", STORED)
def test_a_stored_charter_keeps_its_bytes_and_digests(name: str) -> None:
    content, charter = stored(name)
    assert charter.canonical() == content
    assert (charter.digest(), charter.encoding_digest()) == STORED[name][:2]


@pytest.mark.parametrize("name", STORED)
def test_a_row_and_an_empty_one_are_encoded_as_they_were(name: str) -> None:
    charter = stored(name)[1]
    today = charter.encoding.model_copy(update={"rules_digest": ruleset_digest()})
    charter = charter.model_copy(update={"encoding": today})
    encoder = RowEncoder(charter, ProjectKeys(b"k" * 32, "the same terms"))
    rows = [[ROW[column] for column in identifiers(charter)], [""] * len(ROW)]
    sent = encoder.encode([b"0" * 16, b"1" * 16], rows)
    assert hashlib.sha256(sent.tobytes()).hexdigest() == STORED[name][2]
