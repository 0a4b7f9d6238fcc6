"""`padan-linkage serve`: run the service."""

from __future__ import annotations

import socket
import threading
from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from linkage_service.cli.options import (
    DatabaseUrlFile,
    Engine,
    EngineName,
    Processes,
    RayAddress,
    Scratch,
    TileRows,
    engine_settings,
    url_in,
)
from linkage_service.error_codes import ServiceCode
from linkage_service.settings import SWEEP_SECONDS, TILE_ROWS
from policy.base.errors import BadInput
from policy.base.words import Words
from policy.joining.folder import joining_folders
from policy.joining.spoken_words import spoken
from policy.members.home import Unlocked
from policy.terminal import console
from policy.terminal.ports import listening


def register(app: typer.Typer) -> None:
    app.command()(serve)


def serve(
    host: Annotated[str, typer.Option(help="Alamat / address")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Porta / port")] = 8321,
    database_url_file: DatabaseUrlFile = None,
    workflow_url_file: Annotated[
        Path | None,
        typer.Option(
            help="Berkas berisi URL basis data alur kerja"
            " / file with the URL of the workflow database"
        ),
    ] = None,
    tile_rows: TileRows = TILE_ROWS,
    processes: Processes = None,
    engine: Engine = EngineName.local,
    ray_address: RayAddress = "auto",
    scratch: Scratch = None,
    sweep_seconds: Annotated[
        int,
        typer.Option(
            help="Detik di antara dua pemusnahan terjadwal / seconds between two retention sweeps",
            min=1,
        ),
    ] = SWEEP_SECONDS,
) -> None:
    """Jalankan layanan; di luar loopback, taruh TLS di depannya / run the service behind TLS."""
    import uvicorn

    from linkage_service.app import create_app
    from linkage_service.settings import Settings

    me = console.unlocked()
    if not me.member.has("service"):
        raise BadInput(
            ServiceCode.SERVICE_ROLE,
            Words(
                "Identitas di folder rumah ini bukan layanan.",
                "The identity in this home folder is not a service.",
            ),
            Words("Buat identitas dengan --role service.", "Make one with --role service."),
        )
    with closing(listening(host, port)) as opened:
        _receive_people(me, opened, f"http://{host}:{port}")
        me.home.roster()  # raises where nobody was invited and 'join' has not been run yet
        settings = Settings.under(
            me.home.path,
            url_in(database_url_file),
            url_in(workflow_url_file),
            tile_rows,
            engine_settings(engine, processes, ray_address),
            scratch,
            sweep_seconds,
        )
        app = create_app(settings, me)
        console.say(Words(f"Layanan di http://{host}:{port}", f"Service at http://{host}:{port}"))
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False))
        server.run(sockets=[opened])
    if not server.started:
        raise typer.Exit(1)


def _receive_people(me: Unlocked, opened: socket.socket, url: str) -> None:
    """Without a roster, let those who were invited join; returns once both authorities signed."""
    import uvicorn

    from linkage_service.app import create_reception

    places = [each for each in joining_folders(me.home) if each.is_open]
    if me.home.has_joined or not places:
        return
    names = ", ".join(each.project for each in places)
    console.say(
        Words(f"{url} menunggu orang bergabung: {names}.", f"{url} awaits people to join: {names}.")
    )

    complete = threading.Event()

    def signed() -> None:
        complete.set()
        server.should_exit = True

    config = uvicorn.Config(create_reception(me, signed), log_level="warning", access_log=False)
    server = uvicorn.Server(config)
    with opened.dup() as own:  # the server closes what it is given
        server.run(sockets=[own])
    if not complete.is_set():
        raise typer.Exit(0 if server.started else 1)
    roster = me.home.roster()
    words = spoken(roster.digest())
    console.say(
        Words(
            f"Roster versi {roster.version} ditandatangani. Katanya: {words.id}",
            f"Roster version {roster.version} is signed. Its words: {words.en}",
        )
    )
