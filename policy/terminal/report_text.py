"""Prints a report page as text at the terminal, in the chosen language."""

from __future__ import annotations

from rich.markup import escape
from rich.table import Table

from policy.base.words import number
from policy.charts.page import Cell, Notes, ReportPage, ReportTable, Section
from policy.terminal import console


def print_page(report: ReportPage) -> None:
    """The whole page; charts are left out."""
    out = console.out
    out.print(f"{report.kicker}: {report.title}", markup=False, style="bold")
    out.print(str(report.lead), markup=False)
    for section in report.sections:
        out.print()
        out.print(str(section.title), markup=False, style="bold")
        _print_section(section)
    out.print()
    out.print(str(report.footer), markup=False)


def _print_section(section: Section) -> None:
    if str(section.lead):
        console.out.print(str(section.lead), markup=False)
    for block in section.blocks:
        if isinstance(block, Notes):
            for sentence in block.sentences:
                console.out.print(f"- {sentence}", markup=False)
        elif isinstance(block, ReportTable):
            table = Table(*(str(head) for head in block.heads))
            for row in block.rows:
                table.add_row(*map(_cell, row))
            console.out.print(table)


def _cell(cell: Cell) -> str:
    return escape(str(number(cell)) if isinstance(cell, int) else str(cell))
