"""Precision by stratum: exact for the officer, and without small counts for the log.

For the officer     each domain and grade, then by NIK and by kecamatan, with Wilson's interval;
                    a domain's precision weights its grades by how many matches they have
For the log         a grade of a domain with at least k resolved rows; parted by NIK, then by
                    kecamatan, only where no part has a count below k. Smaller grades are left out:
                    joined to another grade, a census and a sample would be mixed. Of domains
                    that share a source, the smaller one

k is the charter's smallest cell. Rows "not found" count in no share: `least_ppm` is the lower end
if all of them were other persons.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from encoder.error_codes import EncoderCode
from encoder.released.review.references import References
from encoder.steps.review_answers import FieldAnswer, Review
from policy.base.canonical import canonical_json
from policy.base.errors import NotYet
from policy.base.shares import Interval, said, stratified, wilson
from policy.base.words import Words, number
from policy.charter import Charter
from policy.project.measured import GRADES, domains_apart, smallest_cell
from policy.project.naming import same
from policy.statements.kinds.reviewed import (
    Grade,
    Nik,
    ReviewFigures,
    ReviewStratum,
    SmallestCell,
)

REST = "lainnya"  # the kecamatan that are too small to be told apart
_Cell = tuple[str, Grade, Nik, str]  # domain, grade, NIK, kecamatan


@dataclass(frozen=True)
class AnswerTally:
    """Counts of matched rows: all, asked about, and by answer."""

    rows: int = 0
    asked: int = 0
    same: int = 0
    other: int = 0
    unresolved: int = 0

    def __add__(self, other: AnswerTally) -> AnswerTally:
        mine, theirs = asdict(self), asdict(other)
        return AnswerTally(**{name: mine[name] + theirs[name] for name in mine})

    @property
    def resolved(self) -> int:
        return self.same + self.other

    @property
    def precision(self) -> Interval:
        return wilson(self.same / max(1, self.resolved), self.resolved)

    @property
    def least_ppm(self) -> int:
        """The lower end if every row that was not found were another person."""
        checked = self.resolved + self.unresolved
        return wilson(self.same / max(1, checked), checked).low

    def as_json(self) -> dict[str, Any]:
        known = {"precision_ppm": asdict(self.precision), "least_ppm": self.least_ppm}
        return {**asdict(self), **(known if self.resolved else {"precision_ppm": None})}


@dataclass(frozen=True)
class DomainReview:
    """One domain: its grades, each by NIK and by kecamatan, and all of it by weight."""

    domain: str
    grades: Mapping[Grade, AnswerTally]
    niks: Mapping[tuple[Grade, Nik], AnswerTally]
    places: Mapping[tuple[Grade, str], AnswerTally]

    @property
    def precision(self) -> Interval | None:
        """Of all matches; None while a grade has no answered row."""
        parts = [each for each in self.grades.values() if each.rows]
        if not parts or any(not each.resolved for each in parts):
            return None
        return stratified([(each.rows, each.precision) for each in parts])

    def as_json(self) -> dict[str, Any]:
        whole = self.precision
        return {
            "domain": self.domain,
            "precision_ppm": None if whole is None else asdict(whole),
            "grades": [{"grade": g, **t.as_json()} for g, t in self.grades.items()],
            "niks": [{"grade": g, "nik": n, **t.as_json()} for (g, n), t in self.niks.items()],
            "places": [
                {"grade": g, "kecamatan": p, **t.as_json()} for (g, p), t in self.places.items()
            ],
        }

    def sentences(self, title: Callable[[str], Words] = same) -> Iterator[Words]:
        """What was measured; `title` names the domain."""
        of = title(self.domain)
        for grade, tally in self.grades.items():
            if not tally.resolved:
                continue
            share, grade_title = said(tally.precision), GRADES[grade]
            counts = [number(each) for each in (tally.same, tally.other, tally.unresolved)]
            yield Words(
                f"{of.id}, {grade_title.id}: presisi {share.id}; {counts[0].id} orang yang sama,"
                f" {counts[1].id} orang lain, {counts[2].id} belum bisa diperiksa.",
                f"{of.en}, {grade_title.en}: precision {share.en}; {counts[0].en} the same person,"
                f" {counts[1].en} another person, {counts[2].en} not checked yet.",
            )
        whole = self.precision
        if whole is not None:
            share = said(whole)
            yield Words(
                f"{of.id}, semua padanan menurut bobotnya: {share.id}.",
                f"{of.en}, all matches by weight: {share.en}.",
            )
            return
        yield Words(
            f"{of.id}: presisi semua padanan belum diketahui; setiap tingkat kepastian perlu"
            " baris yang terjawab. Padanan pasti diperiksa dengan 'review form --sample'.",
            f"{of.en}: the precision of all matches is not known yet; every grade needs"
            " answered rows. Certain matches are checked by 'review form --sample'.",
        )


def domains_of(review: Review) -> tuple[DomainReview, ...]:
    """The figures of every domain of a review."""
    cells = _cells(review)
    return tuple(
        DomainReview(
            domain,
            _by(cells, domain, lambda cell: cell[1]),
            _by(cells, domain, lambda cell: (cell[1], cell[2])),
            _by(cells, domain, lambda cell: (cell[1], cell[3])),
        )
        for domain in sorted({cell[0] for cell in cells})
    )


def figures_to_say(
    review: Review, charter: Charter, release: str, decision: str, dataset: str
) -> ReviewFigures:
    """The counts that may be said, with their salt; raises NotYet if none is large enough."""
    found = tuple(publishable(review, smallest_cell(charter)))
    apart = domains_apart(charter, dataset, sorted({each.domain for each in found}))
    strata = tuple(each for each in found if each.domain in apart)
    if not strata:
        least = charter.release.minimum_cell
        raise NotYet(
            EncoderCode.REVIEW_SMALL,
            Words(
                f"Belum ada strata dengan {least} baris terjawab, sel terkecil piagam.",
                f"No stratum has {least} answered rows yet, the charter's smallest cell.",
            ),
            Words(
                "Ambil formulir berikutnya, atau beri sampel dengan 'review form --sample'.",
                "Take the next forms, or draw a sample by 'review form --sample'.",
            ),
        )
    return ReviewFigures(
        project=charter.project,
        release=release,
        decision=decision,
        dataset=dataset,
        salt=_salt(review, release, dataset, strata),
        strata=strata,
    )


def publishable(review: Review, least: SmallestCell) -> Iterator[ReviewStratum]:
    """The strata that may be said, as fine as the smallest cell allows."""
    cells = _cells(review)
    of_domain: Counter[str] = Counter()
    for cell, tally in cells.items():
        of_domain[cell[0]] += tally.rows
    for domain, grade in sorted({cell[:2] for cell in cells}):
        mine = {cell: tally for cell, tally in cells.items() if cell[:2] == (domain, grade)}
        if _sum(mine).resolved < least.least:
            continue
        for (nik, place), tally in _parted(mine, least):
            weight = round(100 * tally.rows / max(1, of_domain[domain]))
            counts = (tally.same, tally.other, tally.unresolved)
            yield ReviewStratum.of((domain, grade, nik, place), weight, counts, least)


def _salt(review: Review, release: str, dataset: str, strata: tuple[ReviewStratum, ...]) -> str:
    """Secret without the review's key, and the same for the same counts."""
    told = canonical_json([release, dataset, *(each.model_dump(mode="json") for each in strata)])
    return References(bytes.fromhex(review.key)).salt(told)


