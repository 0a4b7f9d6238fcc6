"""`padan-linkage worker`: works on the runs of a service, without its API."""

from __future__ import annotations

import signal
import threading
from types import FrameType

import typer

from linkage_service.cli.options import (
    BlobsCredentials,
    BlobsEndpoint,
    BlobsPlainHttp,
    BlobsRegion,
    BlobsUrl,
    DatabaseUrlFile,
    Engine,
    EngineName,
    Processes,
    RayAddress,
    RunsAtOnce,
    Scratch,
    TileRows,
    engine_settings,
    store_settings,
    url_in,
)
from linkage_service.cli.serving import require_service
from linkage_service.settings import RUNS_AT_ONCE, TILE_ROWS
from policy.base.words import Words
from policy.terminal import console


def register(app: typer.Typer) -> None:
    app.command()(worker)


def worker(
    database_url_file: DatabaseUrlFile = None,
    tile_rows: TileRows = TILE_ROWS,
    processes: Processes = None,
    engine: Engine = EngineName.local,
    ray_address: RayAddress = "auto",
    scratch: Scratch = None,
    runs_at_once: RunsAtOnce = RUNS_AT_ONCE,
    blobs_url: BlobsUrl = "",
    blobs_endpoint: BlobsEndpoint = "",
    blobs_region: BlobsRegion = "",
    blobs_credentials: BlobsCredentials = None,
    blobs_plain_http: BlobsPlainHttp = False,
) -> None:
    """Kerjakan pemadanan layanan ini, bersama proses lain di basis data yang sama
    / work on this service's runs, together with other processes on the same database.
    """
    from linkage_service import logs, workers
    from linkage_service.service import Service
    from linkage_service.settings import Settings

    me = console.unlocked()
    require_service(me)
    store = store_settings(
        blobs_url, blobs_endpoint, blobs_region, blobs_credentials, plain_http=blobs_plain_http
    )
    settings = Settings.under(
        me.home.path,
        url_in(database_url_file),
        tile_rows=tile_rows,
        engine=engine_settings(engine, processes, ray_address),
        scratch=scratch,
        runs_at_once=runs_at_once,
        store=store,
    )
    logs.configure()
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
