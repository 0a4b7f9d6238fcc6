"""Shapes of distributions that show how a file was made."""

from __future__ import annotations

from collections.abc import Mapping

# Placeholder classes that hide the day of birth; the 15th is treated separately.
PLACEHOLDERS = ("07-01", "12-31", "01-01", "unknown-part", "year-only", "1900-01-01", "1970-01-01")
_FEWEST_AT_CUT = 20
_SHORTEST_CUT = 12
_OLDEST_BAR = 100


def whipple(years: Mapping[int, int], today: int) -> float | None:
    """Whipple's index over ages 23 to 62; None below 200 people.

    Guessed ages end in 0 or 5 in the year of the survey, which the file does not contain. The
    year of the last decade with the most heaping is used instead.
    """
    ages = {today - year: rows for year, rows in years.items()}
    people = sum(rows for age, rows in ages.items() if 23 <= age <= 62)
    if people < 200:
        return None
    heaps = [
        sum(rows for age, rows in ages.items() if 23 <= age <= 62 and age % 5 == rest)
        for rest in range(5)
    ]
    return 500 * max(heaps) / people


def cut_length(lengths: Mapping[int, int]) -> int:
    """The length at which names seem to be cut, or 0.

    Uncut lengths decrease slowly. A cut gathers all longer names at one length: many
    more than at the two lengths before it, and almost none beyond.
    """
    total = sum(lengths.values())
    for length in sorted(lengths):
        here = lengths[length]
        before = (lengths.get(length - 1, 0) + lengths.get(length - 2, 0)) / 2
        beyond = sum(rows for other, rows in lengths.items() if other > length)
        spike = here >= max(_FEWEST_AT_CUT, 2 * before)
        if length >= _SHORTEST_CUT and spike and beyond <= max(here, 0.02 * total):
            return length
    return 0


def by_decade(years: Mapping[int, int], today: int) -> dict[int, int]:
    """People by decade of age, from 0 to 90 and above 100, without gaps."""
    decades = dict.fromkeys(range(0, _OLDEST_BAR + 1, 10), 0)
    for year, rows in years.items():
        decades[min(_OLDEST_BAR, max(0, today - year) // 10 * 10)] += rows
    while len(decades) > 1 and decades[max(decades)] == 0:
        del decades[max(decades)]
    return decades
