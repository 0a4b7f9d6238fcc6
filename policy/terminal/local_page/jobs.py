"""Long work in a thread of its own; the page asks how far it is."""

from __future__ import annotations

import threading
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, field

from policy.base.errors import PadanError
from policy.base.words import Words

Advance = Callable[[int], None]

_BROKEN = Words("Terjadi kesalahan pada program.", "The program made a mistake.")
_TRY_AGAIN = Words(
    "Jalankan lagi; bila berulang, pakai perintah di terminal.",
    "Run it again; if it repeats, use the command in a terminal.",
)


class Cancelled(Exception):
    """The person stopped the work; every step can be done again."""


@dataclass
class Job:
    """One piece of work. `total` is None where it is not known beforehand."""

    step: str
    title: Words
    total: int | None
    done: int = 0
    state: str = "running"  # then done, failed or cancelled
    outcome: Words | None = None
    error: tuple[str, Words, Words] | None = None
    # The work ended with a question: it goes on if the person says so.
    asks: bool = False
    _stop: threading.Event = field(default_factory=threading.Event, repr=False)
    _thread: threading.Thread | None = field(default=None, repr=False)

    def start(self, work: Callable[[Advance], Words]) -> Job:
        self._thread = threading.Thread(target=self._run, args=(work,), daemon=True)
        self._thread.start()
        return self

    def wait(self) -> None:
        """Until the work has ended."""
        if self._thread is not None:
            self._thread.join()

    def seen(self) -> Job:
        """As it is now. A page asks this before it reads what the work makes: else it could show
        what was there before beside the word that the work is done, and would not ask again."""
        return copy(self)

    @property
    def unreachable(self) -> bool:
        """It ended because nobody answered."""
        return self.state == "failed" and (self.error or ("",))[0] == "service.unreachable"

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
            # A trace could hold a person's data; it goes nowhere.
            self.error = "ui.broken", _BROKEN, _TRY_AGAIN
            self.state = "failed"
