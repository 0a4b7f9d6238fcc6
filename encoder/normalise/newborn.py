"""Names of newborns who have none yet: BAYI NY SITI AMINAH is the child of SITI AMINAH."""

from __future__ import annotations

_WORDS = frozenset({"BAYI", "BAYINYA", "BY"})


def is_newborns(name: str) -> bool:
    """Whether a normalised name says that it is a newborn's."""
    # Few names get past the first two, which are quick to ask.
    return ("BY" in name or "BAYI" in name) and not _WORDS.isdisjoint(name.split())
