"""The guessing game: a service with all that it holds cannot tell canaries from people (T17).

It learns from projects in which it is told which rows are canaries, and guesses in projects of
another city; and it tries every rule of a family that a person would write down. Canaries that are
alike everywhere, those of earlier charters, lose the same game.

`PADAN_GUESSING=persons,draws` plays it larger.
"""

from __future__ import annotations

import os

import numpy as np
import pytest

from policy.charter.canary_odds import caught
from tests.support.canaries import ALIKE, FOUR, LIKE_THE_LIST, SIX, City, charter_of
from tests.support.guessing import Boosted, Guesses, auc, play

MOST_AUC, FEWEST_ALARMS = 0.55, 10
# PPKS has 1.5 % of residents: too few to learn anything of in a city as small as this.
SHARES = {"ppks": 0.2}
PERSONS, DRAWS = map(int, os.environ.get("PADAN_GUESSING", "1000,4").split(","))


def guesses(names: tuple[str, ...], canaries: dict[str, object], draws: int) -> list[Guesses]:
    charter = charter_of(names, canaries)
    cities = (City.of(charter, PERSONS, 1, SHARES), City.of(charter, PERSONS, 2, SHARES))
    return play(cities, draws)


def pooled(found: list[Guesses]) -> tuple[float, float]:
    """AUC over all lists, each as exact as it has canaries; and its standard error."""
    weights = np.array([each.error**-2 for each in found])
    mean = float(np.average([each.auc for each in found], weights=weights))
    return mean, float(weights.sum() ** -0.5)


@pytest.mark.parametrize(
    "names",
    [
        pytest.param(FOUR, id="the demo's lists"),
        pytest.param(
            SIX,
            id="six sources",
            marks=pytest.mark.thorough("test_the_service_guesses_no_better_than_chance"),
        ),
    ],
)
def test_the_service_guesses_no_better_than_chance(names: tuple[str, ...]) -> None:
    found = guesses(names, LIKE_THE_LIST, DRAWS)
    mean, error = pooled(found)
    assert error < 0.02
    assert mean <= MOST_AUC, found
    for each in found:
        # By itself a list has too few canaries for more than this to be said of it.
        assert each.auc - 2 * each.error <= MOST_AUC, each
        assert each.best_feature - 2 * each.error <= MOST_AUC, each
        # What the manifests count says the less, the more canaries there are.
        assert each.counted <= 0.5 + 1 / each.canaries**0.5 + 2 * each.error, each
        assert each.alarms >= FEWEST_ALARMS, each
    half_dropped_by_what_it_learnt(found)


def half_dropped_by_what_it_learnt(found: list[Guesses]) -> None:
    """It drops the half of all matches that looks least like canaries, and is caught each time."""
    for each in found:
        for draw, scores in zip(each.draws, each.scores, strict=True):
            domain = next(d.id for d in draw.city.charter.domains if each.dataset in d.datasets)
            released = draw.matched(domain)[each.dataset]
            promised = caught(len(draw.plan.expected(each.dataset, domain).must), 0.5)
            matched = np.flatnonzero(released)
            least = matched[np.argsort(scores[matched], kind="stable")[: len(matched) // 2]]
            released[least] = False
            verdict = draw.check(each.dataset, domain, released).verdict
            assert "missing" in verdict or promised < 0.999


def test_canaries_that_are_alike_everywhere_are_found() -> None:
    """Negative control: the same service, the same rules."""
    found = guesses(FOUR, ALIKE, 2)
    mean, _ = pooled(found)
    assert mean > 0.9
    for each in found:
        assert (each.alarms, each.rule) == (0.0, "equal without NIK on all lists")


def test_the_learner_learns_what_takes_two_features_to_see() -> None:
    """Negative control of the classifier: it is not blind."""
    rng = np.random.default_rng(3)
    rows = rng.normal(size=(6_000, 40))
    truth = (rows[:, 3] > 0.2) & (rows[:, 17] < 0) & (rng.random(6_000) < 0.3)
    learnt = Boosted().fit(rows[:3_000], truth[:3_000])
    assert auc(learnt.scores(rows[3_000:]), truth[3_000:]) > 0.8
    shuffled = rng.permutation(truth)
    learnt = Boosted().fit(rows[:3_000], shuffled[:3_000])
    assert abs(auc(learnt.scores(rows[3_000:]), shuffled[3_000:]) - 0.5) < 0.06
