"""Parts of every page: the language, the running job, the stop button."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import resources
from typing import Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from policy.charts.page import drawing_style
from policy.terminal.local_page.access import STOP
from policy.terminal.local_page.addresses import address_of, cookie_path
from policy.terminal.local_page.frame import LANGUAGE_COOKIE, PageFrame
from policy.terminal.local_page.jobs import PageJob

# The style is sent as one file; that of the charts comes from their room.
_STYLES = ("tokens.css", "page.css", "parts.css")
_LAST_STYLE = "print.css"

Table = tuple[tuple[str, str, Callable[..., Any]], ...]


def router_of(table: Table, guard: Callable[[], None] | None = None) -> APIRouter:
    """The routes of a table. `guard` raises before any of them answers."""
    router = APIRouter(dependencies=[Depends(guard)] if guard else [])
    for method, path, endpoint in table:
        router.add_api_route(
            path, endpoint, methods=[method], response_model=None, include_in_schema=False
        )
    return router


class Controls:
    """The buttons and static files of every page. `job` returns the running job, if any."""

    def __init__(
        self, frame: PageFrame, stop: Callable[[], None], job: Callable[[], PageJob | None]
    ) -> None:
        self._frame, self._stop, self._job = frame, stop, job

    @property
    def table(self) -> Table:
        return (
            ("GET", "/language/{language}", self.language),
            ("GET", "/job", self.job),
            ("POST", "/job/cancel", self.cancel),
            ("POST", STOP, self.stop),
            ("GET", "/static/{name}", self.static),
        )

    @property
    def strays(self) -> Table:
        """After all other addresses: those that no page has."""
        return (("GET", "/{path:path}", self.lost),)

    def lost(self, request: Request) -> Response:
        return self._frame.show(request, "lost", 404)

    def language(self, request: Request, language: str, back: str = "/") -> Response:
        safe = back if back.startswith("/") and not back.startswith("//") else "/"
        response = RedirectResponse(address_of(request, safe), 303)
        chosen = "en" if language == "en" else "id"
        path = cookie_path(request)
        response.set_cookie(LANGUAGE_COOKIE, chosen, httponly=True, samesite="strict", path=path)
        return response

    def job(self) -> Response:
        job = self._job()
        if job is None:
            return JSONResponse({"state": "none"})
        return JSONResponse({"state": job.state, "done": job.done, "total": job.total})

    def cancel(self) -> Response:
        job = self._job()
        if job is not None:
            job.cancel()
        return RedirectResponse("/", 303)

    def stop(self, request: Request) -> Response:
        self._stop()
        return self._frame.show(request, "stopped", style=_style())

    def static(self, name: str) -> Response:
        if name == "page.css":
            return Response(_style(), media_type="text/css")
        if name == "page.js":
            return Response(_static(name), media_type="text/javascript")
        return Response(status_code=404)


@cache
def _style() -> str:
    parts = [*map(_static, _STYLES), drawing_style(), _static(_LAST_STYLE)]
    return "\n".join(parts)


def _static(name: str) -> str:
    return (resources.files("policy.terminal.local_page") / "static" / name).read_text("utf-8")
