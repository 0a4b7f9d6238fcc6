"""Precision and recall by strata, with intervals; and, list by list, what the scores tell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter

from linkage_service.matching import Calibration, floored
from linkage_service.matching.calibration_words import UNSEEN, advice
from linkage_service.ui.figures.thresholds import threshold_blocks
from policy.base.words import Words
from policy.charter.source_names import domain_title, source_title
from policy.charts.page import Block, Section
from policy.gates.pooling import CellFloor
from policy.papers.meeting.quality import CalibrationFile, estimated, measured, quality_section
from policy.project import Project

_FACTS: TypeAdapter[Calibration | None] = TypeAdapter(Calibration | None)
TOO_FEW = Words(
    "Terlalu sedikit pasangan tanpa NIK untuk sebaran yang boleh ditampilkan.",
    "There are too few pairs without NIK for a distribution that may be shown.",
)


@dataclass(frozen=True)
class ScoresOfLists:
    """What the scores of two lists tell: figures, and what the coordinator can do."""

    title: Words
    blocks: tuple[Block, ...]
    advice: Words | None


@dataclass(frozen=True)
class RunQuality:
    """The quality of one run. `unseen` are the people whom the figures leave out."""

    strata: Section
    lists: tuple[ScoresOfLists, ...]
    unseen: tuple[Words, ...] = (UNSEEN["precision_ppm"], UNSEEN["recall_ppm"])


def run_quality(project: Project, run: str, stored: Mapping[str, Any]) -> RunQuality:
    """The figures from a run's stored calibration, and from what the field measured."""
    known = CalibrationFile.model_validate(stored)
    strata = quality_section([*measured(project), *estimated(known, project.charter)])
    return RunQuality(strata, tuple(_lists(project, stored)))


def _lists(project: Project, stored: Mapping[str, Any]) -> Iterator[ScoresOfLists]:
    charter, floor = project.charter, CellFloor.of(project.charter.release)
    times = Counter((each["left"], each["right"]) for each in stored["pairs"])
    for number, each in enumerate(stored["pairs"]):
        sides = [source_title(charter, each[side]) for side in ("left", "right")]
        title = Words(" – ".join(s.id for s in sides), " – ".join(s.en for s in sides))
        facts = _FACTS.validate_python(each["facts"])
        blocks: list[Block] = []
        advised = None
        if facts is not None and not floor.is_small(facts.other_pairs):
            facts = floored(facts)
            blocks = threshold_blocks(charter, f"lists-{number}", title, facts)
            advised = advice(facts)[0]
        named = title
        if times[each["left"], each["right"]] > 1:
            of = domain_title(charter, each["domain"])
            named = Words(f"{title.id} ({of.id})", f"{title.en} ({of.en})")
        yield ScoresOfLists(named, tuple(blocks), advised)
