"""Cells with problems for the officer's own terminal: the only place that stores values.

Only `--show-values` creates this object; no report, page or JSON takes it as an argument.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

_LONGEST = 60


@dataclass(frozen=True)
class Example:
    row: int
    cell: str = field(repr=False)


class Examples:
    """Up to `most` rows for every doubt of every field."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._found: defaultdict[tuple[str, str], list[Example]] = defaultdict(list)

    def add(self, field_name: str, doubt: str, row: int, cell: str) -> None:
        kept = self._found[field_name, doubt]
        if len(kept) < self.most:
            kept.append(Example(row, cell[:_LONGEST]))

    def merge(self, other: Examples) -> None:
        for key, rows in other._found.items():
            kept = self._found[key]
            kept += rows[: self.most - len(kept)]

    def by_doubt(self) -> list[tuple[str, str, list[Example]]]:
        return [(name, doubt, rows) for (name, doubt), rows in sorted(self._found.items())]
