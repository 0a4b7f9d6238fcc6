"""An inline SVG with a name and a description for screen readers."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from textwrap import wrap

from policy.base.foreign_text import clean
from policy.base.words import Language, Words
from policy.charts.numbers import Proportion, written

WIDTH = 640  # units of the view box, which all charts share
LINE = 23  # from one line of a name to the next, for the larger letters of a phone
_LETTERS = 42  # of a name that fit next to a number on a phone


def label(words: Words, language: Language) -> str:
    """The words as text of a drawing: escaped, without characters that move the text around."""
    return escape(clean(words.in_language(language)))


def name_lines(name: Words, language: Language) -> list[str]:
    """A name as the lines of a drawing, next to which a number has room."""
    return [escape(each) for each in wrap(clean(name.in_language(language)), _LETTERS)] or [""]


def amount(value: int | Proportion, language: Language) -> str:
    """The number as text of a drawing."""
    return escape(written(value, language))


def image(
    code: str,
    language: Language,
    title: Words,
    about: Words,
    height: float,
    inner: Iterable[str],
) -> str:
    """The drawing as one element; `code` is unique on its page."""
    name = f"{code}-{language}"
    return (
        f'<svg viewBox="0 0 {WIDTH} {height:g}" role="img" aria-labelledby="t-{name} d-{name}">'
        f'<title id="t-{name}">{label(title, language)}</title>'
        f'<desc id="d-{name}">{label(about, language)}</desc>' + "".join(inner) + "</svg>"
    )


def legend(entries: Iterable[tuple[str, str]], top: float) -> list[str]:
    """Swatches in a row, each a class and its text; two to a line. See `legend_height`."""
    drawn = []
    for place, (style, text) in enumerate(entries):
        x, y = place % 2 * (WIDTH / 2), top + place // 2 * 26
        drawn.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="16" height="16" rx="2" class="{style}"/>'
            f'<text x="{x + 22:.1f}" y="{y + 13:.1f}" class="key">{escape(clean(text))}</text>'
        )
    return drawn


def legend_height(entries: int) -> int:
    """The height of a legend of this many entries."""
    return -(-entries // 2) * 26 + 10
