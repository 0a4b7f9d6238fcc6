"""What two contrary codes say, byte by byte, and where contradicted pairs go."""

from __future__ import annotations

import numpy as np
import pytest

from linkage_service.matching import (
    Candidates,
    ContraryEvidence,
    EncodedDataset,
    Groups,
    MatchRule,
    corroborated,
    household_first,
    solve_domain,
    with_band,
)
from linkage_service.matching.candidates import concatenate
from linkage_service.matching.limit import best

ALIKE, SAME_NAME = 700_000, 900_000
# Bytes that differ between two rows of one frame: by value, known on both sides.
NOT_BOTH_KNOW_NIK = {0: 7, 1: 9, 2: 1, 3: 2, 4: 3}
NOT_BOTH_KNOW_DATE = {5: 1, 6: 2, 7: 3, 8: 4, 9: 5, 10: 6}
REGION, BORN, SERIAL = {2: 1}, {3: 1}, {4: 1}
YEAR, DECEMBER, MONTH, DAY, EXCHANGED = {7: 1, 8: 1}, {7: 1}, {9: 1}, {10: 2}, {9: 4, 10: 4}
SEX, NEWBORN, NOT_STATED = {12: 255, 13: 255}, {14: 255, 15: 255}, {11: 1}


def dataset(name: str, codes: np.ndarray, words: np.ndarray) -> EncodedDataset:
    tokens = np.zeros((len(codes), 16), np.uint8)
    encodings = {"kk": words, "kk-nama": words}
    return EncodedDataset(name, encodings, tokens, contrary={"kk": codes})


def contradicted(
    differing: dict[int, int], *, one_nik: bool = False, same_name: bool = False
) -> bool:
    """Whether a pair whose codes differ so goes to review; the codes of one way of two."""
    mine = np.full((1, 2, 16), 170, np.uint8)
    theirs = mine.copy()
    theirs[0, 0] ^= np.arange(16, dtype=np.uint8) * 11 | 1  # another frame: noise
    for at, value in differing.items():
        theirs[0, 1, at] ^= value
    words = np.full((1, 2), 2**64 - 1, np.uint64)
    other = words if same_name else np.array([[2**64 - 1, 2**40 - 1]], np.uint64)
    datasets = [dataset("kiri", mine, words), dataset("kanan", theirs, other)]
    row = np.zeros(1, np.uint32)
    pair = Candidates(
        np.array([1.8 if one_nik else 0.8]),
        np.zeros(1, np.uint16),
        np.ones(1, np.uint16),
        row,
        row,
    )
    rule = MatchRule(
        {"kk": ALIKE},
        contrary=ContraryEvidence({"kk-nama": SAME_NAME}, by_card=frozenset({"kk-nama"})),
    )
    found = corroborated(pair, datasets, rule)
    assert len(found) == 1
    return len(found.certain()) == 0


@pytest.mark.parametrize(
    ("differing", "expected"),
    [
        ({}, False),
        (NEWBORN, True),
        (YEAR | MONTH, True),
        (YEAR | DAY, True),
        (YEAR, False),
        (MONTH | DAY, False),
        (DECEMBER | MONTH | DAY, False),
        (YEAR | EXCHANGED, False),
        (YEAR | MONTH | {5: 1}, False),
        (NOT_BOTH_KNOW_DATE, False),
        (REGION | SERIAL, True),
        (REGION | BORN, True),
        (REGION, False),
        (BORN, False),
        (SERIAL, True),
        (NOT_BOTH_KNOW_NIK, False),
        (SEX, True),
        ({12: 255, 13: 254}, False),
        (SEX | NOT_STATED, True),
        (SERIAL | SEX | YEAR | MONTH | NEWBORN, True),
    ],
)
def test_what_contradicts_under_another_name(differing: dict[int, int], expected: bool) -> None:
    assert contradicted(differing) is expected


@pytest.mark.parametrize(
    ("differing", "expected"),
    [
        (SERIAL, False),
        (SEX, False),
        (NEWBORN, True),
        (YEAR | MONTH, True),
        (REGION | SERIAL, True),
        (REGION | SERIAL | NOT_STATED, False),
        (YEAR | MONTH | NOT_STATED, False),
        (NEWBORN | NOT_STATED, True),
    ],
)
def test_one_name_on_one_card_excuses_what_is_not_stated(
    differing: dict[int, int], expected: bool
) -> None:
    assert contradicted(differing, same_name=True) is expected


@pytest.mark.parametrize(
    ("differing", "expected"),
    [
        (YEAR | MONTH, True),
        (YEAR | MONTH | NOT_STATED, False),
        (YEAR | DAY, False),
        (SEX, False),
        (REGION | SERIAL, False),
        (NEWBORN, True),
    ],
)
def test_one_nik_is_contradicted_by_another_birth_alone(
    differing: dict[int, int], expected: bool
) -> None:
    assert contradicted(differing, one_nik=True) is expected


def three_pairs() -> tuple[Candidates, list[EncodedDataset]]:
    """Row 0 and 0 share a NIK and are contradicted; rows 1 and 1, 0 and 1 are matches."""
    mine = np.full((2, 1, 16), 170, np.uint8)
    theirs = mine.copy()
    theirs[0, 0, 14:] ^= 255
    words = np.full((2, 2), 2**64 - 1, np.uint64)
    datasets = [dataset("kiri", mine, words), dataset("kanan", theirs, words)]
    number = np.zeros(3, np.uint16)
    pairs = Candidates(
        np.array([1.9, 0.9, 0.8]),
        number,
        number + np.uint16(1),
        np.array([0, 1, 0], np.uint32),
        np.array([0, 1, 1], np.uint32),
    )
    return pairs, datasets


RULE = MatchRule({"kk": ALIKE}, contrary=ContraryEvidence())


def test_contradicted_pairs_come_last_and_take_nobodys_place() -> None:
    pairs, datasets = three_pairs()
    judged = corroborated(pairs, datasets, RULE)
    assert judged.left_row.tolist() == [1, 0, 0]
    assert len(judged.certain()) == 2
    certain = solve_domain(judged.certain(), [0, 1], [2, 2])
    assert people(certain) == {(1, 1)}
    assert people(solve_domain(judged, [0, 1], [2, 2])) == {(1, 1), (0, 0)}


def test_they_stay_last_under_a_band_the_households_order_and_a_limit() -> None:
    pairs, datasets = three_pairs()
    band = with_band(pairs, datasets, RULE, {"kk": 600_000})
    assert band.left_row.tolist() == [1, 0, 0]
    ordered = household_first(band, datasets, {"kk": ALIKE})
    assert len(ordered.certain()) == 2
    assert (ordered.left_row[-1], ordered.right_row[-1]) == (0, 0)
    assert len(best(ordered, 1).certain()) == 2


def test_what_tokens_and_encodings_both_find_is_judged_alike() -> None:
    """Where candidates are limited, each part is judged by itself."""
    pairs, datasets = three_pairs()
    by_encoding = Candidates(np.array([0.9]), *(column[:1] for column in pairs.columns()[1:]))
    parts = [corroborated(each, datasets, RULE) for each in (pairs, by_encoding)]
    assert len(concatenate(parts).unique().certain()) == 2


def people(groups: Groups) -> set[tuple[int, int]]:
    rows = [groups.by_row(number, 2) for number in (0, 1)]
    return {
        (left, right)
        for left in range(2)
        for right in range(2)
        if rows[0][left] >= 0 and rows[0][left] == rows[1][right]
    }
