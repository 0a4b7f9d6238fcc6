"""Report pages in a real browser: phone, screen and paper, light and dark, in either language.

PADAN_SCREENSHOTS=folder keeps the pictures.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from encoder.released.coverage.counting import count
from encoder.released.coverage.protecting import protect
from encoder.released.coverage.report import report
from policy.charts.page import ReportPage, as_html
from policy.gates.pooling import CellFloor
from policy.papers.meeting.report import Given, meeting_report
from policy.papers.reading import Reading
from tests.support.coverage import SOURCES, made_rows, told_charter
from tests.support.looks import looks_right, violations
from tests.support.republic import NOON, Republic
from tests.unit.test_coverage import VILLAGES, coverage_of

PHONE, A4_INSIDE, SCREEN = 390, 672, 1280
_CONTRAST = """() => {
  const rgb = c => (c.match(/[\\d.]+/g) || []).map(Number);
  const light = c => { const f = rgb(c).slice(0, 3).map(v => { v /= 255;
    return v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; });
    return .2126 * f[0] + .7152 * f[1] + .0722 * f[2]; };
  const ratio = (a, b) => { const [x, y] = [light(a), light(b)].sort((m, n) => n - m);
    return (x + .05) / (y + .05); };
  return [...document.querySelectorAll("svg g")].map(g => [g.querySelector("rect"), g])
    .filter(([r, g]) => r && r.checkVisibility())
    .flatMap(([r, g]) => [...g.querySelectorAll("text")].filter(t => t.checkVisibility()).map(t =>
      ratio(getComputedStyle(t).fill, getComputedStyle(r).fill)));
}"""


def pages() -> dict[str, ReportPage]:
    rows = list(made_rows(4, VILLAGES))
    found = coverage_of(protect(count(rows, SOURCES), CellFloor(10, empty_allowed=False), {}))
    project = Republic().to("receipt").project
    reading, now = Reading(project, "ab" * 32, project.size), datetime.fromtimestamp(NOON, UTC)
    return {
        "coverage": report(found, told_charter()),
        "meeting": meeting_report(reading, now, Given()),
    }


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder, found = tmp_path_factory.mktemp("reports"), {}
    for name, page in pages().items():
        found[name] = folder / f"{name}.html"
        found[name].write_text(as_html(page, ("id", "en")), encoding="utf-8")
    return found


def test_pages_fit_phone_screen_and_sheet_and_fetch_nothing(
    browser: Any, pictures: Path, files: dict[str, Path]
) -> None:
    wanted = "PADAN_SCREENSHOTS" in os.environ
    asked: list[str] = []
    page = browser.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: asked.append(message.text))
    for name, file in files.items():
        page.goto(file.as_uri())
        for media, width in (("screen", PHONE), ("print", A4_INSIDE), ("screen", SCREEN)):
            page.emulate_media(media=media)
            page.set_viewport_size({"width": width, "height": 1000})
            needed = page.evaluate("document.documentElement.scrollWidth")
            assert needed <= width, (name, media)
            if wanted:
                page.screenshot(path=f"{pictures}/{name}-{media}-{width}.png", full_page=True)
    page.close()
    assert asked
    assert all(url.startswith("file:///") for url in asked)


def test_one_language_is_shown_and_the_switch_shows_the_other(
    browser: Any, files: dict[str, Path]
) -> None:
    for file in files.values():
        page = browser.new_page()
        page.goto(file.as_uri())
        shown = "[...document.querySelectorAll('.in-{}')].some(e => e.checkVisibility())"
        assert [page.evaluate(shown.format(each)) for each in ("id", "en")] == [True, False]
        looks_right(page, "id", screens=60, prints=False)
        page.get_by_text("English", exact=True).click()
        assert violations(page) == [], file.name
        assert [page.evaluate(shown.format(each)) for each in ("id", "en")] == [False, True]
        page.close()


def test_every_drawing_has_a_name_an_explanation_and_a_table(
    browser: Any, files: dict[str, Path]
) -> None:
    for file in files.values():
        page = browser.new_page()
        page.goto(file.as_uri())
        ids = page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
        assert len(ids) == len(set(ids))
        named = page.evaluate(
            """[...document.querySelectorAll("svg")].map(s => s.getAttribute("aria-labelledby")
                .split(" ").map(id => document.getElementById(id)?.textContent || ""))"""
        )
        assert named
        assert all(title and about for title, about in named)
        bare = page.evaluate(
            """[...document.querySelectorAll("figure")].filter(f => f.querySelector("svg")
                && !f.querySelector("table caption")).length"""
        )
        assert bare == 0
        page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_tiles_are_readable_in_every_colour(
    browser: Any, files: dict[str, Path], scheme: str
) -> None:
    page = browser.new_page(color_scheme=scheme)
    page.goto(files["coverage"].as_uri())
    ratios = page.evaluate(_CONTRAST)
    assert len(ratios) > 8
    # WCAG 2.2, 1.4.3.
    assert min(ratios) >= 4.5
    page.close()
