"""The service's pages in a real browser: what a coordinator, an auditor and others see and do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from linkage_service.people import Role
from tests.support.looks import looks_right
from tests.support.service import Town
from tests.support.staff_pages import BEGUN, asking, play, session_of, town_in, visit

PROJECT = "contoh-2026"


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """One project up to a release, and one whose charter one party has signed."""
    town = town_in(tmp_path_factory.mktemp("town"))
    with town.serving():
        play(town)
        yield town


@pytest.fixture(scope="module")
def coordinator(town: Town) -> str:
    return session_of(town, "ratna", Role.coordinator, projects=("*",))


def test_a_coordinator_sees_where_each_project_is(
    town: Town, coordinator: str, browser: Any, tmp_path: Path
) -> None:
    with visit(browser, town, coordinator, tmp_path) as screen:
        screen.go("/")
        screen.sees("9 dari 10")
        rows = screen.page.locator("tbody tr").all_inner_texts()
        assert "membuka rilis" in rows[0]
        assert "0 dari 10" in rows[1]
        assert "menandatangani piagam" in rows[1]
        looks_right(screen.page, "id")
        screen.page.get_by_role("link", name="Pemadanan data kesejahteraan sosial").click()
        screen.sees("Sepuluh langkah")
        datasets = screen.page.locator("table").last.locator("tbody tr").all_inner_texts()
        assert [each.split("\t")[2] for each in datasets] == ["420", "460", "340"]
        assert all("✓" in each for each in datasets), "each was checked"
        looks_right(screen.page, "id")
        own = (town.url + "/", "data:")
        assert [url for url in screen.requests if not url.startswith(own)] == []


def test_a_project_that_is_not_mine_is_as_if_it_were_not_there(town: Town) -> None:
    token = session_of(town, "auditor-lain", Role.auditor, projects=(BEGUN,))
    with asking(town, token) as browser:
        assert browser.get(f"/proyek/{BEGUN}").status_code == 200
        other, absent = browser.get(f"/proyek/{PROJECT}"), browser.get("/proyek/tidak-ada")
        assert other.status_code == absent.status_code == 409
        told = [_shown(answer.text) for answer in (other, absent)]
        assert told[0].replace(PROJECT, "") == told[1].replace("tidak-ada", "")
        assert PROJECT not in browser.get("/proyek").text


def _shown(page: str) -> str:
    """The page without the token of its forms."""
    return re.sub(r'name="csrf" value="[0-9a-f]+"', "", page)
