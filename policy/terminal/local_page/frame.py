"""What all pages share: the layout, the language, and the display of errors."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import datetime
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

from policy.base.dates import WIB, at_second, long_moment, short_day
from policy.base.errors import PadanError
from policy.base.words import Language, Words, file_language, number
from policy.charter import Bilingual
from policy.charts.page import helpers as chart_helpers
from policy.terminal.local_page.addresses import address_of, path_in, prefix_of
from policy.terminal.local_page.words import PageWords

LANGUAGE_COOKIE = "padan-lang"
_SHARED = "policy.terminal.local_page"


class PageFrame(ABC):
    """Shows one person's pages and performs their steps.

    Templates are in the page's own room, including `layout.html`, in `more_rooms`, and in this one.
    `parts.html` has the macros that pages are made of, `picture.html` those for charts.
    """

    def __init__(self, room: str, words: PageWords, *more_rooms: str) -> None:
        self._words = words
        rooms = (*more_rooms, room, _SHARED)
        self._templates = Environment(
            loader=ChoiceLoader([PackageLoader(each) for each in rooms]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals.update(chart_helpers())
        self._templates.tests["a"] = lambda block, name: type(block).__name__ == name

    @abstractmethod
    def common(self) -> dict[str, Any]:
        """The values that every template gets.

        `unlocked` says whether the keys are open, `rail` are the steps or sections on top, if this
        person has come in, and `up_next` is the sentence on what is next, if there is one.
        """

    @abstractmethod
    def address(self, name: str) -> str:
        """The address of the page with that name."""

    def language(self, request: Request) -> Language:
        """The language that this browser chose, else that of `--lang`."""
        chosen = request.cookies.get(LANGUAGE_COOKIE)
        if chosen in ("id", "en"):
            return "en" if chosen == "en" else "id"
        return file_language()

    def show(self, request: Request, name: str, status: int = 200, **values: Any) -> Response:
        language = self.language(request)

        def t(indonesian: str | Words | Bilingual, english: str = "") -> str:
            if isinstance(indonesian, str):
                return Words(indonesian, english).in_language(language)
            return Words(indonesian.id, indonesian.en).in_language(language)

        def moment(seconds: int) -> str:
            return long_moment(at_second(seconds)).in_language(language)

        def day(seconds: int) -> str:
            return short_day(at_second(seconds).astimezone(WIB).date()).in_language(language)

        def short(seconds: int) -> str:
            """The day, with its year unless it is this one."""
            written, year = day(seconds), f" {datetime.now(WIB).year}"
            return written.removesuffix(year)

        def n(count: int) -> str:
            return number(count).in_language(language)

        text = self._templates.get_template(f"{name}.html").render(
            t=t,
            n=n,
            told=self._words,
            words=Words,
            moment=moment,
            day=day,
            short=short,
            language=language,
            path=path_in(request),
            root=prefix_of(request),
            here=name,
            **(self.common() | values),
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
        return RedirectResponse(address_of(request, then), 303)

    def refused(self, request: Request, error: PadanError, back: str) -> Response:
        return self.show(request, "error", 409, error=error, back=back)