def _cells(review: Review) -> dict[_Cell, AnswerTally]:
    asked: Counter[_Cell] = Counter()
    counts: dict[FieldAnswer, Counter[_Cell]] = defaultdict(Counter)
    for reference, row in review.asked.items():
        cell = (row.domain, row.grade, row.nik, row.place)
        asked[cell] += 1
        if reference in review.given:
            counts[review.given[reference].answer][cell] += 1
    sizes = {(s.domain, s.grade, s.nik, s.place): s.rows for s in review.sizes}
    return {
        cell: AnswerTally(
            # Rows that were asked about and have left the source since still count.
            max(sizes.get(cell, 0), asked[cell]),
            asked[cell],
            *(counts[answer][cell] for answer in FieldAnswer),
        )
        for cell in sorted({*sizes, *asked})
    }


def _by(
    cells: Mapping[_Cell, AnswerTally], domain: str, key: Callable[[_Cell], Any]
) -> dict[Any, AnswerTally]:
    found: dict[Any, AnswerTally] = defaultdict(AnswerTally)
    for cell, tally in cells.items():
        if cell[0] == domain:
            found[key(cell)] += tally
    return dict(found)


def _parted(
    cells: Mapping[_Cell, AnswerTally], least: SmallestCell
) -> Iterator[tuple[tuple[Nik | None, str | None], AnswerTally]]:
    """The finest strata in which no count is small: by NIK, and each part by kecamatan."""
    by_nik: dict[Nik | None, dict[_Cell, AnswerTally]] = defaultdict(dict)
    for cell, tally in cells.items():
        by_nik[cell[2]][cell] = tally
    if len(by_nik) < 2 or not all(_is_large(_sum(part), least) for part in by_nik.values()):
        by_nik = {None: dict(cells)}
    for nik, part in by_nik.items():
        places: dict[str, AnswerTally] = defaultdict(AnswerTally)
        for cell, tally in part.items():
            places[cell[3]] += tally
        large = {name: t for name, t in places.items() if name and _is_large(t, least)}
        rest = sum((t for name, t in places.items() if name not in large), AnswerTally())
        if rest != AnswerTally():
            large[REST] = rest
        if len(large) < 2 or not all(_is_large(each, least) for each in large.values()):
            yield (nik, None), _sum(part)
            continue
        for name, tally in large.items():
            yield (nik, name), tally


def _sum(cells: Mapping[_Cell, AnswerTally]) -> AnswerTally:
    return sum(cells.values(), AnswerTally())


def _is_large(tally: AnswerTally, least: SmallestCell) -> bool:
    counts = (tally.same, tally.other, tally.unresolved)
    return tally.resolved >= least.least and all(map(least.allows, counts))
