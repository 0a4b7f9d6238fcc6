"""The CLK encoder's face: what it takes, what it refuses, and how it says so."""

from __future__ import annotations

import copy
import io
import json
import pickle
import subprocess
import sys
import tracemalloc
from typing import Any

import numpy as np
import pytest

import encoder.encoding.clk
from encoder.encoding.clk import ClkEncoder, ValuesRefused, from_clkhash_json, to_clkhash_json
from policy.base.errors import BadInput

SECRET = b"a project subkey of thirty-two b"
HKDF = {"type": "HKDF"}


def feature(name: str, **changes: Any) -> dict[str, Any]:
    hashing = {"comparison": {"type": "ngram", "n": 2}, "strategy": {"bitsPerFeature": 50}}
    shape = changes.pop("format", {"type": "string"})
    return {"identifier": name, "format": shape, "hashing": hashing | changes}


def schema(*features: dict[str, Any], **config: Any) -> dict[str, Any]:
    return {
        "version": 3,
        "clkConfig": {"l": 256, "kdf": HKDF} | config,
        "features": list(features) or [feature("name")],
    }


def test_the_public_face() -> None:
    assert encoder.encoding.clk.__all__ == [
        "ClkEncoder",
        "ValuesRefused",
        "from_clkhash_json",
        "to_clkhash_json",
        "to_version_3",
    ]


