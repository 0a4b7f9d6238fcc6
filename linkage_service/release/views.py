"""What a recipient sees of a released domain, as one code per row.

For each of its rows, a recipient sees whether the row carries a match ID (where it may learn
that), and which of its other lists carry the same ID.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from policy.project.canary_counts import MATCHED, VERIFY

Rows = NDArray[np.int64]
Handles = NDArray[np.uint8]
ABSENT = -1  # a row that the view does not have


@dataclass(frozen=True)
class View:
    """One domain as a release shows it: for each dataset the rows' handles and groups.

    By dataset: `handles`, uint8 (rows, 16), and `groups`, the group number of each row, or -1.
    `verify`, by group number: whether the group needs verification.
    """

    release: str
    domain: str
    handles: Mapping[str, Handles]
    groups: Mapping[str, Rows]
    verify: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, np.bool_))


def codes_of(view: View, dataset: str, bits: tuple[str, ...]) -> Rows:
    """Per row, int64: one bit for each thing that the recipient can tell about the row."""
    mine = view.groups[dataset]
    matched = mine >= 0
    codes = np.zeros(len(mine), np.int64)
    for place, name in enumerate(bits):
        if name == VERIFY:
            told = np.zeros(len(mine), np.bool_)
            told[matched] = view.verify[mine[matched]]
        else:
            told = matched if name == MATCHED else matched & np.isin(mine, view.groups[name])
        codes |= told.astype(np.int64) << place
    return codes


def at_handles(rows: Handles, known: Handles, codes: Rows) -> Rows:
    """The codes of `rows` by handle; ABSENT for an unknown handle."""
    wanted, have = _as_keys(rows), _as_keys(known)
    order = np.argsort(have)
    place = np.searchsorted(have, wanted, sorter=order)
    place = order[np.minimum(place, len(have) - 1)] if len(have) else np.zeros(len(wanted), int)
    found = have[place] == wanted if len(have) else np.zeros(len(wanted), bool)
    return np.where(found, codes[place] if len(have) else 0, ABSENT)


def full_code(bits: tuple[str, ...]) -> int:
    """The code of a row that certainly matches in every list."""
    return (1 << sum(name != VERIFY for name in bits)) - 1


def label(name: str, bits: tuple[str, ...], code: int) -> str:
    """The code as text, as `policy.gates.facts.CellFacts` shows it."""
    if code == ABSENT:
        return f"{name}:-"
    member = "?" if MATCHED not in bits else str(code & 1)
    shared = [n.lstrip("?") for place, n in enumerate(bits) if n and code >> place & 1]
    return "+".join((f"{name}:{member}", *shared))


def _as_keys(handles: Handles) -> NDArray[np.bytes_]:
    # All keys have one width, so the trailing zeros that numpy strips make no two keys equal.
    return np.ascontiguousarray(handles).view(f"S{handles.shape[1]}").ravel()
