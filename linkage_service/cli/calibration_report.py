"""A run's stored facts for a coordinator: figures, intervals, and the people they leave out.

Runs stored by an earlier build get the same treatment: intervals of width 0 are widened, and the
current texts are used.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from pydantic import TypeAdapter

from linkage_service.matching import Calibration, SearchCoverage, floored
from linkage_service.matching.calibration_words import UNSEEN, advice, searched, summary
from policy.base.words import Words
from policy.project.measured import Measured

_FACTS: TypeAdapter[Calibration | None] = TypeAdapter(Calibration | None)
_COVERAGE = TypeAdapter(SearchCoverage)
_FIGURES = ("precision_ppm", "recall_ppm", "bands", "curve")


@dataclass(frozen=True)
class CalibrationReport:
    """One run's calibration for every two datasets of a domain, and how each was searched.

    `measured` is what recipients counted in the field, if they said it.
    """

    run: str
    domains: tuple[tuple[str, str, str], ...]
    facts: tuple[Calibration | None, ...]
    searches: tuple[tuple[str, str, SearchCoverage], ...]
    measured: tuple[Measured, ...] = ()

    @property
    def pairs(self) -> list[tuple[str, Calibration | None]]:
        named = (f"{domain}: {left}, {right}" for domain, left, right in self.domains)
        return list(zip(named, self.facts, strict=True))

    def sentences(self) -> Iterator[Words]:
        for name, each in self.pairs:
            yield Words(name, name)
            if each is not None:
                yield from summary(each)
            yield from advice(each)
        for left, right, coverage in self.searches:
            yield from searched(f"{left}, {right}", coverage)
        for measured in self.measured:
            yield measured.sentence

    def as_json(self) -> dict[str, Any]:
        unseen = {figure: asdict(UNSEEN[figure]) for figure in _FIGURES}
        pairs = [
            {
                "domain": domain,
                "left": left,
                "right": right,
                "facts": None if facts is None else asdict(facts),
                "unseen": None if facts is None else unseen,
                "advice": [asdict(words) for words in advice(facts)],
            }
            for (domain, left, right), facts in zip(self.domains, self.facts, strict=True)
        ]
        search = [_search_json(*each) for each in self.searches]
        measured = [each.as_json() for each in self.measured]
        return {"run": self.run, "pairs": pairs, "search": search, "measured": measured}


def read_report(
    stored: Mapping[str, Any], measured: tuple[Measured, ...] = ()
) -> CalibrationReport:
    """Read the report from the service's answer; `measured` comes from the log."""
    facts = (_FACTS.validate_python(each["facts"]) for each in stored["pairs"])
    return CalibrationReport(
        run=stored["run"],
        domains=tuple((each["domain"], each["left"], each["right"]) for each in stored["pairs"]),
        facts=tuple(None if each is None else floored(each) for each in facts),
        searches=tuple(
            (each["left"], each["right"], _COVERAGE.validate_python(each))
            for each in stored["search"]
        ),
        measured=measured,
    )


def _search_json(left: str, right: str, coverage: SearchCoverage) -> dict[str, Any]:
    """The stored counts, with their intervals."""
    intervals = {
        name: None if each is None else asdict(each)
        for name, each in (
            ("found_ppm", coverage.estimated),
            ("near_found_ppm", coverage.estimated_near),
        )
    }
    named = {"left": left, "right": right, **asdict(coverage)}
    estimated = {"estimated_ppm": coverage.estimated_ppm}
    return {**named, **estimated, **intervals, "unseen": asdict(UNSEEN["search"])}
