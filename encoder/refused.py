"""Which rows of a prepared dataset were refused: row number and rule, never a cell."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from encoder.prepared import PreparedDataset
from encoder.readers import explain
from policy.words import Words

_SHOWN = 20
REFUSED = "refused"
KEPT = "kept-without-identifier"


@dataclass(frozen=True)
class RuleCount:
    """One rule: how many rows it met, and the first of them."""

    outcome: str
    rule: str
    rows: int
    first: tuple[int, ...]

    def words(self) -> Words:
        why, numbers = explain(self.rule), ", ".join(map(str, self.first))
        more = ", …" if self.rows > len(self.first) else ""
        kept = self.outcome == KEPT
        done = Words("disertakan tanpa itu", "kept without it") if kept else None
        return Words(
            f"{self.rule}: {self.rows} baris{f', {done.id}' if done else ''}: {why.id}."
            f" Baris {numbers}{more}",
            f"{self.rule}: {self.rows} rows{f', {done.en}' if done else ''}: {why.en}."
            f" Rows {numbers}{more}",
        )


@dataclass(frozen=True)
class Refusals:
    """All rules that met a row."""

    rules: tuple[RuleCount, ...]

    def as_json(self) -> dict[str, object]:
        return {
            "rules": [
                {
                    "outcome": each.outcome,
                    "rule": each.rule,
                    "rows": each.rows,
                    "first": list(each.first),
                    "why": {"id": explain(each.rule).id, "en": explain(each.rule).en},
                }
                for each in self.rules
            ]
        }

    def words(self) -> Words:
        if not self.rules:
            return Words("Tidak ada baris yang ditolak.", "No row was refused.")
        lines = [each.words() for each in self.rules]
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
    return Refusals(tuple(rules))


def refused_lines(prepared: PreparedDataset) -> Iterator[bytes]:
    """A CSV of every such row, with the reason in both languages."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(["row_number", "outcome", "rule", "sebab", "reason"])
    for number, outcome, rule in _all(prepared):
        why = explain(rule)
        writer.writerow([number, outcome, rule, why.id, why.en])
        if buffer.tell() > 1 << 20:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def _all(prepared: PreparedDataset) -> Iterator[tuple[int, str, str]]:
    for number, rule in prepared.refused_rows():
        yield number, REFUSED, rule
    for number, rule in prepared.noted_rows():
        yield number, KEPT, rule
