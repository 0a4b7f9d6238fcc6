"""Signals that are meant to end a command arrive as exceptions, so that temporary files go.

Between making a temporary file and being bound to remove it there is a moment in which an
exception would leave it behind: `not_now` lets a signal wait until that moment is over.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType


class Stopped(SystemExit):
    """A signal asked for the end."""

    def __init__(self, number: int) -> None:
        super().__init__(128 + number)
        self.number = number

    def end(self) -> None:
        """End by the signal itself, so that its sender sees that it was followed."""
        signal.signal(self.number, signal.SIG_DFL)
        signal.raise_signal(self.number)


@dataclass
class _Waiting:
    sections: int = 0
    number: int | None = None


_waiting = _Waiting()


def end_on_signals() -> None:
    """SIGTERM and SIGHUP raise `Stopped`, Ctrl-C raises KeyboardInterrupt as ever.

    What the caller ignores stays ignored.
    """
    usual = (signal.SIG_DFL, signal.default_int_handler)
    for name in ("SIGTERM", "SIGHUP", "SIGINT"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) in usual:
            signal.signal(number, _stop)


@contextmanager
def not_now() -> Iterator[None]:
    """A signal that comes meanwhile is followed at the end. Signals reach the main thread alone."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    _waiting.sections += 1
    try:
        yield
    finally:
        _waiting.sections -= 1
        if not _waiting.sections and _waiting.number is not None:
            number, _waiting.number = _waiting.number, None
            raise _ending(number)


def _stop(number: int, frame: FrameType | None) -> None:
    if _waiting.sections:
        _waiting.number = number
        return
    raise _ending(number)


def _ending(number: int) -> BaseException:
    if number == signal.SIGINT:
        return KeyboardInterrupt()
    signal.signal(number, signal.SIG_DFL)  # a second one ends at once
    return Stopped(number)
