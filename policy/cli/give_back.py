"""`padan-policy give-back`: help a service that was restored from a backup to its whole log."""

from __future__ import annotations

import typer

from policy.base.words import Words
from policy.terminal import console
from policy.terminal.arguments import ProjectId
from policy.wire.give_back import give_back as give
from policy.wire.session import Session


def register(app: typer.Typer) -> None:
    app.command()(give_back)


def give_back(project: ProjectId) -> None:
    """Beri layanan bagian log yang hilang darinya / give the service the part of the log it lost.

    Setelah koordinator memulihkan cadangan; aman diulangi / after the coordinator restored a
    backup; safe to repeat.
    """
    given = give(Session(console.unlocked(), project))
    count = given.after - given.before
    if count:
        words = Words(
            f"{count} entri diberikan; log layanan kini {given.after} entri.",
            f"{count} entries given; the service's log now has {given.after} entries.",
        )
    else:
        words = Words(
            f"Layanan tidak kekurangan apa pun: {given.after} entri.",
            f"The service lacks nothing: {given.after} entries.",
        )
    console.result(
        {"project": project, "given": count, "size": given.after, "known": given.known}, words
    )
