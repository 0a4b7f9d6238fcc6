"""Asking a person at the terminal; scripts answer with --yes."""

from __future__ import annotations

import sys
from typing import Annotated

import typer
from rich.progress import Progress

from encoder.steps.consent import Accept, NeedsConsent, refuse
from policy.base.words import Words
from policy.terminal import console

Yes = Annotated[bool, typer.Option("--yes", help="Lanjutkan tanpa bertanya / go on without asking")]


def asking(bar: Progress, *, yes: bool) -> Accept:
    """How this command asks: only at a terminal. With --yes each doubt is said, and not asked."""
    if yes:
        return lambda doubt: console.say(doubt.problem)
    if console.options.json or not sys.stdin.isatty():
        return refuse

    def ask(doubt: NeedsConsent) -> None:
        bar.stop()
        console.say(doubt.problem)
        if not typer.confirm(str(Words("Lanjutkan?", "Go on?")), err=True):
            raise doubt

    return ask
