"""What stands beside the steps: the language, the work under way, the end."""

from __future__ import annotations

from collections.abc import Callable
from importlib import resources

from fastapi import Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from encoder.ui.pages.frame import LANGUAGE_COOKIE, Frame


class Controls:
    """Buttons and files of every page."""

    def __init__(self, frame: Frame, stop: Callable[[], None]) -> None:
        self._frame, self._officer, self._stop = frame, frame.officer, stop

    def language(self, language: str, back: str = "/") -> Response:
        safe = back if back.startswith("/") and not back.startswith("//") else "/"
        response = RedirectResponse(safe, 303)
        chosen = "en" if language == "en" else "id"
        response.set_cookie(LANGUAGE_COOKIE, chosen, httponly=True, samesite="strict")
        return response

    def job(self, request: Request) -> Response:
        job = self._officer.job
        if job is None:
            return JSONResponse({"state": "none"})
        return JSONResponse({"state": job.state, "done": job.done, "total": job.total})

    def cancel(self) -> Response:
        if self._officer.job is not None:
            self._officer.job.cancel()
        return RedirectResponse("/", 303)

    def stop(self, request: Request) -> Response:
        self._stop()
        return self._frame.show(request, "stopped")

    def static(self, name: str) -> Response:
        kinds = {"page.css": "text/css", "page.js": "text/javascript"}
        if name not in kinds:
            return Response(status_code=404)
        content = (resources.files("encoder.ui") / "static" / name).read_bytes()
        return Response(content, media_type=kinds[name])
