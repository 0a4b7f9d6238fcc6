"""Who is new on a list because of birth: born between two editions, by the list's own date.

Editions follow each other every quarter, and a birth is written down some weeks later. So the
days that count begin a quarter before the later run was ordered, or on the day of the earlier run
if that is longer ago. Only an exact date tells a birth: a year alone, and a placeholder, do not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from encoder.normalise.dates import Order, birth_date
from encoder.released.programmes.columns import CellOf, MappedTable, located
from encoder.source.joined_columns import AgeColumns, DateColumn
from policy.base.dates import WIB, at_second
from policy.project import Project

QUARTER = timedelta(days=92)
# A time of day next to the date leaves the date exact, also if it moves it to the next day.
_EXACT = ("", "DATE_TIME", "DATE_NEXT_DAY")


@dataclass(frozen=True)
class Births:
    """The days between two editions, and where the later list has the date of birth, if it has
    one; ages alone tell no births.
    """

    since: date
    until: date
    cell: CellOf | None = field(default=None, repr=False)
    order: Order = "day-first"

    @classmethod
    def of(cls, since: date, until: date, table: MappedTable) -> Births:
        source = table.field("date")
        order = source.order if isinstance(source, DateColumn) else "day-first"
        is_dated = not isinstance(source, AgeColumns) or source.date is not None
        return cls(since, until, located(source, table.names) if is_dated else None, order)

    def born(self, own: Sequence[str]) -> date | None:
        """The exact date of birth of a row's person, if it is one of these days."""
        if self.cell is None:
            return None
        read = birth_date(self.cell(own), self.order, self.until.year)
        if read.flag not in _EXACT or not (read.year and read.month and read.day):
            return None
        day = date(int(read.year), int(read.month), int(read.day))
        return day if self.since < day <= self.until else None


def days_between(project: Project, before: str, after: str) -> tuple[date, date]:
    """The day after which a birth is one between both releases, and the last day."""
    earlier, later = (_ordered(project, each) for each in (before, after))
    return min(earlier, later - QUARTER), later


def _ordered(project: Project, release: str) -> date:
    """The day on which the release's run was ordered, in Jakarta."""
    return at_second(project.release(release).run.order.body.at).astimezone(WIB).date()
