"""What a page must be for everybody: clean for axe, fit for a phone, printed without controls.

Each page is looked at in four of the eight combinations of colours, width and language, chosen so
that every pair of them occurs.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any

PHONE, SCREEN, SHEET, SCREENFUL = 390, 1280, 680, 844
# By language: the colours and widths in which a page is looked at.
COMBINATIONS = {
    "id": (("light", SCREEN), ("dark", PHONE)),
    "en": (("dark", SCREEN), ("light", PHONE)),
}
_RUN = """() => axe.run(document, {resultTypes: ["violations"]}).then(
  found => found.violations.flatMap(v => v.nodes.map(n => {
    const why = n.failureSummary.split("\\n").slice(1, 2).join(" ").trim();
    return `${v.id}: ${n.target.join(" ")} | ${why}`;
  })))"""
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
    """What axe finds on the page as it is now: rule, element and reason."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(_axe())
    found: list[str] = page.evaluate(_RUN)
    return found


def looks_right(page: Any, language: str, *, screens: float = 5, prints: bool = True) -> None:
    """Look at the page that is open, whose language that is; restores the window afterwards.

    `screens` is its most length on a phone, in screens.
    """
    before, where = page.viewport_size, page.url
    assert page.evaluate("document.documentElement.lang") == language, where
    for colours, width in COMBINATIONS[language]:
        page.set_viewport_size({"width": width, "height": SCREENFUL})
        page.emulate_media(color_scheme=colours)
        assert violations(page) == [], (where, colours, width)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, (where, width, wide)
        if width == PHONE:
            height = page.evaluate("document.documentElement.scrollHeight")
            assert height < screens * SCREENFUL, (where, height)
    if prints:
        page.emulate_media(media="print", color_scheme="light")
        page.set_viewport_size({"width": SHEET, "height": SCREENFUL})
        assert page.evaluate(_CONTROLS) == [], where
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= SHEET, (where, wide)
    page.emulate_media(media="screen", color_scheme="light")
    page.set_viewport_size(before)


def unseen_focus(page: Any, presses: int) -> list[str]:
    """Go through the page by the key Tab; what has the focus and does not show it."""
    hidden = []
    for _ in range(presses):
        page.keyboard.press("Tab")
        shown = page.evaluate(_FOCUS_SHOWS)
        if not shown:
            hidden.append(page.evaluate("document.activeElement.outerHTML.slice(0, 120)"))
    return hidden
