"""People of a made-up list with what two sources say of them, and an attack on what is published."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence

from encoder.lists.joined import JoinedRow, SourceColumn, Verdict
from encoder.lists.place_columns import Place
from policy.base.words import Words

SOURCES = (
    SourceColumn("dtks-regsosek", ("regsosek",), True, Words("Regsosek", "Regsosek")),
    SourceColumn("dtks-carik", ("carik",), False, Words("Carik Jakarta", "Carik Jakarta")),
)


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


def made_rows(
    seed: int, villages: Mapping[tuple[str, str], int], sources: int = 2
) -> Iterator[JoinedRow]:
    """Rows of as many people in each kecamatan and kelurahan; each place confirms at its own rate."""
    draw = random.Random(seed)
    number = 0
    for (district, village), people in villages.items():
        rates = [draw.uniform(0.3, 0.97) for _ in range(sources)]
        for _ in range(people):
            number += 1
            verdicts = [
                Verdict.CONFIRMED
                if draw.random() < rate
                else draw.choice((Verdict.NOT_FOUND, Verdict.NOT_FOUND, Verdict.TO_CHECK))
                for rate in rates
            ]
            if sources > 1 and verdicts[1] is Verdict.TO_CHECK:
                verdicts[1] = Verdict.NOT_FOUND
            yield row(number, verdicts, Place(district, village))
