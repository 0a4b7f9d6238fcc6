"""Events on a line of time, one line for each sort of event."""

from __future__ import annotations

from dataclasses import dataclass

from policy.base.dates import WIB, at_second, short_day
from policy.base.words import Language, Words
from policy.charts.image import WIDTH, amount, image, label

_ROW, _TEXT, _EDGE, _RADIUS = 50, 17, 8, 6
_DAY_SECONDS = 86_400


@dataclass(frozen=True)
class TimelineRow:
    """One sort of event, and the times of its events (Unix seconds, in WIB)."""

    name: Words
    times: tuple[int, ...]


@dataclass(frozen=True)
class Timeline:
    """Rows in the order in which they are drawn, all on one scale from the first to the last."""

    code: str
    title: Words
    about: Words
    rows: tuple[TimelineRow, ...]

    def svg(self, language: Language) -> str:
        times = [each for row in self.rows for each in row.times]
        if not times:
            return image(self.code, language, self.title, self.about, 1, ())
        start, end = min(times), max(times)
        drawn = []
        for number, row in enumerate(self.rows):
            top = number * _ROW
            y = top + _TEXT + 16
            drawn.append(
                f'<text x="0" y="{top + _TEXT}">{label(row.name, language)}</text>'
                f'<text x="{WIDTH}" y="{top + _TEXT}" class="number">'
                f"{amount(len(row.times), language)}</text>"
                f'<rect x="0" y="{y - 5}" width="{WIDTH}" height="10" rx="5" class="track"/>'
            )
            places = sorted(_place(each, start, end) for each in row.times)
            if places:
                drawn.append(
                    f'<line x1="{places[0]:.1f}" x2="{places[-1]:.1f}" y1="{y}" y2="{y}"'
                    f' class="span"/>'
                )
            drawn += [
                f'<circle cx="{place:.1f}" cy="{y}" r="{_RADIUS}" class="bar"/>'
                for place in dict.fromkeys(round(each, 1) for each in places)
            ]
        foot = len(self.rows) * _ROW + _TEXT
        first, last = _moment(start, end, start, language), _moment(start, end, end, language)
        drawn.append(
            f'<text x="0" y="{foot}" class="key">{first}</text>'
            f'<text x="{WIDTH}" y="{foot}" class="key number">{last}</text>'
        )
        return image(self.code, language, self.title, self.about, foot + 8, drawn)


def _place(at: int, start: int, end: int) -> float:
    return _EDGE + (WIDTH - 2 * _EDGE) * (at - start) / max(1, end - start)


def _moment(start: int, end: int, at: int, language: Language) -> str:
    """The day; within two days, the time of day as well."""
    here = at_second(at).astimezone(WIB)
    day = label(short_day(here.date()), language)
    if end - start > 2 * _DAY_SECONDS:
        return day
    clock = f"{here:%H.%M}" if language == "id" else f"{here:%H:%M}"
    return f"{day}, {clock} WIB"
