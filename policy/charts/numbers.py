"""Numbers inside sentences, formatted for each language: 1.234,5 % and 1,234.5%."""

from __future__ import annotations

from dataclasses import dataclass

from policy.base.words import Language, Words
from policy.base.words import number as grouped

_SWAP = str.maketrans(",.", ".,")


@dataclass(frozen=True)
class Proportion:
    """A part of a whole; 0 if the whole is 0."""

    part: float
    whole: float

    @property
    def value(self) -> float:
        return self.part / self.whole if self.whole else 0.0


def written(number: int | Proportion, language: Language) -> str:
    """A count with thousands separators, or a share in percent: whole if it is all or nothing."""
    if isinstance(number, Proportion):
        return _percent(number.value, language)
    return grouped(number).in_language(language)


def _percent(value: float, language: Language) -> str:
    if 0 < value < 0.0005:
        return "< 0,1 %" if language == "id" else "< 0.1%"
    if 0.9995 <= value < 1:
        return "> 99,9 %" if language == "id" else "> 99.9%"
    text = f"{100 * value:.0f}" if value in (0, 1) else f"{100 * value:.1f}"
    return text.translate(_SWAP) + " %" if language == "id" else text + "%"


def points(ppm: int) -> Words:
    """Parts per million as percentage points, without a sign for percent: 0,5 and 0.5."""
    text = f"{ppm / 10_000:g}"
    return Words(text.replace(".", ","), text)


def as_percent(ppm: int) -> Words:
    """Parts per million as a share in percent, with the decimals that it has: 58,5 % and 58.5%."""
    said = points(ppm)
    return Words(f"{said.id} %", f"{said.en}%")


def sentence(indonesian: str, english: str, **numbers: int | Proportion) -> Words:
    """Both sentences with the same numbers filled in."""
    return Words(
        indonesian.format(**{name: written(n, "id") for name, n in numbers.items()}),
        english.format(**{name: written(n, "en") for name, n in numbers.items()}),
    )
