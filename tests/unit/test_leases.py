"""Leases: one holder at a time, another one after it fell silent, and no write by the first one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from linkage_service.runs.leases import LAPSE_SECONDS, Lease, Leases, LostLeaseError
from linkage_service.storage.records import Database, open_database

NAME = "run/contoh-2026/satu"


@dataclass
class Seconds:
    """A monotonic clock that a test moves."""

    now: float = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = open_database(database_url)
    yield database
    database.close()


def claimed(leases: Leases) -> Lease:
    lease = leases.claim(NAME)
    assert lease is not None
    return lease


def writes(database: Database, lease: Lease) -> bool:
    """Whether a result of this claim would still be written."""
    try:
        with database.writing("contoh-2026") as connection:
            lease.check(connection)
    except LostLeaseError:
        return False
    return True


def test_a_silent_holder_is_followed_and_can_write_no_more(database: Database) -> None:
    clock = Seconds()
    first, second = (Leases(database, holder, clock) for holder in ("a-1", "b-1"))
    lease = claimed(first)
    assert second.claim(NAME) is None
    for _ in range(3):
        clock.now += LAPSE_SECONDS * 0.9
        first.beat()
        assert second.claim(NAME) is None, "it was alive a moment ago"
    clock.now += LAPSE_SECONDS
    assert not first.is_held(lease), "by its own clock it may have lost it"
    assert writes(database, lease), "nobody has taken it yet"
    later = claimed(second)
    assert later.fence == lease.fence + 1
    assert not writes(database, lease)
    assert writes(database, later)
    first.beat()
    assert not first.is_held(lease)
    assert first.claim(NAME) is None
    first.release(lease)
    assert writes(database, later), "who lost a lease does not release it for another one"


def test_without_a_fence_the_slow_holder_would_write(database: Database) -> None:
    """The negative control: by name alone, as with a constant id, both seem to hold it."""
    clock = Seconds()
    first, second = (Leases(database, "padan-linkage-1", clock) for _ in range(2))
    lease, other = claimed(first), claimed(second)
    both = first.is_held(lease), second.is_held(other)
    assert both == (True, True), "two at work"
    assert not writes(database, lease), "but the fence lets one of them write"


def test_a_released_lease_is_free_at_once(database: Database) -> None:
    first, second = Leases(database, "a-1"), Leases(database, "b-1")
    first.release(claimed(first))
    lease = claimed(second)
    assert (lease.fence, second.held_elsewhere("run/contoh-2026/")) == (2, [NAME])
    assert second.held_elsewhere("run/contoh-20") == [NAME]
    assert second.held_elsewhere("run/lain/") == []
    second.release_all()
    assert second.held_elsewhere("run/contoh-2026/") == []


def test_a_process_takes_up_what_its_predecessor_held(database: Database) -> None:
    """Its id says that the predecessor has ended: nobody waits for a lapse."""
    claimed(Leases(database, "a-1"))
    again = Leases(database, "a-1")
    again.release_all()
    assert claimed(again).fence == 2


def test_a_beat_in_between_keeps_the_lease(database: Database) -> None:
    """Its holder was only slow: whoever watched it for long enough still comes too late."""
    clock = Seconds()
    first, second = (Leases(database, holder, clock) for holder in ("a-1", "b-1"))
    lease = claimed(first)
    assert second.claim(NAME) is None
    clock.now += LAPSE_SECONDS
    first.beat()
    assert second.claim(NAME) is None
    assert first.is_held(lease)
