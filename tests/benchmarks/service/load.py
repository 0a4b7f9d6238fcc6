"""Agencies that ask the service again and again: as soon as they were answered, or at a pace."""

from __future__ import annotations

import asyncio
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import httpx2

from policy.base.canonical import sha256
from policy.formats.http_api import API
from policy.wire.signed_requests import Message, sign_request
from tests.benchmarks.service.district import RELEASE, Agency

CHUNK_BYTES = 1024 * 1024
_TIMEOUT_SECONDS = 60


@dataclass(frozen=True)
class Asked:
    """A request before it is signed."""

    method: str
    path: str
    body: bytes = b""


@dataclass
class Answers:
    """What all clients of one measurement were answered."""

    seconds: list[float] = field(default_factory=list)
    codes: Counter[str] = field(default_factory=Counter)
    sent: int = 0
    received: int = 0
    took: float = 0.0
    processor_seconds: float = 0.0  # of all clients

    @property
    def errors(self) -> int:
        """The answers that were no success, and the requests that got no answer."""
        return sum(n for code, n in self.codes.items() if not code.startswith(("2", "304")))

    @property
    def rate(self) -> float:
        """Requests a second."""
        return len(self.seconds) / self.took if self.took else 0.0

    def milliseconds(self, share: float) -> float:
        """The time within which this share of the requests was answered."""
        return quantile(self.seconds, share) * 1000

    def each(self, seconds: float) -> float:
        """Milliseconds of these seconds that each request took."""
        return round(seconds * 1000 / len(self.seconds), 2) if self.seconds else 0.0


def quantile(values: Sequence[float], share: float) -> float:
    """The least value that this share of all values does not exceed; 0 without values."""
    if not values:
        return 0.0
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, -(-len(ordered) * share // 1).__int__() - 1))]


Work = Callable[[Agency], Iterator[Asked]]


def polls(agency: Agency) -> Iterator[Asked]:
    """Asks for what is new in the log, where there is nothing new."""
    path = f"/projects/{agency.project}/log?start={agency.entries}&since={agency.seen}"
    while True:
        yield Asked("GET", path)


def uploads(agency: Agency) -> Iterator[Asked]:
    """Sends chunks of 1 MiB, each another one."""
    start, number = bytearray(os.urandom(CHUNK_BYTES)), 0
    while True:
        start[:8] = number.to_bytes(8, "big")
        body = bytes(start)
        yield Asked("PUT", f"/projects/{agency.project}/chunks/{sha256(body)}", body)
        number += 1


def downloads(agency: Agency) -> Iterator[Asked]:
    """Fetches the files of a release, one after the other."""
    while True:
        for digest in agency.files:
            yield Asked("GET", f"/projects/{agency.project}/releases/{RELEASE}/files/{digest}")


def ask_for(
    seconds: float, agencies: Sequence[Agency], ports: Sequence[int], work: Work, every: float = 0
) -> Answers:
    """All agencies at once for that long, spread over the service's ports.

    Each asks once in `every` seconds, not all in the same moment; with 0, all the time.
    """
    return asyncio.run(_ask_for(seconds, agencies, ports, work, every))


async def _ask_for(
    seconds: float, agencies: Sequence[Agency], ports: Sequence[int], work: Work, every: float
) -> Answers:
    answers, used = Answers(), time.process_time()
    started = time.perf_counter()
    until = started + seconds
    each = [
        _one(
            agency,
            ports[0],
            ports[number % len(ports)],
            work,
            _Pace(started + every * number / len(agencies), every, until),
            answers,
        )
        for number, agency in enumerate(agencies)
    ]
    await asyncio.gather(*each)
    answers.took = time.perf_counter() - started
    answers.processor_seconds = time.process_time() - used
    return answers


@dataclass
class _Pace:
    """The moments at which one agency asks; without `every`, whenever it can."""

    at: float
    every: float
    until: float

    async def is_over(self) -> bool:
        """Wait for the next moment; whether there is none. One that was missed is not made up."""
        now = time.perf_counter()
        if self.every:
            while self.at < now - self.every:
                self.at += self.every
            await asyncio.sleep(max(0.0, min(self.at, self.until) - now))
            self.at += self.every
        return time.perf_counter() >= self.until


async def _one(
    agency: Agency, public: int, port: int, work: Work, pace: _Pace, answers: Answers
) -> None:
    """One agency over one connection; it presents the ETag of the answer that it has.

    It signs for the service's address and reaches one of the processes, as through a gateway.
    """
    address, here = (f"http://127.0.0.1:{each}{API}" for each in (public, port))
    tags: dict[str, str] = {}
    async with httpx2.AsyncClient(timeout=_TIMEOUT_SECONDS) as client:
        for asked in work(agency):
            if await pace.is_over():
                return
            message = Message(asked.method, address + asked.path, {}, asked.body)
            sign_request(message, agency.me.member.id, agency.me.keys.signing)
            headers = {**message.headers, "Host": f"127.0.0.1:{public}"}
            if asked.path in tags:
                headers["If-None-Match"] = tags[asked.path]
            begun = time.perf_counter()
            try:
                answer = await client.request(
                    asked.method, here + asked.path, headers=headers, content=asked.body
                )
            except httpx2.HTTPError as error:
                answers.codes[type(error).__name__] += 1
                continue
            answers.seconds.append(time.perf_counter() - begun)
            answers.codes[str(answer.status_code)] += 1
            answers.sent += len(asked.body)
            answers.received += len(answer.content)
            if "etag" in answer.headers:
                tags[asked.path] = answer.headers["etag"]
