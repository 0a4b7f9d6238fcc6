"""A calibration as an HTML page: an SVG chart without script, and its numbers in tables below."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Protocol

from linkage_service.matching.calibration_facts import AtThreshold, Calibration
from linkage_service.matching.calibration_words import (
    PRECISION,
    RECALL,
    UNSEEN,
    advice,
    precision_of,
)
from policy.base.shares import PER_PERCENT, Interval, percent, said
from policy.base.words import Language, Words, number

# Units of the view box.
_WIDTH, _HEIGHT, _LEFT, _TOP, _BOTTOM = 640, 260, 56, 16, 212
_TICKS = 5

SHIFT = Words("Ambang dinaikkan", "Thresholds raised by")
_STYLE = (
    "body{font:16px/1.5 sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;margin:1rem 0}.wide{overflow-x:auto}td{white-space:nowrap}"
    "td,th{padding:.2rem .8rem;text-align:right;"
    "border-bottom:1px solid #ccc}svg{width:100%}.precision{stroke:#0b5c8a;fill:#0b5c8a}"
    ".recall{stroke:#a34a00;fill:#a34a00}.axis{stroke:#777}text{font-size:13px}"
    ".unseen{border-left:3px solid #a34a00;padding-left:.6rem}"
)


class FieldFigure(Protocol):
    """What the field measured of one stratum."""

    @property
    def sentence(self) -> Words: ...


def page(
    named: Sequence[tuple[str, Calibration | None]],
    language: Language,
    measured: Sequence[FieldFigure] = (),
) -> str:
    """A separate HTML section for every two datasets, and what was measured in the field."""
    title = Words("Kalibrasi tanpa label", "Calibration without labels").in_language(language)
    sections = "".join(
        f"<h2>{escape(name)}</h2>{_section(f'c{place}', each, language)}"
        for place, (name, each) in enumerate(named)
    )
    if measured:
        head = Words("Diukur di lapangan", "Measured in the field").in_language(language)
        told = "".join(f"<p>{escape(m.sentence.in_language(language))}</p>" for m in measured)
        sections += f"<h2>{head}</h2>{told}"
    return (
        f'<!doctype html><html lang="{language}"><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width">'
        f"<style>{_STYLE}</style><h1>{title}</h1>{sections}</html>"
    )


def chart(code: str, calibration: Calibration, language: Language) -> str:
    """Precision and recall against the thresholds, each with its interval, as SVG."""
    curve = calibration.curve
    lowest = min(min(at.precision_ppm.low, at.recall_ppm.low) for at in curve)
    floor = lowest // (5 * PER_PERCENT) * 5 * PER_PERCENT
    parts = [
        _axis(floor, language),
        *(_shift(place, curve, language) for place in range(len(curve))),
    ]
    for name, words, intervals, aside in (
        ("precision", PRECISION, [at.precision_ppm for at in curve], -6.0),
        ("recall", RECALL, [at.recall_ppm for at in curve], 6.0),
    ):
        middles = [_across(n, len(curve)) + aside for n in range(len(curve))]
        parts += [_whisker(name, x, i, floor) for x, i in zip(middles, intervals, strict=True)]
        y = _up(intervals[-1].estimate, floor) + (-8 if name == "precision" else 18)
        label = escape(words.in_language(language))
        parts.append(f'<text x="{_WIDTH}" y="{max(y, 12):.1f}" text-anchor="end">{label}</text>')
    title = f"{PRECISION.in_language(language)}, {RECALL.in_language(language)}"
    about = Words(
        "Titik adalah taksiran, garis tegak selangnya; angka yang sama ada di tabel.",
        "Points are estimates, upright lines their intervals; the table has the same numbers.",
    ).in_language(language)
    return (
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-labelledby="t-{code} d-{code}">'
        f'<title id="t-{code}">{title}</title><desc id="d-{code}">{about}</desc>'
        + "".join(parts)
        + "</svg>"
    )


def _section(code: str, calibration: Calibration | None, language: Language) -> str:
    told = "".join(f"<p>{escape(each.in_language(language))}</p>" for each in advice(calibration))
    if calibration is None:
        return told
    thresholds = _table(
        (SHIFT, Words("Pasangan tanpa NIK", "Pairs without NIK"), PRECISION, RECALL),
        (
            (
                f"{_count(at.shift_ppm, language)} ppm",
                _count(at.pairs, language),
                precision_of(at).in_language(language),
                said(at.recall_ppm).in_language(language),
            )
            for at in calibration.curve
        ),
        language,
    )
    bands = _table(
        (
            Words("Penyandian yang sepakat", "Encodings that agree"),
            Words("Pasangan", "Pairs"),
            Words("Peluang benar", "Probability of being right"),
        ),
        (
            (str(b.ways), _count(b.pairs, language), said(b.right_ppm).in_language(language))
            for b in calibration.bands
        ),
        language,
    )
    drawn = chart(code, calibration, language)
    return (
        told
        + drawn
        + _unseen(("precision_ppm", "recall_ppm"), language)
        + "".join((thresholds, _unseen(("curve",), language), bands, _unseen(("bands",), language)))
    )


def _unseen(figures: Sequence[str], language: Language) -> str:
    """The persons that the figures above leave out, one paragraph each."""
    return "".join(
        f'<p class="unseen">{escape(UNSEEN[each].in_language(language))}</p>' for each in figures
    )


def _table(heads: Sequence[Words], rows: Iterable[Sequence[str]], language: Language) -> str:
    head = "".join(f"<th>{escape(each.in_language(language))}</th>" for each in heads)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return f'<div class="wide">{table}</div>'


def _count(value: int, language: Language) -> str:
    return number(value).in_language(language)


def _axis(floor_ppm: int, language: Language) -> str:
    lines = []
    for tick in range(_TICKS + 1):
        ppm = floor_ppm + (1_000_000 - floor_ppm) * tick // _TICKS
        y, share = _up(ppm, floor_ppm), percent(ppm).in_language(language)
        lines.append(
            f'<line x1="{_LEFT}" x2="{_WIDTH}" y1="{y:.1f}" y2="{y:.1f}" class="axis"'
            f' stroke-opacity=".3"/><text x="0" y="{y + 4:.1f}">{share} %</text>'
        )
    return "".join(lines)


def _shift(place: int, curve: Sequence[AtThreshold], language: Language) -> str:
    x = _across(place, len(curve))
    at = f"+{_count(curve[place].shift_ppm, language)} ppm"
    under = f'<text x="{x:.1f}" y="{_BOTTOM + 18}" text-anchor="middle">{at}</text>'
    if place:
        return under
    name = escape(SHIFT.in_language(language))
    return under + f'<text x="{_LEFT}" y="{_HEIGHT - 10}">{name}</text>'


def _whisker(name: str, x: float, interval: Interval, floor_ppm: int) -> str:
    low, middle, high = (
        _up(each, floor_ppm) for each in (interval.low, interval.estimate, interval.high)
    )
    return (
        f'<g class="{name}"><line x1="{x:.1f}" x2="{x:.1f}" y1="{low:.1f}" y2="{high:.1f}"/>'
        f'<circle cx="{x:.1f}" cy="{middle:.1f}" r="4"/></g>'
    )


def _across(place: int, count: int) -> float:
    return _LEFT + (place + 0.5) * (_WIDTH - _LEFT) / count


def _up(ppm: int, floor_ppm: int) -> float:
    share = (ppm - floor_ppm) / max(1, 1_000_000 - floor_ppm)
    return _BOTTOM - share * (_BOTTOM - _TOP)
