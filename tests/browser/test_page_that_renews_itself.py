"""A page that shows whose turn it is: it renews itself, but takes nothing from its person."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

SCRIPT = Path(__file__).parents[2] / "policy/terminal/local_page/static/page.js"
PAGE = """<main data-watch="/state" data-seen="old">
<form action="/signed"><input id="typed" value="as it came"><input type="checkbox" id="yes"></form>
<a id="away" href="/away">away</a></main><script src="/page.js"></script>"""
SITE = "http://padan.test"
RENEWED_SECONDS = 4.5  # it looks every two seconds


@pytest.fixture
def page(browser: Any) -> Any:
    """A page that has something new to show from its first look on."""
    opened = browser.new_page()
    opened.times = 0

    def answer(route: Any) -> None:
        path = route.request.url.removeprefix(SITE)
        if path == "/state":
            route.fulfill(json={"state": "new"})
        elif path == "/page.js":
            route.fulfill(path=SCRIPT, content_type="text/javascript")
        elif path == "/away":
            opened.held = route  # the page's server takes its time
        else:
            opened.times += 1
            route.fulfill(body=PAGE, content_type="text/html")

    opened.route("**", answer)
    opened.goto(f"{SITE}/")
    yield opened
    opened.close()


def test_it_renews_itself_where_nobody_answers(page: Any) -> None:
    page.wait_for_timeout(1000 * RENEWED_SECONDS)
    assert page.times > 1


@pytest.mark.parametrize("how", ["types", "ticks"])
def test_an_answer_that_was_begun_stays(page: Any, how: str) -> None:
    if how == "types":
        page.fill("#typed", "half a passphrase")
    else:
        page.check("#yes")
    page.wait_for_timeout(1000 * RENEWED_SECONDS)
    assert page.times == 1


def test_somebody_who_has_gone_is_not_taken_back(page: Any) -> None:
    page.click("#away", no_wait_after=True)
    page.wait_for_timeout(1000 * RENEWED_SECONDS)
    assert page.times == 1
    page.held.fulfill(body="<p>there</p>", content_type="text/html")
    page.wait_for_url("**/away")
