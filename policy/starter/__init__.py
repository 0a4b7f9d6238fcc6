"""Everything with which a region starts: charter, roster plan, mappings, codes, schedule, practice.

`starter_files` renders the files. Between regions only data differ: the region's code, name,
residents and places. What only people can say is marked `ISI / FILL IN` in the charter.
"""

from __future__ import annotations

from policy.starter.kit import CHARTER, Start, record, residents, starter_files, to_fill_in
from policy.starter.known_lists import KnownList, choose_lists

__all__ = [
    "CHARTER",
    "KnownList",
    "Start",
    "choose_lists",
    "record",
    "residents",
    "starter_files",
    "to_fill_in",
]
