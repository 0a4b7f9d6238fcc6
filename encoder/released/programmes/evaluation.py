"""What a programme's rules say about all rows: eligible, waiting, to review, not eligible.

1. A row is yes, no or unknown. Unknown is never taken for no: it goes to review.
2. A yes about a person who died, moved, or whose row changed since the release is unknown.
3. Rows of one person that disagree are unknown.
4. A household is yes if one of its persons is; else unknown if one is unknown. A row without a
   family card is a household of its own, and never yes: its household may be on the list already.
5. Units that are yes are ordered by the priorities, then by a lottery. The ticket of a unit is
   SHA-256 of the seed and the least key of its rows, so that neither the order of the file nor
   the size of a household matters. The first of them, up to the quota, are eligible.
6. Nobody on the present list is ever on the list of those who are not eligible or wait: they go to
   review. If it is not known whether somebody is on the present list, the same holds.

Every row has exactly one outcome.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256

from encoder.normalise.dates import Order
from encoder.released.programmes.cases import CaseRow, Caution, Truth
from encoder.released.programmes.conditions import (
    ConditionFinding,
    Test,
    compile_all,
    compile_condition,
)
from encoder.released.programmes.readings import Doubt, read_number
from encoder.released.programmes.rules import FirstByColumn, Priority, Programme

_TICKET = b"padan-programme-lottery-1\0"
_TICKET_SHOWN = 6  # bytes


class Outcome(StrEnum):
    ELIGIBLE = "eligible"
    WAITING = "waiting"
    REVIEW = "review"
    NOT_ELIGIBLE = "not-eligible"


class OutcomeGround(StrEnum):
    """Why a row has its outcome, beyond single conditions."""

    FINDING = "finding"
    BY_HOUSEHOLD = "by-household"
    ROWS_DIFFER = "rows-differ"
    SEVERAL_HOUSEHOLDS = "several-households"
    NO_HOUSEHOLD = "no-household"
    DECEASED = "deceased"
    MOVED = "moved"
    CHANGED = "changed"
    WOULD_LOSE = "would-lose"
    PRESENT_UNKNOWN = "present-unknown"
    OVER_QUOTA = "over-quota"
    PRIORITY_UNKNOWN = "priority-unknown"


_OF_CAUTION = {
    Caution.DECEASED: OutcomeGround.DECEASED,
    Caution.MOVED: OutcomeGround.MOVED,
    Caution.CHANGED: OutcomeGround.CHANGED,
}


@dataclass(frozen=True, slots=True)
class OutcomeReason:
    """One reason of one row; `finding` only for a single condition."""

    ground: OutcomeGround
    finding: ConditionFinding | None = None


@dataclass(frozen=True, slots=True)
class JudgedRow:
    """One row's outcome. `unit` numbers persons or households; `rank` is the unit's place.

    `ticket` is the start of the unit's ticket in the lottery, in hex; empty without a rank.
    """

    case: CaseRow
    outcome: Outcome
    reasons: tuple[OutcomeReason, ...]
    unit: int
    rank: int | None = None
    ticket: str = ""


@dataclass(frozen=True)
class Terms:
    """What an evaluation depends on beyond rules and rows; the lists tell all of it."""

    day: date
    seed: str
    date_order: Order = "day-first"


@dataclass(frozen=True)
class Evaluation:
    """All rows, in the order of their numbers. `absent`: on the earlier list, not in the table."""

    programme: Programme
    terms: Terms
    rows: tuple[JudgedRow, ...] = field(repr=False)
    absent: tuple[str, ...] = field(default=(), repr=False)
    rows_without_household: int = 0
    largest_unit: int = 0

    def rows_of(self, outcome: Outcome) -> list[JudgedRow]:
        """The rows of one outcome: by rank where there is one, else in file order."""
        found = [row for row in self.rows if row.outcome is outcome]
        return sorted(found, key=lambda row: (row.rank is None, row.rank or 0, row.case.number))

    def count(self, outcome: Outcome) -> int:
        return sum(row.outcome is outcome for row in self.rows)

    def units_of(self, outcome: Outcome) -> int:
        return len({row.unit for row in self.rows if row.outcome is outcome})


@dataclass
class _Row:
    case: CaseRow
    truth: Truth
    reasons: tuple[OutcomeReason, ...]


@dataclass
class _Unit:
    """A person or a household: its rows, whether it is eligible, whether it receives aid now."""

    rows: list[_Row]
    truth: Truth
    present: Truth
    ticket: bytes
    lacks_priority: bool = False

    @property
    def counting(self) -> list[_Row]:
        """The rows whose cells count for the order: not those of the dead or moved."""
        return [row for row in self.rows if not row.case.cautions]


def evaluate(
    programme: Programme, cases: Iterable[CaseRow], terms: Terms, absent: Sequence[str] = ()
) -> Evaluation:
    """Judge all rows. The same rules, rows and terms give the same result, in any row order.

    `absent` are entries of the earlier list that are not among the rows: they belong to review.
    """
    rows = _judged(programme, cases, terms)
    household_of = _settle_persons(rows, by_household=programme.unit == "household")
    units = _units(programme, rows, household_of, terms.seed)
    by_place = _ranked(programme, units, terms)
    ranks = {id(unit): rank for rank, unit in enumerate(by_place, 1)}
    judged: list[JudgedRow] = []
    for number, unit in enumerate(units, 1):
        judged += _outcomes(programme, unit, number, ranks.get(id(unit)))
    judged.sort(key=lambda row: row.case.number)
    return Evaluation(
        programme,
        terms,
        tuple(judged),
        tuple(absent),
        sum(not household_of[row.case.person] for row in rows),
        max((len(unit.rows) for unit in units), default=0),
    )


def _judged(programme: Programme, cases: Iterable[CaseRow], terms: Terms) -> list[_Row]:
    test = compile_all(programme, terms.day, terms.date_order)
    rows = []
    for case in cases:
        truth, findings = test(case)
        reasons = tuple(OutcomeReason(OutcomeGround.FINDING, each) for each in findings)
        if truth is Truth.YES and case.cautions:
            truth = Truth.UNKNOWN
            reasons = tuple(OutcomeReason(_OF_CAUTION[each]) for each in case.cautions)
        rows.append(_Row(case, truth, reasons))
    return rows


def _settle_persons(rows: list[_Row], *, by_household: bool) -> dict[str, str]:
    """Make the rows of one person agree; returns the household of each person, or ''."""
    of_person: dict[str, list[_Row]] = defaultdict(list)
    for row in rows:
        of_person[row.case.person].append(row)
    household_of = {}
    for person, own in of_person.items():
        if len({row.truth for row in own}) > 1:
            _doubt(own, OutcomeGround.ROWS_DIFFER)
        keys = {row.case.household for row in own} - {""}
        household_of[person] = min(keys, default="")
        if by_household and len(keys) != 1:
            _doubt(
                own,
                OutcomeGround.SEVERAL_HOUSEHOLDS if keys else OutcomeGround.NO_HOUSEHOLD,
                only_yes=True,
            )
    return household_of


def _doubt(rows: list[_Row], ground: OutcomeGround, *, only_yes: bool = False) -> None:
    for row in rows:
        if only_yes and row.truth is not Truth.YES:
            continue
        row.truth = Truth.UNKNOWN
        row.reasons = (OutcomeReason(ground), *row.reasons)


def _units(
    programme: Programme, rows: list[_Row], household_of: dict[str, str], seed: str
) -> list[_Unit]:
    """Persons or households, numbered by the least row number."""
    grouped: dict[tuple[str, str], list[_Row]] = defaultdict(list)
    for row in sorted(rows, key=lambda each: each.case.number):
        person = row.case.person
        household = household_of[person] if programme.unit == "household" else ""
        grouped["household" if household else "person", household or person].append(row)
    return [
        _Unit(
            own,
            max(row.truth for row in own),
            max(row.case.present for row in own),
            ticket(seed, min(row.case.person for row in own)),
        )
        for own in grouped.values()
    ]


def ticket(seed: str, key: str) -> bytes:
    """A unit's place in the lottery, from the seed and the least person key of its rows."""
    return sha256(_TICKET + seed.encode() + b"\0" + key.encode()).digest()


