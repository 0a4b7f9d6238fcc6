"""The command line of approvers, data protection officers and auditors."""

from __future__ import annotations

from policy.cli import (
    accept,
    attributes,
    audit,
    backup,
    carry,
    charter,
    counts,
    duties,
    entry,
    explain,
    give_back,
    go,
    identity,
    init,
    invite,
    leaves,
    measured,
    meeting,
    papers,
    passphrase,
    privacy,
    project,
    projects,
    release,
    retention,
    review,
    roster,
    table,
    ui,
)
from policy.terminal import console
from policy.terminal.commands import application

app = application(
    "padan-policy", "Piagam, persetujuan, log, dan audit / Charter, approvals, log and audit"
)
app.add_typer(identity.app, name="identity")
app.add_typer(roster.app, name="roster")
app.add_typer(passphrase.app, name="passphrase")
measured.register(charter.app)
app.add_typer(charter.app, name="charter")
meeting.register(papers.app)
app.add_typer(papers.app, name="papers")
for commands in (
    init,
    invite,
    accept,
    backup,
    give_back,
    go,
    project,
    projects,
    privacy,
    counts,
    release,
    review,
    explain,
    attributes,
    carry,
    retention,
    audit,
    entry,
    leaves,
    duties,
    table,
    ui,
):
    commands.register(app)


def run() -> None:
    console.run(app)
