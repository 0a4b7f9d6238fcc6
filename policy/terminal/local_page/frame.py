"""What all pages share: the layout, the language, and the display of errors."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

from policy.base.dates import at_second, long_moment
from policy.base.errors import PadanError
from policy.base.words import Language, Words, number
from policy.charter import Bilingual
from policy.terminal.local_page.words import PageWords

LANGUAGE_COOKIE = "padan-lang"
_SHARED = "policy.terminal.local_page"


class PageFrame(ABC):
    """Shows one person's pages and performs their steps.

    Templates are in the page's own room, including `layout.html`, and in this room.
    """

    def __init__(self, room: str, words: PageWords) -> None:
        self._words = words
        self._templates = Environment(
            loader=ChoiceLoader([PackageLoader(room), PackageLoader(_SHARED)]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    @abstractmethod
    def common(self) -> dict[str, Any]:
        """The values that every template gets; `unlocked` says whether the keys are open."""

    @abstractmethod
    def address(self, name: str) -> str:
        """The address of the page with that name."""

    def show(self, request: Request, name: str, status: int = 200, **values: Any) -> Response:
        language: Language = "en" if request.cookies.get(LANGUAGE_COOKIE) == "en" else "id"

        def t(indonesian: str | Words | Bilingual, english: str = "") -> str:
            if isinstance(indonesian, str):
                return Words(indonesian, english).in_language(language)
            return Words(indonesian.id, indonesian.en).in_language(language)

        def moment(seconds: int) -> str:
            return long_moment(at_second(seconds)).in_language(language)

        def n(count: int) -> str:
            return number(count).in_language(language)

        text = self._templates.get_template(f"{name}.html").render(
            t=t,
            n=n,
            told=self._words,
            moment=moment,
            language=language,
            path=request.url.path,
            here=name,
            **self.common(),
            **values,
        )
        return HTMLResponse(text, status)

    def guarded(
        self, request: Request, name: str, values: Callable[[], dict[str, Any]]
    ) -> Response:
        """A page whose facts may be missing: it then shows the reason."""
        try:
            return self.show(request, name, **values())
        except PadanError as error:
            return self.refused(request, error, self.address(name))

    def do(self, request: Request, name: str, act: Callable[[], None], then: str) -> Response:
        """Take a step and go on to `then`; if the step is refused, the page shows the reason."""
        try:
            act()
        except PadanError as error:
            return self.refused(request, error, self.address(name))
        return RedirectResponse(then, 303)

    def refused(self, request: Request, error: PadanError, back: str) -> Response:
        return self.show(request, "error", 409, error=error, back=back)
