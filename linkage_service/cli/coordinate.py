"""`padan-linkage start-run|cancel-run|stage|decide`: what the coordinator sets going."""

from __future__ import annotations

import json
import time
from typing import Annotated, Any

import typer
from rich.table import Table

from policy import console
from policy.arguments import ProjectId, ReleaseId, RunName
from policy.client import Session
from policy.errors import Refused
from policy.words import Words, current_language

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
    wait: Annotated[bool, typer.Option("--wait", help="Tunggu selesai / wait")] = False,
) -> None:
    """Mulai pemadanan, atau lanjutkan yang dihentikan atau gagal / start or go on with a run."""
    session = Session(console.unlocked(), project)
    path = f"/projects/{project}/runs/{run}"
    state = json.loads(session.post(f"{path}/start"))
    if wait:
        state = _wait(session, path, state)
    _show(state)


def cancel_run(project: ProjectId, run: RunName) -> None:
    """Hentikan pemadanan; start-run melanjutkannya / stop a run; start-run goes on with it."""
    session = Session(console.unlocked(), project)
    _show(json.loads(session.post(f"/projects/{project}/runs/{run}/cancel")))


def run_status(project: ProjectId, run: RunName) -> None:
    """Kemajuan pemadanan / progress of a run."""
    session = Session(console.unlocked(), project)
    _show(json.loads(session.get(f"/projects/{project}/runs/{run}")))


def stage(project: ProjectId, release: ReleaseId) -> None:
    """Tarik ID padanan dan segel berkas tiap penerima / draw IDs, seal the files."""
    session = Session(console.unlocked(), project)
    staged = json.loads(session.post(f"/projects/{project}/releases/{release}/stage"))
    failing = ", ".join(staged["unmendable"])
    waits = Words(
        f"{release} ditahapkan; menunggu persetujuan.",
        f"{release} is staged; it waits for approvals.",
    )
    in_vain = Words(
        f"{release} ditahapkan, tetapi tidak akan dirilis walaupun semua menyetujui: {failing}."
        " 'padan-linkage decide' menolaknya.",
        f"{release} is staged, but will not be released even if everybody approves: {failing}."
        " 'padan-linkage decide' refuses it.",
    )
    console.result({"release": release, **staged}, in_vain if failing else waits)


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
    """Putuskan rilis, aturan demi aturan; keluar 4 bila ditolak / decide; exit 4 if refused."""
    session = Session(console.unlocked(), project)
    path = f"/projects/{project}/releases/{release}/decide"
    decided = json.loads(session.post(path, params={"final": str(final).lower()}))
    console.result({"release": release, **decided})
    if not console.options.json:
        console.out.print(_table(decided["rules"]))
    if decided["verdict"] != "released":
        failing = [rule["rule"] for rule in decided["rules"] if not rule["passed"]]
        names = ", ".join(failing)
        raise Refused(
            "release.refused",
            Words(
                f"{release} ditolak karena aturan: {names}.",
                f"{release} is refused by these rules: {names}.",
            ),
            Words("Penuhi aturan itu, lalu minta lagi.", "Meet the rules, then request again."),
        )
    console.say(Words(f"{release} dirilis.", f"{release} is released."))


def _wait(session: Session, path: str, state: dict[str, Any]) -> dict[str, Any]:
    bar, _ = console.progress(Words("memadankan", "matching"), None)
    task = bar.task_ids[0]
    with bar:
        while state["state"] == "running":
            time.sleep(_POLL_SECONDS)
            state = json.loads(session.get(path))
            total = state["tiles_total"] or None
            bar.update(task, total=total, completed=state["tiles_done"])
    if state["state"] == "failed":
        raise _failed(state)
    return state


def _failed(state: dict[str, Any]) -> Refused:
    """With the problem and the advice of what stopped the run, where it has said so."""
    said = state["reason"] or {part: {"id": "", "en": ""} for part in ("problem", "hint")}
    problem, hint = said["problem"], said["hint"]
    return Refused(
        f"run.failed.{state['error']}",
        Words(
            f"Pemadanan gagal. {problem['id']}".rstrip(),
            f"The run failed. {problem['en']}".rstrip(),
        ),
        Words(
            f"{hint['id']} Jalankan lagi 'padan-linkage start-run' setelah sebabnya diatasi: petak"
            " yang selesai tidak diulang. docs/reference/errors.md menjelaskan kodenya.".strip(),
            f"{hint['en']} Run 'padan-linkage start-run' again when its cause is mended: finished"
            " tiles are not repeated. docs/reference/errors.md explains the code.".strip(),
        ),
    )


def _show(state: dict[str, Any]) -> None:
    console.result(
        state,
        Words(
            f"{state['run']}: {state['state']}, petak {state['tiles_done']}/{state['tiles_total']}",
            f"{state['run']}: {state['state']}, tiles {state['tiles_done']}/{state['tiles_total']}",
        ),
    )


def _table(rules: list[dict[str, Any]]) -> Table:
    language = current_language()
    table = Table("", str(Words("aturan", "rule")), str(Words("temuan", "finding")), "")
    for rule in rules:
        mark = "[green]✓[/]" if rule["passed"] else "[red]✗[/]"
        table.add_row(mark, rule["title"][language], rule["reason"][language], rule["citation"])
    return table
