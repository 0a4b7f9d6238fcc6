"""The report as JSON: every count, every finding, both languages."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from encoder.quality.counts import FileProfile
from encoder.quality.findings import Finding
from encoder.quality.recall import Forecast, assumptions

REPORT_TYPE = "padan/quality-report"
VERSION = 1


def report_json(
    profile: FileProfile, found: tuple[Finding, ...], expected: Forecast
) -> dict[str, Any]:
    """Keys are stable; `type` and `version` say which."""
    return {
        "type": REPORT_TYPE,
        "version": VERSION,
        "profile": asdict(profile),
        "findings": [asdict(each) for each in found],
        "forecast": {
            **asdict(expected),
            "assumptions": [
                {"id": words.id, "en": words.en, "value": value} for words, value in assumptions()
            ],
        },
    }
