"""How the bench judges a written list, and its experiment with households."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from linkage_service.matching import Candidates
from tests.benchmarks.quality.households import _by_household
from tests.benchmarks.quality.judge import Pairs
from tests.benchmarks.quality.list_accuracy import Accuracy, Truth, confirmed, received
from tests.benchmarks.quality.sources import Source

# Persons 1 to 3 are in both lists, 4 in the own list alone, 5 in the other alone.
TRUTH = (
    "source,record_id,person\nown,A,1\nown,B,2\nown,C,3\nown,D,4\n"
    "other,r1,1\nother,r2,2\nother,r3,3\nother,r3b,3\nother,r5,5\n"
)
DECILES = {"r1": "1", "r2": "", "r3": "3", "r3b": "4", "r5": "5"}


def truth(folder: Path) -> Truth:
    (folder / "truth.csv").write_text(TRUTH)
    return Truth.read(folder / "truth.csv")


def rows(verdicts: dict[str, tuple[str, str]]) -> list[dict[str, str]]:
    return [{"id": own, "said": yes, "decile": cell} for own, (yes, cell) in verdicts.items()]


def test_a_list_is_right_where_it_says_what_is_true(tmp_path: Path) -> None:
    listed = rows({"A": ("ya", "1"), "B": ("tidak", ""), "C": ("ya", "4"), "D": ("tidak", "")})
    known = truth(tmp_path)
    assert confirmed(listed, known, "own", "id", "other", "said") == Accuracy(2, 2, 3)
    assert received(listed, known, "own", "id", "other", "decile", DECILES) == Accuracy(2, 2, 2)


def test_a_wrong_cell_lowers_precision(tmp_path: Path) -> None:
    """D is in no other list, and A has been given what the source has of another person."""
    listed = rows({"A": ("ya", "5"), "B": ("perlu dicek", ""), "C": ("ya", "3"), "D": ("ya", "5")})
    known = truth(tmp_path)
    found = confirmed(listed, known, "own", "id", "other", "said")
    assert (found.precision, found.recall) == (2 / 3, 2 / 3)
    got = received(listed, known, "own", "id", "other", "decile", DECILES)
    assert got == Accuracy(3, 1, 2)


def source(*cards: str) -> Source:
    people = np.arange(len(cards))
    return Source("x", {"kk": list(cards)}, [""] * len(cards), people)


def test_households_join_rows_of_cards_that_share_a_matched_member() -> None:
    # Row 0 of each is matched. Row 1 is on the same cards, rows 2 and 3 are on other cards.
    left, right = source("K1", "K1", "K2", ""), source("L1", "L1", "L2", "")
    usual = Pairs(np.array([0]), np.array([0]), 1)
    zeros, rows_ = np.zeros(4, np.uint16), np.array([1, 2, 3, 1], np.uint32)
    others = np.array([1, 2, 3, 2], np.uint32)
    ones = np.ones(4, np.uint16)
    wide = Candidates(np.array([0.5, 0.9, 0.9, 0.4]), zeros, ones, rows_, others)
    more = _by_household(wide, usual, left, right, 1)
    assert list(zip(more.left.tolist(), more.right.tolist(), strict=True)) == [(1, 1)]
    assert len(_by_household(wide, usual, left, right, 2).left) == 0
