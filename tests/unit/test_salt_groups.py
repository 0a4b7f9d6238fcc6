"""The bound on a salt's group: what lists may not go beyond."""

from __future__ import annotations

import json

import pytest

from encoder.store.salt_groups import require_bounded, told_groups
from policy.base.errors import BadInput, Refused
from policy.charter import Charter, parse_charter
from tests.benchmarks.quality.methods import default_charter, earlier_charter


def test_a_group_beyond_the_charters_bound_is_refused_by_name() -> None:
    charter = default_charter()
    require_bounded(charter, {"lahir": 30, "alamat": 30, "kk": 500})
    with pytest.raises(Refused, match="lahir"):
        require_bounded(charter, {"lahir": 31})
    assert "lahir 31" in told_groups({"lahir": 31})[0].en
    assert told_groups({}) == ()


def changed(charter: Charter, name: str, **change: object) -> Charter:
    tree = json.loads(charter.canonical())
    next(each for each in tree["encoding"]["encodings"] if each["name"] == name).update(change)
    return parse_charter(json.dumps(tree).encode())


@pytest.mark.parametrize(
    ("name", "change", "reason"),
    [
        ("lahir", {"split": []}, "with another column"),
        ("lahir", {"salt": ["lahir.day", "lahir.year"]}, "as a whole"),
        ("lahir", {"placeholder_split": []}, "placeholder dates"),
        ("nik-depan", {"placeholder_split": []}, "placeholder dates"),
        ("alamat", {"rounds": 0}, "salt and rounds"),
    ],
)
def test_salts_that_many_would_share_are_refused(
    name: str, change: dict[str, object], reason: str
) -> None:
    with pytest.raises(BadInput, match=reason):
        changed(default_charter(), name, **change)


def test_votes_that_would_repeat_are_refused() -> None:
    schema = json.loads(default_charter().canonical())["encoding"]["encodings"][5]["linkage_schema"]
    schema["clkConfig"]["l"] = 8192
    changed(default_charter(), "lahir", linkage_schema=schema)
    schema["clkConfig"]["l"] = 16384
    with pytest.raises(BadInput, match="rounds times l"):
        changed(default_charter(), "lahir", linkage_schema=schema)


def test_splits_belong_to_compound_2_alone() -> None:
    """The negative control: the former default, unsplit, is a charter still."""
    assert not earlier_charter().encoding.encodings[5].split
    with pytest.raises(BadInput, match="compound-2 alone"):
        changed(earlier_charter(), "lahir", split=["nama.head"])
