"""Rows are sorted in bounded memory, and what lies on a disk meanwhile cannot be read."""

from __future__ import annotations

import tempfile
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encoder.base.sorted_rows import SortedRows

_texts = st.lists(st.text(), min_size=2, max_size=2)


@given(st.lists(st.tuples(_texts, _texts)), st.sampled_from([1, 300, 1 << 20]))
def test_any_rows_come_back_in_order_and_twice(
    rows: list[tuple[list[str], list[str]]], held: int
) -> None:
    collected = SortedRows(held)
    for key, row in rows:
        collected.add(key, row)
    expected = sorted(rows, key=lambda each: each[0])
    assert list(collected) == expected
    assert list(collected) == expected
    collected.close()


def test_few_rows_are_held_and_no_name_lies_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spilled = tmp_path / "spilled"

    def visible() -> Any:
        return spilled.open("w+b", buffering=0)

    monkeypatch.setattr(tempfile, "TemporaryFile", visible)
    numbers = list(range(20_000))
    Random(1).shuffle(numbers)
    rows = SortedRows(held=200_000)
    most = 0
    for number in numbers:
        rows.add([f"{number:06d}"], ["SITI RAHMAWATI", "3175991702667365"])
        most = max(most, len(rows._rows))
    assert most < 2_000
    assert [int(key[0]) for key, _ in rows] == sorted(numbers)
    data = spilled.read_bytes()
    assert len(data) > 500_000
    for plain in (b"SITI", b"317599", b"000001"):
        assert plain not in data
    rows.close()
