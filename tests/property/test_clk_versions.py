"""Schemas that are damaged, and schemas of versions 1 and 2: as clkhash takes or refuses them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from encoder.encoding.clk import ClkEncoder, to_version_3
from policy.base.errors import BadInput
from tests.property.test_clk import (
    Row,
    clkhash_rows,
    dates,
    enums,
    missing,
    our_rows,
    schemas_and_rows,
    texts,
    whole_numbers,
)
from tests.support.thorough import how_many

SECRET = b"secret"
NUMERIC = {"type": "numeric", "thresholdDistance": 3, "resolution": 2}
ODD: list[Any] = [
    *(None, True, False, 0, 1, 2, -1, 2.0, 2.5, "", "x", "3", [], ["x"], {}, {"type": "exact"}),
    *("AAAA", "A", "string", "integer", "(", "%Q", float("inf"), 10**30),
]
NAMES = [
    *("description", "ignored", "pattern", "minLength", "maximum", "encoding", "positional"),
    *("prevent_singularity", "replaceWith", "salt", "info", "keySize", "hash", "xorFolds"),
    *("bitsPerToken", "fractional_precision", "other"),
]


def parts(document: Any) -> Iterator[Any]:
    yield document
    children = document.values() if isinstance(document, dict) else document
    for child in children:
        if isinstance(child, dict | list):
            yield from parts(child)


@st.composite
def damaged(draw: st.DrawFn, schema: dict[str, Any]) -> dict[str, Any]:
    """The schema with one part replaced, added or left out."""
    schema = deepcopy(schema)
    part = draw(st.sampled_from(list(parts(schema))))
    if isinstance(part, list):
        part.append(draw(st.sampled_from(ODD)))
    elif part and draw(st.integers(0, 2)):
        name = draw(st.sampled_from(sorted(part)))
        if draw(st.integers(0, 3)):
            part[name] = draw(st.sampled_from(ODD))
        else:
            del part[name]
    else:
        part[draw(st.sampled_from(NAMES))] = draw(st.sampled_from(ODD))
    return schema


def clkhash_takes(schema: dict[str, Any]) -> int | None:
    """The columns, if clkhash parses the schema and does not break at every record."""
    from clkhash.clk import generate_clks
    from clkhash.field_formats import InvalidEntryError
    from clkhash.schema import MasterSchemaError, SchemaError, from_json_dict

    try:
        parsed = from_json_dict(deepcopy(schema))
        columns = len(parsed.fields)
        generate_clks([("0",) * columns], parsed, SECRET, max_workers=1)
    except InvalidEntryError:
        return columns
    except (SchemaError, MasterSchemaError, TypeError, ValueError, LookupError, AttributeError):
        return None
    except (ArithmeticError, re.error, AssertionError):
        return None
    return columns


# An encoder fails at a schema which fails at the value "0"; clkhash does at the row. Either
# may pass where the value is replaced or refused first.
BY_VALUE = re.compile(r"\$\.features\[\d+\]$")


@settings(
    max_examples=how_many(300, default=75), suppress_health_check=list(HealthCheck), deadline=None
)
@given(drawn=schemas_and_rows().flatmap(lambda d: st.tuples(damaged(d[0]), st.just(d[1]))))
def test_damaged_schemas_are_taken_and_refused_as_by_clkhash(
    drawn: tuple[dict[str, Any], list[Row]],
) -> None:
    schema, rows = drawn
    compare(schema, rows)


def compare(schema: dict[str, Any], rows: list[Row]) -> None:
    place = ""
    try:
        encoder = ClkEncoder(to_version_3(schema), SECRET)
    except BadInput as error:
        if error.code == "schema.bounds":
            return  # clkhash has no bounds, and would not end
        place = error.problem.en.removesuffix(".").rpartition(" ")[2]
    columns = clkhash_takes(schema)
    if place:
        assert columns is None or BY_VALUE.match(place), place
    elif columns is not None:
        assert len(encoder.identifiers) == columns
        named = len(set(encoder.identifiers)) == columns
        fitting = [row for row in rows if named and len(row) == columns]
        assert our_rows(encoder, fitting) == clkhash_rows(schema, fitting, SECRET)


# Versions 1 and 2

kdf = st.just({"type": "HKDF"})
double = {"type": "doubleHash"}


@st.composite
def earlier_feature(draw: st.DrawFn, name: str, version: int) -> tuple[dict[str, Any], Any]:
    shape, values = draw(st.one_of(texts(), whole_numbers(), dates(), enums()))
    hashing: dict[str, Any] = {"ngram": draw(st.integers(1, 4))}
    if draw(st.booleans()):
        hashing["positional"] = draw(st.booleans())
    if draw(st.booleans()):
        hashing["missingValue"] = draw(missing)
    if version == 1 and draw(st.booleans()):
        hashing["weight"] = draw(st.sampled_from([0, 0.5, 1, 1.0, 1.25, 2, 2.5, 0.01]))
    if version == 2:
        hashing["strategy"] = draw(
            st.one_of(
                st.fixed_dictionaries({"k": st.integers(1, 30)}),
                st.fixed_dictionaries({"numBits": st.integers(1, 300)}),
            )
        )
        if draw(st.booleans()):
            hashing["hash"] = draw(st.sampled_from([double, {"type": "blakeHash"}]))
    feature = {"identifier": name, "format": shape, "hashing": hashing}
    if draw(st.integers(0, 5)) == 0:
        feature = {"identifier": name, "ignored": True}
    return feature, values


@st.composite
def earlier(draw: st.DrawFn) -> tuple[dict[str, Any], list[Row]]:
    version = draw(st.sampled_from([1, 2]))
    chosen = [draw(earlier_feature(f"f{n}", version)) for n in range(draw(st.integers(1, 3)))]
    config: dict[str, Any] = {"l": draw(st.sampled_from([64, 512])), "kdf": draw(kdf)}
    if version == 1:
        kinds = [double, {"type": "blakeHash"}, double | {"prevent_singularity": True}]
        config |= {"k": draw(st.integers(1, 30)), "hash": draw(st.sampled_from(kinds))}
    config |= draw(st.dictionaries(st.sampled_from(["xor_folds", "xorFolds"]), st.integers(0, 2)))
    schema = {"version": version, "clkConfig": config, "features": [f for f, _ in chosen]}
    return schema, draw(st.lists(st.tuples(*(values for _, values in chosen)), max_size=6))


@settings(
    max_examples=how_many(100, default=50), suppress_health_check=list(HealthCheck), deadline=None
)
@given(drawn=earlier())
def test_earlier_versions_mean_what_clkhash_makes_of_them(
    drawn: tuple[dict[str, Any], list[Row]],
) -> None:
    schema, rows = drawn
    before = deepcopy(schema)
    compare(schema, rows)
    assert schema == before


@settings(
    max_examples=how_many(200, default=50), suppress_health_check=list(HealthCheck), deadline=None
)
@given(drawn=earlier().flatmap(lambda d: st.tuples(damaged(d[0]), st.just(d[1]))))
def test_damaged_schemas_of_earlier_versions(drawn: tuple[dict[str, Any], list[Row]]) -> None:
    compare(*drawn)


@pytest.mark.parametrize(
    "change",
    [
        {"missingValue": None},
        {"missingValue": {"sentinel": "", "replaceWith": None}},
        {"hash": {"type": "doubleHash", "prevent_singularity": None}},
        {"hash": {"type": "blakeHash", "prevent_singularity": None}},
        {"comparison": {"type": "numeric", "thresholdDistance": 8, "resolution": 2}},
        {"comparison": {"type": "numeric", "thresholdDistance": 9, "resolution": 3}},
        {"comparison": NUMERIC | {"fractional_precision": 2.0}},
        {"comparison": NUMERIC | {"fractional_precision": True}},
        {"strategy": {"bitsPerToken": 3.0}},
        {"strategy": {"bitsPerToken": 3, "bitsPerFeature": 3}},
    ],
)
def test_parts_that_are_rarely_written(change: dict[str, Any]) -> None:
    hashing = {"comparison": {"type": "exact"}, "strategy": {"bitsPerToken": 3}} | change
    feature = {"identifier": "a", "format": {"type": "string"}, "hashing": hashing}
    config = {"l": 64, "kdf": {"type": "HKDF"}}
    schema = {"version": 3, "clkConfig": config, "features": [feature]}
    values = ["0", "1", "2", "3", "4", "10.5", "11.25", "-7", "1e400", "", "x", "1_0", " 4"]
    compare(schema, [(value,) for value in values])


def test_a_column_is_ignored_by_true_alone() -> None:
    config = {"l": 64, "kdf": {"type": "HKDF"}}
    for ignored in (True, 1, 1.0, "true", None, False):
        feature = {"identifier": "a", "ignored": ignored}
        compare({"version": 3, "clkConfig": config, "features": [feature]}, [("0",)])


def test_whole_numbers_of_version_1_are_written_without_a_point() -> None:
    feature = {"identifier": "a", "format": {"type": "string", "minLength": 1}}
    feature["hashing"] = {"ngram": 2}
    config = {"l": 64, "k": 3, "kdf": {"type": "HKDF"}, "hash": {"type": "blakeHash"}}
    schema: dict[str, Any] = {"version": 1, "clkConfig": config, "features": [feature]}
    compare(schema, [("0",)])
    compare(schema | {"minLength": 2.0}, [("0",)])
    feature["format"] = {"type": "string", "minLength": 1.0}
    compare(schema, [("0",)])
    with pytest.raises(BadInput):
        to_version_3(schema)


@pytest.mark.parametrize("version", [0, 4, True, "1", None])
def test_other_versions_are_refused(version: object) -> None:
    with pytest.raises(BadInput) as caught:
        to_version_3({"version": version, "clkConfig": {}, "features": []})
    assert caught.value.problem.en.endswith("see $.version.")
