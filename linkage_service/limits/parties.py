"""Requests of one member: a token bucket, and at most a few at a time.

So one member's requests hold up that member alone. Limits hold in one process; a service with
several allows as many times more.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from linkage_service.error_codes import ServiceCode
from linkage_service.settings import LimitSettings
from policy.base.errors import NotYet
from policy.base.words import Words


class TooMany(NotYet):
    """More requests than a member may make; may be repeated after `retry_after` seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(
            ServiceCode.REQUEST_TOO_MANY,
            Words(
                "Permintaan Anda terlalu banyak untuk saat ini.",
                "You make too many requests at this time.",
            ),
            Words(
                f"Ulangi dalam {retry_after} detik.",
                f"Try again in {retry_after} seconds.",
            ),
        )
        self.retry_after = retry_after

    def __reduce__(self) -> tuple[type[TooMany], tuple[int]]:  # type: ignore[override]
        return type(self), (self.retry_after,)


@dataclass
class Bucket:
    """A token bucket: `burst` tokens at most, `rate` new ones a second."""

    rate: float
    burst: float
    tokens: float
    at: float

    def take(self, now: float) -> float:
        """Take a token; returns 0, or the seconds until there is one."""
        self.tokens = min(self.burst, self.tokens + (now - self.at) * self.rate)
        self.at = now
        if self.tokens < 1:
            return (1 - self.tokens) / self.rate
        self.tokens -= 1
        return 0.0


@dataclass
class Turns:
    """The buckets and the running requests of all members. Used in one event loop."""

    limits: LimitSettings
    now: Callable[[], float] = time.monotonic
    _buckets: dict[str, Bucket] = field(default_factory=dict)
    _running: defaultdict[str, asyncio.Semaphore] = field(init=False)

    def __post_init__(self) -> None:
        self._running = defaultdict(lambda: asyncio.Semaphore(self.limits.requests_at_a_time))

    @asynccontextmanager
    async def turn(self, member: str) -> AsyncIterator[None]:
        """One request of this member; waits for a place, raises TooMany."""
        self._count(member)
        running = self._running[member]
        try:
            async with asyncio.timeout(self.limits.turn_seconds):
                await running.acquire()
        except TimeoutError:
            raise TooMany(math.ceil(self.limits.turn_seconds)) from None
        try:
            yield
        finally:
            running.release()

    def _count(self, member: str) -> None:
        now, burst = self.now(), float(self.limits.requests_burst)
        fresh = Bucket(self.limits.requests_per_second, burst, burst, now)
        wait = self._buckets.setdefault(member, fresh).take(now)
        if wait:
            raise TooMany(math.ceil(wait))
