"""Options of commands that wait for others, and the waiting itself."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated

import typer

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
    typer.Option("--for", min=0, help="Berhenti sesudah sekian detik / stop after so many seconds"),
]


@dataclass
class Watching:
    """How long a command waits: not at all without `on`, else until its time is over."""

    on: bool
    every: float
    seconds: float | None = None
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    _began: float = field(init=False)

    def __post_init__(self) -> None:
        self._began = self.clock()

    def again(self) -> bool:
        """Wait; False if the time is over, or if the person stopped it with Ctrl-C."""
        left = self._left()
        if not self.on or left <= 0:
            return False
        try:
            self.sleep(min(self.every, left))
        except KeyboardInterrupt:
            console.say(
                Words(
                    "Berhenti menunggu. Jalankan perintah yang sama untuk meneruskan.",
                    "Stopped waiting. Give the same command to go on.",
                )
            )
            return False
        return self._left() > 0

    def _left(self) -> float:
        if self.seconds is None:
            return float("inf")
        return self._began + self.seconds - self.clock()
