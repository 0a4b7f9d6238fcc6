"""The figures that an encoding must reach before real people's rows travel in it.

From the project's security terms. A charter may ask for more, never for less.
"""

from __future__ import annotations

NEIGHBOURS_KEPT = 0.05
RIDGE_AUC = 0.60
XOR_Z = -5.0
REIDENTIFIED = 0.01
# The floors speak of a group of that many people of one birth year, and as many known pairs.
GROUP_ROWS = 5_000
KNOWN_PAIRS = 5_000
# As many as a province of eleven million has of one birth date, in two lists, half known.
ONE_DATE_ROWS = 500
