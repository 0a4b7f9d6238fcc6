"""`padan-policy package|submit`: approvals by files, to and from a machine without a network."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from policy.approval import carried, open_answer, pack
from policy.base.files import read_file
from policy.base.output import CARRIED, Output
from policy.base.words import Words
from policy.members.entitled import deciders, may_decide
from policy.terminal import console
from policy.terminal.arguments import ProjectId, ReleaseId
from policy.terminal.commands import output_option
from policy.wire.session import Session

MAX_ANSWER_BYTES = 1024 * 1024


def register(app: typer.Typer) -> None:
    for command in (package, submit):
        app.command()(command)


def package(
    project: ProjectId,
    release: ReleaseId,
    out: Annotated[
        Output, output_option(help="Berkas permintaan / file of the request", form=CARRIED)
    ],
    member: Annotated[
        list[str] | None,
        typer.Option(
            "--for",
            help="Pemutus; tanpa ini semua yang berhak"
            " / member who decides; without it, all who may",
        ),
    ] = None,
) -> None:
    """Simpan permintaan untuk dibawa ke pemutus / save a request to carry to its decider."""
    session = Session(console.unlocked(), project)
    charter, me = session.sync().charter, session.me.member
    everybody = [each.id for each in deciders(charter, session.roster)]
    own = [me.id] if may_decide(charter, session.roster, me) else everybody
    chosen = sorted(member or own)
    ask = pack(session, release, chosen, int(time.time()))
    out.write(ask.canonical())
    names = ", ".join(chosen)
    console.result(
        {"file": str(out), "for": chosen},
        Words(f"{out} ditulis untuk {names}.", f"{out} written for {names}."),
    )


def submit(
    answer: Annotated[Path, typer.Argument(help="Berkas jawaban / file of the answer")],
) -> None:
    """Kirim jawaban yang dibawa ke sini / send an answer that was carried here."""
    envelope, statement = open_answer(read_file(answer, MAX_ANSWER_BYTES))
    session = Session(console.unlocked(), statement.binding.project)
    carried.submit(session, envelope, statement, int(time.time()))
    console.result(
        {"digest": statement.digest, "signer": statement.sender},
        Words(
            f"Pernyataan {statement.sender} tercatat di log.",
            f"The statement of {statement.sender} is in the log.",
        ),
    )
