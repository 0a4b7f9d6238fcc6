"""Which rows of a prepared dataset were refused: row number and rule, never a cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from encoder.prepared import PreparedDataset
from encoder.readers import explain
from policy.words import Words

_SHOWN = 20
REFUSED = "refused"
KEPT = "kept-without-identifier"
HEADER = ("row_number", "line", "outcome", "rule", "sebab", "reason")


@dataclass(frozen=True)
class RuleCount:
    """One rule: how many rows it met, and the first of them."""

    outcome: str
    rule: str
    rows: int
    first: tuple[int, ...]

    @property
    def why(self) -> Words:
        return explain(self.rule)

    @property
    def kept(self) -> bool:
        """The rows are linked, but without what met the rule."""
        return self.outcome == KEPT

    def words(self) -> Words:
        why, numbers = self.why, ", ".join(map(str, self.first))
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
    """All rules that met a row. Row 1 stands on `first_line` of the spreadsheet, if it is one."""

    rules: tuple[RuleCount, ...]
    first_line: int | None = None

    @property
    def rows(self) -> int:
        """How many lines the table of them has."""
        return sum(each.rows for each in self.rules)

    def as_json(self) -> dict[str, object]:
        return {
            "first_line": self.first_line,
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
        lines = [each.words() for each in self.rules]
        if self.first_line is not None:
            at = self.first_line
            lines.append(
                Words(
                    f"Baris 1 ada di baris {at} lembar kerja: tambahkan {at - 1}.",
                    f"Row 1 is on line {at} of the spreadsheet: add {at - 1}.",
                )
            )
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
    return Refusals(tuple(rules), _first_line(prepared))


def refused_table(prepared: PreparedDataset) -> Iterator[list[str | int]]:
    """Every such row, with the reason in both languages; `HEADER` names the columns."""
    first_line = _first_line(prepared)
    for number, outcome, rule in _all(prepared):
        why = explain(rule)
        line = "" if first_line is None else first_line + number - 1
        yield [number, line, outcome, rule, why.id, why.en]


def _first_line(prepared: PreparedDataset) -> int | None:
    kept = prepared.meta("first_line")
    return int(kept) if kept else None


def _all(prepared: PreparedDataset) -> Iterator[tuple[int, str, str]]:
    for number, rule in prepared.refused_rows():
        yield number, REFUSED, rule
    for number, rule in prepared.noted_rows():
        yield number, KEPT, rule
