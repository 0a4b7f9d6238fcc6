"""Couples who are hard to tell apart: what they have in common, and how they are counted."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from encoder.synthetic import write_sources
from encoder.synthetic.hard import KINDS, Couple, hard_people
from tests.benchmarks.quality.couples import judge_couples, read_couples
from tests.benchmarks.quality.judge import Pairs, judge
from tests.benchmarks.quality.sources import read_source

COUPLES, RESIDENTS, SEED = 60, 400, 7


@pytest.fixture(scope="module")
def couples() -> dict[str, list[Couple]]:
    found: dict[str, list[Couple]] = {}
    for couple in hard_people(COUPLES, RESIDENTS, SEED).couples:
        found.setdefault(couple.kind, []).append(couple)
    return found


def test_there_are_as_many_of_each_kind(couples: dict[str, list[Couple]]) -> None:
    assert {kind: len(of) for kind, of in couples.items()} == dict.fromkeys(KINDS, COUPLES)
    assert hard_people(COUPLES, RESIDENTS, SEED) == hard_people(COUPLES, RESIDENTS, SEED)


def test_twins_and_siblings_share_a_card_and_hardly_differ_in_name(
    couples: dict[str, list[Couple]],
) -> None:
    for couple in couples["twins"] + couples["siblings"]:
        one, other = couple.one, couple.other
        assert (one.kk, one.mother, one.kelurahan) == (other.kk, other.mother, other.kelurahan)
        assert one.name != other.name
        assert (one.birth == other.birth) == (couple.kind == "twins")
    serials = [
        int(couple.other.nik[-4:]) - int(couple.one.nik[-4:])
        for couple in couples["twins"]
        if couple.one.nik and couple.other.nik and couple.one.male == couple.other.male
    ]
    assert set(serials) == {1}


def test_namesakes_share_a_name_and_a_neighbourhood_alone(
    couples: dict[str, list[Couple]],
) -> None:
    for couple in couples["namesakes"]:
        one, other = couple.one, couple.other
        assert (one.name, one.kelurahan, one.rt, one.rw) == (
            other.name, other.kelurahan, other.rt, other.rw
        )  # fmt: skip
        assert one.kk != other.kk
        assert not one.nik or one.nik != other.nik


def test_babies_have_the_mothers_name_and_half_of_them_her_nik(
    couples: dict[str, list[Couple]],
) -> None:
    for couple in couples["babies"]:
        mother, baby = couple.one, couple.other
        assert baby.name.endswith(mother.name)
        assert baby.mother == mother.name
        assert baby.nik in ("", mother.nik)
    assert 20 < sum(bool(couple.other.nik) for couple in couples["babies"]) < 40


def test_who_moved_is_one_person(couples: dict[str, list[Couple]]) -> None:
    for couple in couples["movers"]:
        assert couple.one.number == couple.other.number
        assert couple.one.kk != couple.other.kk


def test_no_nik_of_theirs_can_be_a_living_persons() -> None:
    niks = [person.nik for person in hard_people(COUPLES, RESIDENTS, SEED).around if person.nik]
    assert all(nik[4] == "9" and len(nik) == 16 for nik in niks)


def test_ordinary_sources_are_the_same_with_them(tmp_path: Path) -> None:
    for name, hard in (("with", COUPLES), ("without", 0)):
        write_sources(tmp_path / name, RESIDENTS, SEED, ("dtks",), hard=hard)
    without = (tmp_path / "without" / "dtks.csv").read_bytes()
    longer = (tmp_path / "with" / "dtks.csv").read_bytes()
    assert longer.startswith(without)
    assert longer.count(b"\n") == without.count(b"\n") + len(KINDS) * COUPLES
    assert not (tmp_path / "without" / "hard.csv").exists()


def test_who_is_joined_counts_in_the_stratum_and_not_among_residents(tmp_path: Path) -> None:
    write_sources(tmp_path, RESIDENTS, SEED, ("dtks", "dtsen"), hard=COUPLES)
    left, right = (read_source(tmp_path, name) for name in ("dtks", "dtsen"))
    with (tmp_path / "hard.csv").open(newline="", encoding="utf-8") as file:
        twins = [row for row in csv.DictReader(file) if row["kind"] == "twins"]
    at_left = {int(person): row for row, person in enumerate(left.person)}
    at_right = {int(person): row for row, person in enumerate(right.person)}
    joined = [
        (at_left[int(a)], at_right[int(b)])
        for row in twins
        for a, b in ((row["one"], row["other"]), (row["other"], row["one"]))
        if int(a) in at_left and int(b) in at_right
    ]
    apart = len(joined)
    assert 15 < apart < 45
    rows = np.array(joined, np.int64)
    pairs = Pairs(rows[:, 0], rows[:, 1], apart - 5)
    found = judge_couples(left, right, pairs, read_couples(tmp_path), SEED)
    assert (found["twins"].couples, found["twins"].joined, found["twins"].reviewed) == (
        apart, apart - 5, 5
    )  # fmt: skip
    assert found["twins"].people == COUPLES - apart
    assert found["siblings"].joined == found["movers"].found == 0
    score = judge(left, right, pairs)
    assert (score.pairs, score.false) == (0, 0)
    assert score.true_people < RESIDENTS
