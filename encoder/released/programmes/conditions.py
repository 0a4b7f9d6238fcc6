"""One row under the conditions: yes, no or unknown, with the findings that decide it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from encoder.normalise.dates import Order
from encoder.released.programmes.cases import CaseRow, Truth
from encoder.released.programmes.readings import (
    Doubt,
    Span,
    comparable,
    read_age,
    read_number,
    read_text,
    read_yes,
)
from encoder.released.programmes.rules import (
    AllOf,
    AnyOf,
    Comparison,
    Condition,
    ConfirmedBySource,
    DataColumn,
    Leaf,
    NoneOf,
    Programme,
)

_CELLS_CACHED = 1 << 16


@dataclass(frozen=True, slots=True)
class ConditionFinding:
    """One single condition for one cell. `negated`: it is inside a `not`."""

    leaf: Leaf
    truth: Truth
    cell: str = field(default="", repr=False)
    doubt: Doubt | None = None
    negated: bool = False


Judgement = tuple[Truth, tuple[ConditionFinding, ...]]
Test = Callable[[CaseRow], Judgement]


def compile_condition(
    condition: Condition, programme: Programme, day: date, order: Order = "day-first"
) -> Test:
    """A function that judges a row; the findings are those of the parts that decide the result."""
    if isinstance(condition, AllOf):
        return _group(condition.all, min, programme, day, order)
    if isinstance(condition, AnyOf):
        return _group(condition.any, max, programme, day, order)
    if isinstance(condition, NoneOf):
        return _opposite(compile_condition(condition.not_, programme, day, order))
    if isinstance(condition, ConfirmedBySource):
        return _confirmed(condition, programme)
    return _comparison(condition, programme, day, order)


def compile_all(programme: Programme, day: date, order: Order = "day-first") -> Test:
    """All conditions of a programme."""
    return _group(programme.conditions, min, programme, day, order)


def _group(
    parts: Sequence[Condition],
    result: Callable[[list[Truth]], Truth],
    programme: Programme,
    day: date,
    order: Order,
) -> Test:
    tests = [compile_condition(each, programme, day, order) for each in parts]

    def judge(case: CaseRow) -> Judgement:
        judged = [test(case) for test in tests]
        truth = result([each[0] for each in judged])
        return truth, tuple(
            finding for own, findings in judged if own is truth for finding in findings
        )

    return judge


def _opposite(test: Test) -> Test:
    def judge(case: CaseRow) -> Judgement:
        truth, findings = test(case)
        turned = tuple(replace(each, negated=not each.negated) for each in findings)
        return truth.opposite(), turned

    return judge


def _confirmed(condition: ConfirmedBySource, programme: Programme) -> Test:
    at = programme.used_sources().index(condition.confirmed_by)
    answers = {
        truth: (truth, (ConditionFinding(condition, truth, "", _to_check(truth)),))
        for truth in Truth
    }

    def judge(case: CaseRow) -> Judgement:
        return answers[case.confirmed[at]]

    return judge


def _to_check(truth: Truth) -> Doubt | None:
    return Doubt.TO_CHECK if truth is Truth.UNKNOWN else None


def _comparison(condition: Comparison, programme: Programme, day: date, order: Order) -> Test:
    at = list(programme.columns).index(condition.column)
    compare = _compare(condition, programme.columns[condition.column], day, order)
    known: dict[str, Judgement] = {}

    def judge(case: CaseRow) -> Judgement:
        cell = case.cells[at]
        found = known.get(cell)
        if found is None:
            if len(known) > _CELLS_CACHED:
                known.clear()
            answer = compare(cell)
            truth = answer if isinstance(answer, Truth) else Truth.UNKNOWN
            doubt = answer if isinstance(answer, Doubt) else None
            found = known[cell] = truth, (ConditionFinding(condition, truth, cell, doubt),)
        return found

    return judge


def _compare(
    condition: Comparison, column: DataColumn, day: date, order: Order
) -> Callable[[str], Truth | Doubt]:
    """The test of one cell."""
    if condition.age is not None:
        bounds = (condition.age.at_least, condition.age.at_most)
        return lambda cell: _within(read_age(column, cell, day, order), *bounds)
    if condition.is_yes is not None:
        return lambda cell: _same(read_yes(column, cell), condition.is_yes)
    wanted = condition.one_of if condition.equals is None else (condition.equals,)
    if wanted:
        texts = frozenset(map(comparable, wanted))
        return lambda cell: _among(read_text(column, cell), texts)
    return lambda cell: _within(read_number(column, cell), *condition.span)


def _same(said: bool | Doubt, wanted: bool | None) -> Truth | Doubt:
    return said if isinstance(said, Doubt) else _truth(said is wanted)


def _among(said: str | Doubt, texts: frozenset[str]) -> Truth | Doubt:
    return said if isinstance(said, Doubt) else _truth(said in texts)


def _within(span: Span | Doubt, least: int | None, most: int | None) -> Truth | Doubt:
    """Yes or no only if all numbers of the span agree."""
    if isinstance(span, Doubt):
        return span
    if (least is None or span.low >= least) and (most is None or span.high <= most):
        return Truth.YES
    if (least is not None and span.high < least) or (most is not None and span.low > most):
        return Truth.NO
    return Doubt.NOT_EXACT


def _truth(answer: bool) -> Truth:
    return Truth.YES if answer else Truth.NO
