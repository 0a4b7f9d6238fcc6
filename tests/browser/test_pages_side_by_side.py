"""Local pages in one browser: each page keeps its own way in, whatever other pages are open."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest

from encoder.ui.app import officer_page
from encoder.ui.officer import Officer
from policy.members.home import Home
from policy.terminal.local_page.server import LocalServer
from policy.ui.app import approver_page
from policy.ui.desk import ApproverDesk
from tests.support.browser import TIMEOUT, served, visitor
from tests.support.service import PASSPHRASE


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("home"))
    born = datetime.now(UTC).date()
    home.create("bps", "bps", "BPS", ("party", "approver"), PASSPHRASE, born)
    return home


@contextmanager
def three_pages(home: Home) -> Iterator[list[LocalServer]]:
    """Two officers' pages and an approver's, all of them open at once."""
    pages = (
        officer_page(Officer(home)),
        officer_page(Officer(home)),
        approver_page(ApproverDesk(home)),
    )
    with ExitStack() as opened:
        yield [opened.enter_context(served(page)) for page in pages]


def test_pages_of_one_browser_do_not_lock_each_other_out(browser: Any, home: Home) -> None:
    with three_pages(home) as servers:
        context = browser.new_context()
        tabs = [context.new_page() for _ in servers]
        for tab, server in zip(tabs, servers, strict=True):
            tab.set_default_timeout(TIMEOUT)
            tab.goto(server.access.address)
        for tab, server in zip(tabs, servers, strict=True):
            tab.goto(f"http://{server.access.host}/unlock")
            tab.fill("#passphrase", "bukan frasa sandinya")
            tab.get_by_role("button", name="Buka", exact=True).click()
            tab.get_by_role("alert").wait_for()
            assert tab.url.startswith(f"http://{server.access.host}/")
        context.close()


def test_the_way_into_one_page_opens_no_other(home: Home) -> None:
    with three_pages(home) as servers, visitor() as one:
        first, *others = servers
        assert one.get(first.access.address).status_code == 303
        assert one.get(f"http://{first.access.host}/unlock").status_code == 200
        for other in others:
            assert one.get(f"http://{other.access.host}/unlock").status_code == 403
            (name,) = (each.name for each in one.cookies.jar)
            forged = {"cookie": f"{other.access.cookie}={one.cookies[name]}"}
            assert one.get(f"http://{other.access.host}/unlock", headers=forged).status_code == 403
