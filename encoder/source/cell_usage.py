"""How many cells of a source became values, and which rules the other cells met.

`inspect`, `check`, `prepare` and the local page count here and print the same table. The counts
of two parts of a file can be added. No cell is stored.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pydantic import Field

from encoder.normalise.cell_rules import CELL_RULES, Outcome
from encoder.source.field_names import field_title
from encoder.source.lines import Lines
from policy.base.canonical import Model
from policy.base.words import Words, number
from policy.charter import FieldKind


class RuleUsage(Model):
    """The cells of one field that met one rule, and the row of the first such cell."""

    rule: str
    rows: int = Field(ge=0)
    first_row: int = Field(ge=0)

    @property
    def outcome(self) -> Outcome:
        return CELL_RULES[self.rule].outcome

    @property
    def why(self) -> Words:
        return CELL_RULES[self.rule].words


class FieldUsage(Model):
    """The cells of one field: rows = used + empty + lost."""

    name: str
    kind: FieldKind
    used: int = Field(ge=0)
    empty: int = Field(ge=0)
    lost: int = Field(ge=0)
    rules: tuple[RuleUsage, ...] = ()

    @property
    def title(self) -> Words:
        return field_title(self.name, self.kind)

    @property
    def filled(self) -> int:
        return self.used + self.lost


class UsageTable(Model):
    """The usage of all fields, over the rows read."""

    rows: int = Field(ge=0)
    fields: tuple[FieldUsage, ...] = ()

    def field(self, kind: FieldKind) -> FieldUsage | None:
        """The first field of a kind."""
        return next((each for each in self.fields if each.kind == kind), None)

    def told(self, lines: Lines) -> Iterator[Words]:
        """A line for each field, and one below it for each rule that a cell met."""
        for each in self.fields:
            used, empty, lost = number(each.used), number(each.empty), number(each.lost)
            yield Words(
                f"{each.name}: {used.id} sel dipakai, {empty.id} kosong, {lost.id} tidak terpakai",
                f"{each.name}: {used.en} cells used, {empty.en} empty, {lost.en} not used",
            )
            for rule in each.rules:
                rows, why = number(rule.rows), rule.why
                first_row, done = lines.told(rule.first_row), OUTCOMES[rule.outcome]
                yield Words(
                    f"  {rows.id} {done.id}: {why.id} ({rule.rule}, pertama baris {first_row.id})",
                    f"  {rows.en} {done.en}: {why.en} ({rule.rule}, first row {first_row.en})",
                )


OUTCOMES: dict[Outcome, Words] = {
    "lost": Words("tidak terpakai", "not used"),
    "partly": Words("terpakai sebagian", "used in part"),
    "read": Words("dibaca lain dari tulisannya", "read otherwise than written"),
    "doubtful": Words("dipakai, tetapi meragukan", "used, but doubtful"),
}


@dataclass
class _Counts:
    used: int = 0
    lost: int = 0


@dataclass
class Usage:
    """Running counts of the fields of `kinds`."""

    kinds: dict[str, FieldKind]
    rows: int = 0
    _fields: dict[str, _Counts] = field(default_factory=dict)
    _rules: dict[tuple[str, str], tuple[int, int]] = field(default_factory=dict)

    def add(
        self,
        name: str,
        values: Sequence[str],
        doubts: Sequence[tuple[int, str]],
        row_numbers: Sequence[int],
    ) -> None:
        """Count the cells of one field of some rows: their values, and the rules that they met."""
        counts = self._fields.setdefault(name, _Counts())
        counts.used += len(values) - (0 if all(values) else values.count(""))
        counts.lost += len({at for at, _ in doubts if not values[at]})
        first_at: dict[str, int] = {}
        for at, rule in doubts:
            if at <= first_at.setdefault(rule, at):
                first_at[rule] = at
        for rule, rows in Counter(rule for _, rule in doubts).items():
            self._count((name, rule), rows, row_numbers[first_at[rule]])

    def _count(self, key: tuple[str, str], rows: int, first_row: int) -> None:
        before, first = self._rules.get(key, (0, first_row))
        self._rules[key] = before + rows, min(first, first_row)

    def merge(self, other: Usage) -> None:
        self.rows += other.rows
        for name, counts in other._fields.items():
            mine = self._fields.setdefault(name, _Counts())
            mine.used += counts.used
            mine.lost += counts.lost
        for key, (rows, first) in other._rules.items():
            self._count(key, rows, first)

    def table(self) -> UsageTable:
        return UsageTable(rows=self.rows, fields=tuple(self._field(name) for name in self.kinds))

    def _field(self, name: str) -> FieldUsage:
        counts = self._fields.get(name, _Counts())
        rules = sorted(
            (-rows, rule, first)
            for (field, rule), (rows, first) in self._rules.items()
            if field == name
        )
        return FieldUsage(
            name=name,
            kind=self.kinds[name],
            used=counts.used,
            empty=self.rows - counts.used - counts.lost,
            lost=counts.lost,
            rules=tuple(
                RuleUsage(rule=rule, rows=-rows, first_row=first) for rows, rule, first in rules
            ),
        )
