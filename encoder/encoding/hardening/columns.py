"""Columns of a batch, analysed once for all encodings that use them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import count
from operator import not_

import numpy as np
from numpy.typing import NDArray

from encoder.encoding.clk.schema import Feature
from encoder.encoding.clk.tokens import Occurrences
from encoder.encoding.hardening.prf import Prf
from encoder.encoding.hardening.votes import Counts, mark_first


class HardenedColumn(list[str]):
    """The cells of one column, '' if missing. Do not change them."""

    @cached_property
    def missing(self) -> NDArray[np.bool_]:
        """bool, shape (rows,)."""
        if all(self):
            return np.zeros(len(self), np.bool_)
        return np.fromiter(map(not_, self), bool, len(self))

    @property
    def distinct(self) -> list[str]:
        """The distinct values, without the missing one."""
        return self._numbered[0]

    @property
    def value_of_row(self) -> NDArray[np.int64]:
        """int64, shape (rows,): index into `distinct`; 0 for a missing cell."""
        return self._numbered[1]

    @cached_property
    def _numbered(self) -> tuple[list[str], NDArray[np.int64]]:
        number: defaultdict[str, int] = defaultdict(count().__next__)
        found = np.fromiter(map(number.__getitem__, self), np.int64, len(self))
        none = number.pop("", None)
        if none is not None:
            # Values that first occur after the first missing cell move up.
            found = np.where(found == none, 0, found - (found > none))
        return list(number), found

    def numbered(self, prf: Prf) -> NDArray[np.uint64]:
        """uint64, shape (rows,): the keyed number of each value; 0 for a missing cell."""
        if id(prf) not in self._numbers:
            numbers = np.zeros(len(self), np.uint64)
            if self.distinct:
                found = prf.numbers(map(str.encode, self.distinct))
                numbers = np.where(self.missing, numbers, found[self.value_of_row])
            self._numbers[id(prf)] = numbers
        return self._numbers[id(prf)]

    @cached_property
    def _numbers(self) -> dict[int, NDArray[np.uint64]]:
        return {}

    def tokens(self, feature: Feature) -> tuple[Occurrences, Counts]:
        """The feature's tokens of the distinct values, of which there must be at least one.

        Also, for each token, the index of the first equal token of the same value.
        """
        split = feature.split_as
        if split is None or split not in self._tokens:
            found = feature.occurrences(self.distinct)
            first = np.empty_like(found.which)
            mark_first(found.counts, found.which, first)
            self._tokens[split] = found, first
        return self._tokens[split]

    @cached_property
    def _tokens(self) -> dict[object, tuple[Occurrences, Counts]]:
        return {}


def as_columns(columns: Mapping[str, Sequence[str]], names: Sequence[str]) -> list[HardenedColumn]:
    """Some columns by name; columns already analysed are reused."""
    found = (columns[name] for name in names)
    return [each if isinstance(each, HardenedColumn) else HardenedColumn(each) for each in found]
