"""Which rows of a prepared dataset were refused: row number and rule, never a cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from encoder.source.lines import Lines
from encoder.source.readers import explain
from encoder.store.prepared import PreparedDataset
from policy.base.words import Words

_SHOWN = 20
REFUSED = "refused"
KEPT = "kept-without-identifier"
HEADER = ("row_number", "line", "outcome", "rule", "sebab", "reason")


@dataclass(frozen=True)
class RuleCount:
    """One rule: how many rows met it, and the first of these rows."""

    outcome: str
    rule: str
    rows: int
    first: tuple[int, ...]

    @property
    def why(self) -> Words:
        return explain(self.rule)

    @property
    def kept(self) -> bool:
        """Whether the rows are linked, without the values that met the rule."""
        return self.outcome == KEPT

    def words(self, lines: Lines) -> Words:
        why, numbers = self.why, lines.listed(self.first)
        more = ", …" if self.rows > len(self.first) else ""
        done = Words("disertakan tanpa itu", "kept without it") if self.kept else None
        return Words(
            f"{self.rule}: {self.rows} baris{f', {done.id}' if done else ''}: {why.id}."
            f" Baris {numbers}{more}",
            f"{self.rule}: {self.rows} rows{f', {done.en}' if done else ''}: {why.en}."
            f" Rows {numbers}{more}",
        )


@dataclass(frozen=True)
class Refusals:
    """All rules that rows met, and the rows' lines in the spreadsheet, if it is one."""

    rules: tuple[RuleCount, ...]
    lines: Lines = field(default_factory=Lines)

    @property
    def rows(self) -> int:
        """The number of lines in the table."""
        return sum(each.rows for each in self.rules)

    def as_json(self) -> dict[str, object]:
        return {
            "first_line": self.lines.first_line,
            "sheets": [{"name": name, "first_row": row} for name, row in self.lines.sheets],
            "rules": [
                {
                    "outcome": each.outcome,
                    "rule": each.rule,
                    "rows": each.rows,
                    "first": list(each.first),
                    "why": {"id": explain(each.rule).id, "en": explain(each.rule).en},
                }
                for each in self.rules
            ],
        }

    def words(self) -> Words:
        if not self.rules:
            return Words("Tidak ada baris yang ditolak.", "No row was refused.")
        lines = [each.words(self.lines) for each in self.rules]
        return Words("\n".join(w.id for w in lines), "\n".join(w.en for w in lines))


def summary(prepared: PreparedDataset) -> Refusals:
    counts: Counter[tuple[str, str]] = Counter()
    first: dict[tuple[str, str], list[int]] = {}
    for number, outcome, rule in _all(prepared):
        key = (outcome, rule)
        counts[key] += 1
        if counts[key] <= _SHOWN:
            first.setdefault(key, []).append(number)
    rules = (RuleCount(*key, counts[key], tuple(first[key])) for key in sorted(counts))
    return Refusals(tuple(rules), prepared.lines())


def refused_table(prepared: PreparedDataset) -> Iterator[list[str | int]]:
    """Every refused row, with the reason in both languages; `HEADER` names the columns."""
    lines = prepared.lines()
    for number, outcome, rule in _all(prepared):
        why = explain(rule)
        yield [number, lines.of(number), outcome, rule, why.id, why.en]


def _all(prepared: PreparedDataset) -> Iterator[tuple[int, str, str]]:
    for number, rule in prepared.refused_rows():
        yield number, REFUSED, rule
    for number, rule in prepared.noted_rows():
        yield number, KEPT, rule
