"""No published table gives a small cell away, by any sum of what it shows."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from policy.gates.suppression import PublishedTable, published

K = 10


@st.composite
def tables(draw: st.DrawFn) -> list[list[int]]:
    height, width = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    count = st.one_of(st.integers(0, 12), st.integers(0, 500))
    return [[draw(count) for _ in range(width)] for _ in range(height)]


def show(counts: list[list[int]], *, zero_allowed: bool) -> PublishedTable:
    rows, columns = [str(i) for i in range(len(counts))], [str(j) for j in range(len(counts[0]))]
    return published(rows, columns, counts, K, zero_allowed=zero_allowed)


@given(tables(), st.booleans())
def test_nothing_small_is_shown_and_what_is_shown_is_true(
    counts: list[list[int]], zero_allowed: bool
) -> None:
    table = show(counts, zero_allowed=zero_allowed)
    for line, cells in zip(counts, table.cells, strict=True):
        for count, cell in zip(line, cells, strict=True):
            assert cell in (None, count)
            assert cell is None or cell >= K or (cell == 0 and zero_allowed)


@given(tables(), st.booleans())
def test_no_line_gives_a_hidden_cell_away(counts: list[list[int]], zero_allowed: bool) -> None:
    table = show(counts, zero_allowed=zero_allowed)
    lines = [*zip(table.cells, counts, strict=True)]
    lines += [*zip(zip(*table.cells, strict=True), zip(*counts, strict=True), strict=True)]
    for cells, line in lines:
        hidden = [count for cell, count in zip(cells, line, strict=True) if cell is None]
        # A line that hides all of itself shows no more than its total.
        if hidden and len(hidden) < len(line):
            assert len(hidden) > 1
            assert sum(hidden) >= K


@given(tables())
def test_a_table_without_small_cells_is_shown_whole(counts: list[list[int]]) -> None:
    large = [[count + K for count in line] for line in counts]
    assert show(large, zero_allowed=False).hidden == 0


def test_the_next_smallest_is_hidden_with_a_small_cell() -> None:
    table = show([[3, 40, 90], [60, 70, 80]], zero_allowed=False)
    assert table.cells == ((None, None, 90), (None, None, 80))
    assert table.row_totals == (133, 210)
