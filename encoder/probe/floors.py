"""The floors (`policy.privacy`) as the figures here are counted, and how large the groups are."""

from __future__ import annotations

from policy.privacy import FLOORS, GROUP_ROWS, KNOWN_PAIRS, MICRO

_BY_PROBE = {floor.probe: floor.micro / MICRO for floor in FLOORS}

NEIGHBOURS_KEPT = _BY_PROBE["nn10"]
RIDGE_AUC = _BY_PROBE["ridge"]
XOR_Z = _BY_PROBE["xor-4"]
REIDENTIFIED = _BY_PROBE["graph"]
# As many as a province of eleven million has of one birth date, in two lists, half known.
ONE_DATE_ROWS = 500

__all__ = [
    "GROUP_ROWS",
    "KNOWN_PAIRS",
    "NEIGHBOURS_KEPT",
    "ONE_DATE_ROWS",
    "REIDENTIFIED",
    "RIDGE_AUC",
    "XOR_Z",
]
