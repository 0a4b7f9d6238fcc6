"""`padan-encoder commit|reveal|confirm`: the key ceremony, step by step."""

from __future__ import annotations

import typer

from policy import console
from policy.arguments import ProjectId
from policy.words import Words


def register(app: typer.Typer) -> None:
    for command in (commit, reveal, confirm):
        app.command()(command)


def commit(project: ProjectId) -> None:
    """Komitmenkan bagian rahasia dan akar pegangan / commit share and handle roots."""
    from encoder.ceremony import commit_share
    from policy.client import Session

    datasets = commit_share(Session(console.unlocked(), project)).datasets
    names = ", ".join(datasets)
    console.result(
        {"datasets": {name: c.model_dump() for name, c in datasets.items()}},
        Words(f"Komitmen tercatat untuk {names}.", f"Commitment is in the log for {names}."),
    )


def reveal(project: ProjectId) -> None:
    """Segel bagian rahasia untuk setiap pihak lain / seal the share to every peer."""
    from encoder.ceremony import reveal_share
    from policy.client import Session

    peers = sorted(reveal_share(Session(console.unlocked(), project)).seals)
    names = ", ".join(peers)
    console.result(
        {"peers": peers},
        Words(f"Bagian rahasia disegel untuk {names}.", f"The share is sealed to {names}."),
    )


def confirm(project: ProjectId) -> None:
    """Turunkan kunci proyek dan konfirmasikan / derive the project keys and confirm."""
    from encoder.ceremony import confirm_keys
    from policy.client import Session

    session = Session(console.unlocked(), project)
    confirm_keys(session)
    console.result(
        {"confirmed": session.me.member.id},
        Words("Kunci proyek diturunkan dan dikonfirmasi.", "Project keys derived and confirmed."),
    )
