"""Contrary codes in a charter: earlier charters stay what they were, contradictions are named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from encoder.encoding.project_keys import ProjectKeys
from encoder.encoding.terms import RowEncoder
from encoder.normalise import ruleset_digest
from policy.base.errors import BadInput
from policy.charter import parse_charter
from policy.formats.bundle_row import EncodingShape, RowPlaces
from tests.benchmarks.quality.methods import default_charter, plain_charter

# Written and digested by the build before contrary codes.
STORED = Path(__file__).parent / "vectors" / "charter-of-padan-id-2.json"
DIGEST = "628de9138484bb602b39d4fe4a109b49441eca6d08ab305728cf9d669e508638"
TERMS = "c04cad3f12c8189b0f4807ef3fef3deab1c62afa4a732fb22ed50442e6821975"
PROBED = "2c132c97d22d3a66e5a804f628b59a629e14278d32bd933ac053e3f4f0ed0e8b"


def test_a_charter_without_codes_keeps_its_digests() -> None:
    charter = parse_charter(STORED.read_bytes())
    assert charter.digest() == DIGEST
    assert charter.terms_digest() == TERMS
    assert charter.encoding_digest() == PROBED
    assert charter.canonical() == STORED.read_bytes()


def test_rows_of_such_a_charter_are_as_wide_as_before() -> None:
    tree = json.loads(STORED.read_bytes())
    tree["encoding"]["rules_digest"] = ruleset_digest()
    charter = parse_charter(json.dumps(tree).encode())
    encoder = RowEncoder(charter, ProjectKeys(b"k" * 32, charter.terms_digest()))
    assert encoder.row_bytes == 16 + 8 * 128 + 16
    shapes = [json.loads(shape.canonical()) for shape in encoder.layout.shapes]
    assert {tuple(shape) for shape in shapes} == {("bits", "name", "tag_bits")}
    assert (
        RowPlaces.of([EncodingShape(name="utama", bits=1024, contrary=2)], 0).width == 16 + 128 + 32
    )


def changed(tree: dict[str, Any], **matching: Any) -> bytes:
    tree["matching"] |= matching
    return json.dumps(tree).encode()


def default_tree() -> dict[str, Any]:
    tree: dict[str, Any] = json.loads(default_charter().canonical())
    return tree


@pytest.mark.parametrize(
    ("rule", "named"),
    [
        ({"same_name_ppm": {"tiada": 900_000}}, "same_name_ppm"),
        ({"same_name_ppm": {"kk-nama": 0}}, "same_name_ppm"),
        ({"confirmed_ppm": {"nik-nama": 900_000}}, "confirmed_ppm"),
        ({"confirmed_ppm": {"lahir": 584_999}}, "confirmed_ppm"),
        ({"confirmed_ppm": {"lahir": 1_000_001}}, "confirmed_ppm"),
        ({"berat": 1}, "berat"),
    ],
)
def test_a_rule_that_does_not_fit_the_encodings_is_refused(
    rule: dict[str, Any], named: str
) -> None:
    with pytest.raises(BadInput, match=named):
        parse_charter(changed(default_tree(), contrary=rule))


def test_a_rule_without_codes_and_codes_without_compound_are_refused() -> None:
    plain = json.loads(plain_charter().canonical())
    with pytest.raises(BadInput, match="needs encodings with contrary codes"):
        parse_charter(changed(plain, contrary={}))
    plain = json.loads(plain_charter().canonical())
    plain["encoding"]["encodings"][0]["contrary"] = [["nik"]]
    with pytest.raises(BadInput, match="compound"):
        parse_charter(json.dumps(plain).encode())


def test_codes_need_no_rule_and_suffice_for_grades() -> None:
    tree = default_tree()
    del tree["matching"]["contrary"]
    tree["release"]["grades"] = True
    charter = parse_charter(json.dumps(tree).encode())
    assert charter.encoding.contrary_codes["kk"] == 3
    for each in tree["encoding"]["encodings"]:
        each.pop("contrary", None)
    with pytest.raises(BadInput, match="grades need"):
        parse_charter(json.dumps(tree).encode())


def test_a_code_under_a_column_that_nobody_has_is_refused() -> None:
    tree = default_tree()
    tree["encoding"]["encodings"][0]["contrary"] = [["nama.tiada"]]
    charter = parse_charter(json.dumps(tree).encode())
    with pytest.raises(Exception, match=r"nama\.tiada"):
        RowEncoder(charter, ProjectKeys(b"k" * 32, charter.terms_digest()))
