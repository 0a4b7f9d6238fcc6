"""`padan-linkage worker`: works on the runs of a service, without its API."""

from __future__ import annotations

import signal
import threading
from types import FrameType

import typer

from linkage_service.cli.options import (
    Engine,
    EngineName,
    Processes,
    RayAddress,
    RunsAtOnce,
    Scratch,
    StorageOptions,
    TileRows,
    engine_settings,
    with_storage,
)
from linkage_service.desk.serving import require_roster, require_service
from linkage_service.settings import RUNS_AT_ONCE, TILE_ROWS
from policy.base.words import Words
from policy.terminal import console


def register(app: typer.Typer) -> None:
    app.command()(worker)


@with_storage
def worker(
    storage: StorageOptions,
    tile_rows: TileRows = TILE_ROWS,
    processes: Processes = None,
    engine: Engine = EngineName.local,
    ray_address: RayAddress = "auto",
    scratch: Scratch = None,
    runs_at_once: RunsAtOnce = RUNS_AT_ONCE,
) -> None:
    """Kerjakan pemadanan layanan ini, bersama proses lain di basis data yang sama
    / work on this service's runs, together with other processes on the same database.
    """
    from linkage_service import logs, workers
    from linkage_service.service import Service

    me = console.unlocked()
    require_service(me)
    require_roster(me)
    settings = storage.settings(
        me.home.path,
        tile_rows=tile_rows,
        engine=engine_settings(engine, processes, ray_address),
        scratch=scratch,
        runs_at_once=runs_at_once,
    )
    logs.configure()
    logs.hold_back_libraries()
    stopped = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopped.set()

    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, stop)
    service = Service.open(settings, me)
    try:
        with service.runs.identified(), workers.at_work(service, workers.in_own_process):
            console.say(Words("Pekerja siap.", "The worker is ready."))
            stopped.wait()
    finally:
        service.close()
