"""Bit for bit: our CLKs are clkhash's, and what it refuses we refuse, row by row."""

from __future__ import annotations

import base64
import datetime
from copy import deepcopy
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from encoder.encoding.clk import ClkEncoder, ValuesRefused, from_clkhash_json, to_clkhash_json
from tests.support.thorough import how_many

Row = tuple[str, ...]
Values = st.SearchStrategy[str]


def clkhash_rows(schema: dict[str, Any], rows: list[Row], secret: bytes) -> list[bytes | None]:
    """clkhash's bytes of every row by itself, None where it breaks off."""
    from clkhash.clk import generate_clks
    from clkhash.schema import from_json_dict

    parsed = from_json_dict(deepcopy(schema))
    found: list[bytes | None] = []
    for row in rows:
        try:
            found.append(generate_clks([row], parsed, secret, max_workers=1)[0].tobytes())
        except (ValueError, OverflowError):
            found.append(None)
    return found


def columns(encoder: ClkEncoder, rows: list[Row]) -> dict[str, list[str]]:
    return {name: [row[i] for row in rows] for i, name in enumerate(encoder.identifiers)}


def our_rows(encoder: ClkEncoder, rows: list[Row]) -> list[bytes | None]:
    """The same from us: refused rows are left out, and the others encoded without them."""
    refused = refused_rows(encoder, rows)
    kept = [row for at, row in enumerate(rows) if at not in refused]
    encoded = encoder.encode(columns(encoder, kept))
    assert encoded.dtype == np.uint8
    assert encoded.shape == (len(kept), (encoder.bits + 7) // 8)
    left = iter(encoded)
    return [None if at in refused else next(left).tobytes() for at in range(len(rows))]


def refused_rows(encoder: ClkEncoder, rows: list[Row]) -> set[int]:
    try:
        encoder.encode(columns(encoder, rows))
    except ValuesRefused as error:
        return set(error.rows)
    return set()


# Formats, each with values that mostly fit

unicode_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
words = st.text(alphabet="ABE IKN'É", max_size=9)
anything = st.one_of(words, unicode_text, st.text(max_size=3))
integers = st.integers(-(10**6), 10**20).map(str)
numbers = st.one_of(
    integers,
    st.floats(-1e6, 1e6).map(str),
    st.sampled_from([" 7", "+7", "007", "7_0", "٣", "1e3", "-0.5", "nan", "inf", "1e400", "x"]),
)


@st.composite
def texts(draw: st.DrawFn) -> tuple[dict[str, Any], Values]:
    shape: dict[str, Any] = {"type": "string"}
    if draw(st.booleans()):
        shape["encoding"] = draw(st.sampled_from(["ascii", "utf-8", "utf-16", "utf-32"]))
    if draw(st.integers(0, 4)) == 0:
        return shape | {
            "pattern": draw(st.sampled_from(["[A-Z ]*", "(?i)[aeik]+.?", ""]))
        }, anything
    if draw(st.booleans()):
        shape["case"] = draw(st.sampled_from(["upper", "lower", "mixed"]))
    if draw(st.integers(0, 3)) == 0:
        shape |= {"minLength": draw(st.integers(0, 2)), "maxLength": draw(st.integers(3, 8))}
    return shape, anything


@st.composite
def whole_numbers(draw: st.DrawFn) -> tuple[dict[str, Any], Values]:
    shape: dict[str, Any] = {"type": "integer"}
    if draw(st.booleans()):
        shape["minimum"] = draw(st.integers(-100, 100))
    if draw(st.booleans()):
        shape["maximum"] = draw(st.integers(1000, 10**7))
    return shape, st.one_of(integers, numbers)


@st.composite
def dates(draw: st.DrawFn) -> tuple[dict[str, Any], Values]:
    written = draw(st.sampled_from(["%Y-%m-%d", "%d/%m/%y", "%Y%m%d", "%d %b %Y", "%H"]))
    days = st.dates(datetime.date(1000, 1, 1)).map(lambda day: day.strftime(written))
    return {"type": "date", "format": written}, st.one_of(days, days, words)


@st.composite
def enums(draw: st.DrawFn) -> tuple[dict[str, Any], Values]:
    values = draw(st.lists(words, min_size=1, max_size=4))
    return {"type": "enum", "values": values}, st.one_of(st.sampled_from(values), words)


# How they are hashed

ngrams = st.fixed_dictionaries(
    {"type": st.just("ngram"), "n": st.integers(1, 5)}, optional={"positional": st.booleans()}
)
numeric = st.fixed_dictionaries(
    {
        "type": st.just("numeric"),
        "thresholdDistance": st.one_of(st.integers(1, 50), st.floats(1, 50)),
        "resolution": st.integers(1, 6),
    },
    optional={"fractional_precision": st.integers(0, 3)},
)
exact = st.just({"type": "exact"})
blake = st.just({"type": "blakeHash"})
double = st.fixed_dictionaries(
    {"type": st.just("doubleHash")}, optional={"prevent_singularity": st.booleans()}
)
strategies = st.one_of(
    st.fixed_dictionaries({"bitsPerToken": st.integers(1, 70)}),
    st.fixed_dictionaries({"bitsPerFeature": st.integers(1, 300)}),
)
missing = st.fixed_dictionaries(
    {"sentinel": st.sampled_from(["", "N/A", "0"])},
    optional={"replaceWith": st.one_of(anything, numbers)},
)


@st.composite
def features(draw: st.DrawFn, name: str, hashes: Any) -> tuple[dict[str, Any], Values]:
    shape, values = draw(st.one_of(texts(), texts(), whole_numbers(), dates(), enums()))
    comparison = draw(st.one_of(ngrams, ngrams, exact, numeric))
    if comparison["type"] == "numeric" and shape["type"] == "string":
        values = st.one_of(numbers, numbers, values)
    hashing = {"strategy": draw(strategies), "comparison": comparison}
    hash_ = draw(hashes)
    if hash_ is not None:
        hashing["hash"] = hash_
    if draw(st.booleans()):
        hashing["missingValue"] = draw(missing)
        values = st.one_of(values, values, st.just(hashing["missingValue"]["sentinel"]))
    feature = {"identifier": name, "format": shape, "hashing": hashing}
    if draw(st.integers(0, 9)) == 0:
        feature = {"identifier": name, "ignored": True}
    return feature, values


@st.composite
def schemas_and_rows(draw: st.DrawFn) -> tuple[dict[str, Any], list[Row]]:
    # BLAKE needs a power of two; double hashing takes any length.
    by_double = draw(st.integers(0, 2)) == 0
    length = draw(st.integers(2, 200) if by_double else st.sampled_from([1, 8, 64, 512, 1024]))
    hashes = double if by_double else st.one_of(st.none(), blake, double)
    if length == 1:
        hashes = blake
    chosen = [draw(features(f"f{n}", hashes)) for n in range(draw(st.integers(1, 4)))]
    kdf = st.fixed_dictionaries(
        {"type": st.just("HKDF")},
        optional={
            "hash": st.sampled_from(["SHA256", "SHA512"]),
            "salt": st.binary(max_size=8).map(lambda data: base64.b64encode(data).decode()),
            "info": st.binary(max_size=8).map(lambda data: base64.b64encode(data).decode()),
            "keySize": st.sampled_from([1, 32, 64]),
        },
    )
    config: dict[str, Any] = {"l": length, "kdf": draw(kdf)}
    # The first name is the one that clkhash reads; the second is the one in its JSON Schema.
    config |= draw(st.dictionaries(st.sampled_from(["xor_folds", "xorFolds"]), st.integers(0, 3)))
    schema = {"version": 3, "clkConfig": config, "features": [f for f, _ in chosen]}
    return schema, draw(st.lists(st.tuples(*(values for _, values in chosen)), max_size=8))


@settings(
    max_examples=how_many(400, default=100),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(drawn=schemas_and_rows(), secret=st.binary(min_size=1, max_size=40))
def test_equal_to_clkhash_on_every_schema(
    drawn: tuple[dict[str, Any], list[Row]], secret: bytes
) -> None:
    schema, rows = drawn
    encoder = ClkEncoder(schema, secret)
    expected = clkhash_rows(schema, rows, secret)
    assert our_rows(encoder, rows) == expected
    # Again, all tokens known by now, in another order and company.
    assert our_rows(encoder, [*rows[::-1], *rows]) == [*expected[::-1], *expected]


@pytest.mark.usefixtures("_small_steps")
@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(drawn=schemas_and_rows())
def test_equal_however_little_is_kept_or_done_at_once(
    drawn: tuple[dict[str, Any], list[Row]],
) -> None:
    schema, rows = drawn
    assume(rows)
    encoder = ClkEncoder(schema, b"secret")
    assert our_rows(encoder, rows * 3) == clkhash_rows(schema, rows, b"secret") * 3


@pytest.fixture(scope="module")
def _small_steps() -> Any:
    """Blocks of three rows, two values, one mask; nothing kept from one to the next."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("encoder.encoding.clk.encoder._ROWS_AT_ONCE", 3)
        patch.setattr("encoder.encoding.clk.masks._VALUES_AT_ONCE", 2)
        patch.setattr("encoder.encoding.clk.masks._KEPT_BYTES", 0)
        patch.setattr("encoder.encoding.clk.layout._BITS_AT_ONCE", 1)
        patch.setattr("encoder.encoding.clk.tokens._POSSIBLE_FOR_EACH", 0)
        yield


@given(st.integers(0, 5), st.integers(1, 130), st.randoms(use_true_random=False))
def test_json_there_and_back(rows: int, length: int, random: Any) -> None:
    data = bytes(random.getrandbits(8) for _ in range(rows * length))
    clks = np.frombuffer(data, np.uint8).reshape(rows, length)
    again = from_clkhash_json(to_clkhash_json(clks))
    assert again.dtype == np.uint8
    assert again.tobytes() == clks.tobytes()
    assert again.shape == (clks.shape if rows else (0, 0))
