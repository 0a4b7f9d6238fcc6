"""`padan-linkage rerun-request|hand-over|rerun`: a second operator confirms a result."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from linkage_service.cli.options import (
    Engine,
    EngineName,
    Processes,
    RayAddress,
    Scratch,
    StorageOptions,
    TileRows,
    engine_settings,
    with_storage,
)
from linkage_service.settings import TILE_ROWS
from policy.base.files import read_file
from policy.base.output import ZIP, Form, Output
from policy.base.words import Words
from policy.statements import StageCounts
from policy.terminal import console
from policy.terminal.arguments import ProjectId, RunName
from policy.terminal.commands import output_option

DIFFERENT = 1
REQUEST = Form((".json",), repeatable=True)


def register(app: typer.Typer) -> None:
    app.command("rerun-request")(rerun_request)
    app.command("hand-over")(hand_over)
    app.command()(rerun)


def rerun_request(
    project: ProjectId,
    out: Annotated[
        Output, output_option(help="Berkas permintaan / file for the request", form=REQUEST)
    ],
) -> None:
    """Auditor: minta bundel tersegel suatu proyek / auditor: ask for sealed bundles."""
    from linkage_service.audit.hand_over import request
    from policy.wire.replica import replica_of

    me = console.unlocked()
    asked = request(me, replica_of(me.home, project).load().project)
    out.write(asked)
    console.result(
        {"file": str(out)},
        Words(f"{out} ditulis; kirim kepada layanan.", f"{out} written; send it to the service."),
    )


@with_storage
def hand_over(
    project: ProjectId,
    storage: StorageOptions,
    request: Annotated[Path, typer.Option(help="Permintaan auditor / the auditor's request")],
    out: Annotated[Output, output_option(help="Berkas serahan / file for the hand-over", form=ZIP)],
) -> None:
    """Layanan: tulis serahan bagi auditor / service: write the hand-over for an auditor."""
    from linkage_service.audit.hand_over import write
    from linkage_service.service import Service

    me = console.unlocked()
    settings = storage.settings(me.home.path)
    service = Service.open(settings, me)
    try:
        recipient = write(service, project, read_file(request), out)
    finally:
        service.close()
    console.result(
        {"file": str(out), "recipient": recipient},
        Words(
            f"{out} ditulis; hanya {recipient} dapat membukanya.",
            f"{out} written; only {recipient} can open it.",
        ),
    )


def rerun(
    project: ProjectId,
    run: RunName,
    handover: Annotated[Path, typer.Argument(help="Berkas serahan / the hand-over")],
    tile_rows: TileRows = TILE_ROWS,
    processes: Processes = None,
    engine: Engine = EngineName.local,
    ray_address: RayAddress = "auto",
    scratch: Scratch = None,
    to_log: Annotated[
        bool, typer.Option("--log", help="Catat putusannya di log / put the verdict in the log")
    ] = False,
) -> None:
    """Ulangi pemadanan; keluar 0 bila sama dengan log, 1 bila tidak
    / repeat a run; exits 0 or 1.
    """
    from linkage_service.audit.rerun import rerun as repeat

    me = console.unlocked()
    bar, _ = console.progress(Words("memadankan ulang", "matching again"), None)
    task = bar.task_ids[0]
    with bar:
        compared = repeat(
            me,
            project,
            run,
            handover,
            engine_settings(engine, processes, ray_address),
            tile_rows,
            scratch or me.home.path / "scratch",
            lambda done, total: bar.update(task, total=total, completed=done),
        )
    if to_log:
        from policy.wire.session import Session

        session = Session(me, project)
        session.sync()
        session.say(compared.statement(session.clock()), run=run)
    sure = "" if compared.complete else " (tanpa titik periksa sendiri / no checkpoint of your own)"
    verdict = ("SAMA", "EQUAL") if compared.agree else ("BERBEDA", "DIFFERENT")
    stages = _said_of_stages(compared.stages)
    facts = ("sama", "equal") if compared.counts == "as-logged" else ("BERBEDA", "DIFFERENT")
    console.result(
        {
            "run": run,
            "logged": compared.logged,
            "found": compared.found,
            "counts": compared.counts,
            "stages": [each.model_dump(mode="json") for each in compared.stages],
            "agree": compared.agree,
            "log_complete": compared.complete,
            "tiles": compared.tiles,
        },
        Words(
            f"{run}: {verdict[0]}{sure}\nlog    {compared.logged}\nulang  {compared.found}\n"
            f"hitungan {facts[0]}{stages.id}",
            f"{run}: {verdict[1]}{sure}\nlog    {compared.logged}\nrerun  {compared.found}\n"
            f"counts {facts[1]}{stages.en}",
        ),
    )
    if not compared.agree:
        raise typer.Exit(DIFFERENT)


def _said_of_stages(stages: tuple[StageCounts, ...]) -> Words:
    same = sum(each.counts == "as-logged" for each in stages)
    if not stages:
        return Words("", "")
    return Words(
        f"\nsel dan selisih: {same} dari {len(stages)} berkas rilis sama",
        f"\ncells and differences: {same} of {len(stages)} stages equal",
    )
