"""When a project's things must be destroyed, what stops that, and whether it was done.

    schedule    what each member keeps, until when, and its state today
    holds       legal holds: what is preserved beyond its date, by which member, until when
    conditions  what the law and the programs check before they destroy or use something

Pure functions of charter, log and day (UU PDP art. 42-44). The charter names the last day on which
a thing may be kept. It is due on the next day, and in time for `GRACE_DAYS` more.
"""

from policy.retention.conditions import (
    require_day_seen_by_quorum,
    require_day_witnessed,
    require_destroyable,
    require_not_destroyed,
    require_rows,
    require_usable,
)
from policy.retention.holds import LONGEST_HOLD_DAYS, HeldBy, holds
from policy.retention.schedule import GRACE_DAYS, Item, State, due_day, item_of, schedule
from policy.retention.words import STATES, THINGS

__all__ = [
    "GRACE_DAYS",
    "LONGEST_HOLD_DAYS",
    "STATES",
    "THINGS",
    "HeldBy",
    "Item",
    "State",
    "due_day",
    "holds",
    "item_of",
    "require_day_seen_by_quorum",
    "require_day_witnessed",
    "require_destroyable",
    "require_not_destroyed",
    "require_rows",
    "require_usable",
    "schedule",
]
