"""The quality of a linkage against a truth: precision, recall and F1 with 95 % intervals.

Precision and recall are shares of pairs, with Wilson's interval. F1 is a function of the share
of right pairs among all found or true pairs, J = TP / (TP + FP + FN): F1 = 2 J / (1 + J).
Its interval is that of J, mapped the same way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np

from padan.frames import Frame, Values, numbers, opened, require_columns, table, texts
from padan.linking import Linkage, link, pairs_of
from policy.base.shares import MILLION, Interval, wilson
from policy.base.words import Words

_STEPS = 21
Pair = tuple[tuple[int, str | int], tuple[int, str | int]]


@dataclass(frozen=True)
class Share:
    """A share from 0 to 1, and the ends of its 95 % interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.4f} ({self.low:.4f} to {self.high:.4f})"


@dataclass(frozen=True)
class Score:
    """Counts of pairs: `correct` of those `found`, and the number of `true` pairs."""

    correct: int
    found: int
    true: int

    @property
    def precision(self) -> Share:
        """The share of the found pairs that are right; 0 if no pair was found."""
        return _share(self.correct, self.found)

    @property
    def recall(self) -> Share:
        """The share of the true pairs that were found; 0 if there are no true pairs."""
        return _share(self.correct, self.true)

    @property
    def f1(self) -> Share:
        """The harmonic mean of precision and recall."""
        both = _share(self.correct, self.found + self.true - self.correct)
        low, value, high = (2 * j / (1 + j) for j in (both.low, both.value, both.high))
        return Share(value, low, high)

    def __str__(self) -> str:
        return f"precision {self.precision}, recall {self.recall}, F1 {self.f1}"

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{escape(str(word))}</th>" for word in _HEAD)
        named = (("precision", self.precision), ("recall", self.recall), ("F1", self.f1))
        rows = "".join(
            f"<tr><td>{name}</td><td>{s.value:.4f}</td><td>{s.low:.4f} – {s.high:.4f}</td></tr>"
            for name, s in named
        )
        said = Words(
            f"{self.correct} benar dari {self.found} pasangan; {self.true} seharusnya ditemukan.",
            f"{self.correct} of {self.found} pairs are right; {self.true} are true in all.",
        )
        return f"<table><tr>{head}</tr>{rows}</table><p>{escape(str(said))}</p>"


_HEAD = (
    Words("ukuran", "measure"),
    Words("nilai", "value"),
    Words("selang 95 %", "95 % interval"),
)


def score(found: Any, truth: Any) -> Score:
    """Compare found pairs with the true ones.

    `found` is the table of `link` (every two rows of a group are a pair) or a table of pairs.
    `truth` is a table of pairs, like that of `true_pairs`. Rows are identified by `left_id` and
    `right_id` if both tables have them, else by `left_row` and `right_row`. A truth without
    `left_dataset` and `right_dataset` means pairs of the first two tables, or within one table if
    `found` has no pair between tables. The order within a pair does not matter, and a pair counts
    once.

    Raises BadInput (`frame.columns`).
    """
    given = opened(found)
    if "group" in given.columns:
        given = opened(pairs_of(found))
    real = opened(truth)
    ours, theirs = _known_alike(given, real)
    correct = set(ours) & set(theirs)
    return Score(len(correct), len(set(ours)), len(set(theirs)))


def threshold_table(
    pairs: Any,
    truth: Any,
    thresholds: Sequence[float] | None = None,
    *,
    linkage: Linkage = "complete",
) -> Any:
    """The results of `link` and `score` at several thresholds, from one table of `compare`.

    Columns: `threshold` (Float64), `found`, `correct` (Int64), and of `precision`, `recall` and
    `f1` the value and the interval as `precision`, `precision_low`, `precision_high` and so on
    (Float64). Without `thresholds` they are 21 steps from the least similarity in the table to 1.
    A pair with equal NIKs (similarity above 1) is included at every threshold.
    """
    frame = opened(pairs)
    require_columns(frame, "similarity")
    similarity = np.asarray(frame["similarity"].to_numpy(), np.float64)
    if thresholds is None:
        lowest = min(1.0, float(similarity.min(initial=1.0)))
        thresholds = np.linspace(np.floor(lowest * 100) / 100, 1.0, _STEPS).tolist()
    scores = [
        score(link(frame.filter((similarity >= each).tolist()).to_native(), linkage=linkage), truth)
        for each in thresholds
    ]
    columns: dict[str, Values] = {
        "threshold": np.array(thresholds, np.float64),
        "found": np.array([each.found for each in scores], np.int64),
        "correct": np.array([each.correct for each in scores], np.int64),
    }
    for name in ("precision", "recall", "f1"):
        shares: list[Share] = [getattr(each, name) for each in scores]
        columns[name] = np.array([each.value for each in shares])
        columns[f"{name}_low"] = np.array([each.low for each in shares])
        columns[f"{name}_high"] = np.array([each.high for each in shares])
    return table(columns, frame.implementation)


def _pairs(frame: Frame, ids: bool, usual: tuple[int, int]) -> list[Pair]:
    """The pairs in the order of the rows, each with its lesser end first."""
    sides = []
    for side, dataset in zip(("left", "right"), usual, strict=True):
        rows = texts(frame, f"{side}_id") if ids else numbers(frame, f"{side}_row").tolist()
        name = f"{side}_dataset"
        known = name in frame.columns
        datasets = numbers(frame, name).tolist() if known else [dataset] * len(rows)
        sides.append(list(zip(datasets, rows, strict=True)))
    return [(min(pair), max(pair)) for pair in zip(*sides, strict=True)]


def is_true(pairs: Any, truth: Any) -> list[bool]:
    """Which of the pairs are true, in row order; see `score`."""
    ours, theirs = _known_alike(opened(pairs), opened(truth))
    real = set(theirs)
    return [pair in real for pair in ours]


def _known_alike(found: Frame, truth: Frame) -> tuple[list[Pair], list[Pair]]:
    """Both by ids if both have them, else by rows."""
    ids = all({"left_id", "right_id"} <= set(each.columns) for each in (found, truth))
    require_columns(found, "left_dataset", "right_dataset")
    ours = _pairs(found, ids, (0, 0))
    within = bool(ours) and all(one[0] == other[0] for one, other in ours)
    return ours, _pairs(truth, ids, (0, 0) if within else (0, 1))


def _share(part: int, whole: int) -> Share:
    if not whole:
        return Share(0.0, 0.0, 1.0)
    found: Interval = wilson(part / whole, whole)
    return Share(part / whole, found.low / MILLION, found.high / MILLION)
