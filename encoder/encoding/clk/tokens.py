"""Values to tokens, many at once: the distinct tokens, and where each occurs.

n-grams are found on arrays of code points. Other comparisons have few tokens per value,
so lists of tokens as in clkhash are fast enough.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]

# Up to this many possible numbers per number present, a table is faster than sorting.
_POSSIBLE_FOR_EACH = 8


@dataclass(frozen=True)
class Occurrences:
    """The tokens of some values, value by value; every value has at least one."""

    tokens: list[str]  # distinct
    which: Numbers  # of every occurrence: its index in `tokens`
    counts: Numbers  # of every value: how many occurrences


@dataclass(frozen=True)
class Ngrams:
    """clkhash's n-grams: n - 1 spaces around the text; positions count from 1."""

    n: int
    positional: bool

    def of(self, texts: Sequence[str]) -> Occurrences:
        """The n-grams of non-empty texts."""
        pad = " " * (self.n - 1)
        joined = pad + (pad + pad).join(texts) + pad
        counts = np.fromiter(map(len, texts), np.int64, len(texts)) + len(pad)
        places = within(counts)
        # No n-gram begins in the spaces after a text.
        starts = np.arange(len(places)) + np.repeat(np.arange(len(texts)) * len(pad), counts)
        characters = np.frombuffer(joined.encode("utf-32-le"), "<u4").astype(np.int64)
        columns = [characters[starts + offset] for offset in range(self.n)]
        if self.positional:
            columns.append(places)
        which, count = numbered(columns)
        tokens = []
        for example in one_of_each(which, count).tolist():
            start = starts[example]
            gram = joined[start : start + self.n]
            tokens.append(f"{places[example] + 1} {gram}" if self.positional else gram)
        return Occurrences(tokens, which, counts)


def listed(lists: Sequence[Sequence[str]]) -> Occurrences:
    """The tokens of values from lists of tokens; no list is empty."""
    known: dict[str, int] = {}
    which = [known.setdefault(token, len(known)) for tokens in lists for token in tokens]
    counts = np.fromiter(map(len, lists), np.int64, len(lists))
    return Occurrences(list(known), np.array(which, dtype=np.int64), counts)


def numbered(columns: Sequence[Numbers]) -> tuple[Numbers, int]:
    """Number the rows of columns: equal rows get equal numbers. Returns numbers and a bound."""
    numbers, count = np.zeros(len(columns[0]), dtype=np.int64), 1
    for column in columns:
        width = int(column.max(initial=0)) + 1
        numbers, count = _dense(numbers * width + column, count * width)
    return numbers, count


def _dense(numbers: Numbers, below: int) -> tuple[Numbers, int]:
    """The numbers renumbered without gaps, and how many different ones there are."""
    if below > _POSSIBLE_FOR_EACH * len(numbers):
        found, dense = np.unique(numbers, return_inverse=True)
        return dense, len(found)
    occurs = np.zeros(below, dtype=bool)
    occurs[numbers] = True
    dense_of = np.cumsum(occurs) - 1
    return dense_of[numbers], int(dense_of[-1]) + 1


def one_of_each(numbers: Numbers, count: int) -> Numbers:
    """For each number below the count, a position where it occurs."""
    places = np.empty(count, dtype=np.int64)
    places[numbers] = np.arange(len(numbers))
    return places


def within(counts: Numbers) -> Numbers:
    """0, 1, ... count - 1 for each count, one after the other."""
    ends = np.cumsum(counts)
    return np.arange(counts.sum()) - np.repeat(ends - counts, counts)
