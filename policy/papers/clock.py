"""The 3 x 24 hours in which the law requires an answer (UU PDP art. 30 to 41) or a notice (46)."""

from __future__ import annotations

from datetime import datetime, timedelta

from policy.base.dates import long_span
from policy.base.words import Words
from policy.papers.paper import Fact

CLOCK = timedelta(hours=72)


def clock(begun: datetime, now: datetime) -> tuple[Fact, ...]:
    """The deadline and the time left, or how long ago it passed."""
    deadline = begun + CLOCK
    left = deadline - now
    span = long_span(left)
    return (
        Fact("deadline", Words("Batas waktu 3 x 24 jam", "Deadline of 3 x 24 hours"), deadline),
        Fact(
            "left",
            Words("Sisa waktu saat disusun", "Time left when compiled"),
            span
            if left >= timedelta(0)
            else Words(f"TERLAMPAUI {span.id}", f"OVERDUE by {span.en}"),
        ),
    )
