"""What was measured in the field: the precision of each stratum that a log tells of.

The next charter and the calibration read these counts; no person is among them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from policy.base.apart import apart
from policy.base.shares import Interval, said, stratified
from policy.base.words import Words, number
from policy.charter import Charter
from policy.project.log import Entry
from policy.project.project import Project
from policy.statements import Reviewed
from policy.statements.kinds.reviewed import Grade, ReviewStratum, SmallestCell

GRADES: dict[Grade, Words] = {
    "certain": Words("pasti", "certain"),
    "to-check": Words("perlu diperiksa", "to verify"),
    "any": Words("semua padanan", "all matches"),
}
_NIKS = {
    "present": Words("dengan NIK", "with a NIK"),
    "absent": Words("tanpa NIK", "without a NIK"),
}


@dataclass(frozen=True)
class Measured:
    """One stratum and the precision that the field measured there."""

    stratum: ReviewStratum
    precision: Interval

    @property
    def title(self) -> Words:
        return self.titled(Words(self.stratum.domain, self.stratum.domain))

    def titled(self, domain: Words) -> Words:
        """The stratum with this name of its domain."""
        parts = [domain, GRADES[self.stratum.grade]]
        if self.stratum.nik is not None:
            parts.append(_NIKS[self.stratum.nik])
        if self.stratum.place is not None:
            parts.append(Words(self.stratum.place, self.stratum.place))
        return Words(", ".join(p.id for p in parts), ", ".join(p.en for p in parts))

    @property
    def share(self) -> Words:
        """The precision in percent, with its interval."""
        return said(self.precision)

    @property
    def sentence(self) -> Words:
        title, share = self.title, self.share
        rows = number(self.stratum.resolved)
        return Words(
            f"Diukur di lapangan ({title.id}): {share.id} orang yang sama, dari {rows.id} baris"
            " yang terjawab.",
            f"Measured in the field ({title.en}): {share.en} the same person, of {rows.en} rows"
            " with an answer.",
        )

    def as_json(self) -> dict[str, Any]:
        return {**self.stratum.model_dump(mode="json"), "precision_ppm": asdict(self.precision)}


def domains_apart(charter: Charter, dataset: str, domains: Sequence[str]) -> tuple[str, ...]:
    """Those of the domains whose counts may be said together: none shares a source."""
    others = [[d for d in charter.domain(each).datasets if d != dataset] for each in domains]
    return tuple(domains[at] for at in apart(others))


def smallest_cell(charter: Charter) -> SmallestCell:
    """The least count of a field review that this charter lets others see."""
    return SmallestCell(charter.release.minimum_cell, charter.release.empty_cell_allowed)


def measured_of(project: Project, entry: Entry[Reviewed]) -> tuple[Measured, ...]:
    """The strata of one statement, judged by the charter in force when it was said."""
    cell = smallest_cell(project.until(entry.index).charter)
    return tuple(Measured(each, each.precision(cell)) for each in entry.body.strata)


def measured_in(project: Project) -> tuple[Measured, ...]:
    """Every stratum that the log tells of, in the order of the log."""
    return tuple(each for entry in project.of(Reviewed) for each in measured_of(project, entry))


def measured_for(project: Project, release: str) -> tuple[Measured, ...]:
    """The strata of one release."""
    entries = project.named(Reviewed, release)
    return tuple(each for entry in entries for each in measured_of(project, entry))


def measured_of_run(project: Project, run: str) -> tuple[Measured, ...]:
    """The strata of all releases of one run."""
    releases = (each for each in project.releases() if each.run.name == run)
    return tuple(found for each in releases for found in measured_for(project, each.name))


def of_grade(measured: Iterable[Measured], domain: str, grade: Grade) -> Interval | None:
    """The precision of a domain's matches of one grade, weighted by strata; None if unknown."""
    parts = [
        (float(max(1, each.stratum.weight)), each.precision)
        for each in measured
        if (each.stratum.domain, each.stratum.grade) == (domain, grade)
    ]
    return stratified(parts) if parts else None
