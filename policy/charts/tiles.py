"""One tile per area, in rows under the district that it belongs to, coloured by a share.

Colour has five equal steps over the shares that there are, and each tile says its share. A dashed
tile is several small areas together. Districts of one tile come first, without a head of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape

from policy.base.foreign_text import clean
from policy.base.words import Language, Words
from policy.charts.image import WIDTH, amount, image, label, legend, legend_height
from policy.charts.numbers import Proportion

STEPS = 5
# Three columns, so that names can still be read on a phone.
_COLUMNS, _GAP, _TALL, _HEAD = 3, 6, 56, 30
_LETTERS = 20
_ROWS = 5  # of one drawing, so that a page may break between two of them
_WIDTHS = (2, 5, 10, 20)  # of a step of colour, in percent
WHOLE_DISTRICTS = Words("Kecamatan seutuhnya", "Whole kecamatan")
TOGETHER = Words("beberapa area kecil bersama", "several small areas together")


@dataclass(frozen=True)
class AreaTile:
    """One area, or several small ones with `together`."""

    name: Words
    share: Proportion
    together: bool = False


@dataclass(frozen=True)
class TileGroup:
    """A district and its areas, in the order in which they are drawn.

    With `whole`, its only tile is the district itself.
    """

    name: Words
    tiles: tuple[AreaTile, ...]
    whole: bool = False


@dataclass(frozen=True)
class ColourScale:
    """Five equal steps in percent: where the first one begins, and how wide each one is."""

    start: int
    width: int

    @classmethod
    def over(cls, shares: Sequence[Proportion]) -> ColourScale:
        """The narrowest steps that hold all of these shares."""
        low = min((100 * each.value for each in shares), default=0.0)
        high = max((100 * each.value for each in shares), default=100.0)
        for width in _WIDTHS:
            start = min(int(low // width) * width, 100 - STEPS * width)
            if high <= start + STEPS * width:
                return cls(start, width)
        return cls(0, 100 // STEPS)

    def step(self, share: Proportion) -> int:
        """The step of a share, from 0; a share between two steps belongs to the higher one."""
        return max(0, min(STEPS - 1, int((100 * share.value - self.start) // self.width)))

    def name(self, step: int) -> Words:
        low = self.start + step * self.width
        high = low + self.width
        return Words(f"{low} sampai {high} %", f"{low} to {high}%")


@dataclass(frozen=True)
class TileChart:
    code: str
    title: Words
    about: Words
    groups: tuple[TileGroup, ...]

    def svg(self, language: Language) -> str:
        tiles = [tile for group in self.groups for tile in group.tiles]
        scale = ColourScale.over([tile.share for tile in tiles])
        keys = [(f"tile step-{at}", scale.name(at).in_language(language)) for at in range(STEPS)]
        if any(tile.together for tile in tiles):
            keys.append(("tile together", TOGETHER.in_language(language)))
        top = image(
            self.code, language, self.title, self.about, legend_height(len(keys)), legend(keys, 0)
        )
        drawings = [part for group in _arranged(self.groups) for part in _parts(group)]
        return top + "".join(
            _drawn(f"{self.code}-{at}", group, scale, self.about, language)
            for at, group in enumerate(drawings)
        )


def _arranged(groups: Sequence[TileGroup]) -> list[TileGroup]:
    """The districts that are one tile in one group, then the others."""
    whole = [AreaTile(each.name, each.tiles[0].share) for each in groups if each.whole]
    divided = [each for each in groups if not each.whole]
    return [TileGroup(WHOLE_DISTRICTS, tuple(whole)), *divided] if whole else divided


def _parts(group: TileGroup) -> list[tuple[Words | None, TileGroup]]:
    """A group as drawings of few rows each; the head is on the first one."""
    most = _ROWS * _COLUMNS
    return [
        (None if at else group.name, replace(group, tiles=group.tiles[at : at + most]))
        for at in range(0, len(group.tiles), most)
    ]


def _drawn(
    code: str,
    part: tuple[Words | None, TileGroup],
    scale: ColourScale,
    about: Words,
    language: Language,
) -> str:
    head, group = part
    top = _HEAD if head else 0
    drawn = [f'<text x="0" y="20" class="group">{label(head, language)}</text>'] if head else []
    for place, tile in enumerate(group.tiles):
        row, column = divmod(place, _COLUMNS)
        x, y = column * _wide(), top + row * (_TALL + _GAP)
        drawn.append(_tile(tile, f"step-{scale.step(tile.share)}", x, y, language))
    height = top + -(-len(group.tiles) // _COLUMNS) * (_TALL + _GAP) + (4 if head else 0)
    return image(code, language, group.name, about, height, drawn)


def _wide() -> float:
    return (WIDTH + _GAP) / _COLUMNS


def _tile(tile: AreaTile, step: str, x: float, y: float, language: Language) -> str:
    share = amount(tile.share, language)
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
