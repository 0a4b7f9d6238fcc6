"""The last look at a service, so that anybody may ask often and nobody makes it work."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from linkage_service.readiness.checks import PartCheck

FRESH_SECONDS = 10.0


@dataclass
class Lately:
    """Looks at most once in `FRESH_SECONDS`; who asks during a look gets the one before."""

    look: Callable[[], list[PartCheck]]
    _found: list[PartCheck] = field(default_factory=list)
    _until: float = 0.0
    _looking: threading.Lock = field(default_factory=threading.Lock)

    def checks(self) -> list[PartCheck]:
        if time.monotonic() >= self._until and self._looking.acquire(blocking=not self._found):
            try:
                if time.monotonic() >= self._until:
                    self._found = self.look()
                    self._until = time.monotonic() + FRESH_SECONDS
            finally:
                self._looking.release()
        return self._found
