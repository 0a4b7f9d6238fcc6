"""`padan-linkage serve`: run the service."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from linkage_service.cli.options import (
    Engine,
    EngineName,
    LogLines,
    Processes,
    PublicAddress,
    RayAddress,
    RunsAtOnce,
    Scratch,
    StorageOptions,
    TileRows,
    TrustedProxies,
    engine_settings,
    log_form,
    with_storage,
)
from linkage_service.desk.serving import Serving, require_service
from linkage_service.settings import RUNS_AT_ONCE, SWEEP_SECONDS, TILE_ROWS, UPLOAD_DAYS
from policy.terminal import console


def register(app: typer.Typer) -> None:
    app.command()(serve)


@with_storage
def serve(
    storage: StorageOptions,
    host: Annotated[str, typer.Option(help="Alamat / address")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Porta / port")] = 8321,
    workflow_url_file: Annotated[
        Path | None,
        typer.Option(hidden=True, help="Tidak dipakai lagi / not used any more"),
    ] = None,
    tile_rows: TileRows = TILE_ROWS,
    processes: Processes = None,
    engine: Engine = EngineName.local,
    ray_address: RayAddress = "auto",
    scratch: Scratch = None,
    public_url: PublicAddress = "",
    gateway_host: Annotated[
        list[str] | None,
        typer.Option(help="Nama yang ditulis gerbang di Host / what a gateway writes into Host"),
    ] = None,
    oidc_file: Annotated[
        Path | None,
        typer.Option(help="Setelan penyedia OIDC (YAML) / settings of the OIDC provider (YAML)"),
    ] = None,
    trusted_proxy: TrustedProxies = None,
    sweep_seconds: Annotated[
        int,
        typer.Option(
            help="Detik di antara dua pemusnahan terjadwal / seconds between two retention sweeps",
            min=1,
        ),
    ] = SWEEP_SECONDS,
    runs_at_once: RunsAtOnce = RUNS_AT_ONCE,
    worker: Annotated[
        bool,
        typer.Option(
            help="Kerjakan pemadanan dari sini juga, atau hanya oleh 'padan-linkage worker'"
            " / work on runs from here too, or only by 'padan-linkage worker'",
        ),
    ] = True,
    upload_days: Annotated[
        int,
        typer.Option(
            help="Hari sampai kiriman tanpa manifes dihapus"
            " / days until uploads without a manifest are deleted",
            min=1,
        ),
    ] = UPLOAD_DAYS,
    metrics_port: Annotated[
        int | None,
        typer.Option(
            min=1, max=65535, help="Porta metrik Prometheus / port of metrics for Prometheus"
        ),
    ] = None,
    metrics_host: Annotated[
        str, typer.Option(help="Alamat metrik / address of the metrics")
    ] = "127.0.0.1",
    log_format: LogLines = None,
) -> None:
    """Jalankan layanan; di luar loopback, taruh TLS di depannya / run the service behind TLS."""
    from linkage_service.settings import PeopleSettings

    me = console.unlocked()
    require_service(me)
    settings = storage.settings(
        me.home.path,
        new=True,
        tile_rows=tile_rows,
        engine=engine_settings(engine, processes, ray_address),
        scratch=scratch,
        sweep_seconds=sweep_seconds,
        runs_at_once=runs_at_once,
        public_url=public_url,
        gateway_hosts=tuple(each.lower() for each in gateway_host or ()),
        trusted_proxies=tuple(trusted_proxy or ()),
        people=PeopleSettings(oidc_file=oidc_file),
        upload_days=upload_days,
    )
    settings = replace(
        settings,
        metrics_port=metrics_port,
        metrics_host=metrics_host,
        log_format=log_form(log_format),
    )
    if not Serving(me, settings, host, port, works=worker).run():
        raise typer.Exit(1)