def _ranked(programme: Programme, units: Sequence[_Unit], terms: Terms) -> list[_Unit]:
    """The eligible units in their order."""
    keys = [_PriorityKey(each, programme, terms) for each in programme.order]

    def place(unit: _Unit) -> tuple[object, ...]:
        best = [min(key(row.case) for row in unit.counting) for key in keys]
        unit.lacks_priority = _UNKNOWN_LAST in best
        return (*best, unit.ticket, min(row.case.person for row in unit.rows))

    return sorted((unit for unit in units if unit.truth is Truth.YES), key=place)


_UNKNOWN_LAST = (1, Decimal(0))


class _PriorityKey:
    """A row's key by one priority; lower comes first."""

    def __init__(self, priority: Priority, programme: Programme, terms: Terms) -> None:
        self._by_column = priority if isinstance(priority, FirstByColumn) else None
        self._test: Test | None = None
        if isinstance(priority, FirstByColumn):
            self._at = list(programme.columns).index(priority.column)
            self._column = programme.columns[priority.column]
        else:
            self._test = compile_condition(priority.when, programme, terms.day, terms.date_order)

    def __call__(self, case: CaseRow) -> tuple[int, Decimal]:
        if self._test is not None:
            truth, _ = self._test(case)
            return _UNKNOWN_LAST if truth is Truth.UNKNOWN else (0, Decimal(-int(truth)))
        said = read_number(self._column, case.cells[self._at])
        if isinstance(said, Doubt):
            return _UNKNOWN_LAST
        number = Decimal(said.low)
        highest = self._by_column is not None and self._by_column.first == "highest"
        return 0, -number if highest else number


