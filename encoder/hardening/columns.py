"""Columns of a batch, looked at once for all the encodings that use them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from operator import not_

import numpy as np
from numpy.typing import NDArray

from encoder.clk.schema import Feature
from encoder.clk.tokens import Occurrences
from encoder.hardening.prf import Prf
from encoder.hardening.votes import Counts, mark_first


class Column(list[str]):
    """The cells of one column; '' is a missing one. Not to be changed."""

    @cached_property
    def missing(self) -> NDArray[np.bool_]:
        """bool, shape (rows,)."""
        return np.fromiter(map(not_, self), bool, len(self))

    @cached_property
    def distinct(self) -> list[str]:
        """The values that occur, each once."""
        return [value for value in dict.fromkeys(self) if value]

    @cached_property
    def value_of_row(self) -> NDArray[np.int64]:
        """int64, shape (rows,): index into `distinct`; where the cell is missing, 0."""
        number = {value: at for at, value in enumerate(self.distinct)}
        number[""] = 0
        return np.fromiter(map(number.__getitem__, self), np.int64, len(self))

    def numbered(self, prf: Prf) -> NDArray[np.uint64]:
        """uint64, shape (rows,): the keyed number of each value; 0 where the cell is missing."""
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
        """The feature's tokens of the distinct values, of which there is at least one.

        And of each token which of its value's is the first that is equal.
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


def as_columns(columns: Mapping[str, Sequence[str]], names: Sequence[str]) -> list[Column]:
    """Some columns by name; who has looked at one before passes it on."""
    found = (columns[name] for name in names)
    return [each if isinstance(each, Column) else Column(each) for each in found]