def test_encoding_loads_no_clkhash_and_warns_of_nothing() -> None:
    code = f"""
import sys
import encoder.encoding.clk
encoder.encoding.clk.ClkEncoder({schema()!r}, b"secret").encode({{"name": ["A"]}})
unwanted = ("clkhash", "jsonschema", "pkg_resources", "bitarray")
assert not {{name for name in sys.modules if name.split(".")[0] in unwanted}}
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_shapes_and_names() -> None:
    wanted = schema(feature("name"), {"identifier": "id", "ignored": True}, feature("town"))
    encoder = ClkEncoder(wanted, SECRET)
    assert encoder.identifiers == ("name", "id", "town")
    assert encoder.bits == 256
    for rows in (0, 1, 3):
        encoded = encoder.encode({"name": ["A"] * rows, "town": ["B"] * rows})
        assert (encoded.shape, encoded.dtype) == ((rows, 32), np.uint8)


def test_bits_are_counted_after_the_folds() -> None:
    encoder = ClkEncoder(schema(xor_folds=2), SECRET)
    assert encoder.bits == 256
    assert encoder.encode({"name": ["A"]}).shape == (1, 32)


def test_ignored_columns_and_columns_of_others_change_nothing() -> None:
    with_id = ClkEncoder(schema({"identifier": "id", "ignored": True}, feature("name")), SECRET)
    one, two = (with_id.encode({"id": [x], "name": ["A"], "else": ["?"]}) for x in "12")
    assert one.tobytes() == two.tobytes() == with_id.encode({"name": ["A"]}).tobytes()


def test_columns_must_be_there_and_of_one_length() -> None:
    encoder = ClkEncoder(schema(feature("name"), feature("town")), SECRET)
    with pytest.raises(ValueError, match="different lengths"):
        encoder.encode({"name": ["A", "B"], "town": ["C"]})
    with pytest.raises(KeyError, match="town"):
        encoder.encode({"name": ["A", "B"]})


def test_secrets_make_different_filters() -> None:
    one, two = (ClkEncoder(schema(), s).encode({"name": ["ANI"]}) for s in (b"one", b"two"))
    assert one.tobytes() != two.tobytes()


def test_a_pickled_encoder_encodes_the_same() -> None:
    encoder = ClkEncoder(schema(feature("name"), feature("town")), SECRET)
    columns = {"name": ["ANI", ""], "town": ["", "CAKUNG"]}
    expected = encoder.encode(columns)
    again = pickle.loads(pickle.dumps(encoder))
    assert again.encode(columns).tobytes() == expected.tobytes()
    assert again.identifiers == encoder.identifiers


def test_the_schema_given_stays_as_it_was() -> None:
    given = schema(feature("name"))  # without `positional`, which clkhash writes into it
    before = copy.deepcopy(given)
    encoder = ClkEncoder(given, SECRET)
    assert given == before
    given["features"][0]["hashing"]["strategy"] = {"bitsPerToken": 1}
    assert pickle.loads(pickle.dumps(encoder)).encode({"name": ["ANI"]}).any()
    assert (
        pickle.loads(pickle.dumps(encoder)).encode({"name": ["ANI"]}).tobytes()
        == encoder.encode({"name": ["ANI"]}).tobytes()
    )


def test_cells_are_taken_as_they_stand_and_clkhash_strips_those_of_a_csv() -> None:
    from clkhash.clk import generate_clk_from_csv
    from clkhash.schema import from_json_dict

    cells = ["ANI", " ANI", "ANI "]
    encoder = ClkEncoder(schema(), SECRET)
    clks = generate_clk_from_csv(
        io.StringIO("name\n" + "\n".join(cells)),
        SECRET,
        from_json_dict(schema()),
        progress_bar=False,
        max_workers=1,
    )
    stripped = encoder.encode({"name": [cell.strip() for cell in cells]})
    assert stripped.tobytes() == b"".join(clk.tobytes() for clk in clks)
    as_they_stand = encoder.encode({"name": cells})
    assert as_they_stand[0].tobytes() != as_they_stand[1].tobytes()


def test_memory_does_not_grow_with_the_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("encoder.encoding.clk.masks._KEPT_BYTES", 1 << 16)
    monkeypatch.setattr("encoder.encoding.clk.hashing._DIGESTS_KEPT", 1 << 8)
    encoder = ClkEncoder(schema(feature("id", comparison={"type": "exact"}), l=1024), SECRET)
    encoder.encode({"id": ["0"]})  # what a process loads once is not counted
    held = []
    tracemalloc.start()
    for chunk in range(25):
        encoder.encode({"id": [f"{chunk}-{row}" for row in range(400)]})
        held.append(tracemalloc.get_traced_memory()[0])
    tracemalloc.stop()
    # All 10 000 tokens' masks would hold more than a megabyte.
    assert max(held) < 400_000
    assert max(held[15:]) <= max(held[:10]) + 50_000


# Values that do not fit

NUMERIC = {"type": "numeric", "thresholdDistance": 3, "resolution": 2}
SECRETIVE = "RAHASIA7"


@pytest.mark.parametrize(
    ("wrong", "fitting", "rule"),
    [
        ({"format": {"type": "enum", "values": ["M", "F"]}}, "M", '"values": ["M", "F"]'),
        ({"format": {"type": "string", "maxLength": 7}}, "", '"maxLength": 7'),
        ({"format": {"type": "string", "minLength": 9}}, "123456789", '"minLength": 9'),
        ({"format": {"type": "string", "pattern": "[A-Z]+"}}, "Z", '"pattern": "[A-Z]+"'),
        ({"format": {"type": "string", "case": "lower"}}, "z", '"case": "lower"'),
        ({"format": {"type": "integer"}}, "7", '"type": "integer"'),
        ({"format": {"type": "date", "format": "%Y"}}, "1999", '"format": "%Y"'),
        ({"comparison": NUMERIC}, "7.5", '"comparison": "numeric"'),
    ],
)
def test_a_value_that_does_not_fit_is_named_by_column_row_and_rule_only(
    wrong: dict[str, Any], fitting: str, rule: str
) -> None:
    encoder = ClkEncoder(schema(feature("other"), feature("code", **wrong)), SECRET)
    columns = {"other": ["A"] * 5, "code": [fitting, SECRETIVE, fitting, SECRETIVE, "RAHASIA8"]}
    with pytest.raises(ValuesRefused) as caught:
        encoder.encode(columns)
    error = caught.value
    assert error.rows == (1, 3, 4)
    assert error.columns == {"code": (1, 3, 4)}
    assert (error.code, error.exit_code) == ("clk.values", 3)
    for words in (error.problem.id, error.problem.en):
        assert "'code'" in words
        assert " 1 " in words or "ke-1 " in words
        assert rule in words
        assert words.rstrip(".").endswith("3")
    everything = repr((error, error.args, vars(error), error.__cause__, error.__context__))
    assert "RAHASIA" not in everything
    assert isinstance(error, BadInput)


def test_rows_refused_in_several_columns_and_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("encoder.encoding.clk.encoder._ROWS_AT_ONCE", 2)
    number = {"type": "integer"}
    encoder = ClkEncoder(schema(feature("a", format=number), feature("b", format=number)), SECRET)
    with pytest.raises(ValuesRefused) as caught:
        encoder.encode({"a": ["1", "2", "x", "4", "y"], "b": ["x", "2", "3", "4", "x"]})
    assert caught.value.columns == {"a": (2, 4), "b": (0, 4)}
    assert caught.value.rows == (0, 2, 4)
    assert "'b'" in caught.value.problem.en


def test_after_a_refusal_the_encoder_goes_on() -> None:
    encoder = ClkEncoder(schema(feature("a", format={"type": "integer"})), SECRET)
    with pytest.raises(ValuesRefused):
        encoder.encode({"a": ["12", "x"]})
    fresh = ClkEncoder(schema(feature("a", format={"type": "integer"})), SECRET)
    assert encoder.encode({"a": ["12"]}).tobytes() == fresh.encode({"a": [" +12"]}).tobytes()


@pytest.mark.parametrize("value", ["\ud800", "É"])
def test_what_cannot_be_written_in_the_columns_encoding_is_refused(value: str) -> None:
    ascii_only = feature("a", format={"type": "string", "encoding": "ascii"})
    with pytest.raises(ValuesRefused) as caught:
        ClkEncoder(schema(ascii_only), SECRET).encode({"a": ["A", value]})
    assert caught.value.rows == (1,)
    replaced = ascii_only | {
        "hashing": ascii_only["hashing"] | {"missingValue": {"sentinel": "", "replaceWith": value}}
    }
    with pytest.raises(ValuesRefused) as caught:
        ClkEncoder(schema(replaced), SECRET).encode({"a": ["A", ""]})
    assert caught.value.rows == (1,)


# Schemas that are refused


def test_the_schemas_of_these_tests_are_valid() -> None:
    ClkEncoder(schema(feature("a"), feature("b", comparison=NUMERIC), l=512), SECRET)


HASHING = "$.features[0].hashing"
BLAKE, DOUBLE = {"type": "blakeHash"}, {"type": "doubleHash"}


@pytest.mark.parametrize(
    ("wrong", "place"),
    [
        ({}, "$.version"),
        ({"version": 1}, "$.version"),
        ({"version": 2}, "$.version"),
        (schema() | {"version": 4}, "$.version"),
        (schema() | {"version": "3"}, "$.version"),
        ({"version": 3}, "$"),
        (schema(kdf={"type": "legacy"}), "$.clkConfig.kdf.type"),
        (schema(kdf=HKDF | {"salt": "A"}), "$.clkConfig.kdf.salt"),
        (schema(kdf=HKDF | {"keySize": 65}), "$.features[0]"),
        (schema(kdf=HKDF | {"keySize": 64.0}), "$.clkConfig.kdf.keySize"),
        (schema(*[feature(str(n)) for n in range(64)]), "$.clkConfig"),
        (schema(l=0), "$.clkConfig.l"),
        (schema(l=1000), "$.features[0]"),
        (schema(l=1024.0), "$.clkConfig.l"),
        (schema(xor_folds=-1), "$.clkConfig.xor_folds"),
        (schema(xor_folds="1"), "$.clkConfig.xor_folds"),
        (schema(feature("a", hash=DOUBLE | {"prevent_singularity": True}), l=1), "$.features[0]"),
        (
            schema(feature("a", hash=BLAKE | {"prevent_singularity": True})),
            f"{HASHING}.hash.prevent_singularity",
        ),
        (schema(feature("a"), feature("b", hash={"type": "md5"})), "$.features[1].hashing.hash"),
        (schema(feature("a", strategy={"bitsPerToken": 0})), f"{HASHING}.strategy.bitsPerToken"),
        (schema(feature("a", comparison={"type": "ngram", "n": 2.0})), f"{HASHING}.comparison.n"),
        (
            schema(feature("a", comparison=NUMERIC | {"thresholdDistance": 0.1})),
            f"{HASHING}.comparison",
        ),
        (
            schema(feature("a", comparison=NUMERIC | {"thresholdDistance": 1e999})),
            f"{HASHING}.comparison",
        ),
        (
            schema(feature("a", format={"type": "string", "pattern": "("})),
            "$.features[0].format.pattern",
        ),
        (schema(feature("a", format={"type": "date", "format": "%Y%Y"})), "$.features[0]"),
    ],
)
def test_other_schemas_are_refused_by_place(wrong: dict[str, Any], place: str) -> None:
    with pytest.raises(BadInput) as caught:
        ClkEncoder(wrong, SECRET)
    assert caught.value.code == "schema.invalid"
    assert caught.value.problem.en.endswith(f"see {place}.")
    assert caught.value.problem.id.endswith(f"lihat {place}.")


# clkhash's JSON


def test_json_is_what_clkhash_writes() -> None:
    from clkhash.clk import generate_clks
    from clkhash.schema import from_json_dict
    from clkhash.serialization import serialize_bitarray

    names = ["ANI", "BUDI", ""]
    clks = generate_clks([(n,) for n in names], from_json_dict(schema()), SECRET, max_workers=1)
    theirs = {"clks": [serialize_bitarray(clk) for clk in clks]}
    ours = ClkEncoder(schema(), SECRET).encode({"name": names})
    assert to_clkhash_json(ours) == theirs
    loaded = from_clkhash_json(json.loads(json.dumps(theirs)))
    assert loaded.tobytes() == ours.tobytes()
    assert loaded.flags.writeable


@pytest.mark.parametrize(
    ("document", "place"),
    [
        ({}, "$.clks"),
        ({"clks": "AAAA"}, "$.clks"),
        ({"clks": ["AAAA", 7]}, "$.clks[1]"),
        ({"clks": ["AAAA", "?"]}, "$.clks[1]"),
        ({"clks": ["AAAA", "AAA"]}, "$.clks[1]"),
        ({"clks": ["AAAA", "AAAA\n"]}, "$.clks[1]"),
        ({"clks": ["AAAA", "é"]}, "$.clks[1]"),
        ({"clks": ["AAAA", "AAAA", "AA=="]}, "$.clks[2]"),
    ],
)
def test_other_json_is_refused(document: dict[str, object], place: str) -> None:
    with pytest.raises(BadInput) as caught:
        from_clkhash_json(document)
    assert caught.value.code == "clk.json"
    assert caught.value.problem.en.endswith(f"see {place}.")
