"""The service on loopback, in a thread or as a process, once it answers."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import httpx2
import uvicorn

from policy.base.clocks import Clock, system_clock
from policy.members.home import Unlocked
from tests.support.processes import PATIENCE_SECONDS

if TYPE_CHECKING:
    from linkage_service.service import Service
    from linkage_service.settings import Settings

ROOT = Path(__file__).parents[2]
_PROGRAM = ("linkage_service",)


def loopback(port: int) -> str:
    return f"http://127.0.0.1:{port}"


@contextmanager
def serving(
    settings: Settings,
    me: Unlocked,
    port: int,
    clock: Clock = system_clock,
    *,
    worker: bool = True,
) -> Iterator[Service]:
    """The service in a thread of this process, and so are its runs: what a test patches holds."""
    from linkage_service.app import create_app
    from linkage_service.limits.server import server_config
    from linkage_service.workers import in_a_thread

    app = create_app(settings, me, clock, in_a_thread if worker else None)
    config = server_config(app, settings, host="127.0.0.1", port=port)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        _wait_for_health(port, thread.is_alive)
        yield app.state.service
    finally:
        server.should_exit = True
        thread.join()


def serve_process(
    home: Path,
    passphrase: Path,
    port: int,
    options: list[str],
    pace: Path | None = None,
    shift: str | None = None,
) -> subprocess.Popen[bytes]:
    """The service as a process of its own, to be killed by its test.

    See `paced_service` for `pace`, and `shifted_service` for `shift`.
    """
    program = list(_PROGRAM)
    if pace is not None:
        program = ["tests.support.paced_service", str(pace)]
    elif shift is not None:
        program = ["tests.support.shifted_service", shift]
    arguments = ["serve", "--port", str(port), *options]
    process = command_process(home, passphrase, arguments, program)
    _wait_for_health(port, lambda: process.poll() is None)
    return process


def command_process(
    home: Path, passphrase: Path, arguments: list[str], program: Sequence[str] = _PROGRAM
) -> subprocess.Popen[bytes]:
    """A command of the service's program, under way."""
    return subprocess.Popen(
        [sys.executable, "-m", *program, *arguments],
        cwd=ROOT,
        env={
            **os.environ,
            "PADAN_HOME": str(home),
            "PADAN_PASSPHRASE_FILE": str(passphrase),
        },
    )


def _wait_for_health(port: int, alive: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        assert alive(), "the service did not start"
        try:
            httpx2.get(f"{loopback(port)}/api/v1/health", timeout=10).raise_for_status()
        except httpx2.HTTPError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the service does not answer")
