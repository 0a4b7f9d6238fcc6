"""Estimates how many of the file's people a clean partner file would find: a simple model.

The rules:
    1. A row with a usable NIK is found by it with probability NIK_AGREES; a row with a doubtful
       NIK with NIK_DOUBTFUL; a row without a NIK never.
    2. A row not found by its NIK is found by name, birth date, sex and place with the
       probability BY_FIELDS of its birth date and its name.
    3. The partner has every person of the file, with NIK and complete birth date.
    4. Rows are independent, and errors in the fields do not depend on those in the NIK.
The probabilities were measured on Padan's synthetic Jakarta: true pairs of DTKS, PPKS and Carik
blanked on one side for the incomplete dates. They appear with every forecast. They say
which repair is worth its trouble; they do not promise a result, and they say nothing about
false matches, of which one-word names cause most.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from encoder.quality.counts import Stratum
from policy.base.words import Words

NIK_AGREES = 0.95
# Most doubtful NIKs are mistyped, and the partner has the right one.
NIK_DOUBTFUL = 0.10
BY_FIELDS: dict[tuple[str, str], float] = {
    ("full", "several"): 0.92,
    ("full", "one"): 0.90,
    ("year", "several"): 0.70,
    ("year", "one"): 0.67,
    ("none", "several"): 0.0,
    ("none", "one"): 0.0,
}
_BY_NIK = {"usable": NIK_AGREES, "doubtful": NIK_DOUBTFUL, "none": 0.0}


@dataclass(frozen=True)
class Scenario:
    """The file unchanged, or after a repair; `recall` from 0 to 1."""

    code: str
    name: Words
    recall: float
    found: int
    missed: int


@dataclass(frozen=True)
class Forecast:
    rows: int
    scenarios: tuple[Scenario, ...]


def chance(stratum: Stratum) -> float:
    """The probability, 0 to 1, that a row of this stratum finds its person."""
    by_nik = _BY_NIK[stratum.nik]
    by_fields = BY_FIELDS.get((stratum.date, stratum.name), 0.0)
    return by_nik + (1 - by_nik) * by_fields


def forecast(strata: Sequence[Stratum]) -> Forecast:
    """Recall today and after each repair, for the same rows."""
    rows = sum(each.rows for each in strata)
    return Forecast(
        rows,
        (
            _scenario("today", Words("Berkas hari ini", "The file today"), strata, _as_is),
            _scenario(
                "nik", Words("Bila semua NIK lengkap", "If every NIK were there"), strata, _with_nik
            ),
            _scenario(
                "date",
                Words("Bila semua tanggal lahir lengkap", "If every birth date were complete"),
                strata,
                _with_date,
            ),
            _scenario(
                "both",
                Words("Bila keduanya lengkap", "If both were"),
                strata,
                lambda s: _with_nik(_with_date(s)),
            ),
        ),
    )


def _scenario(
    code: str, name: Words, strata: Sequence[Stratum], repair: Callable[[Stratum], Stratum]
) -> Scenario:
    rows = sum(each.rows for each in strata)
    expected = sum(each.rows * chance(repair(each)) for each in strata)
    found = round(expected)
    return Scenario(code, name, round(expected / rows, 4) if rows else 0.0, found, rows - found)


def _as_is(stratum: Stratum) -> Stratum:
    return stratum


def _with_nik(stratum: Stratum) -> Stratum:
    return replace(stratum, nik="usable")


def _with_date(stratum: Stratum) -> Stratum:
    return replace(stratum, date="full")


def assumptions() -> tuple[tuple[Words, float], ...]:
    """Every number of the model with its meaning."""
    from encoder.quality.labels import label

    by_nik = (
        (
            Words("NIK dapat dipakai: sama di kedua berkas", "Usable NIK: the same in both files"),
            NIK_AGREES,
        ),
        (
            Words("NIK diragukan: sama di kedua berkas", "Doubtful NIK: the same in both files"),
            NIK_DOUBTFUL,
        ),
    )
    by_fields = tuple(
        (
            Words(
                f"Tanpa NIK: tanggal lahir {label(date).id}, nama {label(name).id}",
                f"Without NIK: birth date {label(date).en}, name {label(name).en}",
            ),
            value,
        )
        for (date, name), value in BY_FIELDS.items()
    )
    return by_nik + by_fields
