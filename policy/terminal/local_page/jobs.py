"""Long work in its own thread; the page asks for its progress."""

from __future__ import annotations

import threading
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, field

from policy.base.errors import PadanError
from policy.base.words import Words

Advance = Callable[[int], None]

_NO_ANSWER = ("service.unreachable", "service.name", "service.gateway")
_BROKEN = Words("Terjadi kesalahan pada program.", "The program made a mistake.")
_TRY_AGAIN = Words(
    "Jalankan lagi; bila berulang, pakai perintah di terminal.",
    "Run it again; if it repeats, use the command in a terminal.",
)


class Cancelled(Exception):
    """The person stopped the work; every step can be repeated."""


@dataclass
class PageJob:
    """One piece of work. `total` is None if it is unknown in advance."""

    step: str
    title: Words
    total: int | None
    done: int = 0
    state: str = "running"  # then done, failed or cancelled
    outcome: Words | None = None
    error: tuple[str, Words, Words] | None = None
    # The work stopped at a question: it continues if the person agrees.
    asks: bool = False
    _stop: threading.Event = field(default_factory=threading.Event, repr=False)
    _thread: threading.Thread | None = field(default=None, repr=False)

    def start(self, work: Callable[[Advance], Words]) -> PageJob:
        self._thread = threading.Thread(target=self._run, args=(work,), daemon=True)
        self._thread.start()
        return self

    def wait(self) -> None:
        """Wait until the work has ended."""
        if self._thread is not None:
            self._thread.join()

    def seen(self) -> PageJob:
        """A snapshot of the job. A page must take it before it reads the job's results.

        Otherwise the page could show old results together with the state "done", and never ask
        again.
        """
        return copy(self)

    @property
    def unreachable(self) -> bool:
        """Whether it failed because the service did not answer."""
        return self.state == "failed" and (self.error or ("",))[0] in _NO_ANSWER

    def cancel(self) -> None:
        self._stop.set()

    def _advance(self, step: int) -> None:
        if self._stop.is_set():
            raise Cancelled
        self.done += step

    def _run(self, work: Callable[[Advance], Words]) -> None:
        try:
            self.outcome = work(self._advance)
            self.state = "done"
        except Cancelled:
            self.state = "cancelled"
        except PadanError as error:
            self.error = error.code, error.problem, error.hint
            self.asks = getattr(error, "confirmable", False)
            self.state = "failed"
        except Exception:
            # A traceback could contain a person's data, so it is dropped.
            self.error = "ui.broken", _BROKEN, _TRY_AGAIN
            self.state = "failed"
