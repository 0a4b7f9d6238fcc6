"""`padan-linkage start-run|cancel-run|stage|decide`: the coordinator's commands."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Annotated

import typer
from rich.table import Table

from linkage_service.desk.turns import (
    Progress,
    decide_release,
    finished,
    stage_release,
    staged_words,
    start,
)
from linkage_service.error_codes import ServiceCode
from policy.base.errors import Refused
from policy.base.words import Words
from policy.formats.http_api import RuleFinding, RunState
from policy.terminal import console
from policy.terminal.arguments import ProjectId, ReleaseId, RunName
from policy.wire.session import Session


def register(app: typer.Typer) -> None:
    app.command("start-run")(start_run)
    app.command("cancel-run")(cancel_run)
    app.command("run-status")(run_status)
    app.command()(stage)
    app.command()(decide)


def start_run(
    project: ProjectId,
    run: RunName,
    wait: Annotated[
        bool, typer.Option("--wait", help="Tunggu sampai selesai / wait until it is done")
    ] = False,
) -> None:
    """Mulai pemadanan, atau lanjutkan yang dihentikan atau gagal / start or resume a run."""
    _show(run_to_end(Session(console.unlocked(), project), run, wait=wait))


def cancel_run(project: ProjectId, run: RunName) -> None:
    """Hentikan pemadanan; start-run melanjutkannya / stop a run; start-run resumes it."""
    session = Session(console.unlocked(), project)
    path = f"/projects/{project}/runs/{run}"
    _show(RunState.model_validate_json(session.post(f"{path}/cancel")))


def run_status(project: ProjectId, run: RunName) -> None:
    """Kemajuan pemadanan / progress of a run."""
    session = Session(console.unlocked(), project)
    _show(RunState.model_validate_json(session.get(f"/projects/{project}/runs/{run}")))


def stage(project: ProjectId, release: ReleaseId) -> None:
    """Undi ID padanan dan segel berkas tiap penerima / draw IDs and seal the files."""
    staged = stage_release(Session(console.unlocked(), project), release)
    console.result({"release": release, **staged.as_json()}, staged_words(release, staged))


def decide(
    project: ProjectId,
    release: ReleaseId,
    final: Annotated[
        bool,
        typer.Option(
            "--final",
            help="Putuskan walau persetujuan masih kurang / decide though approvals are missing",
        ),
    ] = False,
) -> None:
    """Putuskan rilis, aturan demi aturan; keluar 4 bila ditolak / decide; exits 4 if refused."""
    decided = decide_release(Session(console.unlocked(), project), release, final=final)
    console.result({"release": release, **decided.as_json()})
    if not console.options.json:
        console.out.print(_table(decided.rules))
    if decided.verdict != "released":
        failing = [finding.rule for finding in decided.rules if not finding.passed]
        names = ", ".join(failing)
        raise Refused(
            ServiceCode.RELEASE_REFUSED,
            Words(
                f"{release} ditolak; aturan yang tidak terpenuhi: {names}.",
                f"{release} is refused; rules not fulfilled: {names}.",
            ),
            Words("Penuhi aturan itu, lalu minta lagi.", "Meet the rules, then request again."),
        )
    console.say(Words(f"{release} dirilis.", f"{release} is released."))


def run_to_end(session: Session, run: str, *, wait: bool) -> RunState:
    """Start a run, or resume it, and wait for its end with a bar if asked."""
    state = start(session, run)
    if not wait:
        return state
    with waiting_bar() as progress:
        return finished(session, run, state, progress)


@contextmanager
def waiting_bar() -> Iterator[Progress]:
    """A progress bar of the run that is waited for; shown once there is one."""
    bar, _ = console.progress(Words("memadankan", "matching"), None)
    task = bar.task_ids[0]

    def told(state: RunState) -> None:
        bar.start()
        bar.update(task, total=state.tiles_total or None, completed=state.tiles_done)

    try:
        yield told
    finally:
        bar.stop()


def _show(state: RunState) -> None:
    """Show a run's progress; parties do not see the number of tiles."""
    said = [Words(f"{state.run}: {state.state}", f"{state.run}: {state.state}")]
    if state.tiles_total is not None:
        done = f"{state.tiles_done}/{state.tiles_total}"
        said.append(Words(f"petak {done}", f"tiles {done}"))
    if state.seconds_left is not None:
        left = timedelta(seconds=state.seconds_left)
        said.append(
            Words(
                f"{state.tiles_a_minute:g} petak semenit, kira-kira {left} lagi",
                f"{state.tiles_a_minute:g} tiles a minute, about {left} left",
            )
        )
    if state.waits:
        said.append(Words(f"menunggu: {state.error}", f"waits: {state.error}"))
    console.result(
        state.as_json(),
        Words(", ".join(each.id for each in said), ", ".join(each.en for each in said)),
    )


def _table(findings: list[RuleFinding]) -> Table:
    table = Table("", str(Words("aturan", "rule")), str(Words("temuan", "finding")), "")
    for each in findings:
        mark = "[green]✓[/]" if each.passed else "[red]✗[/]"
        table.add_row(mark, str(each.title.words()), str(each.reason.words()), each.citation)
    return table
