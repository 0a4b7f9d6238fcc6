"""The distribution of the scores of pairs with its calibration, and what higher thresholds do.

A calibration counts the accepted pairs in ranges of scores, and at a few higher thresholds. Only
ranges with enough pairs are shown, and thresholds that are edges of ranges: no number follows from
two of them. Runs of earlier builds have no ranges; the pairs between two thresholds are one then.
"""

from __future__ import annotations

from linkage_service.matching import Calibration
from linkage_service.matching.calibration_facts import AtThreshold, ScoreRange, SimilarityBand
from policy.base.shares import MILLION, Interval, said
from policy.base.words import Words
from policy.charter import Charter
from policy.charts.calibrated import CalibratedColumn, CalibratedColumns
from policy.charts.curves import Curve, CurveChart, CurvePoint
from policy.charts.numbers import points
from policy.charts.page import Block, Cell, Figure, ReportTable
from policy.charts.spread import ScoreColumn, ScoreSpread
from policy.gates.pooling import CellFloor, falling

_PRECISION, _RECALL = Words("Presisi", "Precision"), Words("Cakupan", "Recall")
_PAIRS = Words("Pasangan tanpa NIK", "Pairs without NIK")
_RIGHT = Words("peluang benar", "probability of being right")
_SHARE, _DASH = Words("Peluang benar", "Probability"), Words("–", "–")


def threshold_blocks(charter: Charter, code: str, lists: Words, facts: Calibration) -> list[Block]:
    """The figures of two lists; none if there are too few pairs."""
    floor = CellFloor.of(charter.release)
    shown = falling([at.pairs for at in facts.curve], floor)
    curve = [at for at, fits in zip(facts.curve, shown, strict=True) if fits]
    blocks: list[Block] = []
    if len(curve) > 1:
        spread = _spread(code, lists, facts, curve, floor)
        blocks += [spread or _distribution(code, lists, curve), _thresholds(code, lists, curve)]
    bands = facts.bands
    if len(bands) > 1 and not any(floor.is_small(band.pairs) for band in bands):
        blocks.append(_by_ways(code, lists, bands))
    return blocks


def _spread(
    code: str, lists: Words, facts: Calibration, curve: list[AtThreshold], floor: CellFloor
) -> Figure | None:
    """Pairs by score; None if the run has no ranges, or they would tell more with `curve`.

    Pairs with equal NIK are drawn to another scale and not counted in the table: with them and the
    matched people of a run the number of contested pairs would be known, which may be small.
    """
    edges = {each.low_ppm for each in facts.scores}
    small = any(floor.is_small(each.pairs) for each in (*facts.scores, *facts.nik_scores))
    if not edges or small or not {at.shift_ppm for at in curve} <= edges:
        return None
    title = Words(f"Sebaran kemiripan: {lists.id}", f"Distribution of similarity: {lists.en}")
    about = Words(
        "Pasangan yang diterima menurut jarak kemiripannya dari ambang piagam. Yang tanpa NIK"
        " dibagi menurut taksiran menjadi benar dan salah; pita: selang 95 %. Rentang yang memuat"
        " terlalu sedikit pasangan digabung.",
        "Accepted pairs by how far their similarity is from the charter's threshold. Those without"
        " NIK are divided into right and wrong by estimate; band: interval of 95%. Ranges with too"
        " few pairs are joined.",
    )
    drawing = ScoreSpread(
        f"{code}-spread",
        title,
        about,
        tuple(_column(each) for each in facts.scores),
        tuple(_column(each) for each in facts.nik_scores),
        Words("ambang", "threshold"),
    )
    heads = (Words("Poin persen dari ambang", "Points from the threshold"), _PAIRS, _SHARE)
    rows: list[tuple[Cell, ...]] = [
        (_scores(each), each.pairs, _DASH if each.right_ppm is None else said(each.right_ppm))
        for each in facts.scores
    ]
    return Figure(title, about, drawing, ReportTable(drawing.code, title, heads, tuple(rows)))


def _column(scores: ScoreRange) -> ScoreColumn:
    if scores.right_ppm is None:
        return ScoreColumn(scores.low_ppm, scores.high_ppm, scores.pairs)
    return ScoreColumn(scores.low_ppm, scores.high_ppm, scores.pairs, _point(scores.right_ppm))


def _scores(scores: ScoreRange) -> Words:
    low, high = _signed(scores.low_ppm), _signed(scores.high_ppm)
    return Words(f"{low.id} … {high.id}", f"{low.en} … {high.en}")


def _signed(ppm: int) -> Words:
    text, sign = points(abs(ppm)), "" if not ppm else "+" if ppm > 0 else "−"
    return Words(sign + text.id, sign + text.en)


