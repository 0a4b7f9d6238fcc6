"""People of a made-up list with what two sources say of them, and an attack on published sums."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any

import numpy as np
from scipy.optimize import linprog

from encoder.released.coverage.protecting import ProtectedCounts
from encoder.released.lists.joined import JoinedRow, SourceColumn, Verdict
from encoder.released.lists.place_columns import Place
from policy.base.words import Words
from policy.charter import Charter, Domain
from policy.charter.words import Bilingual
from policy.gates.coverage import Coverage
from tests.benchmarks.quality.methods import default_charter

SOURCES = (
    SourceColumn("dtks-regsosek", ("regsosek",), True, Words("Regsosek", "Regsosek")),
    SourceColumn("dtks-carik", ("carik",), True, Words("Carik Jakarta", "Carik Jakarta")),
)
# One kind of people: their kecamatan, their kelurahan, and what each source says of them.
Atom = tuple[str, str, tuple[Verdict, ...]]
_MOST = 10**7
# A published sum: which atoms it counts, and how many people it says.
Sum = tuple[frozenset[Atom], int]


def told_charter(*learn: str) -> Charter:
    """A charter with the domains of `SOURCES`, of which these lists learn who matched."""
    domains = (
        Domain(id=each.domain, datasets=("dtks", *each.sources), learn=("dtks", *learn))
        for each in SOURCES
    )
    return default_charter().model_copy(update={"domains": tuple(domains)})


def row(number: int, verdicts: Sequence[Verdict], place: Place, state: str = "") -> JoinedRow:
    return JoinedRow(
        number,
        f"R{number}",
        number.to_bytes(16, "big"),
        (),
        tuple(verdicts),
        (),
        place,
        state,  # type: ignore[arg-type]
    )


def coverage_file(counts: ProtectedCounts, minimum_cell: int, **more: Any) -> Coverage:
    """A coverage file of these counts."""
    given: dict[str, Any] = {
        "project": "jakarta-2026",
        "epoch": 1,
        "release": "rilis-1",
        "stage": "ab" * 32,
        "dataset": "dtks",
        "owner": "dinsos",
        "title": Bilingual(id="Data Terpadu", en="Integrated data"),
        "minimum_cell": minimum_cell,
        "empty_cell_allowed": False,
        "counted_on": "2026-11-30",
        **{name: getattr(counts, name) for name in ProtectedCounts.__dataclass_fields__},
        **more,
    }
    return Coverage(**given)


def made_rows(seed: int, villages: Mapping[tuple[str, str], int]) -> Iterator[JoinedRow]:
    """As many people in each kecamatan and kelurahan; each place has rates of its own."""
    draw = random.Random(seed)
    numbers = iter(range(1, 1_000_000))
    for (district, village), people in villages.items():
        rates = [draw.uniform(0.3, 0.97) for _ in SOURCES]
        for _ in range(people):
            others = (Verdict.NOT_FOUND, Verdict.NOT_FOUND, Verdict.TO_CHECK)
            verdicts = [
                Verdict.CONFIRMED if draw.random() < rate else draw.choice(others) for rate in rates
            ]
            yield row(next(numbers), verdicts, Place(district, village))


def atoms(villages: Sequence[tuple[str, str]]) -> tuple[Atom, ...]:
    """Every kind of people there may be: the attacker knows all names."""
    kinds = product(Verdict, repeat=len(SOURCES))
    return tuple((*village, kind) for kind in kinds for village in villages)


def range_of(
    wanted: frozenset[Atom], sums: Sequence[Sum], known: Sequence[Atom]
) -> tuple[int, int]:
    """The least and the most people of these kinds that agree with every published sum."""
    table = np.array([[atom in inside for atom in known] for inside, _ in sums], float)
    totals = np.array([people for _, people in sums], float)
    aim = np.array([atom in wanted for atom in known], float)
    ends = []
    for sign in (1, -1):
        found = linprog(sign * aim, A_eq=table, b_eq=totals, bounds=(0, _MOST), method="highs")
        assert found.success, found.message
        ends.append(round(sign * found.fun))
    return ends[0], ends[1]
