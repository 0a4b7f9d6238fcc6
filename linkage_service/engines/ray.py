"""Units on a Ray cluster: the job once in its object store, one task for each unit.

Each node gets one copy of the arrays, which its workers map. Ray repeats a task if its
worker or node died. It does not survive the death of its driver, this process. The stored
results do, so a restarted service submits the missing units.

The nodes see encodings, which are personal data. So a cluster beyond this machine is
refused unless Ray authenticates by token and uses TLS.
"""

from __future__ import annotations

import ipaddress
import os
import socket
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

# Set before Ray is imported, which reads it: no usage report leaves this machine.
os.environ["RAY_USAGE_STATS_ENABLED"] = "0"

import ray
from ray.exceptions import RayTaskError, WorkerCrashedError

from linkage_service.engines.job import SearchJob
from linkage_service.error_codes import ServiceCode
from linkage_service.matching import Unit
from policy.base.errors import BadInput, Refused, Unreachable
from policy.base.words import Words

RETRIES = 3  # repetitions of a unit whose worker died
_POLL_SECONDS = 0.25
_CONNECT_SECONDS = 5
_UNDER_WAY = 2  # units per core: one in progress, one in transfer
_HERE = ("auto", "local")
_Numbered = tuple[int, Unit]


# Runs of one service share one connection; the last one closes it.
_connecting = threading.Lock()
_users = 0


@contextmanager
def on_ray(address: str, job: SearchJob) -> Iterator[Cluster]:
    """An existing cluster, or with `local` a new one for the duration of the run."""
    require_protected(address)
    with _connected(address):
        yield Cluster(job)


@contextmanager
def _connected(address: str) -> Iterator[None]:
    global _users
    with _connecting:
        if _users == 0 and ray.is_initialized():
            _users += 1  # the embedding program's connection, which it closes itself
        if not ray.is_initialized():
            _connect(address)
        _users += 1
    try:
        yield
    finally:
        with _connecting:
            _users -= 1
            if _users == 0:
                ray.shutdown()


def _connect(address: str) -> None:
    require_reachable(address)
    options: dict[str, Any] = {"log_to_driver": False, "logging_level": "ERROR"}
    if address == "local":
        # Our own cluster listens only on loopback, and serves no pages.
        options |= {"include_dashboard": False, "_node_ip_address": "127.0.0.1"}
    try:
        ray.init(address, **options)
    except (ConnectionError, RuntimeError, ValueError):
        raise _no_cluster(address) from None


class Cluster:
    """One job on the cluster that this process is connected to."""

    def __init__(self, job: SearchJob) -> None:
        self._job = ray.put(job.in_memory())
        self._waiting: deque[_Numbered] = deque()
        self._under_way: dict[Any, int] = {}

    def submit(self, number: int, unit: Unit) -> None:
        self._waiting.append((number, unit))

    def results(self, stopping: Callable[[], bool]) -> Iterator[tuple[int, bytes]]:
        match = ray.remote(max_retries=RETRIES, num_cpus=1)(_match)
        # A stopped run's last units finish, and nobody collects them: forced cancelling
        # can make Ray (2.60) abort this process if a task ends at that moment.
        while self._waiting or self._under_way:
            self._occupy(match)
            ready, _ = ray.wait(list(self._under_way), timeout=_POLL_SECONDS)
            if stopping():
                return
            for reference in ready:
                number = self._under_way.pop(reference)
                yield number, _found(number, reference)

    def _occupy(self, match: Any) -> None:
        # Few at a time: units waiting here use no memory there, and can be stopped.
        resources: dict[str, float] = ray.cluster_resources()  # type: ignore[no-untyped-call]
        most = max(1, _UNDER_WAY * int(resources.get("CPU", 1)))
        while self._waiting and len(self._under_way) < most:
            number, unit = self._waiting.popleft()
            self._under_way[match.remote(self._job, unit)] = number


def require_protected(address: str) -> None:
    """Raises Refused for another machine's cluster without token and TLS in Ray's settings."""
    if address in _HERE or _is_loopback(address):
        return
    token = os.environ.get("RAY_AUTH_MODE", "").lower() == "token"
    tls = os.environ.get("RAY_USE_TLS", "").lower() in ("1", "true")
    if not (token and tls):
        raise _unprotected()


def _is_loopback(address: str) -> bool:
    host, _ = _host_and_port(address)
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def require_reachable(address: str) -> None:
    """Raises Unreachable if nothing answers there: Ray itself ends the process after a minute."""
    if address in _HERE:
        return
    host, port = _host_and_port(address)
    try:
        socket.create_connection((host, int(port)), timeout=_CONNECT_SECONDS).close()
    except (OSError, ValueError):
        raise _no_cluster(address) from None


def _host_and_port(address: str) -> tuple[str, str]:
    host, _, port = address.removeprefix("ray://").rpartition(":")
    return host.strip("[]"), port


def _match(job: SearchJob, unit: Unit) -> bytes:
    return job.result(unit)


def _found(number: int, reference: Any) -> bytes:
    try:
        found: bytes = ray.get(reference)
    except RayTaskError as error:
        # The unit's own error, raised like by the local engine.
        raise error.cause from None
    except WorkerCrashedError:
        raise _deadly(number) from None
    return found


def _deadly(number: int) -> BadInput:
    return BadInput(
        ServiceCode.RUN_TILE_DEADLY,
        Words(
            f"Petak {number} menghentikan {RETRIES + 1} proses Ray, mungkin karena memori habis.",
            f"Tile {number} ended {RETRIES + 1} processes of Ray, perhaps out of memory.",
        ),
        Words(
            "Tambah memori simpul klaster, lalu mulai lagi; petak lain tidak diulang.",
            "Give the cluster's nodes more memory, then start again; other tiles are not repeated.",
        ),
    )


def _unprotected() -> Refused:
    return Refused(
        ServiceCode.ENGINE_RAY_UNPROTECTED,
        Words(
            "Klaster Ray di luar mesin ini hanya dipakai dengan token dan TLS, karena melihat"
            " penyandian.",
            "A Ray cluster beyond this machine sees encodings, and is used with token and TLS"
            " only.",
        ),
        Words(
            "Atur RAY_AUTH_MODE=token dan RAY_USE_TLS=1 di setiap simpul dan di sini; lihat"
            " docs/how-to/run-on-a-cluster.md.",
            "Set RAY_AUTH_MODE=token and RAY_USE_TLS=1 on every node and here; see"
            " docs/how-to/run-on-a-cluster.md.",
        ),
    )


def _no_cluster(address: str) -> Unreachable:
    return Unreachable(
        ServiceCode.ENGINE_RAY_UNREACHABLE,
        Words(
            f"Klaster Ray di {address} tidak dapat dihubungi.",
            f"The Ray cluster at {address} cannot be reached.",
        ),
        Words(
            "Periksa alamat, token, dan sertifikatnya, lalu mulai lagi; petak yang selesai tidak"
            " diulang.",
            "Check its address, token and certificates, then start again; finished tiles are not"
            " repeated.",
        ),
    )
