"""Couples who are hard to tell apart: who of them is joined to the other, by stratum."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from encoder.synthetic import lists_first

if TYPE_CHECKING:
    from tests.benchmarks.quality.judge import Pairs
    from tests.benchmarks.quality.sources import Source

Numbers = NDArray[np.int64]
MOVERS = "movers"


@dataclass(frozen=True)
class Couples:
    """Two people by number, or one who moved."""

    kind: tuple[str, ...]
    one: Numbers
    other: Numbers

    @property
    def kinds(self) -> tuple[str, ...]:
        """Each kind once, in the order of the file."""
        return tuple(dict.fromkeys(self.kind))

    def of(self, kind: str) -> tuple[Numbers, Numbers]:
        chosen = np.array([each == kind for each in self.kind])
        return self.one[chosen], self.other[chosen]


@dataclass(frozen=True)
class Stratum:
    """One kind of couples between two lists.

    `couples` have one of the two in each list; of these `joined` were accepted and `reviewed` sent
    to review. `people` are in both lists, `found` of them were accepted. Of people who moved those
    count who have another address in each list: they are one person, and nobody is joined.
    """

    couples: int
    joined: int
    reviewed: int
    people: int
    found: int


def read_couples(folder: Path) -> Couples:
    """What `write_sources` wrote; nobody where there is no such file."""
    path = folder / "hard.csv"
    if not path.exists():
        return Couples((), np.empty(0, np.int64), np.empty(0, np.int64))
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    numbers = np.array([(row["one"], row["other"]) for row in rows], np.int64)
    return Couples(tuple(row["kind"] for row in rows), numbers[:, 0], numbers[:, 1])


def judge_couples(
    left: Source, right: Source, pairs: Pairs, couples: Couples, seed: int
) -> dict[str, Stratum]:
    """Every kind; `seed` is that of the population."""
    found = {}
    who = left.person[pairs.left], right.person[pairs.right]
    for kind in couples.kinds:
        one, other = couples.of(kind)
        apart = np.array(
            [
                lists_first(kind, number, left.name, seed)
                != lists_first(kind, number, right.name, seed)
                for number in one.tolist()
            ],
            bool,
        )
        moved = kind == MOVERS
        partner = dict(zip(one.tolist(), other.tolist(), strict=True))
        partner |= dict(zip(other.tolist(), one.tolist(), strict=True))
        joined = np.array([partner.get(a) == b for a, b in zip(*_lists(who), strict=True)], bool)
        same = np.isin(who[0], one[apart] if moved else [*partner]) & (who[0] == who[1])
        certain = np.arange(len(who[0])) < pairs.certain
        found[kind] = Stratum(
            couples=0 if moved else int(apart.sum()),
            joined=0 if moved else int((joined & certain).sum()),
            reviewed=0 if moved else int((joined & ~certain).sum()),
            people=int((apart if moved else ~apart).sum()),
            found=len(np.unique(who[0][same & certain])),
        )
    return found


def _lists(who: tuple[Numbers, Numbers]) -> tuple[list[int], list[int]]:
    return who[0].tolist(), who[1].tolist()
