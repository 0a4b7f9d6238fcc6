"""Canaries: secret rows by which agencies catch a service that drops or invents matches (T17).

Slots are reserved at prepare; what fills them follows from the canary subkey, and so does what an
honest run makes of them. Two kinds: `alike` everywhere, those of earlier charters, and rows like
each list's own.

    likeness.py   rates of missing cells and errors, from a list's shape
    town.py       who the canaries are, and who of them is on which list
    versions.py   what each list says of them
    fate.py       which of them an honest run joins
    check.py      what an opened file says of them
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
