"""`padan-encoder commit|reveal|confirm`: the key ceremony, step by step."""

from __future__ import annotations

import typer

from policy.base.words import Words
from policy.terminal import console
from policy.terminal.arguments import ProjectId


def register(app: typer.Typer) -> None:
    for command in (commit, reveal, confirm):
        app.command()(command)


def commit(project: ProjectId) -> None:
    """Kunci bagian rahasia dan akar pegangan / commit the share and the handle roots."""
    from encoder.steps.agree_keys import commit_share
    from policy.wire.session import Session

    session = Session(console.unlocked(), project)
    datasets = commit_share(session).datasets
    names = ", ".join(datasets)
    console.step_result(
        {"datasets": {name: c.model_dump() for name, c in datasets.items()}},
        Words(f"Komitmen tercatat untuk {names}.", f"Commitment is in the log for {names}."),
        session.repeated,
    )


def reveal(project: ProjectId) -> None:
    """Segel bagian rahasia untuk setiap pihak lain / seal the share for every other party."""
    from encoder.steps.agree_keys import reveal_share
    from policy.wire.session import Session

    session = Session(console.unlocked(), project)
    peers = sorted(reveal_share(session).seals)
    names = ", ".join(peers)
    console.step_result(
        {"peers": peers},
        Words(f"Bagian rahasia disegel untuk {names}.", f"The share is sealed to {names}."),
        session.repeated,
    )


def confirm(project: ProjectId) -> None:
    """Turunkan kunci proyek dan konfirmasikan / derive the project keys and confirm."""
    from encoder.steps.agree_keys import confirm_keys
    from policy.wire.session import Session

    session = Session(console.unlocked(), project)
    confirm_keys(session)
    console.step_result(
        {"confirmed": session.me.member.id},
        Words("Kunci proyek diturunkan dan dikonfirmasi.", "Project keys derived and confirmed."),
        session.repeated,
    )
