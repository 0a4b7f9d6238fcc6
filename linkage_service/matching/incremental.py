"""A second run after some rows changed: the earlier search is not repeated.

Whether the search makes two rows a candidate depends on these two rows alone. So the pairs that
an earlier search found among remaining rows are still correct, and only pairs with a new row
must be searched:

    moves = [moved(before, now) for before, now in zip(old_handles, new_handles)]
    found = [carry_over(what_units_found, moves)]
    for left, right in combinations(range(len(moves)), 2):
        ...search the new rows of `left` against all of `right`, and all against the new...
    groups = link(datasets, [*found, *token_matches])

A changed row has a new handle: it leaves, and comes back as a new row. The NIK leg is joined
again each time, since whether a token is crowded depends on all rows. Together this gives
the candidates of a full run, and therefore its groups. Every run numbers rows in handle order:
the solver takes equally similar pairs in the order of their rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from linkage_service.matching.candidates import Candidates
from policy.formats.bundle_row import HANDLE_BYTES

GONE = -1

Rows = NDArray[np.int64]
HandleKeys = NDArray[np.bytes_]


@dataclass(frozen=True, eq=False)
class Moves:
    """One dataset between two runs.

    `now_at` is int64 (earlier rows,): the current number of each earlier row, or GONE. `new` are
    the current rows that the earlier run did not have, ascending.
    """

    now_at: Rows
    new: Rows


def handle_keys(handles: NDArray[np.uint8]) -> HandleKeys:
    """Handles, uint8 (rows, 16), as one value per row with the same equality and order."""
    keys: HandleKeys = np.ascontiguousarray(handles).view(f"S{HANDLE_BYTES}").ravel()
    return keys


def moved(before: HandleKeys, now: HandleKeys) -> Moves:
    """Compare a dataset's handles before and now, both ascending and without duplicates."""
    now_at = np.searchsorted(now, before)
    there = now_at < len(now)
    there[there] = now[now_at[there]] == before[there]
    known = np.zeros(len(now), np.bool_)
    known[now_at[there]] = True
    return Moves(np.where(there, now_at, GONE), np.flatnonzero(~known))


def carry_over(earlier: Candidates, moves: Sequence[Moves]) -> Candidates:
    """The pairs that an earlier search found among remaining rows, in current row numbers.

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
