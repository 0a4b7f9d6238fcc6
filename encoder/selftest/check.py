"""What one check of the machine found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from policy.base.words import Words


class Standing(StrEnum):
    """Fine, worth a look, or to be fixed before this machine is used."""

    FINE = "fine"
    LOOK = "look"
    FIX = "fix"


@dataclass(frozen=True)
class SelfCheck:
    """One check: what was looked at, what was found, and what to do if it is not fine."""

    id: str
    standing: Standing
    found: Words
    remedy: Words | None = None


def holds(name: str, ok: bool, found: Words, remedy: Words) -> SelfCheck:
    """A check that is fine or has to be fixed."""
    return SelfCheck(name, Standing.FINE if ok else Standing.FIX, found, None if ok else remedy)
