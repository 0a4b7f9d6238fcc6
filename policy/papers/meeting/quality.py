"""How good the matches are, by stratum, each figure with its interval.

What recipients measured in the field is in the log, in counts that were approved.

The coordinator's estimate without labels comes as the file that `padan-linkage --json calibration`
prints; the coordinator decides whether to give it. A stratum of fewer pairs than the charter's
smallest cell is left out. Strata by encodings are all shown or none, since their sum is known. The
number of all pairs is not shown: less the people confirmed, it would be the contested pairs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, ValidationError

from policy.base.error_codes import PolicyCode
from policy.base.errors import BadInput
from policy.base.words import Words
from policy.charter import Charter
from policy.charter.source_names import domain_title, source_title
from policy.charts.intervals import MILLION, IntervalChart, IntervalRow
from policy.charts.numbers import Proportion
from policy.charts.page import Block, Figure, Notes, ReportTable, Section
from policy.project import Project
from policy.project.measured import measured_in

_DASH = Words("-", "-")
_MEASURED = Words("diukur di lapangan", "measured in the field")
_ESTIMATED = Words("taksiran, belum diperiksa orang", "estimated, not checked by people")
# A wider band says next to nothing, so the report does not let it pass for a result.
_TOO_WIDE = MILLION // 2
_UNCLEAR = Words("terlalu sedikit untuk disimpulkan", "too few for a conclusion")
_MANY = 12


@dataclass(frozen=True)
class MeetingStratum:
    """The share of right matches, or of people found; the ends are parts per million.

    A `detail` is part of another stratum; it is in the table and not in the chart.
    """

    name: Words
    origin: Words
    pairs: int | None
    low: int
    estimate: int
    high: int
    detail: bool = False

    @property
    def is_unclear(self) -> bool:
        """Whether its band is too wide for a conclusion."""
        return self.high - self.low > _TOO_WIDE


class _Read(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)


class _Interval(_Read):
    estimate: int
    low: int
    high: int


class _Band(_Read):
    ways: int
    pairs: int
    right_ppm: _Interval


class _Facts(_Read):
    other_pairs: int
    precision_ppm: _Interval
    recall_ppm: _Interval
    bands: tuple[_Band, ...]


class _Pair(_Read):
    domain: str
    left: str
    right: str
    facts: _Facts | None


class CalibrationFile(_Read):
    """The part of a calibration that the report shows."""

    run: str
    pairs: tuple[_Pair, ...]


def parse_calibration(data: bytes, name: str) -> CalibrationFile:
    """A calibration; raises BadInput for another file."""
    try:
        return CalibrationFile.model_validate_json(data)
    except ValidationError:
        raise BadInput(
            PolicyCode.PAPERS_CALIBRATION,
            Words(f"{name} bukan kalibrasi.", f"{name} is not a calibration."),
            Words(
                "Tulis dengan: padan-linkage --json calibration PROYEK RUN > kalibrasi.json",
                "Write it with: padan-linkage --json calibration PROJECT RUN > calibration.json",
            ),
        ) from None


def estimated(calibration: CalibrationFile, charter: Charter) -> Iterator[MeetingStratum]:
    """The strata of a calibration with enough pairs, by the sources' names."""
    smallest = charter.release.minimum_cell
    twice = Counter(frozenset((pair.left, pair.right)) for pair in calibration.pairs)
    for pair in calibration.pairs:
        facts = pair.facts
        if facts is None:
            continue
        again = twice[frozenset((pair.left, pair.right))] > 1
        lists = _lists(charter, pair, names_domain=again)
        recall, precision = facts.recall_ppm, facts.precision_ppm
        yield _stratum(lists, Words("orang yang ditemukan", "people found"), None, recall)
        if facts.other_pairs < smallest:
            continue
        right = Words("benar, pasangan tanpa NIK", "right, pairs without NIK")
        yield _stratum(lists, right, facts.other_pairs, precision)
        if all(band.pairs >= smallest for band in facts.bands):
            for band in facts.bands:
                ways = Words(
                    f"benar, {band.ways} penyandian sepakat", f"right, {band.ways} encodings agree"
                )
                yield _stratum(lists, ways, band.pairs, band.right_ppm, detail=True)


