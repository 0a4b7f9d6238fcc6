"""A real Ray cluster of worker processes on loopback, bounded in memory."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from tests.support.processes import command_line, descendants, ended

OBJECT_STORE_BYTES = 100 * 1024 * 1024


@contextmanager
def running_ray(workers: int = 2) -> Iterator[None]:
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    import ray

    ray.init(
        address="local",
        num_cpus=workers,
        include_dashboard=False,
        object_store_memory=OBJECT_STORE_BYTES,
        log_to_driver=False,
        logging_level="ERROR",
        _node_ip_address="127.0.0.1",
    )
    raylet = [pid for pid in descendants(os.getpid()) if "raylet" in command_line(pid)]
    try:
        yield
    finally:
        ray.shutdown()
    assert ended(raylet), "Ray outlived its test"
