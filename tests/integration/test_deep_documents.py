"""Documents that nest without end, or refer to themselves, are errors in words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from policy.base.json_text import parse_json, parts_of
from tests.support.programme import command, expect

DEEP = 50_000
LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]\n"
    for before, name in zip("abcdefghi", "bcdefghij", strict=True)
)
DOCUMENTS = {
    "lists": "[" * DEEP,
    "closed": "[" * DEEP + "]" * DEEP,
    "objects": '{"a":' * DEEP + "1" + "}" * DEEP,
    "itself": "a: &a\n  b: *a\n",
    "aliases": LAUGHS,
}


@pytest.fixture(params=DOCUMENTS)
def document(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / "document.yaml"
    path.write_text(DOCUMENTS[request.param], encoding="utf-8")
    return path


def test_a_charter(document: Path) -> None:
    expect(command("padan-policy", "--json", "charter", "check", str(document)), "charter.syntax")


def test_a_schema_beside_a_charter(document: Path) -> None:
    charter = document.with_name("charter.yaml")
    charter.write_text(json.dumps({"encoding": {"encodings": {"file": document.name}}}))
    answer = command("padan-policy", "--json", "charter", "check", str(charter))
    assert answer.error is not None
    assert answer.error.code in ("schema.syntax", "charter.syntax")


@pytest.mark.parametrize("kind", ["lists", "closed", "objects", "itself"])
def test_a_mapping(kind: str, tmp_path: Path) -> None:
    rows, mapping = tmp_path / "rows.csv", tmp_path / "mapping.yaml"
    rows.write_text("nama\nBUDI\n")
    mapping.write_text(DOCUMENTS[kind])
    answer = command("padan-encoder", "--json", "check", str(rows), "--mapping", str(mapping))
    expect(answer, "mapping.malformed")


def test_json_is_read_or_a_value_error() -> None:
    for text in ("[" * DEEP, "[" * DEEP + "]" * DEEP, '{"a":' * DEEP, "", "nul"):
        with pytest.raises(ValueError):
            parse_json(text)
    assert parse_json(b'{"a": [1]}') == {"a": [1]}


def test_the_parts_of_a_document_have_paths() -> None:
    parts = {path: depth for path, depth, _ in parts_of({"a": [1, {"b": 2}]})}
    assert parts == {"$": 0, "$.a": 1, "$.a[0]": 2, "$.a[1]": 2, "$.a[1].b": 3}
