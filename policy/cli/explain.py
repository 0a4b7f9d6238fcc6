"""`padan-policy explain`: the decision on a release, or on a transfer of attributes."""

from __future__ import annotations

import time

import typer

from policy.approval import look_at
from policy.approval.explain import Explanation, explain
from policy.approval.transfers import look_at_transfer
from policy.base.words import Words
from policy.terminal import console
from policy.terminal.arguments import ProjectId, ReleaseId
from policy.wire.session import Session


def register(app: typer.Typer) -> None:
    app.command("explain")(explain_release)


def explain_release(
    project: ProjectId,
    release: ReleaseId,
) -> None:
    """Jelaskan keputusan dan jalan keluarnya / explain a decision and what can be done."""
    session, now = Session(console.unlocked(), project), int(time.time())
    if session.sync().transfer(release).is_requested:
        told = look_at_transfer(session, release, now).explained()
    else:
        told = explain(look_at(session, release, now))
    if console.options.json:
        console.result(told.as_json())
        return
    _print(told)


def _print(told: Explanation) -> None:
    write = console.out.print
    write(str(told.lead), markup=False)
    if told.against:
        write(str(Words("\nYang menghalangi:", "\nWhat blocks it:")), markup=False)
    for each in told.against:
        write(f"\n✗ {each.rule.title}", markup=False, style="bold red")
        if each.found is not None:
            write(f"  {each.found}", markup=False)
        asked_by = Words("Diminta oleh", "Asked for by")
        write(f"  {asked_by}: {each.rule.citation}", markup=False)
        write(f"  → {each.remedy}", markup=False)
    if told.holding:
        write(str(Words("\nYang terpenuhi:", "\nWhat holds:")), markup=False)
        for rule in told.holding:
            write(f"✓ {rule.title} ({rule.citation})", markup=False)
    for stratum in told.measured:
        write(f"\n{stratum.sentence}", markup=False)
