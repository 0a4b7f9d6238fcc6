"""`padan-encoder commit|reveal|confirm`: the key ceremony, step by step."""

from __future__ import annotations

import json
import time
from typing import Annotated

import typer

from policy import console
from policy.words import Words

ProjectId = Annotated[str, typer.Argument(help="Id proyek / project id")]


def register(app: typer.Typer) -> None:
    for command in (commit, reveal, confirm):
        app.command()(command)


def commit(project: ProjectId) -> None:
    """Komitmenkan bagian rahasia dan akar pegangan / commit share and handle roots."""
    from encoder.workspace import Workspace
    from policy.canonical import b64
    from policy.ceremony import commitment
    from policy.client import Session
    from policy.statements import Committed

    session = Session(console.unlocked(), project)
    state = session.sync()
    state.require_run_gate(int(time.time()))
    workspace = Workspace(session)
    share = workspace.share()
    datasets = {name: workspace.prepared(name).commitment() for name in workspace.own_datasets()}
    session.say(
        Committed(
            at=int(time.time()),
            commitment=commitment(state, session.me.member.id, share.secret),
            epoch_key=b64(share.epoch_key.public_bytes()),
            datasets=datasets,
        )
    )
    names = ", ".join(datasets)
    console.result(
        {"datasets": {name: c.model_dump() for name, c in datasets.items()}},
        Words(f"Komitmen tercatat untuk {names}.", f"Commitment is in the log for {names}."),
    )


def reveal(project: ProjectId) -> None:
    """Segel bagian rahasia untuk setiap pihak lain / seal the share to every peer."""
    from encoder.workspace import Workspace
    from policy.canonical import sha256
    from policy.ceremony import seal_shares
    from policy.client import Session
    from policy.statements import Revealed

    session = Session(console.unlocked(), project)
    state = session.sync()
    state.require_ready_to_reveal(session.replica().cosigned_sizes())
    seals = seal_shares(
        state, session.me.member.id, Workspace(session).share(), session.me.keys.signing
    )
    for peer, seal in seals.items():
        session.put(f"/projects/{project}/mailbox/{peer}", seal.canonical())
    session.say(
        Revealed(
            at=int(time.time()),
            seals={peer: sha256(seal.canonical()) for peer, seal in seals.items()},
        )
    )
    console.result(
        {"peers": sorted(seals)},
        Words(
            f"Bagian rahasia disegel untuk {', '.join(sorted(seals))}.",
            f"The share is sealed to {', '.join(sorted(seals))}.",
        ),
    )


def confirm(project: ProjectId) -> None:
    """Turunkan kunci proyek dan konfirmasikan / derive the project keys and confirm."""
    from encoder.confirmation import encode_published_records
    from encoder.workspace import Workspace
    from policy.canonical import unb64
    from policy.ceremony import agree, member_mac, records_mac
    from policy.client import Session
    from policy.statements import Confirmed

    session = Session(console.unlocked(), project)
    state = session.sync()
    workspace = Workspace(session)
    mail = json.loads(session.get(f"/projects/{project}/mailbox"))
    sealed = {peer: unb64(text) for peer, text in mail.items()}
    keys = agree(state, session.me.member.id, workspace.share(), sealed)
    workspace.keep_keys(keys)
    session.say(
        Confirmed(
            at=int(time.time()),
            records_mac=records_mac(keys, encode_published_records(state.charter, keys)),
            member_mac=member_mac(state, keys, session.me.member.id),
        )
    )
    console.result(
        {"confirmed": session.me.member.id},
        Words("Kunci proyek diturunkan dan dikonfirmasi.", "Project keys derived and confirmed."),
    )
