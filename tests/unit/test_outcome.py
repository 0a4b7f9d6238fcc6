"""What a run comes to, from its data and the charter's terms."""

from __future__ import annotations

import numpy as np

from linkage_service.intake.arrays import RunData
from linkage_service.matching import EncodedDataset
from linkage_service.runs import outcome
from policy.statements import RunOrder
from tests.support.republic import SCHEMA, charter_from, charter_tree


def test_an_encoding_without_a_threshold_serves_the_floor_of_the_nik_leg() -> None:
    """Who shares a NIK and agrees in that encoding alone is one person all the same."""
    tree = charter_tree()
    tree["encoding"]["encodings"].append({"name": "nik-nama", "linkage_schema": SCHEMA})
    order = RunOrder(
        at=0,
        purpose="uji",
        domains=("semua",),
        thresholds_ppm={"utama": 860_000},
        nik_floor_ppm=550_000,
    )
    filters = np.random.default_rng(5).integers(0, 2**63, (3, 4, 16), np.uint64)
    tokens = np.repeat(np.arange(4, dtype=np.uint8), 16).reshape(4, 16)
    sides = [
        EncodedDataset(name, {"utama": own, "nik-nama": filters[2]}, tokens)
        for name, own in (("regsosek", filters[0] & filters[1]), ("dtks", ~filters[0]))
    ]
    data = RunData(("regsosek", "dtks"), sides, [tokens, tokens])

    found = outcome.candidates(data, charter_from(tree), order, [])

    assert sorted(zip(found.left_row.tolist(), found.right_row.tolist(), strict=True)) == [
        (row, row) for row in range(4)
    ]
