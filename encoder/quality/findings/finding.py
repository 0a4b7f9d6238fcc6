"""One finding: its severity, and the next step.

Severities: `ok` needs no action, `look` should be checked before encoding, `act` should be
corrected at the source first. Thresholds are shares of the rows that were read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from policy.base.words import Words

Severity = Literal["ok", "look", "act"]
NOTHING = Words("Tidak perlu apa-apa.", "Nothing to do.")


@dataclass(frozen=True)
class QualityFinding:
    """A finding about `rows` rows of the file; 0 for findings about the whole file."""

    code: str
    severity: Severity
    rows: int
    title: Words
    found: Words
    todo: Words


def graded(share: float, look: float, act: float) -> Severity:
    """The severity of a share; `look` and `act` are the lowest shares of these severities."""
    if share >= act:
        return "act"
    return "look" if share >= look else "ok"