def _outcomes(
    programme: Programme, unit: _Unit, number: int, rank: int | None
) -> Iterator[JudgedRow]:
    outcome, why = _outcome(programme, unit, rank)
    if unit.lacks_priority and outcome is not Outcome.ELIGIBLE:
        why = (*why, OutcomeReason(OutcomeGround.PRIORITY_UNKNOWN))
    drawn = "" if rank is None else unit.ticket[:_TICKET_SHOWN].hex()
    for row in unit.rows:
        # A member who does not meet the rules, in a household that does.
        other = (OutcomeReason(OutcomeGround.BY_HOUSEHOLD),) if row.truth is not unit.truth else ()
        yield JudgedRow(row.case, outcome, (*why, *other, *row.reasons), number, rank, drawn)


def _outcome(
    programme: Programme, unit: _Unit, rank: int | None
) -> tuple[Outcome, tuple[OutcomeReason, ...]]:
    loses = _loses(unit.present)
    if rank is not None:
        if programme.quota is None or rank <= programme.quota:
            return Outcome.ELIGIBLE, ()
        over = OutcomeReason(OutcomeGround.OVER_QUOTA)
        return (Outcome.REVIEW, (*loses, over)) if loses else (Outcome.WAITING, (over,))
    if unit.truth is Truth.UNKNOWN:
        return Outcome.REVIEW, loses if unit.present is Truth.YES else ()
    return (Outcome.REVIEW, loses) if loses else (Outcome.NOT_ELIGIBLE, ())


def _loses(present: Truth) -> tuple[OutcomeReason, ...]:
    """The reason to review somebody who would lose aid, or perhaps would."""
    if present is Truth.NO:
        return ()
    known = present is Truth.YES
    return (OutcomeReason(OutcomeGround.WOULD_LOSE if known else OutcomeGround.PRESENT_UNKNOWN),)
