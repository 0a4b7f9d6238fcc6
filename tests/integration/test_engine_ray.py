"""The engine on Ray: a real cluster of worker processes, one of them killed in the middle."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from linkage_service.engines import SearchJob
from linkage_service.matching import Tile
from policy.base.errors import BadInput, Refused, Unreachable
from policy.base.words import Words
from tests.support.jobs import expected, job, plan, submit_all
from tests.support.ports import free_port
from tests.support.processes import PATIENCE_SECONDS, command_line, descendants, ended
from tests.support.ray_cluster import running_ray

pytest.importorskip("ray", reason='Ray is not installed: pip install "padan[ray]"')

from linkage_service.engines.ray import Cluster, on_ray, require_protected, require_reachable

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::FutureWarning")


@pytest.fixture(scope="module", autouse=True)
def cluster() -> Iterator[None]:
    with running_ray():
        yield


def never() -> bool:
    return False


def busy_workers() -> list[int]:
    """Ray's worker processes that match a unit right now; Ray names them by their task."""
    return [pid for pid in descendants(os.getpid()) if command_line(pid).startswith("ray::_match")]


class Halting:
    """A job whose first worker at one unit names itself, and then waits for its end."""

    def __init__(self, work: SearchJob, at: Tile, note: Path) -> None:
        self.work, self.at, self.note = work, at, note

    def result(self, unit: Tile) -> bytes:
        if unit == self.at and not self.note.exists():
            self.note.with_suffix(".part").write_text(str(os.getpid()))
            self.note.with_suffix(".part").rename(self.note)
            time.sleep(120)
        return self.work.result(unit)

    def in_memory(self) -> Halting:
        return Halting(self.work.in_memory(), self.at, self.note)


def test_a_killed_ray_worker_loses_nothing_and_repeats_nothing(tmp_path: Path) -> None:
    work = job(rows=12_000)
    units = plan(work, tile_rows=1_500)
    note = tmp_path / "worker"
    killed: list[int] = []

    def strike() -> bool:
        if not killed and note.exists():
            worker = int(note.read_text())
            assert worker in busy_workers()
            os.kill(worker, signal.SIGKILL)
            killed.append(worker)
        return False

    halting = Halting(work, units[len(units) // 2], note)
    with on_ray("auto", halting) as engine:  # type: ignore[arg-type]
        submit_all(engine, units)
        found = list(engine.results(strike))

    assert killed
    assert ended(killed)
    assert sorted(number for number, _ in found) == list(range(len(units)))
    assert dict(found) == expected(work, units)


class Refusing:
    def result(self, unit: str) -> bytes:
        raise BadInput("matching.flood", Words("banjir", "flood"), Words("naikkan", "raise"))

    def in_memory(self) -> Refusing:
        return self


def test_what_a_ray_worker_refuses_arrives_as_it_was_said() -> None:
    with on_ray("auto", Refusing()) as engine:  # type: ignore[arg-type]
        engine.submit(0, "unit")  # type: ignore[arg-type]
        with pytest.raises(BadInput) as refusal:
            list(engine.results(never))
    assert refusal.value.problem == Words("banjir", "flood")


def test_a_stopped_ray_engine_goes_no_further() -> None:
    work = job(rows=6_000)
    units = plan(work, tile_rows=300)
    found: list[int] = []
    engine = Cluster(work)
    submit_all(engine, units)
    found.extend(number for number, _ in engine.results(lambda: len(found) > 2))
    assert 2 < len(found) < len(units)
    # What was under way ends within a moment; what waited was never sent.
    deadline = time.monotonic() + PATIENCE_SECONDS
    while busy_workers():
        assert time.monotonic() < deadline
        time.sleep(0.1)


@pytest.mark.parametrize("address", ["10.1.2.3:6379", "ray://cluster.example:10001", "[::2]:6379"])
def test_a_cluster_beyond_this_machine_needs_token_and_tls(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RAY_AUTH_MODE", "token")
    with pytest.raises(Refused) as refusal:
        require_protected(address)
    assert refusal.value.code == "engine.ray-unprotected"
    monkeypatch.setenv("RAY_USE_TLS", "1")
    require_protected(address)


@pytest.mark.parametrize("address", ["auto", "local", "127.0.0.1:6379", "[::1]:6379"])
def test_this_machines_own_cluster_needs_neither(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("RAY_USE_TLS", raising=False)
    require_protected(address)


def test_an_absent_cluster_is_told() -> None:
    with pytest.raises(Unreachable) as failure:
        require_reachable(f"127.0.0.1:{free_port()}")
    assert failure.value.code == "engine.ray-unreachable"
