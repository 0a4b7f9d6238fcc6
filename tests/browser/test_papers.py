"""Papers in a real browser: whole in themselves, and no wider than a phone or a sheet of paper.

PADAN_SCREENSHOTS=folder keeps the pictures.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from policy.base.words import Language
from policy.papers.breach import Incident, breach
from policy.papers.catalogue import catalogue
from policy.papers.dpia import dpia
from policy.papers.handover import handover
from policy.papers.metadata import metadata
from policy.papers.processing_record import processing_record
from policy.papers.reading import Reading
from policy.papers.render import as_html
from policy.papers.usage_report import Semester, usage_report
from tests.support.looks import looks_right
from tests.support.republic import NOON, Republic

LANGUAGES: tuple[Language, ...] = ("id", "en")
# Pixels of CSS; on paper nothing scrolls, and a table wider than the sheet would be cut off.
PHONE, A4_INSIDE, SCREEN = 390, 672, 1000


def test_papers_fit_phone_and_sheet_and_fetch_nothing(
    browser: Any, pictures: Path, tmp_path: Path
) -> None:
    wanted = "PADAN_SCREENSHOTS" in os.environ
    project = Republic().to("receipt").project
    reading, now = Reading(project, "ab" * 32, project.size), datetime.fromtimestamp(NOON, UTC)
    papers = (
        dpia(reading, now),
        processing_record(reading, now),
        handover(reading, now, "rilis-1"),
        usage_report(reading, now, Semester.of(now)),
        catalogue(reading, now),
        metadata(reading, now),
        breach(reading, now, Incident(now - timedelta(hours=80))),
    )
    asked: list[str] = []
    page = browser.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: asked.append(message.text))
    for language in LANGUAGES:
        for number, paper in enumerate(papers):
            file = tmp_path / f"{paper.kind}.{language}.html"
            file.write_text(as_html(paper, language), encoding="utf-8")
            page.goto(file.as_uri())
            # Axe looks at each kind of paper in one language.
            if (number % 2 == 0) == (language == "id"):
                looks_right(page, language, screens=60, prints=False)
            for media, width in (("screen", PHONE), ("print", A4_INSIDE), ("screen", SCREEN)):
                page.emulate_media(media=media)
                page.set_viewport_size({"width": width, "height": 1000})
                needed = page.evaluate("document.documentElement.scrollWidth")
                assert needed <= width, (file.name, media)
            if wanted:
                page.screenshot(path=f"{pictures}/{file.stem}.png", full_page=True)
    page.close()
    assert all(url.startswith("file:///") for url in asked)
