"""Frozen rows: handles before keys, duplicates collapsed, everything reconciled."""

from __future__ import annotations

from pathlib import Path

import pytest

from encoder.prepared import PreparedDataset, SourceRow
from policy.log import leaf_hash, root_hash

ROWS = [
    SourceRow(1, "a", ("BUDI", "1980")),
    SourceRow(2, "b", ("SITI", "1990")),
    SourceRow(4, "c", ("BUDI", "1980")),
]


def freeze(path: Path, key: bytes = b"k" * 32) -> PreparedDataset:
    return PreparedDataset.freeze(
        path, iter(ROWS), [(3, "no-linkage-field")], key, 4, {"source": "x.csv"}
    )


def test_rows_in_are_rows_out_and_refused(tmp_path: Path) -> None:
    found = freeze(tmp_path / "d.sqlite").reconciliation()
    assert (found.rows_in, found.people, found.collapsed) == (4, 2, 1)
    assert found.refused == {"no-linkage-field": 1}


def test_the_commitment_covers_people_and_canaries_in_handle_order(tmp_path: Path) -> None:
    prepared = freeze(tmp_path / "d.sqlite")
    rows = list(prepared.rows())
    handles = [row.handle for row in rows]
    assert handles == sorted(handles)
    assert len(set(handles)) == 6
    assert sorted(row.canary for row in rows if row.canary is not None) == [0, 1, 2, 3]
    commitment = prepared.commitment()
    assert commitment.count == 6
    assert commitment.handle_root == root_hash([leaf_hash(h) for h in handles]).hex()


def test_handles_say_nothing_about_the_record(tmp_path: Path) -> None:
    """Another key or another day: other handles for the same rows."""
    first = freeze(tmp_path / "1.sqlite")
    again = freeze(tmp_path / "2.sqlite")
    other = freeze(tmp_path / "3.sqlite", b"l" * 32)
    sets = [{row.handle for row in each.rows()} for each in (first, again, other)]
    assert not sets[0] & sets[1]
    assert not sets[0] & sets[2]


def test_duplicates_keep_their_source_rows(tmp_path: Path) -> None:
    rows = list(freeze(tmp_path / "d.sqlite").source_rows())
    assert [(number, record) for number, record, _ in rows] == [(1, "a"), (2, "b"), (4, "c")]
    assert rows[0][2] == rows[2][2] != rows[1][2]


def test_an_interrupted_freeze_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "d.sqlite"

    def broken():  # type: ignore[no-untyped-def]
        yield ROWS[0]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        PreparedDataset.freeze(path, broken(), [], b"k" * 32, 2, {})
    assert list(tmp_path.iterdir()) == []
