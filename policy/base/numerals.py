"""Whole numbers in Indonesian words, as official documents write dates and copies."""

from __future__ import annotations

_ONES = "nol satu dua tiga empat lima enam tujuh delapan sembilan".split()


def in_words(number: int) -> str:
    """A number from 0 to 999,999: 2026 is dua ribu dua puluh enam. Raises ValueError for others."""
    if not 0 <= number < 1_000_000:
        raise ValueError("no words for this number")
    return _words(number)


def _words(number: int) -> str:
    if number < 10:
        return _ONES[number]
    if number < 20:
        return "sepuluh" if number == 10 else f"{_unit(number - 10, 'belas')}"
    for size, name in ((1000, "ribu"), (100, "ratus"), (10, "puluh")):
        if number >= size:
            many, rest = divmod(number, size)
            words = _unit(many, name)
            return f"{words} {_words(rest)}" if rest else words
    raise AssertionError(number)


def _unit(many: int, name: str) -> str:
    """A count of a unit; one of them has its own word: seratus, seribu, sebelas."""
    return f"se{name}" if many == 1 else f"{_words(many)} {name}"


def ordinal(number: int) -> str:
    """An ordinal number: pertama, kedua, ketiga."""
    return "pertama" if number == 1 else f"ke{in_words(number)}"
