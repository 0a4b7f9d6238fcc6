"""Options of commands that wait for others, and the waiting itself."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated

import typer

from policy.base.errors import NotYet, Unreachable
from policy.base.words import Words
from policy.terminal import console

Watch = Annotated[
    bool, typer.Option("--watch", help="Tunggu yang lain dan teruskan / wait for others and go on")
]
Every = Annotated[
    float,
    typer.Option(min=0.01, max=86_400, help="Detik di antara dua kali / seconds between two looks"),
]
For = Annotated[
    float | None,
    typer.Option(
        "--for", min=0, help="Berhenti sesudah sekian detik / stop after this number of seconds"
    ),
]

_STOPPED = Words(
    "Berhenti. Jalankan perintah yang sama untuk meneruskan.",
    "Stopped. Give the same command to go on.",
)


@dataclass
class Watching:
    """How long a command waits: not at all without `on`, else until its time is over."""

    on: bool
    every: float
    seconds: float | None = None
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    _began: float = field(init=False)
    _told: Words | None = None

    def __post_init__(self) -> None:
        self._began = self.clock()

    def repeat(self, take_turns: Callable[[], bool]) -> None:
        """Call `take_turns` until it says that no step is missing, or the time is over.

        While it watches, a step that others must take first and an unreachable service are
        reported and waited for; raises any other error. Ctrl-C ends with exit code 0 between two
        rounds, with 130 within one.
        """
        try:
            while not self._taken(take_turns):
                if not self._again():
                    return
        except KeyboardInterrupt:
            console.say(_STOPPED)
            raise typer.Exit(130) from None

    def _taken(self, take_turns: Callable[[], bool]) -> bool:
        try:
            return take_turns()
        except (NotYet, Unreachable) as error:
            if not self.on or getattr(error, "for_this_person", False):
                raise
            if error.problem != self._told:
                console.report(error, waits=isinstance(error, NotYet))
            self._told = error.problem
            return False

    def _again(self) -> bool:
        """Wait; False if the time is over, or if the person stopped it."""
        left = self._left()
        if not self.on or left <= 0:
            return False
        try:
            self.sleep(min(self.every, left))
        except KeyboardInterrupt:
            console.say(_STOPPED)
            return False
        return self._left() > 0

    def _left(self) -> float:
        if self.seconds is None:
            return float("inf")
        return self._began + self.seconds - self.clock()
