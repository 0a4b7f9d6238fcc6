"""The lies of a linkage service, caught by canaries alone: no digest, no rerun, no witness."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from numpy.typing import NDArray

from encoder.encoding.canaries import fate
from linkage_service.runs import outcome, plans
from policy.charter import parse_charter
from policy.charter.canary_odds import caught
from tests.support.canaries import ALIKE, FOUR, LIKE_THE_LIST, City, Draw, charter_of, order, search
from tests.support.thorough import how_many

PERSONS, DRAWS = 1_500, how_many(12, default=6)
FILE = ("dtks", "jakarta")
Flags = NDArray[np.bool_]


@pytest.fixture(scope="module")
def draws() -> list[Draw]:
    city = City.of(charter_of(FOUR, LIKE_THE_LIST), PERSONS, 3)
    return [city.draw(number) for number in range(DRAWS)]


@pytest.fixture(scope="module")
def files(draws: list[Draw]) -> list[Flags]:
    """Of every project, the rows of DTKS that an honest service puts into one file."""
    return [draw.matched(FILE[1])[FILE[0]] for draw in draws]


def verdict(draw: Draw, released: Flags, domain: str = FILE[1]) -> str:
    """What the owner of DTKS says of a file that has these of its rows."""
    return draw.check(FILE[0], domain, released).verdict


def without(released: Flags, dropped: NDArray[np.int64]) -> Flags:
    kept = released.copy()
    kept[dropped] = False
    return kept


def test_an_honest_service_is_accused_of_nothing(draws: list[Draw]) -> None:
    for draw in draws:
        for domain in draw.city.charter.domains:
            if FILE[0] in domain.datasets:
                released = draw.matched(domain.id)[FILE[0]]
                assert verdict(draw, released, domain.id) == "all-as-expected"


def test_canaries_compared_in_small_tiles_have_the_same_fates(
    draws: list[Draw], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = draws[0].plan.fates
    monkeypatch.setattr(fate, "TILE_ROWS", 7)
    assert draws[0].city.draw(0).plan.fates == whole
    assert all(each.groups and each.sure for each in whole.values())


@pytest.mark.parametrize("share", [0.01, 0.1, 0.5])
def test_dropped_matches_are_missed_as_often_as_promised(
    draws: list[Draw], files: list[Flags], share: float
) -> None:
    """It drops any matches, having no way to spare the canaries' (test_canary_guessing)."""
    rng, trials = np.random.default_rng(4), 100
    found, promised = 0, 0.0
    for draw, released in zip(draws, files, strict=True):
        matched = np.flatnonzero(released)
        promised += trials * caught(len(draw.plan.expected(*FILE).must), share)
        for _ in range(trials):
            dropped = rng.choice(matched, max(1, round(share * len(matched))), replace=False)
            found += draw.check(*FILE, without(released, dropped)).missing > 0
    assert found >= promised - 4 * (DRAWS * trials * 0.25) ** 0.5


def test_half_of_the_real_matches_cannot_be_dropped_alone(
    draws: list[Draw], files: list[Flags]
) -> None:
    """Whatever rule of thumb it follows to spare the canaries, some of them go as well."""
    rng = np.random.default_rng(8)
    for draw, released in zip(draws, files, strict=True):
        for spared in spared_by_some_rule(draw, released):
            others = np.flatnonzero(released & ~spared)
            dropped = rng.choice(others, int(released.sum() / 2), replace=False)
            assert verdict(draw, without(released, dropped)) == "missing"


def spared_by_some_rule(draw: Draw, released: Flags) -> Iterator[Flags]:
    """Nobody; those whose group spans most lists; those equal in an encoding on another list."""
    names = draw.city.charter.dataset_ids
    number = names.index(FILE[0])
    yield np.zeros_like(released)
    groups = draw.groups(FILE[1])
    size = np.append(np.bincount(groups.group, minlength=groups.count), 0)
    yield size[groups.by_row(number, len(released))] == 4
    yield equal_elsewhere(draw, number)


def equal_elsewhere(draw: Draw, number: int) -> Flags:
    """Rows that are equal to one of each other list in all encodings without a NIK or a mother."""
    names = [n for n, of in draw.city.charter.encoding.salted_by.items() if "nik" not in of]
    found = np.ones(len(draw.rows[number]), np.bool_)
    for other, dataset in enumerate(draw.data.datasets):
        if other == number:
            continue
        mine, theirs = (
            np.concatenate([each.encoding(name) for name in names], axis=1)
            for each in (draw.data.datasets[number], dataset)
        )
        known = {row.tobytes() for row in theirs}
        found &= np.array([row.tobytes() in known for row in mine])
    return found


def test_half_of_the_real_matches_can_be_dropped_where_canaries_are_alike() -> None:
    """Negative control: the canaries of earlier charters are equal on all lists, and are spared."""
    city = City.of(charter_of(FOUR, ALIKE), PERSONS, 3)
    draw = city.draw(0)
    released = draw.matched(FILE[1])[FILE[0]]
    spared = equal_elsewhere(draw, city.charter.dataset_ids.index(FILE[0]))
    assert int(spared.sum()) == 16
    kept = released & spared
    people = np.flatnonzero(released & ~spared)
    kept[people[::2]] = True
    canaries = draw.is_canary[city.charter.dataset_ids.index(FILE[0])]
    # All sixteen that must be there are there, and half of the people are not.
    assert int((kept & canaries).sum()) == 16
    assert (kept & ~canaries).sum() <= (released & ~canaries).sum() / 2 + 1


def test_a_lowered_threshold_joins_canaries_that_are_nobody_s(draws: list[Draw]) -> None:
    """Brothers and namesakes among canaries stay apart by the charter's thresholds alone."""
    accused = [
        verdict(draw, under(draw, lower_ppm=60_000)) in ("unexpected", "missing-and-unexpected")
        for draw in draws[: how_many(4, default=2)]
    ]
    assert np.mean(accused) >= 0.75


def under(draw: Draw, lower_ppm: int) -> Flags:
    """The file by a run whose thresholds are all so much lower than the charter's."""
    tree = json.loads(draw.city.charter.canonical())
    for terms in ("thresholds_ppm", "alone_ppm"):
        lower = {name: ppm - lower_ppm for name, ppm in tree["matching"][terms].items()}
        tree["matching"][terms] = lower
    charter = parse_charter(json.dumps(tree).encode())
    asked = order(charter)
    found = search(plans.whole(draw.data, charter, asked, 20_000))
    all_found = outcome.candidates(draw.data, charter, asked, [found])
    pairs = outcome.standing(all_found, draw.data, charter, asked)
    groups = outcome.groups(pairs, draw.data, charter, FILE[1], None)
    number = charter.dataset_ids.index(FILE[0])
    return groups.by_row(number, len(draw.rows[number])) >= 0


def of_another_domain(draw: Draw) -> Flags:
    return draw.matched("dtks-carik")[FILE[0]]


def with_nobody(draw: Draw) -> Flags:
    return np.zeros(len(draw.rows[draw.city.charter.dataset_ids.index(FILE[0])]), np.bool_)


def with_everybody(draw: Draw) -> Flags:
    return ~with_nobody(draw)


@pytest.mark.parametrize("other", [of_another_domain, with_nobody, with_everybody])
def test_another_file_is_known(draws: list[Draw], other: Callable[[Draw], Flags]) -> None:
    noticed = [verdict(draw, other(draw), "dtks-regsosek") != "all-as-expected" for draw in draws]
    assert np.mean(noticed) >= 0.75
