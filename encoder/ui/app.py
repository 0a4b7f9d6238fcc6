"""The page as a server on loopback."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import Response

from encoder.ui.access import Access
from encoder.ui.officer import Officer
from encoder.ui.routes import routes

IDLE_SECONDS = 3600.0
_CHECK_SECONDS = 15.0


def create_app(officer: Officer, access: Access, stop: Callable[[], None]) -> FastAPI:
    """The page of one officer; `stop` ends the server."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.include_router(routes(officer, stop))
    app.middleware("http")(access)
    return app


class LocalServer:
    """Serves the page until it is stopped, or nobody has asked for anything in an hour."""

    def __init__(self, officer: Officer, port: int = 0) -> None:
        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", port))
        self.access = Access(self._socket.getsockname()[1])
        self._officer = officer
        self._asked = time.monotonic()
        app = create_app(officer, self.access, self.stop)

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
            working = self._officer.job is not None and self._officer.job.state == "running"
            if not working and time.monotonic() - self._asked > IDLE_SECONDS:
                self.stop()
