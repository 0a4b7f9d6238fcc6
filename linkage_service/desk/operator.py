"""The service and the coordinator's steps, kept going by threads while a page is open."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from linkage_service import logs
from linkage_service.api.problems import broken
from linkage_service.desk.serving import Serving, require_service
from linkage_service.desk.turns import TurnTaken, turns_taken
from policy.base.addresses import is_for_others
from policy.base.errors import NotYet, PadanError, Unreachable
from policy.formats.http_api import PROJECTS, RunState
from policy.joining.folder import inviting_folders
from policy.members.home import Unlocked
from policy.wire.session import Session

if TYPE_CHECKING:
    from linkage_service.settings import Settings

PORT = 8321
_LOOK_SECONDS = 2.0
_MOST_TOLD = 12


@dataclass
class ServiceOperator:
    """One operator's service. `settings` makes them from the address that others use.

    `told` are the last steps that were taken, `failed` why the service or a step stopped.
    """

    settings: Callable[[Unlocked, str], Settings]
    serving: Serving | None = None
    told: deque[TurnTaken] = field(default_factory=lambda: deque(maxlen=_MOST_TOLD))
    failed: PadanError | None = None
    run: RunState | None = None
    _begun: dict[str, set[str]] = field(default_factory=dict, repr=False)  # runs by project
    _starting: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def address(self, me: Unlocked) -> str:
        """The service's address as others reach it: the pinned one, else of the newest invites."""
        if me.home.has_joined:
            return me.home.service().url
        plans = [each.plan() for each in inviting_folders(me.home)]
        known = [each.url for each in plans if each is not None]
        return known[-1] if known else f"http://127.0.0.1:{PORT}"

    def start(self, me: Unlocked) -> None:
        """Serve on this machine alone, until `stop`; harmless while it serves."""
        require_service(me)
        with self._starting:
            if self.serves:
                return
            url = self.address(me)
            public, port = _public_and_port(url)
            self.failed, self.told = None, deque(maxlen=_MOST_TOLD)
            self.serving = Serving(me, self.settings(me, public), "127.0.0.1", port)
            threading.Thread(target=self._serve, args=(self.serving,), name="service").start()
            threading.Thread(
                target=self._take_turns, args=(self.serving,), name="turns", daemon=True
            ).start()

    def stop(self) -> None:
        if self.serving is not None:
            self.serving.stop()
            self.serving.ended.wait()

    @property
    def serves(self) -> bool:
        return self.serving is not None and not self.serving.ended.is_set()

    @property
    def state(self) -> str:
        """For the page: `stopped`, `receiving` people, or `serving` projects."""
        if not self.serves or self.serving is None:
            return "stopped"
        return "serving" if self.serving.ready.is_set() else "receiving"

    def _serve(self, serving: Serving) -> None:
        try:
            serving.run()
        except PadanError as error:
            self.failed = error
        except Exception as error:  # a full disk, a database that is gone: the page tells it
            logs.failed("service.ended", error)
            self.failed = broken()

    def _take_turns(self, serving: Serving) -> None:
        """Look every moment for a step that is the coordinator's, in every project.

        An answer that the service refuses is told until it answers again.
        """
        refused: PadanError | None = None
        if not serving.is_ready():
            return
        while not serving.ended.wait(_LOOK_SECONDS):
            try:
                self._round(serving.me)
            except Unreachable:  # it is only starting, or stopping
                pass
            except PadanError as error:
                self.failed = refused = error
            else:
                if self.failed is refused:
                    self.failed = refused = None

    def _round(self, me: Unlocked) -> None:
        for project in PROJECTS.validate_json(Session(me, "").get("/projects")):
            try:
                begun = self._begun.setdefault(project, set())
                for taken in turns_taken(Session(me, project), self._progress, begun):
                    self.failed = self.run = None
                    self.told.append(taken)
            except NotYet:
                pass
            except Unreachable:
                raise
            except PadanError as error:
                self.failed = error

    def _progress(self, state: RunState) -> None:
        self.run = state


def _public_and_port(url: str) -> tuple[str, int]:
    """The public address, empty for one of this machine alone, and the port to listen on."""
    if is_for_others(url):
        return url, PORT
    return "", urlsplit(url).port or PORT
