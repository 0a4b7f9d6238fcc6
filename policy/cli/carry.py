"""`padan-policy package|submit`: approvals by files, to and from a machine without a network."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from policy.approval import carried, open_answer, pack
from policy.approval.carried_transfers import pack_transfer, voters
from policy.base.files import read_file
from policy.base.output import CARRIED, Output
from policy.base.words import Words
from policy.formats.ask import Ask, TransferAsk
from policy.members.entitled import deciders, may_decide
from policy.terminal import console
from policy.terminal.arguments import ProjectId
from policy.terminal.commands import output_option
from policy.wire.session import Session

MAX_ANSWER_BYTES = 1024 * 1024


def register(app: typer.Typer) -> None:
    for command in (package, submit):
        app.command()(command)


def package(
    project: ProjectId,
    name: Annotated[
        str,
        typer.Argument(help="Rilis, atau kiriman atribut / release, or transfer of attributes"),
    ],
    out: Annotated[
        Output, output_option(help="Berkas permintaan / file of the request", form=CARRIED)
    ],
    member: Annotated[
        list[str] | None,
        typer.Option(
            "--for",
            help="Pemutus rilis; tanpa ini semua yang berhak"
            " / member who decides on a release; without it, all who may",
        ),
    ] = None,
) -> None:
    """Simpan permintaan untuk dibawa ke pemutus / save a request to carry to its decider."""
    session, now = Session(console.unlocked(), project), int(time.time())
    known, me = session.sync(), session.me.member
    ask: Ask | TransferAsk
    if known.transfer(name).is_requested and not known.release(name).is_requested:
        chosen = voters(known.transfer(name))
        ask = pack_transfer(session, name, now)
    else:
        everybody = [each.id for each in deciders(known.charter, session.roster)]
        own = [me.id] if may_decide(known.charter, session.roster, me) else everybody
        chosen = sorted(member or own)
        ask = pack(session, name, chosen, now)
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
    console.step_result(
        {"digest": statement.digest, "signer": statement.sender},
        Words(
            f"Pernyataan {statement.sender} tercatat di log.",
            f"The statement of {statement.sender} is in the log.",
        ),
        session.repeated,
    )
