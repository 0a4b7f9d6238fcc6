"""Runs the units of a search on all cores, with progress."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from linkage_service.matching.candidates import Candidates


def searched(
    search: Callable[[Any], Candidates],
    units: Sequence[Any],
    progress: Callable[[int, int], None],
) -> Iterator[Candidates]:
    """The results of all units; `progress` receives the comparisons done and their total."""
    done, total = 0, sum(unit.comparisons for unit in units)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for unit, found in zip(units, pool.map(search, units), strict=True):
            done += unit.comparisons
            progress(done, total)
            yield found
