"""What a benchmark says: one number of ours beside one of a peer's."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """`value` is ours, `peer_value` the peer's, both in `unit`, measured side by side.

    `ratio` says how many times better ours is. Without a peer the last three are None.
    """

    name: str
    value: float
    unit: str
    peer: str | None = None
    peer_value: float | None = None
    ratio: float | None = None


def faster(name: str, unit: str, peer: str, rates: Mapping[str, float]) -> Figure:
    """A figure from two rates of work, `ours` and `peer`; more is better."""
    return Figure(name, rates["ours"], unit, peer, rates["peer"], rates["ours"] / rates["peer"])


def seconds(contestants: Mapping[str, Callable[[], object]], rounds: int = 5) -> dict[str, float]:
    """Median seconds of each, taking turns in every round; run each once before.

    Turns spread whatever else the machine does over all of them alike.
    """
    times: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(rounds):
        for name, contestant in contestants.items():
            gc.collect()
            start = time.perf_counter()
            contestant()
            times[name].append(time.perf_counter() - start)
    return {name: statistics.median(measured) for name, measured in times.items()}
