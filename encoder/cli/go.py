"""`padan-encoder go`: every step that is this agency's turn."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from policy.terminal.arguments import Heard, ProjectOrInvite
from policy.terminal.watching import Every, For, Watch, Watching


def register(app: typer.Typer) -> None:
    app.command()(go)


def go(
    project: ProjectOrInvite,
    file: Annotated[
        list[str] | None,
        typer.Option(
            help="SUMBER=BERKAS; sumbernya boleh tidak disebut bila hanya satu"
            " / DATASET=FILE; the dataset may be left out if there is only one"
        ),
    ] = None,
    mapping: Annotated[
        list[str] | None,
        typer.Option(
            help="SUMBER=PEMETAAN yang sudah diperiksa / DATASET=MAPPING that was checked"
        ),
    ] = None,
    charter: Annotated[
        Path | None,
        typer.Option(
            help="Piagam yang Anda baca; ditandatangani bila itu yang diajukan"
            " / the charter that you read; it is signed if it is the proposed one"
        ),
    ] = None,
    order: Annotated[
        bool, typer.Option("--order", help="Perintahkan pemadanan bila siap / order the run")
    ] = False,
    request: Annotated[
        bool, typer.Option("--request", help="Minta rilis sesudahnya / request the release")
    ] = False,
    domain: Annotated[
        list[str] | None,
        typer.Option(help="Domain ID; semua bila kosong / ID domain; all if empty"),
    ] = None,
    yes: Annotated[
        bool,
        typer.Option(
            "--yes",
            help="Angkanya benar; jangan bertanya / the numbers are right; do not ask",
        ),
    ] = False,
    heard: Heard = None,
    watch: Watch = False,
    every: Every = 30.0,
    seconds: For = None,
) -> None:
    """Lakukan semua langkah giliran Anda, lalu katakan siapa yang ditunggu
    / take every step that is your turn, then say who is awaited.
    """
    from encoder.cli.answers import Answers, paths_by_dataset
    from encoder.cli.going import Going
    from policy.terminal.commands import somebody_is_there
    from policy.terminal.comparing import compared_at_terminal
    from policy.terminal.events import Events
    from policy.wire.arriving import arrive
    from policy.wire.joining import join_first
    from policy.wire.newcomers import Newcomers

    answers = Answers(
        files=paths_by_dataset("--file", file or ()),
        mappings=paths_by_dataset("--mapping", mapping or ()),
        order=order,
        request=request,
        domains=tuple(domain or ()),
        charter=charter,
        yes=yes,
        somebody=somebody_is_there() and not yes,
    )
    me, project = arrive(project)
    events = Events(project)
    going = Going(me, project, answers, events)
    newcomers = Newcomers(me, project, events, compared_at_terminal, heard)

    def take_turns() -> bool:
        join_first(going.me, project, compared_at_terminal, heard)
        newcomers.take_in()
        awaited = going.take_turns()
        events.waiting(awaited)
        return not awaited

    Watching(watch, every, seconds).repeat(take_turns)
