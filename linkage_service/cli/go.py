"""`padan-linkage go`: every step of a project that is the coordinator's turn."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer

from linkage_service.cli.coordinate import waiting_bar
from linkage_service.cli.options import (
    LogLines,
    PublicAddress,
    Scratch,
    StorageOptions,
    log_form,
    with_storage,
)
from linkage_service.desk.serving import beside_the_service, require_service
from linkage_service.desk.turns import turns_taken
from policy.project.turn import Turn
from policy.terminal import console
from policy.terminal.arguments import ProjectId
from policy.terminal.events import Events
from policy.terminal.watching import Every, For, Watch, Watching
from policy.wire.due import due
from policy.wire.session import Session


def register(app: typer.Typer) -> None:
    app.command()(go)


@with_storage
def go(
    project: ProjectId,
    storage: StorageOptions,
    serve: Annotated[
        bool,
        typer.Option(
            "--serve",
            help="Jalankan layanannya juga di sini, sampai dihentikan"
            " / run the service here as well, until it is stopped",
        ),
    ] = False,
    host: Annotated[str, typer.Option(help="Alamat, dengan --serve / address, with --serve")] = (
        "127.0.0.1"
    ),
    port: Annotated[
        int, typer.Option(min=1, max=65535, help="Porta, dengan --serve / port, with --serve")
    ] = 8321,
    scratch: Scratch = None,
    public_url: PublicAddress = "",
    log_format: LogLines = None,
    watch: Watch = False,
    every: Every = 30.0,
    seconds: For = None,
) -> None:
    """Jalankan pemadanan yang diperintahkan, siapkan rilis, dan putuskan
    / start the ordered run, stage releases and decide.

    Dengan --serve, beri pilihan basis data, blobs dan token yang sama seperti kepada serve.
    / With --serve, give the same options for database, blobs and token as to serve.
    """
    me, events, begun = console.unlocked(), Events(project), set[str]()

    def take_turns() -> bool:
        awaited = _take_turns(Session(me, project), events, begun)
        events.waiting(awaited)
        return not awaited and not serve

    if not serve:
        Watching(watch, every, seconds).repeat(take_turns)
        return
    require_service(me)
    settings = replace(
        storage.settings(me.home.path, new=True, scratch=scratch, public_url=public_url),
        log_format=log_form(log_format),
    )
    with beside_the_service(me, settings, host, port) as serving:
        watching = Watching(True, every, seconds, sleep=serving.wait)
        if serving.is_ready():
            watching.repeat(take_turns)


def _take_turns(session: Session, events: Events, begun: set[str]) -> tuple[Turn, ...]:
    """Take every step that is due here; returns the steps that are still due.

    A run in `begun` is not started again: somebody has stopped it meanwhile.
    """
    with waiting_bar() as progress:
        for taken in turns_taken(session, progress, begun):
            events.done(taken.name, taken.about, taken.words, **taken.facts)
    return due(session)
