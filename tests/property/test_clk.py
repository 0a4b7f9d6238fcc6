"""Bit for bit: our CLKs are clkhash's, on random schemas and random Unicode records."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from encoder.clk import ClkEncoder
from policy.errors import BadInput

SCHEMAS = Path(__file__).parents[2] / "encoder" / "schemas"
SECRET = b"a project subkey of thirty-two b"


def oracle(schema: dict[str, Any], records: list[tuple[str, ...]], secret: bytes) -> bytes:
    """clkhash's own output for these records, validation left out as it is for us."""
    from clkhash.clk import generate_clks
    from clkhash.schema import from_json_dict

    clks = generate_clks(records, from_json_dict(schema), secret, validate=False, max_workers=1)
    return b"".join(clk.tobytes() for clk in clks)


def ours(schema: dict[str, Any], records: list[tuple[str, ...]], secret: bytes) -> bytes:
    encoder = ClkEncoder(schema, secret)
    columns = dict(zip(encoder.identifiers, zip(*records, strict=True), strict=True))
    encoded = encoder.encode(columns)
    assert encoded.dtype == np.uint8
    assert encoded.shape == (len(records), encoder.bits // 8)
    return encoded.tobytes()


ngrams = st.builds(
    lambda n, positional: {"type": "ngram", "n": n, "positional": positional},
    st.integers(1, 4),
    st.booleans(),
)
numeric = st.builds(
    lambda distance, resolution, precision: {
        "type": "numeric",
        "thresholdDistance": distance,
        "resolution": resolution,
        "fractionalPrecision": precision,
    },
    st.integers(1, 50),
    st.integers(1, 6),
    st.integers(0, 3),
)
hashes = st.one_of(
    st.just({"type": "blakeHash"}),
    st.builds(
        lambda prevent: {"type": "doubleHash", "prevent_singularity": prevent}, st.booleans()
    ),
)
strategies = st.one_of(
    st.builds(lambda bits: {"bitsPerToken": bits}, st.integers(1, 40)),
    st.builds(lambda bits: {"bitsPerFeature": bits}, st.integers(1, 300)),
)
missing = st.one_of(
    st.none(),
    st.builds(lambda to: {"sentinel": "", "replaceWith": to}, st.text(max_size=5)),
    st.just({"sentinel": "N/A"}),
)


@st.composite
def features(draw: st.DrawFn, number: int) -> tuple[dict[str, Any], st.SearchStrategy[str]]:
    hashing: dict[str, Any] = {"strategy": draw(strategies), "hash": draw(hashes)}
    words: st.SearchStrategy[str] = st.text(st.characters(codec="utf-8"), max_size=12)
    if draw(st.integers(0, 3)) == 0:
        hashing["comparison"] = draw(numeric)
        words = st.one_of(st.just(""), st.integers(-(10**6), 10**6).map(str))
    else:
        hashing["comparison"] = draw(st.one_of(ngrams, st.just({"type": "exact"})))
        found = draw(missing)
        if found is not None:
            hashing["missingValue"] = found
            words = st.one_of(words, st.just(found["sentinel"]))
    if draw(st.integers(0, 9)) == 0:
        return {"identifier": f"f{number}", "ignored": True}, words
    return {
        "identifier": f"f{number}",
        "format": {"type": "string", "encoding": "utf-8"},
        "hashing": hashing,
    }, words


@st.composite
def schemas_and_records(draw: st.DrawFn) -> tuple[dict[str, Any], list[tuple[str, ...]]]:
    chosen = [draw(features(number)) for number in range(draw(st.integers(1, 4)))]
    config: dict[str, Any] = {
        "l": draw(st.sampled_from([64, 128, 512, 1024])),
        "xorFolds": draw(st.integers(0, 2)),
        "kdf": {
            "type": "HKDF",
            "hash": draw(st.sampled_from(["SHA256", "SHA512"])),
            "salt": base64.b64encode(draw(st.binary(max_size=8))).decode(),
            "info": base64.b64encode(draw(st.binary(max_size=8))).decode(),
            "keySize": draw(st.sampled_from([32, 64])),
        },
    }
    schema = {"version": 3, "clkConfig": config, "features": [f for f, _ in chosen]}
    record = st.tuples(*(words for _, words in chosen))
    return schema, draw(st.lists(record, min_size=1, max_size=8))


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(drawn=schemas_and_records(), secret=st.binary(min_size=1, max_size=40))
def test_equal_to_clkhash_on_random_schemas(
    drawn: tuple[dict[str, Any], list[tuple[str, ...]]], secret: bytes
) -> None:
    schema, records = drawn
    assert ours(schema, records, secret) == oracle(schema, records, secret)


@pytest.mark.parametrize("name", ["padan-id-1", "febrl4"])
def test_equal_to_clkhash_on_the_shipped_schemas(name: str) -> None:
    from encoder.canaries import normalise_rows
    from encoder.synthetic.published_records import published_records

    schema = json.loads((SCHEMAS / f"{name}.json").read_text())
    width = len(schema["features"])
    kinds: Any = {"nama": "name", "lahir": "date", "jk": "sex", "kelurahan": "text"}
    rows = normalise_rows(kinds, published_records(kinds, 300))
    records = [(*row, "", "")[:width] if width > len(row) else row[:width] for row in rows]
    encoded = ours(schema, records, SECRET)
    assert encoded == oracle(schema, records, SECRET)
    assert len(set(zip(*[iter(encoded)] * 128, strict=True))) > 250


def test_a_typical_record_sets_two_fifths_of_the_bits() -> None:
    schema = json.loads((SCHEMAS / "padan-id-1.json").read_text())
    record = ("BUDI SANTOSO", "1980", "4", "17", "M", "CAKUNG")
    bits = np.unpackbits(np.frombuffer(ours(schema, [record], SECRET), np.uint8)).sum()
    assert 0.30 < bits / 1024 < 0.48


def test_secrets_make_different_filters() -> None:
    schema = json.loads((SCHEMAS / "padan-id-1.json").read_text())
    record = ("BUDI SANTOSO", "1980", "4", "17", "M", "CAKUNG")
    assert ours(schema, [record], b"one") != ours(schema, [record], b"two")


@pytest.mark.parametrize(
    "schema", [{}, {"version": 2}, {"version": 3}, {"version": 3, "clkConfig": {}}]
)
def test_other_schemas_are_refused(schema: dict[str, Any]) -> None:
    with pytest.raises(BadInput) as caught:
        ClkEncoder(schema, SECRET)
    assert caught.value.code == "schema.invalid"
