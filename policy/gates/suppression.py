"""Published counts: small cells are suppressed, and further cells so that nobody can compute them.

1. A cell below k is not shown (primary suppression); zero follows the charter's field.
2. Row and column totals are shown. A line with exactly one hidden cell reveals it, so the smallest
   remaining cell of that line is hidden too (secondary suppression), until no such line is left.
3. If the hidden cells of a line sum to less than k, one more is hidden: anybody can compute that
   sum from the line's total and the shown cells.

After Cox, "Suppression Methodology and Statistical Disclosure Control", JASA 75 (1980).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from policy.charter import Charter
from policy.gates.facts import ReleaseFacts
from policy.gates.pooling import CellFloor

Place = tuple[int, int]


@dataclass(frozen=True)
class PublishedTable:
    """A table of counts. `cells` has None for a hidden cell; totals include hidden cells."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[int | None, ...], ...]
    row_totals: tuple[int | None, ...]
    column_totals: tuple[int | None, ...]

    @property
    def hidden(self) -> int:
        return sum(cell is None for row in self.cells for cell in row)


def published(
    rows: Sequence[str],
    columns: Sequence[str],
    counts: Sequence[Sequence[int]],
    k: int,
    *,
    zero_allowed: bool,
) -> PublishedTable:
    """The table as it may be shown. Totals below k are hidden too."""
    floor = CellFloor(k, zero_allowed)
    hidden = {
        (i, j)
        for i, line in enumerate(counts)
        for j, count in enumerate(line)
        if floor.is_small(count)
    }
    while (more := _gives_away(counts, hidden, k)) is not None:
        hidden.add(more)
    return PublishedTable(
        tuple(rows),
        tuple(columns),
        tuple(
            tuple(None if (i, j) in hidden else count for j, count in enumerate(line))
            for i, line in enumerate(counts)
        ),
        tuple(_total(line, floor) for line in counts),
        tuple(_total(line, floor) for line in zip(*counts, strict=True)),
    )


def release_table(charter: Charter, facts: ReleaseFacts) -> PublishedTable:
    """Counts of rows with and without a match ID, one line for each ID domain and list."""
    lines = {
        f"{domain} / {dataset}": (each.matched, each.unmatched)
        for domain, counted in sorted(facts.domains.items())
        for dataset, each in sorted(counted.datasets.items())
    }
    terms = charter.release
    return published(
        tuple(lines),
        ("matched", "unmatched"),
        tuple(lines.values()),
        terms.minimum_cell,
        zero_allowed=terms.empty_cell_allowed,
    )


def as_json(table: PublishedTable) -> Mapping[str, object]:
    return {
        "columns": [*table.columns, "total"],
        "rows": [
            {"name": name, "cells": [*cells, total]}
            for name, cells, total in zip(table.rows, table.cells, table.row_totals, strict=True)
        ],
        "totals": list(table.column_totals),
        "hidden": table.hidden,
    }


def _total(line: Sequence[int], floor: CellFloor) -> int | None:
    total = sum(line)
    return None if floor.is_small(total) else total


def _gives_away(counts: Sequence[Sequence[int]], hidden: set[Place], k: int) -> Place | None:
    """A cell to hide next because some line reveals a hidden one; None if no line does."""
    for line in _lines(len(counts), len(counts[0]) if counts else 0):
        inside = [place for place in line if place in hidden]
        shown = [place for place in line if place not in hidden]
        if not inside or not shown:
            continue
        together = sum(counts[i][j] for i, j in inside)
        if len(inside) == 1 or together < k:
            return min(shown, key=lambda place: counts[place[0]][place[1]])
    return None


def _lines(height: int, width: int) -> Iterator[list[Place]]:
    yield from ([(i, j) for j in range(width)] for i in range(height))
    yield from ([(i, j) for i in range(height)] for j in range(width))
