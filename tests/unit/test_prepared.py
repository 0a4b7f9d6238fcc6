"""Frozen rows: handles before keys, duplicates collapsed, everything reconciled."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from encoder.store.handles import Handles
from encoder.store.prepared import PreparedDataset
from policy.base.errors import NotYet
from policy.log import leaf_hash, root_hash

ROWS = [("BUDI", "1980"), ("SITI", "1990"), ("BUDI", "1980")]


def freeze(path: Path, key: bytes = b"k" * 32) -> PreparedDataset:
    hand_out = Handles(key)
    people = hand_out.of_people([1, 2, 4], ["a", "b", "c"], ROWS)
    refused, meta = [(3, "no-linkage-field")], {"source": "x.csv"}
    return PreparedDataset.freeze(path, [people], refused, lambda _: hand_out.of_canaries(4), meta)


def frozen(prepared: PreparedDataset) -> list[tuple[bytes, str]]:
    """Handles and fields, in batches of four."""
    batches = prepared.rows(["canary 0", "canary 1", "canary 2", "canary 3"], 4)
    return [row for some in batches for row in zip(some.handles, some.fields, strict=True)]


def test_rows_in_are_rows_out_and_refused(tmp_path: Path) -> None:
    found = freeze(tmp_path / "d.sqlite").reconciliation()
    assert (found.rows_in, found.people, found.collapsed) == (4, 2, 1)
    assert found.refused == {"no-linkage-field": 1}


def test_canaries_stand_in_the_order_of_their_slots(tmp_path: Path) -> None:
    """What is equally similar goes in the order of handles: all agencies know whose turn it is."""
    planted = Handles(b"k" * 32).of_canaries(50)
    handles = [handle for _, handle in planted]
    assert handles == sorted(set(handles))


def test_the_commitment_covers_people_and_canaries_in_handle_order(tmp_path: Path) -> None:
    prepared = freeze(tmp_path / "d.sqlite")
    rows = frozen(prepared)
    handles = [handle for handle, _ in rows]
    assert handles == sorted(handles)
    assert len(set(handles)) == 6
    people = ["BUDI\x1f1980", "SITI\x1f1990"]
    assert sorted(fields for _, fields in rows) == [*people, *(f"canary {n}" for n in range(4))]
    commitment = prepared.commitment()
    assert commitment.count == 6
    assert commitment.handle_root == root_hash([leaf_hash(h) for h in handles]).hex()


def test_handles_say_nothing_about_the_record(tmp_path: Path) -> None:
    """Another key or another day: other handles for the same rows."""
    first = freeze(tmp_path / "1.sqlite")
    again = freeze(tmp_path / "2.sqlite")
    other = freeze(tmp_path / "3.sqlite", b"l" * 32)
    sets = [{handle for handle, _ in frozen(each)} for each in (first, again, other)]
    assert not sets[0] & sets[1]
    assert not sets[0] & sets[2]


def test_duplicates_keep_their_source_rows(tmp_path: Path) -> None:
    rows = list(freeze(tmp_path / "d.sqlite").source_rows())
    assert [(number, record) for number, record, _ in rows] == [(1, "a"), (2, "b"), (4, "c")]
    assert rows[0][2] == rows[2][2] != rows[1][2]


def test_a_store_of_another_layout_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "d.sqlite"
    freeze(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 1")
    with pytest.raises(NotYet) as caught:
        PreparedDataset(path)
    assert caught.value.code == "prepare.layout"


def test_an_interrupted_freeze_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "d.sqlite"

    def broken():  # type: ignore[no-untyped-def]
        yield Handles(b"k" * 32).of_people([1], ["a"], ROWS[:1])
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        PreparedDataset.freeze(path, broken(), [], [], {})
    assert list(tmp_path.iterdir()) == []


def test_a_store_without_fields_keeps_its_map(tmp_path: Path) -> None:
    store = freeze(tmp_path / "d.sqlite")
    before = (list(store.source_rows()), store.commitment(), store.canary_handles())
    assert b"SITI" in store.path.read_bytes()
    for _ in range(2):
        store.forget_fields()
        assert (list(store.source_rows()), store.commitment(), store.canary_handles()) == before
        assert b"SITI" not in store.path.read_bytes()
    assert [path.name for path in tmp_path.iterdir()] == ["d.sqlite"]


def test_a_crash_while_fields_are_forgotten_leaves_the_whole_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = freeze(tmp_path / "d.sqlite")
    before = store.path.read_bytes()

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr(Path, "replace", die)
        with pytest.raises(KeyboardInterrupt):
            store.forget_fields()
    assert store.path.read_bytes() == before
    people = list(store.source_rows())
    store.forget_fields()
    assert list(store.source_rows()) == people
    assert b"SITI" not in store.path.read_bytes()
    assert [path.name for path in tmp_path.iterdir()] == ["d.sqlite"]
