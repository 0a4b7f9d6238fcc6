"""How far clocks may differ, in both directions, and the error when they differ more.

one clock and the service's     CLOCK_SKEW_SECONDS: signed requests, statements, cosignatures the
times of two members        TIMES_APART_SECONDS: each may be that far from the service
"""

from __future__ import annotations

import time
from collections.abc import Callable

from policy.base.errors import Refused
from policy.base.words import Words

Clock = Callable[[], int]  # the current time in Unix seconds

CLOCK_SKEW_SECONDS = 300
TIMES_APART_SECONDS = 2 * CLOCK_SKEW_SECONDS


def system_clock() -> int:
    """The current time by this computer's clock, in Unix seconds."""
    return int(time.time())


def too_far(code: str, what: Words, ahead_seconds: int) -> Refused:
    """The error for a time this far ahead of the local clock, or behind it if negative."""
    seconds, ahead = abs(ahead_seconds), ahead_seconds > 0
    minutes = CLOCK_SKEW_SECONDS // 60
    way_id, way_en = ("lebih cepat", "ahead of") if ahead else ("lebih lambat", "behind")
    return Refused(
        code,
        Words(
            f"Waktu {what.id} {seconds} detik {way_id} daripada jam layanan; batasnya"
            f" {minutes} menit.",
            f"The time of {what.en} is {seconds} seconds {way_en} the service's clock; the bound"
            f" is {minutes} minutes.",
        ),
        Words(
            "Samakan jam komputer ini dengan NTP. Bila jamnya benar, hubungi koordinator layanan.",
            "Set this computer's clock by NTP. If it is right, call the service's coordinator.",
        ),
    )


def require_near(code: str, what: Words, at: int, now: int) -> None:
    """Checks that a time is near the local clock (both Unix seconds); raises Refused."""
    if abs(at - now) > CLOCK_SKEW_SECONDS:
        raise too_far(code, what, at - now)
