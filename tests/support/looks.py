"""What a page must be for everybody: clean for axe, fit for a phone, printed without controls.

Axe looks at a page in one of two languages, in light colours on a screen or in dark ones on a
phone: which of them differs from page to page. With PADAN_REQUIRE_ALL in the environment, as in CI,
it looks at the page in both languages, and in the other one in the other colours and width; with
PADAN_LOOK_AT_ALL in all eight combinations. That a page fits is measured in every case.

PADAN_SCREENSHOTS=folder keeps a picture of every page that is looked at, in each colour and width,
in the order in which the tests come to the pages.
"""

from __future__ import annotations

import os
import re
import zlib
from functools import cache
from importlib import resources
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

PHONE, SCREEN, SHEET, SCREENFUL = 390, 1280, 680, 844
LIGHT_SCREEN, DARK_PHONE = ("light", SCREEN), ("dark", PHONE)
ALL = (LIGHT_SCREEN, DARK_PHONE, ("dark", SCREEN), ("light", PHONE))
_looked_at = count(1)
_RUN = """() => axe.run(document, {resultTypes: ["violations"]}).then(
  found => found.violations.flatMap(v => v.nodes.map(n => {
    const why = n.failureSummary.split("\\n").slice(1, 2).join(" ").trim();
    return `${v.id}: ${n.target.join(" ")} | ${why}`;
  })))"""
# Axe leaves out the texts of drawings; those on bars and tiles have tests of their own.
_FAINT = """() => {
  const rgb = c => (c.match(/[\\d.]+/g) || []).map(Number);
  const light = c => { const f = rgb(c).slice(0, 3).map(v => { v /= 255;
    return v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; });
    return .2126 * f[0] + .7152 * f[1] + .0722 * f[2]; };
  const ground = e => { for (; e; e = e.parentElement) {
    const c = getComputedStyle(e).backgroundColor;
    if (rgb(c)[3] !== 0) return c; } return "rgb(255, 255, 255)"; };
  const ratio = (a, b) => { const [x, y] = [light(a), light(b)].sort((m, n) => n - m);
    return (x + .05) / (y + .05); };
  return [...document.querySelectorAll("svg text:not(.inside):not([class*=step-])")]
    .filter(t => t.checkVisibility() && !t.closest("g"))
    .filter(t => ratio(getComputedStyle(t).fill, ground(t.closest("svg"))) < 4.5)
    .map(t => `faint drawing: ${t.textContent}`);
}"""
_CONTROLS = """[...document.querySelectorAll(
  "button, form, input, select, nav.steps, .languages, .strip")]
  .filter(e => e.checkVisibility()).map(e => e.outerHTML.slice(0, 80))"""
_FOCUS_SHOWS = """(() => {
  const e = document.activeElement, s = getComputedStyle(e);
  return e === document.body || (s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2);
})()"""


@cache
def _axe() -> str:
    return (resources.files("axe_playwright_python") / "axe.min.js").read_text("utf-8")


def violations(page: Any) -> list[str]:
    """What axe finds on the page as it is now (rule, element and reason), and faint drawings."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(_axe())
    found: list[str] = [*page.evaluate(_RUN), *page.evaluate(_FAINT)]
    return found


def combinations(page: Any, language: str) -> tuple[tuple[str, int], ...]:
    """The colours and widths in which axe looks at this page in this language."""
    if "PADAN_LOOK_AT_ALL" in os.environ:
        return ALL
    name = re.sub(r"\.(id|en)\.", ".", urlsplit(page.url).path.rsplit("/", 1)[-1])
    drawn, english = zlib.crc32(name.encode()), language == "en"
    if "PADAN_REQUIRE_ALL" not in os.environ and bool(drawn & 2) != english:
        return ()
    return (LIGHT_SCREEN,) if bool(drawn & 1) == english else (DARK_PHONE,)


def looks_right(page: Any, language: str, *, screens: float = 5, prints: bool = True) -> None:
    """Look at the page that is open, whose language that is; restores the window afterwards.

    `screens` is its most length on a phone, in screens.
    """
    before, where = page.viewport_size, page.url
    assert page.evaluate("document.documentElement.lang") == language, where
    for colours, width in combinations(page, language):
        page.set_viewport_size({"width": width, "height": SCREENFUL})
        page.emulate_media(color_scheme=colours)
        assert violations(page) == [], (where, colours, width)
    for width in (SCREEN, PHONE):
        page.set_viewport_size({"width": width, "height": SCREENFUL})
        _fits(page, width)
    height = page.evaluate("document.documentElement.scrollHeight")
    assert height < screens * SCREENFUL, (where, height)
    if prints:
        page.emulate_media(media="print", color_scheme="light")
        page.set_viewport_size({"width": SHEET, "height": SCREENFUL})
        assert page.evaluate(_CONTROLS) == [], where
        _fits(page, SHEET)
    keep_pictures(page, language)
    page.emulate_media(media="screen", color_scheme="light")
    page.set_viewport_size(before)


def keep_pictures(page: Any, language: str) -> None:
    """The whole page in each colour and width, if somebody wants to see it."""
    if "PADAN_SCREENSHOTS" not in os.environ:
        return
    folder = Path(os.environ["PADAN_SCREENSHOTS"]) / "pages"
    folder.mkdir(parents=True, exist_ok=True)
    place = re.sub(r"[^a-z0-9]+", "-", urlsplit(page.url).path.lower()[-60:]).strip("-")
    stem = f"{next(_looked_at):03}-{place or 'start'}-{language}"
    page.wait_for_load_state("load")
    for colours, width in ALL:
        page.emulate_media(media="screen", color_scheme=colours)
        page.set_viewport_size({"width": width, "height": SCREENFUL})
        page.screenshot(path=str(folder / f"{stem}-{width}-{colours}.png"), full_page=True)


def for_everybody(screen: Any, name: str, *, screens: float = 5) -> None:
    """The open page of this window in both languages, where all have names; with
    PADAN_SCREENSHOTS also as pictures, on a phone in dark colours too."""
    page = screen.page
    path = page.url.split(screen.server.access.host)[1]
    for language in ("en", "id"):
        screen.go(f"/language/{language}?back={path}")
        page.wait_for_load_state("load")
        looks_right(page, language, screens=screens)
        for width, colours in ((SCREEN, "light"), (PHONE, "light"), (PHONE, "dark")):
            page.emulate_media(color_scheme=colours)
            page.set_viewport_size({"width": width, "height": 900})
            screen.picture(f"{name}-{language}-{width}-{colours}")
        page.emulate_media(color_scheme="light")
        page.set_viewport_size({"width": SCREEN, "height": 900})
    assert screen.unnamed() == []


def _fits(page: Any, width: int) -> None:
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= width, (page.url, width, wide)


def unseen_focus(page: Any, presses: int) -> list[str]:
    """Go through the page by the key Tab; what has the focus and does not show it."""
    hidden = []
    for _ in range(presses):
        page.keyboard.press("Tab")
        shown = page.evaluate(_FOCUS_SHOWS)
        if not shown:
            hidden.append(page.evaluate("document.activeElement.outerHTML.slice(0, 120)"))
    return hidden
