"""Names that differ in vowels alone are two people on one card, unless a NIK says otherwise."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from encoder.normalise.sound import shape
from policy.pairs import ContraryEvidence, Difference
from tests.benchmarks.quality.methods import tagged_charter
from tests.support.pairs import CERTAIN, REVIEW, Entry, judged

ONE = Entry(nama="RINA WULANDARI", nik="")
OTHER = replace(ONE, nik="3175995403900002", nama="RINI WULANDARI")


@pytest.mark.parametrize(
    ("name", "expected"),
    [("RINA", "R*N*"), ("RINI", "R*N*"), ("UNDI SARI", "*ND* S*R*"), ("RITA", "R*T*"), ("", "")],
)
def test_a_shape_is_a_name_without_its_vowels(name: str, expected: str) -> None:
    assert shape(name) == expected


def test_the_order_of_words_does_not_follow_their_vowels() -> None:
    assert shape("ANDI SENO") == shape("SENO UNDI")


@pytest.mark.parametrize("name", ["RINI WULANDARI", "RINA WULANDORI", "RINE WULANDARI"])
def test_twins_of_whom_one_has_no_nik_go_to_review(name: str) -> None:
    assert judged(ONE, replace(OTHER, nama=name)) == REVIEW
    assert judged(ONE, replace(OTHER, nama=name), tagged_charter(0, "padan-id-4")) == CERTAIN


@pytest.mark.parametrize(
    "name", ["RINA WULANDARI", "RINA WULAANDARI", "RINA WULADARI", "RINA W", "RINNA WULANDARI"]
)
def test_one_name_and_a_mistyped_one_are_accepted(name: str) -> None:
    assert judged(ONE, replace(OTHER, nama=name)) == CERTAIN


def test_numbers_that_both_have_decide_themselves() -> None:
    """One NIK, or a wrong digit in its date or region, is one person with a misspelt name."""
    for nik in ("3175995403900001", "3174995403900001"):
        mine = replace(ONE, nik="3175995403900001")
        assert judged(mine, replace(OTHER, nik=nik)) == CERTAIN


class OnePair:
    """One pair whose codes of one encoding differ so; its name reaches nothing."""

    def __init__(self, differing: list[int]) -> None:
        self._code = np.array([differing], np.uint8)
        self.coded = ("kk",)

    def __len__(self) -> int:
        return 1

    def take(self, at: np.ndarray) -> OnePair:
        return self if len(at) else Nobody(list(self._code[0]))

    def reach(self, name: str, ppm: int) -> np.ndarray:
        return np.zeros(len(self), np.bool_)

    def codes(self, name: str):
        yield Difference(self._code[: len(self)])


class Nobody(OnePair):
    def __len__(self) -> int:
        return 0


NO_NIK, ONE_FRAME, NOISE = [7, 9, 1, 2, 3], [0, 0], [3, 201]


@pytest.mark.parametrize(
    ("nik", "newborn", "number", "expected"),
    [
        (NO_NIK, ONE_FRAME, 0, True),
        (NO_NIK, NOISE, 0, False),
        (NO_NIK, ONE_FRAME, 1, False),
        ([0, 0, 0, 0, 0], ONE_FRAME, 0, False),
    ],
)
def test_only_a_code_under_the_shape_shows_it_and_only_without_both_niks(
    nik: list[int], newborn: list[int], number: int, expected: bool
) -> None:
    pair = OnePair([*nik, *[0] * 9, *newborn])
    card, shapes = frozenset({"kk-nama"}), {"kk": frozenset({number})}
    rule = ContraryEvidence({"kk-nama": 900_000}, by_card=card, shape_codes=shapes)
    assert rule.contradicts(pair, np.zeros(1, np.bool_)).tolist() == [expected]
    # A charter that does not say which names are nearly the same cannot tell twins by them.
    silent = ContraryEvidence(by_card=card, shape_codes=shapes)
    assert not silent.contradicts(pair, np.zeros(1, np.bool_)).any()
