"""Interprets the counts of a file: problems, their severity, and the next step."""

from __future__ import annotations

from encoder.quality.counts import FileProfile
from encoder.quality.findings.codes import suspicious_codes
from encoder.quality.findings.dates import birth_dates
from encoder.quality.findings.finding import QualityFinding, Severity
from encoder.quality.findings.names import written_names
from encoder.quality.findings.nik import niks
from encoder.quality.findings.rows import (
    absent_columns,
    incomplete_fields,
    noted,
    refused_later,
    refused_rows,
    repeated_people,
    repeated_record_ids,
)

__all__ = ["QualityFinding", "findings"]

_GRAVITY: dict[Severity, int] = {"act": 0, "look": 1, "ok": 2}


def findings(profile: FileProfile) -> tuple[QualityFinding, ...]:
    """All findings, the most severe first, then in the order of the report."""
    found = [
        *refused_rows(profile),
        *noted(profile),
        *refused_later(profile),
        *repeated_record_ids(profile),
        *absent_columns(profile),
        *incomplete_fields(profile),
        *niks(profile),
        *repeated_people(profile),
        *birth_dates(profile),
        *written_names(profile),
        *suspicious_codes(profile),
    ]
    return tuple(sorted(found, key=lambda each: _GRAVITY[each.severity]))
