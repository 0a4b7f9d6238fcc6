"""One encoded table to groups of its rows that are one person."""

from __future__ import annotations

from typing import Any

import numpy as np

from linkage_service.matching import Groups
from linkage_service.matching.clusters import clusters_of
from padan.comparing import Threshold, compare
from padan.frames import Progress, Values, numbers, opened, silent, table, texts
from padan.linking import Linkage, link
from padan.pairs import candidates
from policy.charter import Charter


def dedupe(
    frame: Any,
    *,
    threshold: Threshold | None = None,
    charter: Charter | None = None,
    linkage: Linkage = "complete",
    progress: Progress = silent,
) -> Any:
    """Groups of rows of one table that are one person: `compare` of one table, then `link`.

    Columns: `group` (Int64, from 0), `row` (Int64, from 0, by position), `record_id` (String) if
    the table has ids, `rows_of_group` (Int64), and `pairs_in_group` (Int64): with how many other
    rows of its group the row is a pair. One row for every row that has a duplicate; no row is
    paired with itself.

    `linkage` is `complete` (every two rows of a group are a pair) or `connected` (a chain of pairs
    is enough, so a wrong pair can join two people: look at large groups, and at those in which
    `pairs_in_group` is less than `rows_of_group` - 1). Other arguments, and errors, as in `compare`
    and `link`.
    """
    pairs = compare(frame, threshold=threshold, charter=charter, progress=progress)
    groups = opened(link(pairs, linkage=linkage))
    found = opened(pairs)
    if "certain" in found.columns:
        found = found.filter(found["certain"])
    row, group = numbers(groups, "row"), numbers(groups, "group")
    solved = Groups(np.zeros(len(row), np.uint16), row.astype(np.uint32), group.astype(np.uint32))
    clusters = clusters_of(solved, candidates(found), len(opened(frame)))
    columns: dict[str, Values] = {"group": group, "row": row}
    if "record_id" in groups.columns:
        columns["record_id"] = texts(groups, "record_id")
    columns |= {"rows_of_group": clusters.size, "pairs_in_group": clusters.pairs}
    return table(columns, groups.implementation)
