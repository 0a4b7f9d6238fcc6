"""People as sets of clear-text tokens, as the holder of a register knows them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from policy.charter import FieldKind

# Numbers that identify one person or household say nothing about similarity.
_NUMBERS = ("nik", "kk", "digits")
_COMMON, _RARE = 0.5, 0.01


@dataclass(frozen=True)
class Plaintext:
    """`tokens` float32 (rows, tokens) of 0 and 1; `bigrams` bool (rows, bigrams) of names."""

    tokens: NDArray[np.float32]
    bigrams: NDArray[np.bool_]

    def similarity(self, first: int = 0) -> NDArray[np.float32]:
        """Dice coefficients of the rows from `first` on with each other."""
        tokens = self.tokens[first:]
        sizes = tokens.sum(axis=1)
        dice: NDArray[np.float32] = 2 * (tokens @ tokens.T)
        dice /= sizes[:, np.newaxis] + sizes
        return dice


def plaintext(fields: Mapping[str, FieldKind], columns: Mapping[str, Sequence[str]]) -> Plaintext:
    """The tokens of normalised columns; bigrams are those in 1 % to 50 % of the names."""
    kinds = {
        column: fields[column.split(".")[0]]
        for column in columns
        if fields[column.split(".")[0]] not in _NUMBERS
    }
    rows = len(next(iter(columns.values())))
    people = [
        {
            token
            for column, kind in kinds.items()
            for token in _tokens(column, kind, columns[column][row])
        }
        for row in range(rows)
    ]
    counts = Counter(token for person in people for token in person)
    vocabulary = {token: at for at, token in enumerate(sorted(counts))}
    matrix = np.zeros((rows, len(vocabulary)), np.float32)
    for row, person in enumerate(people):
        matrix[row, [vocabulary[token] for token in person]] = 1
    names = {column for column, kind in kinds.items() if kind == "name"}
    chosen = [
        vocabulary[token]
        for token, count in sorted(counts.items())
        if token[0] in names and _RARE * rows <= count <= _COMMON * rows
    ]
    return Plaintext(matrix, matrix[:, chosen] > 0)


def _tokens(column: str, kind: FieldKind, value: str) -> list[tuple[str, str]]:
    if not value:
        return []
    if kind != "name":
        return [(column, value)]
    padded = f" {value} "
    return [(column, padded[at : at + 2]) for at in range(len(padded) - 1)]
