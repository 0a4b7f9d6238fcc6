"""Accepted pairs against truth: precision with its interval, recall, F1, and strata."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from encoder.normalise.places import place
from encoder.synthetic.places import REGION_OF
from tests.benchmarks.quality.sources import Source

Rows = NDArray[np.int64]
Mark = Callable[[str, Source, NDArray[np.bool_]], None]
_Z = 1.96
# Kab/kota by Kemendagri's code, of kelurahan as rule A07 writes them.
_REGION = {place(name): code for name, code in REGION_OF.items()}
ENOUGH_PAIRS = 500
RECALL_GAP = 0.05


@dataclass(frozen=True)
class Pairs:
    """Rows of two sources that a method calls one person; the first `certain` by itself."""

    left: Rows
    right: Rows
    certain: int

    def accepted(self) -> Pairs:
        return Pairs(self.left[: self.certain], self.right[: self.certain], self.certain)


@dataclass(frozen=True)
class Score:
    """Of the automatic accepts, unless it says otherwise."""

    true_people: int
    pairs: int
    false: int
    recall: float
    recall_with_review: float

    @property
    def precision(self) -> float:
        return 1.0 - self.false / self.pairs if self.pairs else 1.0

    @property
    def f1(self) -> float:
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0

    def interval(self) -> tuple[float, float]:
        """95 % of the precision."""
        return wilson(self.precision, self.pairs)

    def recall_interval(self) -> tuple[float, float]:
        """95 % of the recall of automatic accepts."""
        return wilson(self.recall, self.true_people)


def wilson(share: float, of: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share of so many."""
    n = max(1, of)
    middle = (share + _Z**2 / (2 * n)) / (1 + _Z**2 / n)
    half = _Z * math.sqrt(share * (1 - share) / n + _Z**2 / (4 * n**2)) / (1 + _Z**2 / n)
    return max(0.0, middle - half), min(1.0, middle + half)


def judge(
    left: Source, right: Source, pairs: Pairs, chosen: NDArray[np.bool_] | None = None
) -> Score:
    """`chosen` marks people (by number) of a stratum; None is everybody.

    Hard couples are not counted: there are more of them here than in life.
    """
    pairs = of_ordinary_people(left, right, pairs)
    people = np.intersect1d(left.person[left.ordinary()], right.person[right.ordinary()])
    who_left, who_right = left.person[pairs.left], right.person[pairs.right]
    right_ones = who_left == who_right
    counted = np.ones(len(who_left), bool)
    if chosen is not None:
        people = people[chosen[people]]
        # A false pair belongs to the stratum if either of its people does.
        counted = chosen[who_left] | chosen[who_right]
    certain = np.arange(len(who_left)) < pairs.certain
    found = np.intersect1d(who_left[right_ones & certain], people)
    seen = np.intersect1d(who_left[right_ones], people)
    return Score(
        true_people=len(people),
        pairs=int(np.sum(counted & certain)),
        false=int(np.sum(counted & certain & ~right_ones)),
        recall=len(found) / max(1, len(people)),
        recall_with_review=len(seen) / max(1, len(people)),
    )


def of_ordinary_people(left: Source, right: Source, pairs: Pairs) -> Pairs:
    """The pairs without hard people."""
    kept = left.ordinary()[pairs.left] & right.ordinary()[pairs.right]
    return Pairs(pairs.left[kept], pairs.right[kept], int(np.sum(kept[: pairs.certain])))


def without_nik(left: Source, right: Source, pairs: Pairs) -> Score:
    """Row by row: pairs of which one side has no usable NIK, and people who have none there."""
    score = judge(left, right, pairs, strata(left, right)["no usable NIK"])
    left_has, right_has = left.has("nik"), right.has("nik")
    certain = of_ordinary_people(left, right, pairs).accepted()
    bare = ~(left_has[certain.left] & right_has[certain.right])
    wrong = left.person[certain.left] != right.person[certain.right]
    return Score(
        score.true_people,
        int(np.sum(bare)),
        int(np.sum(bare & wrong)),
        score.recall,
        score.recall_with_review,
    )


def strata(left: Source, right: Source) -> dict[str, NDArray[np.bool_]]:
    """People, by number, in each stratum of this pair of sources."""
    size = int(max(left.person.max(), right.person.max())) + 1
    found: dict[str, NDArray[np.bool_]] = {}

    def mark(name: str, source: Source, rows: NDArray[np.bool_]) -> None:
        found.setdefault(name, np.zeros(size, bool))[source.person[rows]] = True

    for source in (left, right):
        words = np.array([len(name.split()) for name in source.columns["nama"]])
        first = np.array([name.split(" ")[0] for name in source.columns["nama"]])
        muhammad = np.array(["MUHAMMAD" in name.split() for name in source.columns["nama"]])
        year, day = source.has("lahir.year"), source.has("lahir.day")
        mark("no usable NIK", source, ~source.has("nik"))
        mark("mononym", source, words == 1)
        mark("Muhammad", source, muhammad)
        mark("Siti", source, first == "SITI")
        mark("placeholder date", source, year & ~day)
        mark("no birth date", source, ~year)
        _mark_people(mark, source)
    found["birth year differs"] = _differs(left, right, "lahir.year", size)
    found["no usable NIK and birth year differs"] = (
        found["birth year differs"] & found["no usable NIK"]
    )
    return found


def _mark_people(mark: Mark, source: Source) -> None:
    years = np.array([int(year) if year else 0 for year in source.columns["lahir.year"]])
    for name, first, last in (
        ("born 2010 or later", 2010, 2100),
        ("born 1990 to 2009", 1990, 2009),
        ("born 1965 to 1989", 1965, 1989),
        ("born before 1965", 1, 1964),
    ):
        mark(name, source, (years >= first) & (years <= last))
    sex = np.array(source.columns["jk"])
    mark("women", source, sex == "F")
    mark("men", source, sex == "M")
    region = np.array([_REGION.get(place, "") for place in source.columns["kelurahan"]])
    for code in sorted(set(_REGION.values())):
        mark(f"region {code}", source, region == code)


def _differs(left: Source, right: Source, column: str, size: int) -> NDArray[np.bool_]:
    """People whose values stand on both sides and never agree."""
    values: dict[int, set[str]] = {}
    for person, value in zip(left.person.tolist(), left.columns[column], strict=True):
        if value:
            values.setdefault(person, set()).add(value)
    both: dict[int, bool] = {}
    for person, value in zip(right.person.tolist(), right.columns[column], strict=True):
        if value and person in values:
            both[person] = both.get(person, False) or value in values[person]
    found = np.zeros(size, bool)
    found[[person for person, same in both.items() if not same]] = True
    return found
