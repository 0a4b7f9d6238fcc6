"""Groups of sources that may be counted next to each other."""

from __future__ import annotations

from collections.abc import Sequence


def apart(sources: Sequence[Sequence[str]]) -> tuple[int, ...]:
    """Which of these groups of datasets to count: the smallest first, none that shares one.

    A domain of several lists confirms everybody that one of its pairs confirms. The difference of
    the two would be people of the other lists, who may be few.
    """
    chosen: list[int] = []
    taken: set[str] = set()
    for at in sorted(range(len(sources)), key=lambda at: (len(sources[at]), at)):
        if taken.isdisjoint(sources[at]):
            chosen.append(at)
            taken.update(sources[at])
    return tuple(sorted(chosen))
