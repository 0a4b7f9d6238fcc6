"""Turns the signals that end a command into exceptions, so that temporary files are removed.

Between creating a temporary file and registering its removal, an exception would leave the file
behind. `not_now` delays a signal until that moment is over.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType


class Stopped(SystemExit):
    """A signal asked the command to end."""

    def __init__(self, number: int) -> None:
        super().__init__(128 + number)
        self.number = number

    def end(self) -> None:
        """End by the signal itself, so that its sender sees that it worked."""
        signal.signal(self.number, signal.SIG_DFL)
        signal.raise_signal(self.number)


@dataclass
class _Waiting:
    sections: int = 0
    number: int | None = None


_waiting = _Waiting()


def end_on_signals() -> None:
    """SIGTERM and SIGHUP raise `Stopped`; Ctrl-C still raises KeyboardInterrupt.

    Signals that the caller ignores stay ignored.
    """
    usual = (signal.SIG_DFL, signal.default_int_handler)
    for name in ("SIGTERM", "SIGHUP", "SIGINT"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) in usual:
            signal.signal(number, _stop)


@contextmanager
def not_now() -> Iterator[None]:
    """Delays signals to the end of the block. Only the main thread receives signals."""
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
    signal.signal(number, signal.SIG_DFL)  # a second signal ends the command at once
    return Stopped(number)
