"""A finished run in figures: matched rows, then the overlap of lists, for each ID domain.

Both tell of the same people, so a total that would give a small combination away is hidden.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from linkage_service.ui.figures.matched import matched_figure, matched_tables, totals_of, without
from linkage_service.ui.figures.overlap import overlap_block, overlaps_of_run
from policy.charter import Charter
from policy.charts.page import Block
from policy.gates.facts import RunFacts
from policy.project.canary_counts import Planted


def result_figures(
    charter: Charter,
    facts: RunFacts,
    stored: Mapping[str, Sequence[Mapping[str, Any]]],
    canaries: Mapping[str, Planted],
    opened: Collection[str],
    released: Collection[str] = (),
) -> list[Block]:
    """The figures of the domains that are `opened`; `released` are those that a release gave out.

    `stored` has the people of each combination of lists, of every domain of the run: somebody who
    sees one domain now and another one later learns no more than who sees both at once.

    Runs of earlier builds have no combinations: then only matched rows are shown.
    """
    tables = matched_tables(charter, facts, tuple(stored))
    totals = {domain: totals_of(table) for domain, table in tables.items()}
    overlaps = overlaps_of_run(charter, stored, canaries, totals, released)
    blocks: list[Block] = []
    for domain, table in tables.items():
        if domain not in opened:
            continue
        if domain in overlaps:
            table = without(table, totals[domain] - overlaps[domain][1].totals)
        blocks.append(matched_figure(charter, domain, table))
    for counted, shown in overlaps.values():
        if counted.domain in opened:
            blocks.append(overlap_block(charter, counted, shown))
    return blocks
