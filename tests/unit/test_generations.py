"""A file prepared again: who stays keeps the handle, who objected does not come back."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest

from encoder.store.generations import Before, Changes
from encoder.store.handles import Handles
from encoder.store.identity import Ground, Persons
from encoder.store.objections import note_objections
from encoder.store.prepared import PreparedDataset

Row = tuple[str, str]  # record id, name
FIRST = [("a", "BUDI"), ("b", "SITI"), ("c", "BUDI"), ("d", "AYU"), ("e", "WAYAN")]
HAND_OUT = Handles(b"k" * 32)


def tell_apart(rows: list[Row]) -> Callable[[bytes], Persons]:
    """Names with a digit are said to have a NIK, those in small letters to say too little."""

    def persons(digests: bytes) -> Persons:
        each = [digests[at : at + 16] for at in range(0, len(digests), 16)]
        grounds = [
            Ground.TOO_LITTLE
            if name.islower()
            else Ground.NIK
            if any(map(str.isdigit, name))
            else Ground.AS_WRITTEN
            for _, name in rows
        ]
        merging = [
            sha256(digest + record_id.encode()).digest()[:16]
            if ground is Ground.TOO_LITTLE
            else digest
            for digest, ground, (record_id, _) in zip(each, grounds, rows, strict=True)
        ]
        return Persons(digests, bytes(grounds), b"".join(merging))

    return persons


def freeze(
    path: Path,
    rows: list[Row],
    before: PreparedDataset | None = None,
    withdrawn: set[bytes] | None = None,
    record_ids: bool = True,
    objected: list[tuple[str, bytes, bool]] | None = None,
) -> PreparedDataset:
    numbers = list(range(1, len(rows) + 1))
    ids = [record_id if record_ids else str(n) for n, (record_id, _) in enumerate(rows, 1)]
    named = [(record_id, name) for record_id, (_, name) in zip(ids, rows, strict=True)]
    fields = [(name,) for _, name in rows]
    people = HAND_OUT.of_people(numbers, ids, fields, tell_apart(named))
    slots, since = HAND_OUT.of_canaries(2), None
    if before:
        slots = []
        since = Before(
            before.path, before.generation, withdrawn or set(), record_ids, before.own_ids
        )
    meta = {"own_ids": "yes" if record_ids else ""}
    gone = objected or []
    plant = lambda _: slots  # noqa: E731
    return PreparedDataset.freeze(path, [people], [], plant, meta, before=since, objected=gone)


def handles(prepared: PreparedDataset) -> dict[str, bytes]:
    return {record_id: handle for _, record_id, handle in prepared.source_rows()}


def sent(prepared: PreparedDataset) -> list[str]:
    canaries = ["canary", "canary"]
    return [fields for some in prepared.rows(canaries, 3) for fields in some.fields]


@pytest.fixture
def first(tmp_path: Path) -> PreparedDataset:
    return freeze(tmp_path / "d.sqlite", FIRST)


def test_who_stays_keeps_the_handle(first: PreparedDataset, tmp_path: Path) -> None:
    """Siti changed, Ayu went, Made came, Budi's other row came first; Wayan is as he was."""
    rows = [("c", "BUDI"), ("a", "BUDI"), ("b", "SITI A"), ("e", "WAYAN"), ("f", "MADE")]
    second = freeze(tmp_path / "d.1.sqlite", rows, first)
    assert second.changes() == Changes(added=1, changed=1, withdrawn=1, unchanged=2)
    old, new = handles(first), handles(second)
    assert all(old[each] == new[each] for each in "ace")
    assert set(second.left_out()) == {old["b"], old["d"]}
    assert sorted(sent(second)) == ["MADE", "SITI A"]
    assert second.canary_handles() == first.canary_handles()
    assert second.commitment().count == 4 + 2


def test_what_was_new_before_is_not_new_again(first: PreparedDataset, tmp_path: Path) -> None:
    second = freeze(tmp_path / "d.1.sqlite", [*FIRST, ("f", "MADE")], first)
    third = freeze(tmp_path / "d.2.sqlite", [*FIRST, ("f", "MADE"), ("g", "KETUT")], second)
    assert sent(second) == ["MADE"]
    assert sent(third) == ["KETUT"]
    assert handles(third)["f"] == handles(second)["f"]


