"""Waits after failed sign-ins, by account and by address of the caller.

1. The first failures cost nothing; each further one doubles the wait, up to a limit.
2. An attempt is counted before it is checked, so that parallel guesses do not get past the wait.
3. A name without an account waits as one with an account: nobody learns which names exist.
4. Many people may share one address, so an address has more free attempts than an account, and is
   forgotten sooner. Of an IPv6 address its network counts: a caller has as many as they like in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Network, ip_address

from sqlalchemy import Connection, delete, insert, select, update

from linkage_service.storage.records.tables import sign_in_waits as waits
from policy.base.canonical import sha256

LONGEST_SECONDS = 15 * 60
_ACCOUNT_MEMORY_SECONDS, _ADDRESS_MEMORY_SECONDS = 24 * 3600, 30 * 60
_NETWORK_BITS = 64


@dataclass(frozen=True)
class Counter:
    """One thing that failures are counted for; `free` of them cost no wait."""

    name: str
    free: int
    memory_seconds: int
    own: bool  # of one account, whose owner ends it by signing in

    @property
    def key(self) -> str:
        return sha256(self.name.encode())


def of_account(name: str) -> Counter:
    return Counter(f"account/{name}", free=4, memory_seconds=_ACCOUNT_MEMORY_SECONDS, own=True)


def of_address(address: str) -> Counter:
    network = _network(address)
    return Counter(f"address/{network}", free=20, memory_seconds=_ADDRESS_MEMORY_SECONDS, own=False)


def wait_after(failures: int, free: int) -> int:
    """Seconds to wait after so many failures."""
    return 0 if failures <= free else min(2 ** min(failures - free, 20), LONGEST_SECONDS)


def attempt(connection: Connection, counters: tuple[Counter, ...], now: int) -> int:
    """Count an attempt, or return the seconds still to wait (then nothing is counted)."""
    connection.execute(delete(waits).where(waits.c.until <= now - _ACCOUNT_MEMORY_SECONDS))
    found = {each: _read(connection, each, now) for each in counters}
    left = max(until - now for _, until in found.values())
    if left > 0:
        return min(left, LONGEST_SECONDS)
    for each, (failures, _) in found.items():
        _write(connection, each, failures + 1, now + wait_after(failures + 1, each.free))
    return 0


def forgive(connection: Connection, counter: Counter, now: int) -> None:
    """After a success: an account's failures are forgotten, an address's attempt is taken back.

    Otherwise someone with one account could guess at all others from the same address.
    """
    failures, _ = _read(connection, counter, now)
    left = 0 if counter.own else max(failures - 1, 0)
    _write(connection, counter, left, now + wait_after(left, counter.free) if left else now)


def _read(connection: Connection, counter: Counter, now: int) -> tuple[int, int]:
    query = select(waits.c.failures, waits.c.until).where(waits.c.name == counter.key)
    row = connection.execute(query).first()
    if row is None or row.until <= now - counter.memory_seconds:
        return 0, 0
    return row.failures, row.until


def _write(connection: Connection, counter: Counter, failures: int, until: int) -> None:
    values = {"failures": failures, "until": until}
    changed = connection.execute(update(waits).where(waits.c.name == counter.key).values(**values))
    if changed.rowcount == 0:
        connection.execute(insert(waits).values(name=counter.key, **values))


def _network(address: str) -> str:
    try:
        known = ip_address(address)
    except ValueError:
        return address
    if isinstance(known, IPv4Address):
        return address
    return str(IPv6Network((known, _NETWORK_BITS), strict=False))
