"""The engine of this machine: same results, whoever dies, and nothing left behind."""

from __future__ import annotations

import os
import resource
import signal
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from linkage_service.engines import opened
from linkage_service.engines.local import MOST_DEATHS, Local, on_this_machine
from linkage_service.engines.scratch import run_folder, share, sweep
from linkage_service.intake.arrays import RunData
from linkage_service.runs import plans
from linkage_service.runs.tile_results import Found
from linkage_service.settings import EngineSettings
from linkage_service.storage.blobs import Blobs
from policy.base.errors import BadInput, NotYet, PadanError
from policy.statements import RunOrder
from tests.support.jobs import expected, job, plan, submit_all
from tests.support.processes import ended
from tests.support.republic import charter_from, charter_tree


def never() -> bool:
    return False


def test_a_killed_worker_loses_nothing_and_repeats_nothing(tmp_path: Path) -> None:
    work = job(rows=4_000)
    units = plan(work, tile_rows=400)
    with on_this_machine(2, work, tmp_path) as engine:
        submit_all(engine, units)
        found = []
        for number, candidates in engine.results(never):
            found.append((number, candidates))
            if len(found) == 10:
                victims = engine.pids
                os.kill(victims[0], signal.SIGKILL)
        survivors = engine.pids

    assert sorted(number for number, _ in found) == list(range(len(units)))
    assert dict(found) == expected(work, units)
    assert victims[1] in survivors
    assert victims[0] not in survivors
    assert ended(survivors)
    assert not list(tmp_path.iterdir()), "decrypted scratch outlived its run"


def test_a_small_run_starts_no_process(tmp_path: Path) -> None:
    work = job(rows=50)
    units = plan(work, tile_rows=20)
    with opened(EngineSettings(), work, tmp_path) as engine:
        assert isinstance(engine, Local)
        submit_all(engine, units)
        assert dict(engine.results(never)) == expected(work, units)
        assert not engine.pids


def test_a_stopped_engine_ends_at_once_with_its_processes(tmp_path: Path) -> None:
    work = job(rows=3_000)
    units = plan(work, tile_rows=100)
    found: list[int] = []
    with on_this_machine(1, work, tmp_path) as engine:
        submit_all(engine, units)
        found.extend(number for number, _ in engine.results(lambda: len(found) > 2))
        pids = engine.pids
    assert 2 < len(found) < len(units)
    assert ended(pids, seconds=0)


@dataclass(frozen=True)
class Deadly:
    """A job of which one unit kills whoever matches it, and another is refused."""

    def result(self, unit: str) -> bytes:
        if unit == "deadly":
            os.kill(os.getpid(), signal.SIGKILL)
        if unit == "flood":
            raise _flood()
        return unit.encode()


def _flood() -> PadanError:
    from policy.base.words import Words

    return BadInput("matching.flood", Words("banjir", "flood"), Words("naikkan", "raise"))


def test_a_unit_that_kills_every_worker_is_refused_by_its_number(tmp_path: Path) -> None:
    with on_this_machine(1, Deadly(), tmp_path) as engine:  # type: ignore[arg-type]
        for number, unit in enumerate(["harmless", "deadly", "never reached"]):
            engine.submit(number, unit)  # type: ignore[arg-type]
        with pytest.raises(BadInput, match=f"Tile 1 ended {MOST_DEATHS}"):
            list(engine.results(never))


def test_what_a_worker_refuses_arrives_as_it_was_said(tmp_path: Path) -> None:
    with on_this_machine(1, Deadly(), tmp_path) as engine:  # type: ignore[arg-type]
        engine.submit(0, "flood")  # type: ignore[arg-type]
        with pytest.raises(BadInput) as refusal:
            list(engine.results(never))
    assert refusal.value.as_json() == _flood().as_json()


def test_no_engine_sees_a_token_or_a_handle(tmp_path: Path) -> None:
    run = job(rows=40)
    handles = [dataset.tokens[:, ::-1].copy() for dataset in run.datasets]
    order = RunOrder(
        at=0, purpose="uji", domains=("uji",), thresholds_ppm={"utama": 600_000}, nik_floor_ppm=0
    )
    data = RunData(("kiri", "kanan"), list(run.datasets), handles)
    work = plans.whole(data, charter_from(charter_tree()), order, tile_rows=20).job
    with run_folder(tmp_path) as folder:
        shared = share(work, folder)
        everything = shared.path.read_bytes() + shared.frame
    assert run.datasets[0].encodings["utama"][7].tobytes() in everything
    for secret in (*run.datasets[0].tokens, *handles[1]):
        assert secret.tobytes() not in everything


def test_without_ray_the_setting_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "linkage_service.engines.ray", None)
    with pytest.raises(NotYet) as refusal:
        opened(EngineSettings("ray"), job(rows=10), tmp_path)
    assert "padan[ray]" in refusal.value.hint.en


# Scratch


def test_scratch_is_private_and_only_the_dead_are_swept(tmp_path: Path) -> None:
    work = job(rows=30)
    with run_folder(tmp_path) as live:
        loaded = share(work, live).load()
        same = loaded.datasets[1].encodings["utama"]
        assert np.array_equal(same, work.datasets[1].encodings["utama"])
        assert not same.flags.writeable
        assert stat.S_IMODE(live.stat().st_mode) == 0o700
        assert {stat.S_IMODE(each.stat().st_mode) for each in live.iterdir()} == {0o600}
        crashed = tmp_path / "run-crashed"
        crashed.mkdir()
        (crashed / "arrays").write_bytes(b"decrypted")
        sweep(tmp_path)
        assert live.exists()
        assert not crashed.exists()
    assert not live.exists()


# A full disk. A limit on the size of files stands in: write() fails in the same place.


@contextmanager
def full_disk(room: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_is_told_and_leaves_no_half_result(tmp_path: Path) -> None:
    found = Found(Blobs.in_folder(tmp_path), "jakarta", "uji")
    candidates = bytes(2_000_000)
    with full_disk(1_000_000), pytest.raises(NotYet) as refusal:
        found.put(7, candidates)
    assert refusal.value.code == "blob.not-written"
    assert found.finished() == set()
    found.put(7, candidates)
    assert found.finished() == {7}
    assert found.drop_damaged([7]) == []


def test_scratch_on_a_full_disk_is_told(tmp_path: Path) -> None:
    with (
        run_folder(tmp_path) as folder,
        full_disk(1_000_000),
        pytest.raises(NotYet, match="disk is full"),
    ):
        share(job(rows=20_000), folder)