def test_who_objected_does_not_come_back_under_the_id(
    first: PreparedDataset, tmp_path: Path
) -> None:
    """Not with other content, not later; who has the same content under another id may come."""
    withdrawn = {handles(first)["a"], handles(first)["d"]}
    rows = [("a", "BUDI S"), ("x", "BUDI"), ("d", "AYU"), ("b", "SITI"), ("e", "WAYAN")]
    second = freeze(tmp_path / "d.1.sqlite", [*rows, ("f", "MADE")], first, withdrawn)
    third = freeze(tmp_path / "d.2.sqlite", [*rows, ("c", "BUDI")], second, withdrawn)
    assert second.reconciliation().refused == {"suppressed": 2}
    assert third.reconciliation().refused == {"suppressed": 3}
    assert set(handles(second)) == set("xbef")
    assert set(handles(third)) == set("xbe")
    assert handles(second)["x"] not in withdrawn
    # They left by their withdrawal, not by the delta.
    assert second.left_out() == []
    assert sorted(sent(second)) == ["BUDI", "MADE"]
    assert third.left_out() == [handles(second)["f"]]


def test_who_objected_does_not_come_back_with_the_same_nik_under_a_new_id(
    tmp_path: Path,
) -> None:
    """Row s had the same person's content all along, and did not object."""
    first = freeze(tmp_path / "d.sqlite", [("r", "BUDI 1"), ("s", "BUDI 1"), ("t", "SITI")])
    before = handles(first)
    note_objections(first.path, [1])
    rows = [("s", "BUDI 1"), ("new", "BUDI 1"), ("r", "BUDI 1"), ("t", "SITI")]
    second = freeze(tmp_path / "d.1.sqlite", rows, first)
    assert dict(second.refused_rows()) == {2: "objected-under-another-id", 3: "suppressed"}
    assert handles(second)["s"] == before["r"] == before["s"]
    assert second.left_out() == []
    third = freeze(tmp_path / "d.2.sqlite", rows, second)
    assert dict(third.refused_rows()) == dict(second.refused_rows())


def test_who_was_suppressed_before_is_left_out_of_later_files(tmp_path: Path) -> None:
    """A row of the same person that came with the suppressed one was not named, and stays."""
    (digest,) = {row.digest for row in freeze(tmp_path / "x", [("r", "BUDI 1")]).frozen_rows()}
    suppressed = [("r", digest, False)]
    first = freeze(tmp_path / "d.sqlite", [("s", "BUDI 1"), ("t", "SITI")], objected=suppressed)
    rows = [("r", "BUDI 1"), ("s", "BUDI 1"), ("t", "SITI"), ("new", "BUDI 1")]
    second = freeze(tmp_path / "d.1.sqlite", rows, first)
    assert dict(second.refused_rows()) == {1: "suppressed", 4: "objected-under-another-id"}
    assert second.changes() == Changes(added=0, changed=0, withdrawn=0, unchanged=2)


def test_an_id_of_two_people_keeps_out_the_row_that_objected_alone(tmp_path: Path) -> None:
    rows = [("r", "BUDI"), ("r", "SITI"), ("t", "AYU")]
    first = freeze(tmp_path / "d.sqlite", rows)
    withdrawn = {row.handle for row in first.frozen_rows() if row.row_number == 1}
    second = freeze(tmp_path / "d.1.sqlite", rows, first, withdrawn)
    third = freeze(tmp_path / "d.2.sqlite", [*rows, ("u", "WAYAN")], second, withdrawn)
    assert dict(second.refused_rows()) == dict(third.refused_rows()) == {1: "suppressed"}


def test_rows_that_say_too_little_stay_under_their_id_alone(tmp_path: Path) -> None:
    first = freeze(tmp_path / "d.sqlite", [("x0", "mr x"), ("x1", "mr x"), ("x2", "mr x")])
    assert first.reconciliation().people == 3
    rows = [("x2", "mr x"), ("x7", "mr x"), ("x0", "mr x")]
    second = freeze(tmp_path / "d.1.sqlite", rows, first)
    assert second.changes() == Changes(added=1, changed=0, withdrawn=1, unchanged=2)
    assert handles(second)["x0"] == handles(first)["x0"]
    assert handles(second)["x2"] == handles(first)["x2"]
    assert second.left_out() == [handles(first)["x1"]]


