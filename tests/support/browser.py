"""A local page served from a thread, and a real browser before it.

PADAN_SCREENSHOTS=folder keeps the pictures.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2

from policy.terminal.local_page.server import LocalServer

TIMEOUT = int(os.environ.get("PADAN_BROWSER_TIMEOUT", "180000"))


@contextmanager
def served(server: LocalServer) -> Iterator[LocalServer]:
    """Its socket listens since it was made: who comes before it serves waits in line."""
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.stop()
        thread.join(timeout=20)


def visitor() -> httpx2.Client:
    """Asks pages without a browser, and lets them take their time."""
    return httpx2.Client(timeout=TIMEOUT / 1000)


def pictures_in(folder: Path) -> Path:
    chosen = Path(os.environ.get("PADAN_SCREENSHOTS", folder))
    chosen.mkdir(parents=True, exist_ok=True)
    return chosen


@dataclass
class Window:
    """One page of a browser; `requests` are the addresses that it asked for."""

    page: Any
    server: LocalServer
    pictures: Path
    requests: list[str] = field(default_factory=list)

    def press(self, text: str) -> None:
        self.page.get_by_role("button", name=text, exact=True).click()

    def follow(self, text: str) -> None:
        self.page.get_by_role("link", name=text).first.click()

    def go(self, path: str) -> None:
        """Open this page; one that reloads itself at that moment aborts it once."""
        address = f"http://{self.server.access.host}{path}"
        try:
            self.page.goto(address)
        except Exception as error:
            if "ERR_ABORTED" not in str(error):
                raise
            self.page.goto(address)

    def sees(self, text: str) -> None:
        """Wait for the text, and for the page's style: a text can be there before it."""
        self.page.get_by_text(text, exact=False).first.wait_for(timeout=TIMEOUT)
        self.page.wait_for_load_state("load")

    def picture(self, name: str) -> None:
        """A picture of the whole page, if somebody wants to see it."""
        if "PADAN_SCREENSHOTS" not in os.environ:
            return
        self.page.wait_for_load_state("load")
        self.page.screenshot(path=str(self.pictures / f"{name}.png"), full_page=True)

    def overflowing(self) -> list[str]:
        """What one would have to scroll sideways to see."""
        self.page.wait_for_load_state("load")
        found: list[str] = self.page.evaluate(
            """[...document.querySelectorAll("main *")]
               .filter(e => e.getBoundingClientRect().right > document.documentElement.clientWidth)
               .map(e => `${e.tagName} ${e.className} ${e.textContent.slice(0, 30)}`)"""
        )
        return found

    def scrolls_sideways(self) -> bool:
        """Whether the page itself is wider than its window."""
        self.page.wait_for_load_state("load")
        wider: bool = self.page.evaluate(
            "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        )
        return wider

    def unnamed(self) -> list[str]:
        """Controls that a screen reader could not name, of those that are not folded."""
        found: list[str] = self.page.evaluate(
            """[...document.querySelectorAll("input:not([type=hidden]),select,button,a")]
               .filter(e => e.checkVisibility())
               .filter(e => !(e.labels?.length || e.innerText || e.ariaLabel))
               .map(e => e.outerHTML)"""
        )
        return found


@contextmanager
def window(
    browser: Any, server: LocalServer, folder: Path, width: int = 1280, **more: Any
) -> Iterator[Window]:
    """A browser of one person; `more` are options of its context."""
    context = browser.new_context(viewport={"width": width, "height": 900}, **more)
    page = context.new_page()
    page.set_default_timeout(TIMEOUT)
    opened = Window(page, server, pictures_in(folder))
    page.on("request", lambda request: opened.requests.append(request.url))
    try:
        yield opened
    finally:
        context.close()
