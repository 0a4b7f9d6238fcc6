"""What all pages have in common: the steps, the language, and how an error is shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, PackageLoader, StrictUndefined

from encoder.ui.jobs import Advance
from encoder.ui.officer import Officer
from policy.errors import PadanError
from policy.words import Language, Words

LANGUAGE_COOKIE = "padan-lang"
STEPS: tuple[tuple[str, Words], ...] = (
    ("project", Words("Proyek", "Project")),
    ("file", Words("Berkas", "File")),
    ("columns", Words("Kolom", "Columns")),
    ("quality", Words("Mutu", "Quality")),
    ("prepare", Words("Siapkan", "Prepare")),
    ("keys", Words("Kunci", "Keys")),
    ("encode", Words("Sandikan", "Encode")),
    ("upload", Words("Kirim", "Upload")),
    ("status", Words("Keadaan", "Status")),
    ("results", Words("Hasil", "Results")),
)


class Frame:
    """Shows one officer's pages, and takes their steps."""

    def __init__(self, officer: Officer) -> None:
        self.officer = officer
        self._templates = Environment(
            loader=PackageLoader("encoder.ui"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def show(self, request: Request, name: str, status: int = 200, **values: Any) -> Response:
        language: Language = "en" if request.cookies.get(LANGUAGE_COOKIE) == "en" else "id"
        officer = self.officer

        def t(indonesian: str | Words, english: str = "") -> str:
            words = indonesian if isinstance(indonesian, Words) else Words(indonesian, english)
            return words.in_language(language)

        text = self._templates.get_template(f"{name}.html").render(
            t=t,
            language=language,
            path=request.url.path,
            officer=officer,
            steps=STEPS,
            here=name,
            error=values.pop("error", None),
            **values,
        )
        return HTMLResponse(text, status)

    def guarded(
        self, request: Request, name: str, values: Callable[[], dict[str, Any]]
    ) -> Response:
        """A page whose facts may be missing: then the reason stands on it."""
        try:
            return self.show(request, name, **values())
        except PadanError as error:
            return self.show(request, "error", 409, error=error, step=name)

    def do(self, request: Request, name: str, act: Callable[[], None], then: str) -> Response:
        """Take a step and go on; if it is refused, the reason stands on the page."""
        try:
            act()
        except PadanError as error:
            return self.show(request, "error", 409, error=error, step=name)
        return RedirectResponse(then, 303)

    def start(
        self,
        request: Request,
        step: str,
        title: Words,
        total: int | None,
        work: Callable[[Advance], Words],
    ) -> Response:
        """Begin work that takes long; its step's page shows how far it is."""
        return self.do(
            request, step, lambda: self.officer.work(step, title, total, work), f"/step/{step}"
        )