def test_rows_known_by_number_may_move(first: PreparedDataset, tmp_path: Path) -> None:
    nameless = freeze(tmp_path / "n.sqlite", FIRST, record_ids=False)
    moved = [("", "NI LUH"), *FIRST[:3], *FIRST[4:]]
    second = freeze(tmp_path / "n.1.sqlite", moved, nameless, record_ids=False)
    assert second.changes() == Changes(added=1, changed=0, withdrawn=1, unchanged=3)
    withdrawn = {handles(nameless)["1"]}
    third = freeze(tmp_path / "n.2.sqlite", moved, nameless, withdrawn, record_ids=False)
    assert third.reconciliation().refused == {"objected-same-content": 2}
    assert third.changes() == Changes(added=1, changed=0, withdrawn=1, unchanged=2)


def test_without_ids_all_rows_of_a_person_go(tmp_path: Path) -> None:
    first = freeze(tmp_path / "n.sqlite", [("", "BUDI"), ("", "SITI")], record_ids=False)
    withdrawn = {handles(first)["1"]}
    rows = [("", "SITI"), ("", "BUDI"), ("", "BUDI")]
    second = freeze(tmp_path / "n.1.sqlite", rows, first, withdrawn, record_ids=False)
    assert dict(second.refused_rows()) == dict.fromkeys((2, 3), "objected-same-content")


def test_without_ids_as_many_rows_go_as_objected(tmp_path: Path) -> None:
    """One of two rows that cannot be told apart objected; one of them stays, wherever it is."""
    first = freeze(tmp_path / "n.sqlite", [("", "mr x"), ("", "mr x")], record_ids=False)
    withdrawn = {handles(first)["2"]}
    rows = [("", "SITI"), ("", "mr x"), ("", "mr x")]
    second = freeze(tmp_path / "n.1.sqlite", rows, first, withdrawn, record_ids=False)
    assert second.reconciliation().refused == {"objected-same-content": 1}
    assert second.changes() == Changes(added=1, changed=0, withdrawn=0, unchanged=1)
    third = freeze(tmp_path / "n.2.sqlite", rows, second, withdrawn, record_ids=False)
    assert third.reconciliation().refused == {"objected-same-content": 1}


def test_a_row_number_that_objected_is_no_record_id_of_a_later_file(tmp_path: Path) -> None:
    first = freeze(tmp_path / "d.sqlite", [("", "BUDI"), ("", "SITI")], record_ids=False)
    withdrawn = {handles(first)["1"]}
    rows = [("1", "SITI"), ("2", "BUDI"), ("3", "AYU")]
    second = freeze(tmp_path / "d.1.sqlite", rows, first, withdrawn)
    assert dict(second.refused_rows()) == {2: "objected-same-content"}
    assert handles(second)["1"] == handles(first)["2"]


def test_a_store_of_layout_3_goes_on(tmp_path: Path) -> None:
    """It merged people whose fields are equal: the first keeps the handle, the other is new."""
    old = freeze(tmp_path / "d.sqlite", FIRST)
    as_layout_3(old.path)
    withdrawn = {handles(old)["d"]}
    people = [("c", "BUDI"), ("a", "BUDI"), ("b", "SITI"), ("d", "AYU"), ("e", "WAYAN")]
    written = HAND_OUT.of_people([1, 2, 3, 4, 5], list("cabde"), [(n,) for _, n in people], apart)
    since = Before(old.path, 0, withdrawn, record_ids=True, earlier_ids=old.own_ids)
    later = PreparedDataset.freeze(tmp_path / "d.1.sqlite", [written], [], [], {}, before=since)
    assert dict(later.refused_rows()) == {4: "suppressed"}
    assert later.changes() == Changes(added=1, changed=0, withdrawn=0, unchanged=3)
    assert handles(later)["a"] == handles(old)["a"]
    assert handles(later)["c"] != handles(old)["a"]


def apart(digests: bytes) -> Persons:
    """Every row was written in another way."""
    each = [digests[at : at + 16] for at in range(0, len(digests), 16)]
    own = b"".join(sha256(d + bytes([at])).digest()[:16] for at, d in enumerate(each))
    return Persons(own, bytes([Ground.AS_WRITTEN]) * len(each), own)


def as_layout_3(path: Path) -> None:
    """Make a store what it was before digests had grounds."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(
            "ALTER TABLE sheets DROP COLUMN grounds; PRAGMA user_version = 3;"
            "DELETE FROM meta WHERE key = 'own_ids';"
        )
