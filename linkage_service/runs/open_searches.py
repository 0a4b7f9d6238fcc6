"""The searches under way in this process: two attempts at a run share one, with its files.

An attempt that was cancelled can still be at work when the next one begins. The files of the rows
are deleted when the last of them ends.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from linkage_service.runs.search import RunSearch

_Place = tuple[str, str]


class OpenSearches:
    """Searches by project and run; `make` makes one that is not open yet."""

    def __init__(self, make: Callable[[str, str], RunSearch]) -> None:
        self._make = make
        self._searches: dict[_Place, RunSearch] = {}
        self._users: Counter[_Place] = Counter()
        self._lock = threading.Lock()

    @contextmanager
    def using(self, project_id: str, run: str) -> Iterator[None]:
        """Keep the search of this run, and its files, for the duration of the context."""
        place = (project_id, run)
        with self._lock:
            self._users[place] += 1
        try:
            yield
        finally:
            with self._lock:
                self._users[place] -= 1
                unused = None if self._users[place] else self._searches.pop(place, None)
            if unused is not None:
                unused.close()

    def of(self, project_id: str, run: str) -> RunSearch:
        """The search of a run that is in use."""
        place = (project_id, run)
        with self._lock:
            if place not in self._searches:
                self._searches[place] = self._make(project_id, run)
            return self._searches[place]
