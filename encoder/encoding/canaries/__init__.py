"""Canaries: secret rows by which agencies catch a service that drops or invents matches (T17).

`prepare` reserves slots. The canary subkey determines the rows in these slots, and how an honest
run matches them. There are two kinds: `alike`, the same everywhere, used by earlier charters; and
rows similar to the list's own.

    likeness.py   rates of missing cells and errors, from a list's shape
    town.py       who the canaries are, and which of them is on which list
    versions.py   each list's record of a canary
    fate.py       which canaries an honest run matches
    check.py      what an opened file shows about the canaries
"""

from encoder.encoding.canaries.check import CanaryCheck, CanaryVerdict, Expected, check_canaries
from encoder.encoding.canaries.fields import Slots, normalise_rows
from encoder.encoding.canaries.plan import CanaryPlan, strangers_to

__all__ = [
    "CanaryCheck",
    "CanaryPlan",
    "CanaryVerdict",
    "Expected",
    "Slots",
    "check_canaries",
    "normalise_rows",
    "strangers_to",
]
