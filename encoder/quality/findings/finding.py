"""One thing that is wrong or in order: how grave it is, and what to do next.

Severities: `ok` needs nothing, `look` deserves a look before encoding, `act` should be
mended at the source first. Thresholds are shares of the rows that were read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from policy.base.words import Words

Severity = Literal["ok", "look", "act"]
NOTHING = Words("Tidak perlu apa-apa.", "Nothing to do.")


@dataclass(frozen=True)
class Finding:
    """`rows` of the file are concerned; for findings about the file as a whole it is 0."""

    code: str
    severity: Severity
    rows: int
    title: Words
    found: Words
    todo: Words


def graded(share: float, look: float, act: float) -> Severity:
    """`look` and `act` are the shares from which on a finding is as grave as that."""
    if share >= act:
        return "act"
    return "look" if share >= look else "ok"
