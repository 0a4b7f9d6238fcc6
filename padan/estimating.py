"""Which threshold? The strangers to expect among candidate pairs, without a truth."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from linkage_service.matching.candidates import Candidates
from linkage_service.matching.strangers import NO_NUMBER, Numbers, find_strangers
from padan.error_codes import PadanCode
from padan.frames import Values, opened, table, texts
from padan.pairs import candidates
from policy.base.errors import BadInput
from policy.base.words import Words

_STEP = 0.01


def expected_false(
    pairs: Any, *frames: Any, number: str, thresholds: Sequence[float] | None = None
) -> Any:
    """How many wrong pairs to expect at each threshold, by a number that was not encoded.

    `pairs` is the table of `compare` of one table or of two, and `frames` are tables with the
    column `number` (a NIK, for example) in the same row order. Two rows are strangers if each
    shares its number with another row of its own, but they do not share theirs. How often strangers
    pass a threshold, times all pairs of rows, is the number of wrong pairs to expect.

    Columns: `threshold` (Float64), `pairs` (Int64), `expected_false` and `share` (Float64: of the
    pairs). Without `thresholds` they are hundredths from the least similarity in the table to 1.
    Rows of one person with a wrong number count as strangers; relatives whose numbers are in no
    other row are not seen. The pairs are those before `link`, which leaves many wrong ones out.

    Raises BadInput: `frame.columns`, `pairs.*`, `expected-false.numbers`.
    """
    found = candidates(opened(pairs))
    numbers = _numbers([texts(opened(each), number, identifier=True) for each in frames])
    strangers = find_strangers(found, numbers) if _fit(found, numbers) else None
    if strangers is None:
        raise _no_strangers()
    if thresholds is None:
        lowest = int(float(found.similarity.min(initial=1.0)) / _STEP)
        thresholds = [step * _STEP for step in range(lowest, round(1 / _STEP) + 1)]
    passing = [found.similarity >= each for each in thresholds]
    many = np.array([np.count_nonzero(each) for each in passing], np.int64)
    expected = np.array([strangers.expected(each) for each in passing])
    columns: dict[str, Values] = {
        "threshold": np.array(thresholds, np.float64),
        "pairs": many,
        "expected_false": expected,
        "share": np.minimum(1.0, expected / np.maximum(many, 1)),
    }
    return table(columns, opened(pairs).implementation)


def _numbers(columns: Sequence[Sequence[str]]) -> list[Numbers]:
    known: dict[str, int] = {"": NO_NUMBER}
    return [
        np.array([known.setdefault(each, len(known)) for each in column], np.int64)
        for column in columns
    ]


def _fit(found: Candidates, numbers: Sequence[Numbers]) -> bool:
    """Whether these are the numbers of one table or two that have every row of the pairs."""
    if not 1 <= len(numbers) <= 2 or int(found.right_dataset.max(initial=0)) >= len(numbers):
        return False
    sides = (found.left_row, numbers[0]), (found.right_row, numbers[-1])
    return all(not len(rows) or int(rows.max()) < len(of) for rows, of in sides)


def _no_strangers() -> BadInput:
    return BadInput(
        PadanCode.EXPECTED_FALSE_NUMBERS,
        Words(
            "Nomor di tabel ini tidak menunjukkan baris orang lain: terlalu sedikit baris"
            " yang bernomor sama, atau tabelnya bukan tabel yang dibandingkan.",
            "The numbers of these tables do not show which rows are other people: too few rows"
            " share one, or these are not the tables that were compared.",
        ),
        Words(
            "Berikan satu atau dua tabel yang dibandingkan, dalam urutan barisnya.",
            "Give the one or two tables that were compared, in their row order.",
        ),
    )
