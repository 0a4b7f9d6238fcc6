"""What recipients could tell apart, counted where a request names domains of different lists."""

from __future__ import annotations

import numpy as np

from linkage_service.release.cells import ReceivedCells, cells
from linkage_service.release.views import View
from policy.project.canary_counts import planted_alike
from tests.support.republic import charter_from, charter_tree

ROWS = 40


def view(domain: str, *datasets: str) -> View:
    """Every second row of each list has a match."""
    groups = np.where(np.arange(ROWS) % 2 == 0, np.arange(ROWS) // 2, -1)
    handles = {
        name: np.random.default_rng(len(name)).integers(0, 256, (ROWS, 16), np.uint8)
        for name in datasets
    }
    return View("rilis-1", domain, handles, dict.fromkeys(datasets, groups))


def test_a_list_is_counted_wherever_in_the_request_its_domain_stands() -> None:
    charter = charter_from(charter_tree())
    views = [
        view("dtks-regsosek", "regsosek", "dtks"),
        view("semua", "regsosek", "dtks", "carik"),
    ]
    alone = charter.recipients()
    planted = planted_alike(charter, charter.recipients())
    forward = cells(ReceivedCells(charter, alone, views, (), planted))
    backward = cells(ReceivedCells(charter, alone, views[::-1], (), planted))
    assert {cell.dataset for cell in forward} == {"regsosek", "dtks", "carik"}

    def told(found: object) -> set[object]:
        return {(c.dataset, frozenset(c.pattern), c.rows) for c in found}  # type: ignore[attr-defined]

    assert told(forward) == told(backward)
