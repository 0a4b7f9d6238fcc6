"""A calibration as a page: one chart drawn here, no script, and its numbers in tables beneath."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from linkage_service.matching.calibration import (
    AtThreshold,
    Calibration,
    Interval,
    lowest_shift,
    uncertain,
)
from policy.words import Language, Words, number

WANTED_PPM = 990_000
PER_PERCENT = 10_000
# Units of the view box.
_WIDTH, _HEIGHT, _LEFT, _TOP, _BOTTOM = 640, 260, 56, 16, 212
_TICKS = 5

PRECISION = Words("Ketepatan", "Precision")
RECALL = Words("Cakupan", "Recall")
SHIFT = Words("Ambang dinaikkan", "Thresholds raised by")
_STYLE = (
    "body{font:16px/1.5 sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;margin:1rem 0}.wide{overflow-x:auto}td{white-space:nowrap}"
    "td,th{padding:.2rem .8rem;text-align:right;"
    "border-bottom:1px solid #ccc}svg{width:100%}.precision{stroke:#0b5c8a;fill:#0b5c8a}"
    ".recall{stroke:#a34a00;fill:#a34a00}.axis{stroke:#777}text{font-size:13px}"
)


def page(named: Sequence[tuple[str, Calibration | None]], language: Language) -> str:
    """HTML of its own for every two datasets, each under its name."""
    title = Words("Kalibrasi tanpa label", "Calibration without labels").in_language(language)
    sections = "".join(
        f"<h2>{escape(name)}</h2>{_section(f'c{place}', each, language)}"
        for place, (name, each) in enumerate(named)
    )
    return (
        f'<!doctype html><html lang="{language}"><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width">'
        f"<style>{_STYLE}</style><h1>{title}</h1>{sections}</html>"
    )


def advice(calibration: Calibration | None) -> tuple[Words, ...]:
    """What a coordinator can do about it, a sentence at a time."""
    if calibration is None:
        return (
            Words(
                "NIK yang sama terlalu sedikit untuk taksiran; periksa sampel dengan tangan.",
                "Too few NIKs agree to estimate anything; check a sample by hand.",
            ),
        )
    shift = lowest_shift(calibration, WANTED_PPM)
    wanted = WANTED_PPM // PER_PERCENT
    if shift is None:
        threshold = Words(
            f"Tak satu pun ambang di sini pasti mencapai ketepatan {wanted} %; tinjau pasangan"
            " tanpa NIK sebelum dipakai.",
            f"No threshold here is sure of a precision of {wanted}%; review the pairs without"
            " NIK before use.",
        )
    elif shift == 0:
        threshold = Words(
            f"Ambang piagam mencapai ketepatan {wanted} %; biarkan.",
            f"The charter's thresholds reach a precision of {wanted}%; leave them.",
        )
    else:
        threshold = Words(
            f"Naikkan setiap ambang {number(shift).id} ppm agar ketepatan mencapai {wanted} %.",
            f"Raise every threshold by {number(shift).en} ppm to reach a precision of {wanted}%.",
        )
    pairs = number(sum(band.pairs for band in uncertain(calibration, WANTED_PPM)))
    review = Words(
        f"{pairs.id} pasangan berada di pita yang belum pasti; piagam dapat mengirimnya ke"
        " peninjau.",
        f"{pairs.en} pairs lie in uncertain bands; the charter may send them to review.",
    )
    return (threshold, review)


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
                said(at.precision_ppm).in_language(language),
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
    return told + chart(code, calibration, language) + thresholds + bands


def _table(heads: Sequence[Words], rows: Iterable[Sequence[str]], language: Language) -> str:
    head = "".join(f"<th>{escape(each.in_language(language))}</th>" for each in heads)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return f'<div class="wide">{table}</div>'


def said(interval: Interval) -> Words:
    """The estimate in percent, and the interval around it."""
    low, middle, high = map(_percent, (interval.low, interval.estimate, interval.high))
    return Words(f"{middle.id} % ({low.id}–{high.id})", f"{middle.en}% ({low.en}–{high.en})")


def _percent(ppm: int) -> Words:
    english = f"{ppm / PER_PERCENT:.1f}"
    return Words(english.replace(".", ","), english)


def _count(value: int, language: Language) -> str:
    return number(value).in_language(language)


def _axis(floor_ppm: int, language: Language) -> str:
    lines = []
    for tick in range(_TICKS + 1):
        ppm = floor_ppm + (1_000_000 - floor_ppm) * tick // _TICKS
        y, share = _up(ppm, floor_ppm), _percent(ppm).in_language(language)
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
