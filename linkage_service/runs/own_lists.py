"""A recipient that owns several lists, and which of their rows are one person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from linkage_service.matching import Groups
from policy.charter import Charter


@dataclass(frozen=True)
class Joined:
    """A recipient's own lists, and which rows are one person, by the run's row numbers."""

    recipient: frozenset[str]
    lists: tuple[str, ...]
    groups: Groups


def joinable(
    charter: Charter, recipients: Sequence[frozenset[str]]
) -> Iterator[tuple[frozenset[str], tuple[str, ...]]]:
    """Each recipient that owns several lists, with these lists."""
    for recipient in recipients:
        own = tuple(each.id for each in charter.datasets if each.owner in recipient)
        if len(own) > 1:
            yield recipient, own
