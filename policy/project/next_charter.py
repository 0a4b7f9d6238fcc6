"""What the field measured, next to the thresholds of the next charter, with advice.

The counts say how many matches of a grade are right. They do not say at which similarity the wrong
ones lie; no score of a pair leaves the service. So advice to raise thresholds has no number, and
names the command that estimates one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any, Literal

from policy.base.shares import MILLION, PER_PERCENT, Interval, said, wilson
from policy.base.words import Words, number
from policy.charter import Charter
from policy.project.measured import GRADES, Measured, of_grade
from policy.statements.kinds.reviewed import Grade

WANTED_PPM = 990_000
_HALF_PPM = 500_000
_MOST_ROWS = 100_000
Verdict = Literal["keep", "raise", "lower", "narrow", "check-more"]


@dataclass(frozen=True)
class Advice:
    """One domain's grade: its measured precision, what to do, and thresholds if they follow."""

    domain: str
    grade: Grade
    precision: Interval
    rows: int
    verdict: Verdict
    words: Words
    thresholds_ppm: dict[str, int]

    def as_json(self) -> dict[str, Any]:
        return {
            "domain": self.domain,
            "grade": self.grade,
            "precision_ppm": asdict(self.precision),
            "rows": self.rows,
            "verdict": self.verdict,
            "advice": {"id": self.words.id, "en": self.words.en},
            "thresholds_ppm": self.thresholds_ppm,
        }

    @property
    def sentence(self) -> Words:
        share, rows, grade = said(self.precision), number(self.rows), GRADES[self.grade]
        return Words(
            f"{self.domain}, {grade.id}: diukur {share.id} dari {rows.id} baris. {self.words.id}",
            f"{self.domain}, {grade.en}: measured {share.en} of {rows.en} rows. {self.words.en}",
        )


def advice(charter: Charter, measured: Iterable[Measured]) -> tuple[Advice, ...]:
    """Advice for every domain of this charter that was measured, grade by grade."""
    return tuple(_advice(charter, tuple(measured)))


def _advice(charter: Charter, measured: tuple[Measured, ...]) -> Iterator[Advice]:
    grades: tuple[Grade, ...] = ("certain", "to-check", "any")
    for domain in (each.id for each in charter.domains):
        for grade in grades:
            precision = of_grade(measured, domain, grade)
            if precision is None:
                continue
            rows = sum(
                each.stratum.resolved
                for each in measured
                if (each.stratum.domain, each.stratum.grade) == (domain, grade)
            )
            verdict, words = _verdict(grade, precision, rows)
            lowered = dict(charter.matching.review_ppm) if verdict == "lower" else {}
            yield Advice(domain, grade, precision, rows, verdict, words, lowered)


def _verdict(grade: Grade, precision: Interval, rows: int) -> tuple[Verdict, Words]:
    wanted = WANTED_PPM // PER_PERCENT
    if grade == "to-check":
        if precision.low >= WANTED_PPM:
            return "lower", Words(
                f"Pita periksa sudah pasti sedikitnya {wanted} %: thresholds_ppm boleh turun ke"
                " review_ppm (dan alone_ppm mengikuti), lalu ukur lagi.",
                f"The review band is sure of {wanted}%: thresholds_ppm may go down to review_ppm"
                " (and alone_ppm with them); then measure again.",
            )
        if precision.high < _HALF_PPM:
            return "narrow", Words(
                "Kurang dari separuh pita periksa benar: naikkan review_ppm, agar petugas tidak"
                " mendatangi orang yang keliru.",
                "Less than half of the review band is right: raise review_ppm, so that nobody"
                " visits the wrong people.",
            )
        return "keep", Words(
            "Biarkan pita periksa: orang yang memutuskan.",
            "Leave the review band: people decide.",
        )
    if precision.low >= WANTED_PPM:
        return "keep", Words("Biarkan ambangnya.", "Leave the thresholds.")
    if precision.high < WANTED_PPM:
        return "raise", Words(
            f"Pasti di bawah {wanted} %: naikkan thresholds_ppm ('padan-linkage calibration'"
            " menaksir berapa), dan jadikan ambang kini review_ppm agar orang yang lepas tetap"
            " diperiksa.",
            f"Surely below {wanted}%: raise thresholds_ppm ('padan-linkage calibration' estimates"
            " by how much), and make today's thresholds the review_ppm, so that people check whom"
            " that leaves out.",
        )
    needed = number(_rows_needed(precision.estimate, rows))
    return "check-more", Words(
        f"Belum pasti mencapai {wanted} %: perlu kira-kira {needed.id} baris terjawab; tambah"
        " dengan 'review form --sample'.",
        f"Not sure to reach {wanted}%: it takes about {needed.en} answered rows; add some by"
        " 'review form --sample'.",
    )


def _rows_needed(estimate: int, rows: int) -> int:
    """About how many answered rows decide whether the wanted precision is reached."""
    count = max(rows, 1)
    while count < _MOST_ROWS:
        interval = wilson(estimate / MILLION, count)
        if interval.low >= WANTED_PPM or interval.high < WANTED_PPM:
            break
        count += max(1, count // 20)
    return count
