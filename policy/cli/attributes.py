"""`padan-policy attributes|request-attributes|approve-attributes`: transfers between parties."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from policy.approval.carried_transfers import open_transfer_ask
from policy.approval.transfers import AskedTransfer, ask_transfer, look_at_transfer, vote_on
from policy.base.dates import at_second, long_moment
from policy.base.words import Words
from policy.cli.release import (
    AnswerFile,
    AskedProject,
    AskFile,
    at_hand,
    hand_over,
    require_out,
    said,
)
from policy.project.progress import TRANSFER_STATES
from policy.terminal import console
from policy.terminal.arguments import ProjectId, ReleaseId
from policy.wire.session import Session


def register(app: typer.Typer) -> None:
    app.command("attributes")(list_transfers)
    app.command("request-attributes")(request_attributes)
    app.command("approve-attributes")(approve_attributes)


def list_transfers(project: ProjectId) -> None:
    """Atribut yang diminta, disetujui, dikirim / attributes requested, approved and sent."""
    session = Session(console.unlocked(), project)
    now, copied = int(time.time()), console.bring_up_to_date(session)
    table = Table(*(str(each) for each in _HEADS))
    for record in session.project.transfers():
        asked, state = record.request.body, record.state(now)
        awaited = record.awaited() if state == "voting" else ()
        if console.options.json:
            told = {"transfer": record.name, "state": state, "awaited": list(awaited)}
            columns = asked.model_dump(mode="json", exclude={"at", "transfer"})
            console.result({**told, **columns, **copied})
            continue
        way = f"{asked.dataset} → {asked.recipient}"
        waits = f" ({', '.join(awaited)})" if awaited else ""
        said = f"{TRANSFER_STATES[state]}{waits}"
        table.add_row(record.name, way, asked.release, ", ".join(asked.columns), said)
    if not console.options.json:
        console.out.print(table)


def request_attributes(
    project: ProjectId,
    release: ReleaseId,
    domain: Annotated[str, typer.Option(help="Domain ID / ID domain")],
    dataset: Annotated[
        str, typer.Option("--from", help="Sumber data pengirim / the sender's dataset")
    ],
    column: Annotated[
        list[str] | None,
        typer.Option(
            help="Kolom; semua yang diizinkan bila kosong / a column; all permitted if empty"
        ),
    ] = None,
    name: Annotated[str | None, typer.Option(help="Nama kiriman / name of the transfer")] = None,
) -> None:
    """Minta kolom dikirim di bawah ID padanan / ask for columns to be sent under match IDs."""
    session = Session(console.unlocked(), project)
    at = int(time.time())
    record = ask_transfer(session, release, domain, dataset, column or (), name, at)
    asked, awaited = record.request.body, record.awaited()
    until, who = long_moment(at_second(asked.expires)), ", ".join(awaited) or "-"
    console.result(
        {"transfer": record.name, "columns": list(asked.columns), "awaited": list(awaited)},
        Words(
            f"{record.name}: {', '.join(asked.columns)} diminta, berlaku sampai {until.id}."
            f" Ditunggu: {who}.",
            f"{record.name}: {', '.join(asked.columns)} requested, valid until {until.en}."
            f" Awaited: {who}.",
        ),
    )


def approve_attributes(
    project: AskedProject = None,
    transfer: Annotated[
        str | None, typer.Argument(help="Nama kiriman / name of the transfer")
    ] = None,
    refuse: Annotated[bool, typer.Option("--refuse", help="Menolak / refuse it")] = False,
    file: AskFile = None,
    out: AnswerFile = None,
) -> None:
    """Setujui atau tolak pengiriman atribut / approve or refuse a transfer of attributes."""
    require_out(file, out)
    session, asked = _asked(project, transfer, file)
    envelope = vote_on(session, asked, refuse=refuse)
    if not console.options.json:
        _print(asked)
    hand_over(session, envelope, out)
    verdict = Words("ditolak", "refused") if refuse else Words("disetujui", "approved")
    told = {"transfer": asked.record.name, "verdict": "refuse" if refuse else "approve"}
    console.result(
        {**told, **({"file": str(out)} if out else {})}, said(asked.record.name, verdict, out)
    )


def _asked(
    project: str | None, transfer: str | None, file: Path | None
) -> tuple[Session, AskedTransfer]:
    missing = Words("Sebut proyek dan kirimannya.", "Name the project and the transfer.")
    return at_hand(
        project, transfer, file, missing, opened=open_transfer_ask, looked_at=look_at_transfer
    )


def _print(asked: AskedTransfer) -> None:
    """What would be sent, why, and the findings."""
    write, permit = console.out.print, asked.permit
    write(str(asked.explained().lead), markup=False)
    if permit is not None:
        write(str(permit.purpose.words()), markup=False)
    for cited in asked.citations:
        write(f"  {cited}", markup=False)
    for column in asked.columns:
        write(f"  {column.name} ({column.data_class}): {column.title.words()}", markup=False)
    for finding in asked.own_findings:
        mark = "✓" if finding.passed else "✗"
        write(f"{mark} {finding.rule.title}: {finding.reason}", markup=False)


_HEADS = (
    Words("kiriman", "transfer"),
    Words("dari → kepada", "from → to"),
    Words("rilis", "release"),
    Words("kolom", "columns"),
    Words("keadaan", "state"),
)
