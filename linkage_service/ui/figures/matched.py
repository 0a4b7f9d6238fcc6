"""How many rows matched, list by list."""

from __future__ import annotations

from collections.abc import Sequence

from policy.base.words import Words
from policy.charter import Charter
from policy.charter.source_names import domain_title
from policy.charts.numbers import Proportion
from policy.charts.page import Cell, Figure, ReportTable
from policy.charts.stacked import StackedBars, StackedPart, StackedRow
from policy.gates.facts import MembershipFacts, RunFacts
from policy.gates.suppression import PublishedTable, published
from policy.project.naming import Naming

_MATCHED = Words("padan", "matched")
_VERIFY = Words("padan, perlu dicek", "matched, to verify")
_UNMATCHED = Words("tidak padan", "unmatched")
_LIST, _SHARE = Words("Daftar", "List"), Words("Bagian padan", "Share matched")
_ABOUT = Words(
    "Setiap batang adalah seluruh baris satu daftar, tanpa baris uji (kenari).",
    "Each bar is all rows of one list, without test rows (canaries).",
)


def matched_figures(
    charter: Charter, facts: RunFacts, domains: Sequence[str], naming: Naming
) -> list[Figure]:
    """One figure for each of these ID domains."""
    return [_domain(charter, facts, domain, naming) for domain in domains]


def _domain(charter: Charter, facts: RunFacts, domain: str, naming: Naming) -> Figure:
    graded, code = charter.release.grades, f"matched-{domain}"
    parts = [StackedPart(_MATCHED, "good"), StackedPart(_UNMATCHED, "track")]
    if graded:
        parts.insert(1, StackedPart(_VERIFY, "look"))
    datasets = facts.domains[domain].datasets
    counts = [_cells(each, graded=graded) for each in datasets.values()]
    table = published(
        tuple(datasets),
        tuple(part.name.en for part in parts),
        counts,
        charter.release.minimum_cell,
        zero_allowed=charter.release.empty_cell_allowed,
    )
    of = domain_title(charter, domain)
    title = Words(f"Berapa baris yang padan: {of.id}", f"How many rows matched: {of.en}")
    bars = StackedBars(code, title, _ABOUT, tuple(parts), tuple(_bars(table, naming)))
    heads = (_LIST, *(part.name for part in parts), _SHARE)
    rows = tuple(_row(table, place, naming) for place in range(len(table.rows)))
    return Figure(title, _ABOUT, bars if bars.rows else None, ReportTable(code, title, heads, rows))


def _cells(counted: MembershipFacts, *, graded: bool) -> tuple[int, ...]:
    if not graded:
        return (counted.matched, counted.unmatched)
    return (counted.matched - counted.verify, counted.verify, counted.unmatched)


def _bars(table: PublishedTable, naming: Naming) -> list[StackedRow]:
    """A bar for each list of which nothing is hidden."""
    lines = zip(table.rows, table.cells, strict=True)
    return [StackedRow(naming.dataset(name), cells) for name, cells in lines if None not in cells]


def _row(table: PublishedTable, place: int, naming: Naming) -> tuple[Cell, ...]:
    cells, total, last = table.cells[place], table.row_totals[place], table.cells[place][-1]
    share = None if last is None or total is None else Proportion(total - last, total)
    return (naming.dataset(table.rows[place]), *cells, share)
