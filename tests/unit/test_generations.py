"""A file prepared anew: whoever stays keeps the handle, whoever objected stays away."""

from __future__ import annotations

from pathlib import Path

import pytest

from encoder.generations import Before, Changes
from encoder.handles import Handles
from encoder.prepared import PreparedDataset

Row = tuple[str, str]  # record id, name
FIRST = [("a", "BUDI"), ("b", "SITI"), ("c", "BUDI"), ("d", "AYU"), ("e", "WAYAN")]
HAND_OUT = Handles(b"k" * 32)


def freeze(
    path: Path,
    rows: list[Row],
    before: PreparedDataset | None = None,
    withdrawn: set[bytes] | None = None,
    record_ids: bool = True,
) -> PreparedDataset:
    numbers = list(range(1, len(rows) + 1))
    ids = [record_id if record_ids else str(n) for n, (record_id, _) in enumerate(rows, 1)]
    people = HAND_OUT.of_people(numbers, ids, [(name,) for _, name in rows])
    slots, since = HAND_OUT.of_canaries(2), None
    if before:
        slots = []
        since = Before(before.path, before.generation, withdrawn or set(), record_ids)
    return PreparedDataset.freeze(path, [people], [], slots, {}, before=since)


def handles(prepared: PreparedDataset) -> dict[str, bytes]:
    return {record_id: handle for _, record_id, handle in prepared.source_rows()}


def sent(prepared: PreparedDataset) -> list[str]:
    canaries = ["canary", "canary"]
    return [fields for some in prepared.rows(canaries, 3) for fields in some.fields]


@pytest.fixture
def first(tmp_path: Path) -> PreparedDataset:
    return freeze(tmp_path / "d.sqlite", FIRST)


def test_whoever_stays_keeps_the_handle(first: PreparedDataset, tmp_path: Path) -> None:
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


def test_whoever_objected_does_not_come_back(first: PreparedDataset, tmp_path: Path) -> None:
    """Not under the id with other content, not with the content under another id, not later."""
    withdrawn = {handles(first)["a"], handles(first)["d"]}
    rows = [("a", "BUDI S"), ("x", "BUDI"), ("d", "AYU"), ("b", "SITI"), ("e", "WAYAN")]
    second = freeze(tmp_path / "d.1.sqlite", [*rows, ("f", "MADE")], first, withdrawn)
    third = freeze(tmp_path / "d.2.sqlite", [*rows, ("c", "BUDI")], second, withdrawn)
    for later in (second, third):
        assert later.reconciliation().refused.keys() == {"suppressed"}
        assert not handles(later).keys() & set("acdx")
    assert second.reconciliation().refused["suppressed"] == 3
    # They left by their withdrawal, not by the delta.
    assert second.left_out() == []
    assert sent(second) == ["MADE"]
    assert third.left_out() == [handles(second)["f"]]


def test_rows_known_by_number_may_move(first: PreparedDataset, tmp_path: Path) -> None:
    nameless = freeze(tmp_path / "n.sqlite", FIRST, record_ids=False)
    moved = [("", "NI LUH"), *FIRST[:3], *FIRST[4:]]
    second = freeze(tmp_path / "n.1.sqlite", moved, nameless, record_ids=False)
    assert second.changes() == Changes(added=1, changed=0, withdrawn=1, unchanged=3)
    withdrawn = {handles(nameless)["1"]}
    third = freeze(tmp_path / "n.2.sqlite", moved, nameless, withdrawn, record_ids=False)
    assert third.reconciliation().refused == {"suppressed": 2}
    assert third.changes() == Changes(added=1, changed=0, withdrawn=1, unchanged=2)
