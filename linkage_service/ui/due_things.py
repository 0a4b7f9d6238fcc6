"""What is destroyed when: things of one member with the same days and state are one line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from policy.base.words import Words
from policy.charter import Charter
from policy.project import Project
from policy.project.naming import joined, offices
from policy.retention import Item, schedule
from policy.retention.words import STATES, THINGS
from policy.statements import Thing

ORDER = ("overdue", "due", "held", "kept", "destroyed")


@dataclass(frozen=True)
class DueThings:
    """Things of one member of one project with the same days and state; `first` is one of them.

    It is kept for long, so it holds nothing of the project's log but what is shown.
    """

    charter: Charter
    owner: Words
    first: Item
    things: tuple[Thing, ...]

    @property
    def what(self) -> Words:
        return joined([THINGS[each] for each in self.things])

    @property
    def state(self) -> Words:
        return STATES[self.first.state]


def due_things(project: Project, today: date) -> Iterator[DueThings]:
    """Everything that this project's members keep or have destroyed."""
    naming, groups = offices(project), dict[tuple[object, ...], list[Item]]()
    for item in schedule(project, today):
        attested = item.attested and item.attested.index
        key = (item.owner, item.state, item.due, item.deadline, attested)
        groups.setdefault(key, []).append(item)
    for items in groups.values():
        owner, things = naming.member(items[0].owner), tuple(each.what for each in items)
        yield DueThings(project.charter, owner, items[0], things)


def by_urgency(found: Iterable[DueThings]) -> list[DueThings]:
    """What is late first, then by day."""
    return sorted(found, key=lambda each: (ORDER.index(each.first.state), each.first.due))
