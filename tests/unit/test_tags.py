"""Block tags as the encoder makes them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import yaml
from numpy.typing import NDArray
from typer.testing import CliRunner

from encoder.cli import app
from encoder.encoding.block_tags import Tagger
from encoder.encoding.project_keys import ProjectKeys
from encoder.encoding.terms import RowEncoder, identifiers
from encoder.probe.draws import Draws
from encoder.probe.group import people_of_one_year
from encoder.probe.sent import sent
from policy.base.errors import BadInput, Refused
from policy.charter import Charter, Encoding, parse_charter
from policy.charter.gaps import gaps
from policy.charter.tags import all_tag_bits, budget, tags_of
from policy.formats.contrary_code import CONTRARY_CODE_BYTES
from tests.benchmarks.quality.methods import (
    default_charter,
    earlier_charter,
    plain_charter,
    tagged,
    tagged_charter,
)

HANDLES = [bytes([row]) * 16 for row in range(6)]


def numbers(tags: NDArray[np.uint8]) -> list[int]:
    return [int(each) for each in tags.view("<u2").ravel()]


def test_equal_values_have_one_tag_and_a_missing_one_its_own() -> None:
    columns = {"a": ["x", "x", "y", "", "", "x"], "b": ["1", "1", "1", "1", "1", ""]}
    tags = numbers(Tagger(("a", "b"), 16, b"k" * 32).tags(columns, HANDLES))
    assert tags[0] == tags[1]
    assert len(set(tags)) == 5
    assert max(numbers(Tagger(("a", "b"), 3, b"k" * 32).tags(columns, HANDLES))) < 8
    other = numbers(Tagger(("a", "b"), 16, b"l" * 32).tags(columns, HANDLES))
    assert not set(tags) & set(other)


def test_values_are_not_run_together() -> None:
    columns = {"a": ["ab", "a"], "b": ["c", "bc"]}
    tags = numbers(Tagger(("a", "b"), 16, b"k" * 32).tags(columns, HANDLES[:2]))
    assert tags[0] != tags[1]


def test_tags_follow_the_encodings_and_change_nothing_else() -> None:
    without = earlier_charter()
    charter = tagged(without, 9)
    columns = people_of_one_year(charter, 40, 1)
    rows = list(zip(*(columns[name] for name in identifiers(charter)), strict=True))
    handles = [row.to_bytes(16, "big") for row in range(40)]
    # The terms differ, and with them all keys; here only the tags are to differ.
    keys = ProjectKeys(b"k" * 32, "the same terms")
    plain = RowEncoder(without, keys).encode(handles, rows)
    encoder = RowEncoder(charter, keys)
    sent = encoder.encode(handles, rows)
    count = len(charter.encoding.encodings)
    assert sent.shape == (40, encoder.row_bytes) == (40, plain.shape[1] + 2 * count)
    codes = CONTRARY_CODE_BYTES * sum(shape.contrary for shape in encoder.layout.shapes)
    end = sent.shape[1] - encoder.layout.token_bytes - codes
    tags = sent[:, end - 2 * count : end]
    assert np.array_equal(np.delete(sent, range(end - 2 * count, end), axis=1), plain)
    values = np.ascontiguousarray(tags).view("<u2")
    assert values.max() < 2**9
    assert len(np.unique(values)) > 20


def with_tag(charter: Charter, bits: int, columns: list[str]) -> Charter:
    tree = json.loads(charter.canonical())
    tree["encoding"]["encodings"][0] |= {"tag": columns, "tag_bits": bits}
    return parse_charter(json.dumps(tree).encode())


def test_a_charter_names_columns_and_bits_of_a_tag_or_neither() -> None:
    with pytest.raises(BadInput, match="or neither"):
        with_tag(plain_charter(), 0, ["jk"])


def test_under_compound_a_tag_outside_the_salt_would_lose_people() -> None:
    with pytest.raises(BadInput, match="salt columns"):
        with_tag(default_charter(), 8, ["jk"])


def test_a_tag_of_a_column_that_nobody_has_is_refused() -> None:
    charter = with_tag(plain_charter(), 8, ["tiada"])
    with pytest.raises(Refused, match="tiada"):
        RowEncoder(charter, ProjectKeys(b"k" * 32, charter.terms_digest()))


def test_the_shipped_encodings_come_with_tags_where_asked(tmp_path: Path) -> None:
    out = tmp_path / "encodings.yaml"
    ask = ("schema", "padan-id-3", "--tag-bits", "9", "--out", str(out))
    assert CliRunner().invoke(app, ask).exit_code == 0
    written = yaml.safe_load(out.read_text(encoding="utf-8"))
    assert written == tagged(earlier_charter(), 9).model_dump(mode="json")["encoding"]["encodings"]
    ask = ("schema", "padan-id-1", "--tag-bits", "9", "--out", str(out))
    assert isinstance(CliRunner().invoke(app, ask).exception, BadInput)


def changed(charter: Charter, name: str, **tag: object) -> Charter:
    tree = json.loads(charter.canonical())
    next(each for each in tree["encoding"]["encodings"] if each["name"] == name).update(tag)
    return parse_charter(json.dumps(tree).encode())


def test_the_default_has_few_tags_within_what_the_largest_list_allows() -> None:
    charter = tagged_charter(12_000_000)
    assert tags_of(charter) == {("nik.front",): 5, ("kk",): 6, ("nama.head",): 6}
    assert all_tag_bits(charter) == budget(12_000_000) == 17
    assert all_tag_bits(tagged_charter(1_000_000)) == 13
    assert all_tag_bits(tagged_charter(100)) == 0
    gaps_of_tags = [gap for gap in gaps(charter) if "17 bits" in gap.problem.en]
    assert len(gaps_of_tags) == len(charter.datasets)
    assert not any(gap.blocking for gap in gaps_of_tags)


def test_encodings_with_the_same_tag_columns_share_one_tag() -> None:
    charter = tagged_charter(12_000_000)
    columns = people_of_one_year(charter, 30, 1)
    tags = sent(charter, ProjectKeys(b"k" * 32, charter.terms_digest()), columns, Draws(1)).tags
    tagged_by = [each.tag for each in charter.encoding.encodings if each.tag_bits]
    for one, tag in zip(tagged_by, tags, strict=True):
        for other, more in zip(tagged_by, tags, strict=True):
            assert np.array_equal(tag, more) == (one == other)


def test_under_compound_1_two_tags_of_one_card_multiply() -> None:
    """The negative control: what the next tests refuse is what the former profile did."""
    assert all_tag_bits(tagged(earlier_charter(), 8)) == 64


def test_more_bits_than_the_largest_list_allows_are_refused() -> None:
    with pytest.raises(BadInput, match="18 bits; lists of this size allow 17"):
        changed(tagged_charter(12_000_000), "nik-depan", tag_bits=6)


def test_two_tags_of_one_column_are_refused() -> None:
    with pytest.raises(BadInput, match="a column has one tag"):
        changed(tagged_charter(1_000_000), "kk-nama", tag_bits=3)


def test_card_and_address_are_not_both_tagged() -> None:
    with pytest.raises(BadInput, match="they show households"):
        changed(tagged_charter(1_000_000), "alamat", tag=["kelurahan", "rtrw"], tag_bits=2)


def test_tags_by_list_size_are_for_encodings_that_are_split(tmp_path: Path) -> None:
    out = tmp_path / "encodings.yaml"
    for ask in (("padan-id-3", "--rows", "1000"), ("padan-id-5", "--tag-bits", "8")):
        done = CliRunner().invoke(app, ["schema", *ask, "--out", str(out)])
        assert isinstance(done.exception, BadInput)
    done = CliRunner().invoke(app, ["schema", "padan-id-5", "--rows", "9000000", "--out", str(out)])
    assert done.exit_code == 0
    written = yaml.safe_load(out.read_text(encoding="utf-8"))
    found = tuple(Encoding.model_validate_json(json.dumps(each)) for each in written)
    assert found == tagged_charter(9_000_000).encoding.encodings
