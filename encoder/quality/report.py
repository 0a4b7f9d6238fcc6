"""The report as JSON: every count, every finding, both languages."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from encoder.quality.counts import FileProfile
from encoder.quality.findings import QualityFinding
from encoder.quality.recall import Forecast, assumptions
from encoder.quality.shapes import by_decade, whipple

REPORT_TYPE = "padan/quality-report"
VERSION = 1


def report_json(
    profile: FileProfile, found: tuple[QualityFinding, ...], expected: Forecast
) -> dict[str, Any]:
    """The report; keys are stable for each `type` and `version`. Birth years become decades of
    age."""
    counts = asdict(profile)
    counts.pop("lines")  # rows of the report are data rows
    counts["usage"] = profile.usage.model_dump(mode="json")
    if profile.date:
        counts["date"].pop("years")
        counts["date"]["ages"] = by_decade(profile.date.years, profile.today)
        counts["date"]["whipple"] = whipple(profile.date.years, profile.today)
    return {
        "type": REPORT_TYPE,
        "version": VERSION,
        "profile": counts,
        "findings": [asdict(each) for each in found],
        "forecast": {
            **asdict(expected),
            "assumptions": [
                {"id": words.id, "en": words.en, "value": value} for words, value in assumptions()
            ],
        },
    }
