"""How many rows matched, list by list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from policy.base.words import Words
from policy.charter import Charter
from policy.charter.source_names import domain_title, source_title
from policy.charts.numbers import Proportion
from policy.charts.page import Cell, Figure, ReportTable
from policy.charts.stacked import StackedBars, StackedPart, StackedRow
from policy.gates.facts import MembershipFacts, RunFacts
from policy.gates.suppression import PublishedTable, published

_MATCHED = Words("padan", "matched")
_VERIFY = Words("padan, perlu dicek", "matched, to verify")
_UNMATCHED = Words("tidak padan", "unmatched")
_LIST, _SHARE = Words("Daftar", "List"), Words("Bagian padan", "Share matched")
_ABOUT = Words(
    "Setiap batang adalah seluruh baris satu daftar, tanpa baris uji (kenari).",
    "Each bar is all rows of one list, without test rows (canaries).",
)


def matched_tables(
    charter: Charter, facts: RunFacts, domains: Sequence[str]
) -> Mapping[str, PublishedTable]:
    """The rows of each list by what became of them, as each domain alone may show them."""
    return {domain: _table(charter, facts, domain) for domain in domains}


def totals_of(table: PublishedTable) -> frozenset[str]:
    """The lists whose matched rows the table shows."""
    return frozenset(
        name for name, cells in zip(table.rows, table.cells, strict=True) if cells[-1] is not None
    )


def without(table: PublishedTable, lists: frozenset[str]) -> PublishedTable:
    """The table with every count of these lists hidden."""
    cells = tuple(
        tuple(None for _ in cells) if name in lists else cells
        for name, cells in zip(table.rows, table.cells, strict=True)
    )
    return replace(table, cells=cells)


def matched_figure(charter: Charter, domain: str, table: PublishedTable) -> Figure:
    """The figure of one ID domain."""
    code, parts, of = f"matched-{domain}", _parts(charter), domain_title(charter, domain)
    title = Words(f"Berapa baris yang padan: {of.id}", f"How many rows matched: {of.en}")
    bars = StackedBars(code, title, _ABOUT, parts, tuple(_bars(charter, table)))
    heads = (_LIST, *(part.name for part in parts), _SHARE)
    rows = tuple(_row(charter, table, place) for place in range(len(table.rows)))
    return Figure(title, _ABOUT, bars if bars.rows else None, ReportTable(code, title, heads, rows))


def _parts(charter: Charter) -> tuple[StackedPart, ...]:
    parts = [StackedPart(_MATCHED, "good"), StackedPart(_UNMATCHED, "track")]
    if charter.release.grades:
        parts.insert(1, StackedPart(_VERIFY, "look"))
    return tuple(parts)


def _table(charter: Charter, facts: RunFacts, domain: str) -> PublishedTable:
    graded, terms = charter.release.grades, charter.release
    datasets = facts.domains[domain].datasets
    return published(
        tuple(datasets),
        tuple(part.name.en for part in _parts(charter)),
        [_cells(each, graded=graded) for each in datasets.values()],
        terms.minimum_cell,
        zero_allowed=terms.empty_cell_allowed,
    )


def _cells(counted: MembershipFacts, *, graded: bool) -> tuple[int, ...]:
    if not graded:
        return (counted.matched, counted.unmatched)
    return (counted.matched - counted.verify, counted.verify, counted.unmatched)


def _bars(charter: Charter, table: PublishedTable) -> list[StackedRow]:
    """A bar for each list of which nothing is hidden."""
    lines = zip(table.rows, table.cells, strict=True)
    return [
        StackedRow(source_title(charter, name), cells) for name, cells in lines if None not in cells
    ]


def _row(charter: Charter, table: PublishedTable, place: int) -> tuple[Cell, ...]:
    cells, total, last = table.cells[place], table.row_totals[place], table.cells[place][-1]
    share = None if last is None or total is None else Proportion(total - last, total)
    return (source_title(charter, table.rows[place]), *cells, share)
