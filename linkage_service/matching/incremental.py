"""A second run after some rows changed: what was searched before is not searched again.

Whether the search finds two rows alike depends on these two rows alone. So what an earlier
search found among rows that are both still there is found now, and only pairs with a row that
is new have to be searched:

    moves = [moved(before, now) for before, now in zip(old_handles, new_handles)]
    found = [carry_over(what_tiles_found, moves)]
    for part in fresh_parts(moves):
        ...search part.left_rows of one dataset against part.right_rows of another...
        found.append(part.placed(result))
    groups = link(datasets, [*found, *token_matches])

A changed row has a new handle: it leaves, and comes back as a new row. The NIK leg is joined
anew each time, since whether a token is crowded depends on all rows. Together this gives
the candidates of a full run, and so its groups. Rows are numbered in handle order in every
run: the solver takes equally similar pairs in the order of their rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from linkage_service.matching.candidates import Candidates

GONE = -1

Rows = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Moves:
    """One dataset between two runs.

    `now_at` is int64 (rows before,): where each earlier row stands now, or GONE. `kept` and
    `new` are the rows of now that the earlier run had and had not, ascending.
    """

    now_at: Rows
    kept: Rows
    new: Rows


@dataclass(frozen=True, eq=False)
class Part:
    """Rows of one dataset to be searched against rows of another; neither side is empty."""

    left_dataset: int
    right_dataset: int
    left_rows: Rows
    right_rows: Rows

    def placed(self, found: Candidates) -> Candidates:
        """What a search among these rows alone found, as rows of the whole datasets."""
        return Candidates(
            found.similarity,
            np.full(len(found), self.left_dataset, np.uint16),
            np.full(len(found), self.right_dataset, np.uint16),
            self.left_rows[found.left_row].astype(np.uint32),
            self.right_rows[found.right_row].astype(np.uint32),
        )


def moved(before: NDArray[np.uint8], now: NDArray[np.uint8]) -> Moves:
    """Compare a dataset's handles, uint8 (rows, 16), each handle once on either side."""
    place = {handle.tobytes(): row for row, handle in enumerate(now)}
    places = (place.get(handle.tobytes(), GONE) for handle in before)
    now_at = np.fromiter(places, np.int64, len(before))
    known = np.zeros(len(now), np.bool_)
    known[now_at[now_at != GONE]] = True
    return Moves(now_at, np.flatnonzero(known), np.flatnonzero(~known))


def carry_over(earlier: Candidates, moves: Sequence[Moves]) -> Candidates:
    """What an earlier search found among rows that are both still there, as rows of now.

    `moves` by dataset number. The thresholds and encodings must be those of the earlier run.
    """
    sides = []
    for datasets, rows in (
        (earlier.left_dataset, earlier.left_row),
        (earlier.right_dataset, earlier.right_row),
    ):
        at = np.full(len(earlier), GONE, np.int64)
        for number, each in enumerate(moves):
            here = datasets == number
            at[here] = each.now_at[rows[here]]
        sides.append(at)
    left, right = sides
    stay = (left != GONE) & (right != GONE)
    return Candidates(
        earlier.similarity[stay],
        earlier.left_dataset[stay],
        earlier.right_dataset[stay],
        left[stay].astype(np.uint32),
        right[stay].astype(np.uint32),
    )


def fresh_parts(moves: Sequence[Moves]) -> Iterator[Part]:
    """What the earlier run has not compared: new rows with all, then kept ones with new."""
    for left, right in combinations(range(len(moves)), 2):
        everyone = np.sort(np.concatenate([moves[right].kept, moves[right].new]))
        for left_rows, right_rows in (
            (moves[left].new, everyone),
            (moves[left].kept, moves[right].new),
        ):
            if len(left_rows) and len(right_rows):
                yield Part(left, right, left_rows, right_rows)
