"""Attacks on groups as dense as in a list of millions: the default holds, weaker forms do not."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from encoder.probe.dense import attack_dense, attack_region
from encoder.probe.draws import Draws
from encoder.probe.floors import REGION_ROWS
from encoder.probe.sizes import largest_group
from policy.charter import Charter, parse_charter
from policy.charter.probe_report import DENSE_FLOORS, MICRO
from tests.benchmarks.quality.methods import (
    default_charter,
    earlier_charter,
    tagged,
    tagged_charter,
)
from tests.support.thorough import how_many

PROVINCE = 12_000_000
ENCODINGS = default_charter().encoding.encodings


def test_with_block_tags_the_default_holds_as_well() -> None:
    """Of a salt alone the attack sees no tags; `test_probes.py` attacks those of the default."""
    charter = tagged_charter(PROVINCE)
    assert any(each.tag_bits for each in charter.encoding.encodings)
    assert (
        tuple(
            each.model_copy(update={"tag": (), "tag_bits": 0})
            for each in charter.encoding.encodings
        )
        == ENCODINGS
    )
    rows = how_many(REGION_ROWS, default=400)  # as many as show the weaker forms below
    found = attack_region(charter, rows, PROVINCE, Draws(2))
    assert missed("region", found) == set()


@pytest.mark.thorough("test_one_tag_for_each_encoding_gives_away_people_and_households")
def test_the_former_default_gives_people_away_to_who_knows_a_fifth_of_them() -> None:
    """Negative controls, from here on: three majorities, and nothing splits a date."""
    found = attack_region(earlier_charter(), 800, PROVINCE, Draws(1))
    assert "known-20" in missed("region", found)


def test_one_tag_for_each_encoding_gives_away_people_and_households() -> None:
    found = attack_region(tagged(earlier_charter(), 8), 400, PROVINCE, Draws(1))
    assert {"known-20", "household"} <= missed("region", found)


@pytest.mark.thorough("test_one_tag_for_each_encoding_gives_away_people_and_households")
def test_a_kelurahan_alone_is_no_salt() -> None:
    """With one majority; what the first probes let pass at a fifth of a person a neighbourhood."""
    found = attack_dense(salted_by_kelurahan(), 400, PROVINCE, Draws(1))
    assert {"known-5", "known-20"} <= missed("region", found.region)
    assert "known-20" in missed("salt", found.salt)
    assert found.region["known-20"] > 0.5


def test_the_default_is_not_meant_for_lists_of_a_nation() -> None:
    """A date's group is too large there; the bound that the charter may set says so too."""
    without = [each.model_copy(update={"group_max": None}) for each in ENCODINGS]
    sizes = [largest_group(default_charter(), each, 280_000_000) for each in without]
    assert max(sizes) > 10 * max(
        largest_group(default_charter(), each, PROVINCE) for each in without
    )


def missed(group: str, figures: Mapping[str, float]) -> set[str]:
    """The probes whose floor in this group these figures miss."""
    return {
        floor.probe
        for floor in DENSE_FLOORS
        if floor.group == group and MICRO * figures[floor.probe] > floor.micro
    }


def salted_by_kelurahan() -> Charter:
    tree = json.loads(earlier_charter().canonical())
    alamat = next(e for e in tree["encoding"]["encodings"] if e["name"] == "alamat")
    tree["encoding"]["encodings"] = [{**alamat, "salt": ["kelurahan"], "rounds": 1}]
    tree["matching"] = {"thresholds_ppm": {"alamat": 630_000}, "nik_floor_ppm": 560_000}
    return parse_charter(json.dumps(tree).encode())