def _distribution(code: str, lists: Words, curve: list[AtThreshold]) -> Figure:
    """Pairs by how far they are above the threshold."""
    columns = []
    for at, after in zip(curve, [*curve[1:], None], strict=True):
        pairs = at.pairs - (after.pairs if after else 0)
        if pairs:
            columns.append(CalibratedColumn(_range(at, after), pairs, _right_between(at, after)))
    title = Words(f"Sebaran kemiripan: {lists.id}", f"Distribution of similarity: {lists.en}")
    about = Words(
        "Pasangan tanpa NIK menurut jaraknya di atas ambang piagam, dalam persen; titik: taksiran"
        " peluang bahwa pasangan di rentang itu benar.",
        "Pairs without NIK by how far they are above the charter's threshold, in percent; dots: the"
        " estimated probability that a pair in this range is right.",
    )
    return _columns(f"{code}-distribution", title, about, columns)


def _by_ways(code: str, lists: Words, bands: tuple[SimilarityBand, ...]) -> Figure:
    columns = [
        CalibratedColumn(Words(str(b.ways), str(b.ways)), b.pairs, _point(b.right_ppm))
        for b in bands
    ]
    title = Words(f"Berapa penyandian sepakat: {lists.id}", f"How many encodings agree: {lists.en}")
    about = Words(
        "Pasangan tanpa NIK menurut banyaknya penyandian yang sepakat; garis tegak: selang 95 %.",
        "Pairs without NIK by the number of encodings that agree; upright lines: intervals of 95%.",
    )
    return _columns(f"{code}-ways", title, about, columns)


def _columns(code: str, title: Words, about: Words, columns: list[CalibratedColumn]) -> Figure:
    drawing = CalibratedColumns(code, title, about, tuple(columns), _RIGHT)
    heads = (Words("Rentang", "Range"), _PAIRS, Words("Peluang benar", "Probability"))
    rows: list[tuple[Cell, ...]] = [(each.name, each.pairs, _told(each.right)) for each in columns]
    return Figure(title, about, drawing, ReportTable(code, title, heads, tuple(rows)))


def _thresholds(code: str, lists: Words, curve: list[AtThreshold]) -> Figure:
    title = Words(f"Bila ambang dinaikkan: {lists.id}", f"If thresholds are raised: {lists.en}")
    about = Words(
        "Presisi pasangan tanpa NIK dan cakupan semua orang, bila setiap ambang dinaikkan sekian"
        " persen; pita: selang 95 %.",
        "Precision of pairs without NIK and recall of all people, if every threshold is raised by"
        " that percentage; bands: intervals of 95%.",
    )
    chart = CurveChart(
        f"{code}-thresholds",
        title,
        about,
        tuple(_shift(at.shift_ppm) for at in curve),
        (
            Curve(
                _PRECISION,
                "plain",
                tuple(_point(at.precision_ppm) if at.pairs else None for at in curve),
            ),
            Curve(_RECALL, "warm", tuple(_point(at.recall_ppm) for at in curve)),
        ),
    )
    heads = (Words("Ambang dinaikkan", "Thresholds raised by"), _PAIRS, _PRECISION, _RECALL)
    rows: list[tuple[Cell, ...]] = [
        (
            _shift(at.shift_ppm),
            at.pairs,
            said(at.precision_ppm) if at.pairs else Words("–", "–"),
            said(at.recall_ppm),
        )
        for at in curve
    ]
    return Figure(title, about, chart, ReportTable(chart.code, title, heads, tuple(rows)))


def _right_between(at: AtThreshold, after: AtThreshold | None) -> CurvePoint | None:
    """The share of right pairs in a range, from the estimates at its two ends."""
    if after is None:
        return _point(at.precision_ppm)
    right = at.pairs * at.precision_ppm.estimate - after.pairs * after.precision_ppm.estimate
    share = min(MILLION, max(0, round(right / (at.pairs - after.pairs))))
    return CurvePoint(share, share, share)


def _point(interval: Interval) -> CurvePoint:
    return CurvePoint(interval.low, interval.estimate, interval.high)


def _told(right: CurvePoint | None) -> Words:
    if right is None:
        return Words("–", "–")
    if right.low == right.high:
        percent = f"{right.estimate / 10_000:.1f}"
        return Words(f"{percent.replace('.', ',')} %", f"{percent}%")
    return said(Interval(right.estimate, right.low, right.high))


def _shift(ppm: int) -> Words:
    return Words(f"+{points(ppm).id} %", f"+{points(ppm).en}%")


def _range(at: AtThreshold, after: AtThreshold | None) -> Words:
    low = points(at.shift_ppm)
    if after is None:
        return Words(f"{low.id} ke atas", f"{low.en} and up")
    high = points(after.shift_ppm)
    return Words(f"{low.id}–{high.id}", f"{low.en}–{high.en}")
