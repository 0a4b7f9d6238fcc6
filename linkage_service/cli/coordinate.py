"""`padan-linkage start-run|cancel-run|stage|decide`: the coordinator's commands."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Annotated

import typer
from rich.table import Table

from linkage_service.error_codes import ServiceCode
from policy.base.errors import Refused
from policy.base.words import Words
from policy.formats.http_api import DecidedRelease, RuleFinding, RunState, StagedRelease
from policy.terminal import console
from policy.terminal.arguments import ProjectId, ReleaseId, RunName
from policy.wire.session import Session

_POLL_SECONDS = 0.2


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
    _show(start(Session(console.unlocked(), project), run, wait=wait))


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


def staged_words(release: str, staged: StagedRelease) -> Words:
    """That it waits for approvals; or that no approval can help, and why."""
    failing = ", ".join(staged.unmendable)
    waits = Words(
        f"{release} disiapkan; menunggu persetujuan.",
        f"{release} is staged; it waits for approvals.",
    )
    in_vain = Words(
        f"{release} disiapkan, tetapi tidak akan dirilis walaupun semua menyetujui: {failing}."
        " 'padan-linkage decide' menolaknya.",
        f"{release} is staged, but will not be released even if everybody approves: {failing}."
        " 'padan-linkage decide' refuses it.",
    )
    return in_vain if failing else waits


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
                f"{release} ditolak karena aturan: {names}.",
                f"{release} is refused by these rules: {names}.",
            ),
            Words("Penuhi aturan itu, lalu minta lagi.", "Meet the rules, then request again."),
        )
    console.say(Words(f"{release} dirilis.", f"{release} is released."))


def start(session: Session, run: str, *, wait: bool) -> RunState:
    """Start a run, or resume it, and wait for its end if asked; raises Refused if it failed."""
    path = f"/projects/{session.project_id}/runs/{run}"
    state = RunState.model_validate_json(session.post(f"{path}/start"))
    return _wait(session, path, state) if wait else state


def stage_release(session: Session, release: str) -> StagedRelease:
    """Draw the IDs of a release and seal the files."""
    path = f"/projects/{session.project_id}/releases/{release}/stage"
    return StagedRelease.model_validate_json(session.post(path))


def decide_release(session: Session, release: str, *, final: bool = False) -> DecidedRelease:
    """Decide on a release; raises NotYet while approvals can still come, unless `final`."""
    path = f"/projects/{session.project_id}/releases/{release}/decide"
    answer = session.post(path, params={"final": str(final).lower()})
    return DecidedRelease.model_validate_json(answer)


def _wait(session: Session, path: str, state: RunState) -> RunState:
    bar, _ = console.progress(Words("memadankan", "matching"), None)
    task = bar.task_ids[0]
    with bar:
        while state.state == "running":
            time.sleep(_POLL_SECONDS)
            state = RunState.model_validate_json(session.get(path))
            bar.update(task, total=state.tiles_total or None, completed=state.tiles_done)
    if state.state == "failed":
        raise _failed(state)
    return state


def _failed(state: RunState) -> Refused:
    """An error with the problem and the advice of the run's own error, if it is known."""
    said = state.reason or {part: {"id": "", "en": ""} for part in ("problem", "hint")}
    problem, hint = said["problem"], said["hint"]
    return Refused(
        f"run.failed.{state.error}",
        Words(
            f"Pemadanan gagal. {problem['id']}".rstrip(),
            f"The run failed. {problem['en']}".rstrip(),
        ),
        Words(
            f"{hint['id']} Jalankan lagi 'padan-linkage start-run' setelah sebabnya diatasi: petak"
            " yang selesai tidak diulang. docs/reference/errors.md menjelaskan kodenya.".strip(),
            f"{hint['en']} Run 'padan-linkage start-run' again when its cause is corrected:"
            " finished"
            " tiles are not repeated. docs/reference/errors.md explains the code.".strip(),
        ),
    )


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
