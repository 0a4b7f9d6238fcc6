"""What would it bring to know that two households share a member? An experiment, not the product.

After the usual linkage, two family cards are linked if people of one are matched to people of the
other. A pair that was too unlike, or found by one encoding alone, is taken if its cards are linked
by others, its rows are still free, and nothing contradicts it; most similar first. The service does
not know cards, so it could not do this: the cards here are those of the files.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from linkage_service.matching import Candidates, EncodedDataset
from linkage_service.matching.nik import TOKEN_BONUS
from linkage_service.matching.row_pairs import RowPairs
from tests.benchmarks.quality.judge import Pairs, judge
from tests.benchmarks.quality.methods import Padan, tagged_charter
from tests.benchmarks.quality.sources import Source

# How much lower the thresholds of the second pass are.
LOWER_PPM = 40_000
CARD = "kk"


@dataclass(frozen=True)
class Rescue:
    """A second pass over the pairs of two sources."""

    members: int
    added: int
    false: int
    recall_before: float
    recall_after: float


def rescues(padan: Padan, left: Source, right: Source) -> list[Rescue]:
    """With households linked by one matched member, and by two."""
    datasets = [padan._dataset(left), padan._dataset(right)]
    usual = padan.pairs(left, right).accepted()
    wide = _free(_uncontradicted(padan, padan.found(datasets), datasets), usual)
    before = judge(left, right, usual).recall
    found = []
    for members in (1, 2):
        more = _by_household(wide, usual, left, right, members)
        both = Pairs(
            np.concatenate([usual.left, more.left]),
            np.concatenate([usual.right, more.right]),
            len(usual.left) + len(more.left),
        )
        score = judge(left, right, more)
        after = judge(left, right, both).recall
        found.append(Rescue(members, score.pairs, score.false, before, after))
    return found


def searching_lower(persons: int) -> Padan:
    """The default terms for lists of so many persons, searched below their thresholds too."""
    charter = tagged_charter(persons)
    thresholds = charter.matching.thresholds_ppm
    return Padan("households", charter, {name: ppm - LOWER_PPM for name, ppm in thresholds.items()})


def _uncontradicted(padan: Padan, found: Candidates, datasets: list[EncodedDataset]) -> Candidates:
    contrary = padan.rule.contrary
    if contrary is None:
        return found
    rows = found.left_row.astype(np.int64), found.right_row.astype(np.int64)
    pairs = RowPairs(datasets[0], datasets[1], *rows)
    return found.take(~contrary.contradicts(pairs, found.similarity > TOKEN_BONUS))


def _free(found: Candidates, taken: Pairs) -> Candidates:
    """The candidates whose rows are both without a partner."""
    busy = np.isin(found.left_row, taken.left) | np.isin(found.right_row, taken.right)
    return found.take(~busy)


def _by_household(
    wide: Candidates, usual: Pairs, left: Source, right: Source, members: int
) -> Pairs:
    cards = left.columns[CARD], right.columns[CARD]
    linked = Counter(_cards_of(cards, usual.left, usual.right))
    order = np.argsort(-wide.similarity, kind="stable")
    rows = wide.left_row[order], wide.right_row[order]
    taken: tuple[set[int], set[int]] = (set(), set())
    chosen = []
    for a, b, pair in zip(*map(np.ndarray.tolist, rows), _cards_of(cards, *rows), strict=True):
        if all(pair) and linked[pair] >= members and a not in taken[0] and b not in taken[1]:
            taken[0].add(a)
            taken[1].add(b)
            chosen.append((a, b))
    ends = np.array(chosen, np.int64).reshape(-1, 2)
    return Pairs(ends[:, 0], ends[:, 1], len(ends))


def _cards_of(
    cards: tuple[list[str], list[str]], left: NDArray[Any], right: NDArray[Any]
) -> list[tuple[str, str]]:
    ends = zip(left.tolist(), right.tolist(), strict=True)
    return [(cards[0][a], cards[1][b]) for a, b in ends]
