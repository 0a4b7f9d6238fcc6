"""Which counts may be shown, by the charter's smallest cell k.

Counts from which a hidden one could be computed are hidden as well:

    a table        by `policy.gates.suppression`
    a partition    all parts or none, since their sum is known
    a falling row  (pairs at ever higher thresholds) a count is hidden if the pairs between it and
                   the last shown one are too few
"""

from __future__ import annotations

from collections.abc import Sequence

from policy.charter import Charter


def is_small(count: int, charter: Charter, *, unknown: int = 0) -> bool:
    """Whether the count is too small to be shown.

    `unknown` of it may be canaries; without them it has to be large enough.
    """
    terms = charter.release
    if count == 0:
        return not terms.empty_cell_allowed
    return count - unknown < terms.minimum_cell


def shown_of_falling(counts: Sequence[int], charter: Charter) -> tuple[bool, ...]:
    """Which counts of a falling row may be shown."""
    shown, last = [], None
    for count in counts:
        between = 0 if last is None else last - count
        small = is_small(count, charter) or (last is not None and is_small(between, charter))
        shown.append(not small)
        if not small:
            last = count
    return tuple(shown)
