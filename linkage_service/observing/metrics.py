"""Metrics of one service for Prometheus, without any name of a project or a member."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from prometheus_client import CollectorRegistry, Counter, Histogram, start_http_server
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 60.0)


@dataclass(frozen=True)
class Gauges:
    """What is counted when metrics are read: sums over all projects."""

    runs: Mapping[str, int]  # by state
    log_entries: int
    ready: Mapping[str, bool]  # by part
    disk_free: Mapping[str, int]  # bytes by part


@dataclass(frozen=True)
class _AtReading(Collector):
    standing: Callable[[], Gauges]

    def collect(self) -> Iterator[Metric]:
        now = self.standing()
        for name, about, label, values in (
            ("padan_runs", "Runs by state", "state", now.runs),
            ("padan_ready", "Whether a part of the service works", "part", now.ready),
            ("padan_disk_free_bytes", "Space left on a disk", "part", now.disk_free),
        ):
            family = GaugeMetricFamily(name, about, labels=[label])
            for key, value in values.items():
                family.add_metric([key], float(value))
            yield family
        yield GaugeMetricFamily("padan_log_entries", "Entries of all logs", now.log_entries)


@dataclass
class Metrics:
    """The metrics of one application."""

    registry: CollectorRegistry = field(default_factory=CollectorRegistry)

    def __post_init__(self) -> None:
        self._requests = Counter(
            "padan_requests", "Requests", ["method", "route", "code"], registry=self.registry
        )
        self._seconds = Histogram(
            "padan_request_seconds",
            "Duration of requests",
            ["route"],
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._bytes = Counter(
            "padan_received_bytes", "Bytes of bodies", ["route"], registry=self.registry
        )

    def request(self, method: str, route: str, status: int, seconds: float, taken: int) -> None:
        """Count one request; `taken` bytes of its body were read."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)
        if taken:
            self._bytes.labels(route).inc(taken)

    @contextmanager
    def counting(self, standing: Callable[[], Gauges]) -> Iterator[None]:
        """Also read what a service has, as long as it is open."""
        collector = _AtReading(standing)
        self.registry.register(collector)
        try:
            yield
        finally:
            self.registry.unregister(collector)

    @contextmanager
    def served(self, host: str, port: int | None) -> Iterator[None]:
        """Served on a port of its own; not at all without one."""
        if port is None:
            yield
            return
        server, thread = start_http_server(port, host, self.registry)
        try:
            yield
        finally:
            server.shutdown()
            server.server_close()
            thread.join()