def _lists(charter: Charter, pair: _Pair, *, names_domain: bool) -> Words:
    """Both lists of a pair; with the domain if several domains have the pair."""
    known = {each.id for each in charter.datasets}
    sides = [
        source_title(charter, each) if each in known else Words(each, each)
        for each in (pair.left, pair.right)
    ]
    more = Words("", "")
    if names_domain:
        of = domain_title(charter, pair.domain)
        more = Words(f" ({of.id})", f" ({of.en})")
    return Words(
        " - ".join(each.id for each in sides) + more.id,
        " - ".join(each.en for each in sides) + more.en,
    )


def _stratum(
    lists: Words, name: Words, pairs: int | None, i: _Interval, *, detail: bool = False
) -> MeetingStratum:
    title = Words(f"{lists.id}: {name.id}", f"{lists.en}: {name.en}")
    return MeetingStratum(title, _ESTIMATED, pairs, i.low, i.estimate, i.high, detail)


def measured(project: Project) -> Iterator[MeetingStratum]:
    """The strata that field reviews measured, in the order of the log."""
    for each in measured_in(project):
        i = each.precision
        rows = each.stratum.resolved
        title = each.titled(domain_title(project.charter, each.stratum.domain))
        yield MeetingStratum(title, _MEASURED, rows, i.low, i.estimate, i.high)


def quality_section(strata: Sequence[MeetingStratum]) -> Section:
    """The strata as a chart and a table, or the sentence that nobody gave figures."""
    blocks: tuple[Block, ...] = (_figure(strata),) if strata else (_nothing(),)
    return Section(
        "quality",
        Words("Mutu padanan dan ketidakpastiannya", "Quality of the matches, with its uncertainty"),
        Words(
            "Taksiran adalah titik; pita di sekitarnya memuat nilai sebenarnya 95 kali dari 100."
            " Penyandian yang sepakat: makin banyak, makin kuat buktinya. Saudara, anak kembar, dan"
            " senama yang hanya ada di satu daftar tidak terlihat oleh taksiran.",
            "The dot is the estimate; the band around it holds the true value 95 times in 100."
            " The more encodings agree, the stronger the evidence. Siblings, twins and namesakes"
            " who are on one list only are not seen by an estimate.",
        ),
        blocks,
    )


def _figure(strata: Sequence[MeetingStratum]) -> Figure:
    shown = [each for each in strata if not each.detail and not each.is_unclear]
    chart = IntervalChart(
        "quality",
        Words("Bagian yang benar atau ditemukan", "Share that is right, or found"),
        Words(
            "Skala dari 0 sampai 100 %. Yang pitanya terlalu lebar untuk disimpulkan hanya ada di"
            " tabel.",
            "The scale is from 0 to 100%. What has a band too wide for a conclusion is in the"
            " table only.",
        ),
        tuple(IntervalRow(each.name, each.low, each.estimate, each.high) for each in shown),
    )
    heads = (
        Words("Bagian", "Part"),
        Words("Pasangan", "Pairs"),
        Words("Taksiran", "Estimate"),
        Words("Paling rendah", "Lowest"),
        Words("Paling tinggi", "Highest"),
        Words("Asal angka", "Origin"),
    )
    rows = tuple(
        (
            each.name,
            _DASH if each.pairs is None else each.pairs,
            Proportion(each.estimate, MILLION),
            Proportion(each.low, MILLION),
            Proportion(each.high, MILLION),
            _UNCLEAR if each.is_unclear else each.origin,
        )
        for each in strata
    )
    table = ReportTable("strata", chart.title, heads, rows)
    folded = len(rows) > _MANY
    return Figure(chart.title, chart.about, chart if shown else None, table, folded=folded)


def _nothing() -> Notes:
    return Notes(
        "quality-none",
        (
            Words(
                "Belum ada angka mutu. Koordinator dapat memberikan kalibrasinya, dan penerima"
                " dapat memeriksa sampel di lapangan.",
                "There are no figures of quality yet. The coordinator can give the calibration, and"
                " recipients can check a sample in the field.",
            ),
        ),
    )
