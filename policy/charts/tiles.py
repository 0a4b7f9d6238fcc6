"""One tile per area, in rows under the district that it belongs to, coloured by a share.

Colour has five steps, and each tile says its share. A dashed tile is several small areas together.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from policy.base.foreign_text import clean
from policy.base.words import Language, Words
from policy.charts.image import WIDTH, amount, image, label, legend, legend_height
from policy.charts.numbers import Proportion

STEPS = 5
# Three columns, so that names can still be read on a phone.
_COLUMNS, _GAP, _TALL, _HEAD = 3, 6, 56, 30
_LETTERS = 20
TOGETHER = Words("beberapa area kecil bersama", "several small areas together")


@dataclass(frozen=True)
class AreaTile:
    """One area, or several small ones with `together`."""

    name: Words
    share: Proportion
    together: bool = False


@dataclass(frozen=True)
class TileGroup:
    """A district and its areas, in the order in which they are drawn."""

    name: Words
    tiles: tuple[AreaTile, ...]


@dataclass(frozen=True)
class TileChart:
    code: str
    title: Words
    about: Words
    groups: tuple[TileGroup, ...]

    def svg(self, language: Language) -> str:
        keys = [(f"tile step-{step}", _step_name(step, language)) for step in range(STEPS)]
        if any(tile.together for group in self.groups for tile in group.tiles):
            keys.append(("tile together", TOGETHER.in_language(language)))
        top = image(
            self.code, language, self.title, self.about, legend_height(len(keys)), legend(keys, 0)
        )
        # One drawing per district, so that a page may break between two of them.
        return top + "".join(
            _group(f"{self.code}-{at}", group, self.about, language)
            for at, group in enumerate(self.groups)
        )


def _group(code: str, group: TileGroup, about: Words, language: Language) -> str:
    name = label(group.name, language)
    drawn = [f'<text x="0" y="20" class="group">{name}</text>']
    for place, tile in enumerate(group.tiles):
        row, column = divmod(place, _COLUMNS)
        drawn.append(_tile(tile, column * _wide(), _HEAD + row * (_TALL + _GAP), language))
    height = _HEAD + -(-len(group.tiles) // _COLUMNS) * (_TALL + _GAP) + 4
    return image(code, language, group.name, about, height, drawn)


def step_of(share: Proportion) -> int:
    """The colour's step, from 0 for less than 20 % to 4 for 80 % and more."""
    return min(STEPS - 1, int(share.value * STEPS))


def _wide() -> float:
    return (WIDTH + _GAP) / _COLUMNS


def _tile(tile: AreaTile, x: float, y: float, language: Language) -> str:
    share, step = amount(tile.share, language), f"step-{step_of(tile.share)}"
    style = f"tile {step} together" if tile.together else f"tile {step}"
    name = clean(tile.name.in_language(language))
    short = name if len(name) <= _LETTERS else name[: _LETTERS - 1] + "…"
    return (
        f"<g><title>{escape(name)}: {share}</title>"
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{_wide() - _GAP:.1f}" height="{_TALL}" rx="3"'
        f' class="{style}"/>'
        f'<text x="{x + 8:.1f}" y="{y + 22:.1f}" class="place {step}">{escape(short)}</text>'
        f'<text x="{x + 8:.1f}" y="{y + 46:.1f}" class="share {step}">{share}</text></g>'
    )


def _step_name(step: int, language: Language) -> str:
    low, high = step * 100 // STEPS, (step + 1) * 100 // STEPS
    if step == STEPS - 1:
        return Words(f"{low} % atau lebih", f"{low}% or more").in_language(language)
    return Words(f"{low} sampai {high} %", f"{low} to {high}%").in_language(language)
