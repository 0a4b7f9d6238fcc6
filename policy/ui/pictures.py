"""Pictures of a release for those who decide on it."""

from __future__ import annotations

from policy.approval import Asked
from policy.base.words import Words
from policy.charter.source_names import source_title
from policy.charts.numbers import Proportion
from policy.charts.page import Cell, Figure, ReportTable
from policy.charts.stacked import StackedBars, StackedPart, StackedRow
from policy.project.naming import Naming

_TITLE = Words("Berapa baris yang padan", "How many rows matched")
_ABOUT = Words(
    "Setiap batang adalah seluruh baris satu sumber data dalam satu domain ID.",
    "Each bar is all rows of one dataset in one ID domain.",
)
_PARTS = (
    StackedPart(Words("padan", "matched"), "good"),
    StackedPart(Words("tidak padan", "unmatched"), "track"),
)
_HEADS = (
    Words("Sumber data", "Dataset"),
    Words("Padan", "Matched"),
    Words("Tidak padan", "Unmatched"),
    Words("Bagian padan", "Share matched"),
)


def overlap(asked: Asked, naming: Naming) -> Figure | None:
    """Matched and unmatched rows of each dataset; None for people who may not see counts."""
    counts = asked.counts
    if counts is None:
        return None
    bars, rows = [], list[tuple[Cell, ...]]()
    for domain in asked.record.domains:
        for dataset, found in counts.domains[domain].datasets.items():
            name = source_title(asked.charter, dataset)
            if len(asked.record.domains) > 1:
                of = naming.domain(domain)
                name = Words(f"{name.id} ({of.id})", f"{name.en} ({of.en})")
            bars.append(StackedRow(name, (found.matched, found.unmatched)))
            share = Proportion(found.matched, found.matched + found.unmatched)
            rows.append((name, found.matched, found.unmatched, share))
    drawing = StackedBars("overlap", _TITLE, _ABOUT, _PARTS, tuple(bars))
    return Figure(
        _TITLE, _ABOUT, drawing, ReportTable("overlap-table", _TITLE, _HEADS, tuple(rows))
    )
