"""The page as a server on loopback."""

from __future__ import annotations

import threading
import time
import webbrowser
from collections.abc import Callable

import uvicorn
from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import Response

from policy.base.words import Words
from policy.terminal import console
from policy.terminal.local_page.access import Access
from policy.terminal.ports import listening

IDLE_SECONDS = 3600.0
_CHECK_SECONDS = 15.0

Stop = Callable[[], None]


class LocalServer:
    """Serves the page until it is stopped, or until it gets no request for an hour.

    `routes` receives the function that stops the server. `working` says whether a job is running,
    so that the server does not stop. `styled` are the addresses of pages with inline style.
    """

    def __init__(
        self,
        routes: Callable[[Stop], APIRouter],
        working: Callable[[], bool],
        port: int = 0,
        styled: frozenset[str] = frozenset(),
    ) -> None:
        # The socket listens at once, so that a browser that is faster than the server waits.
        self._socket = listening("127.0.0.1", port)
        self.access = Access(self._socket.getsockname()[1], styled)
        self._working = working
        self._asked = time.monotonic()
        app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
        app.include_router(routes(self.stop))
        app.middleware("http")(self.access)

        @app.middleware("http")
        async def remember(request: Request, proceed: Callable[[Request], object]) -> Response:
            self._asked = time.monotonic()
            return await proceed(request)  # type: ignore[misc, no-any-return]

        config = uvicorn.Config(app, log_level="error", access_log=False, server_header=False)
        self._server = uvicorn.Server(config)

    def run(self) -> None:
        threading.Thread(target=self._stop_when_idle, daemon=True).start()
        self._server.run(sockets=[self._socket])

    def stop(self) -> None:
        self._server.should_exit = True

    def _stop_when_idle(self) -> None:
        while not self._server.should_exit:
            time.sleep(_CHECK_SECONDS)
            if not self._working() and time.monotonic() - self._asked > IDLE_SECONDS:
                self.stop()


def serve(server: LocalServer, *, browser: bool) -> None:
    """Print the address, open it if asked to, and serve until the end."""
    address = server.access.address
    console.result(
        {"address": address},
        Words(
            f"Buka {address}\nHanya komputer ini yang dapat membukanya. Ctrl-C untuk berhenti.",
            f"Open {address}\nOnly this computer can open it. Ctrl-C stops it.",
        ),
    )
    if browser:
        webbrowser.open(address)
    server.run()
