"""The data officer's page for tests: an officer at work, files that they have, forms they send."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import httpx2
from openpyxl import Workbook

from encoder.ui.app import officer_page
from encoder.ui.officer import Officer
from policy.members.home import Home
from policy.terminal.local_page.jobs import PageJob
from tests.support.browser import served, visitor
from tests.support.programme import OWNER, PROJECT, Programme


def at_step_2(programme: Programme, dataset: str = "carik") -> Officer:
    """An officer of the dataset's agency, with no file chosen yet."""
    party = OWNER[dataset]
    officer = Officer(Home(programme.home(party)))
    officer.unlock((programme.folder / "passphrases" / party).read_bytes())
    officer.choose(PROJECT, dataset)
    for each in officer.folder.glob("*"):
        each.unlink()
    return officer


@contextmanager
def page_without_browser(officer: Officer) -> Iterator[httpx2.Client]:
    with served(officer_page(officer)) as server, visitor() as me:
        me.get(server.access.address)
        me.base_url = httpx2.URL(f"http://{server.access.host}")
        me.headers["origin"] = f"http://{server.access.host}"
        yield me


def rows_of(programme: Programme, dataset: str = "carik") -> list[list[str]]:
    with (programme.folder / "sources" / f"{dataset}.csv").open(encoding="utf-8") as file:
        return list(csv.reader(file, delimiter="|" if dataset == "carik" else ";"))


def workbook(path: Path, sheets: dict[str, list[list[str]]], hidden: str = "") -> Path:
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        if name == hidden:
            sheet.sheet_state = "veryHidden"
    book.save(path)
    return path


def done(officer: Officer) -> PageJob:
    """The work under way, once it has ended."""
    assert officer.job is not None
    officer.job.wait()
    return officer.job


def form_of(html: str) -> dict[str, Any]:
    """What a browser sends when nothing on the page was touched."""
    sent: dict[str, Any] = {}

    class Form(HTMLParser):
        select = ""

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            values = {name: value or "" for name, value in attrs}
            if tag == "select":
                self.select = values["name"]
                sent[self.select] = ""
            elif tag == "option" and "selected" in values:
                sent[self.select] = values["value"]
            elif tag == "input" and ("checked" in values or values.get("type") == "hidden"):
                sent.setdefault(values["name"], []).append(values.get("value", "on"))
            elif tag == "input" and values.get("type") in ("number", "text"):
                sent[values["name"]] = values.get("value", "")

    Form().feed(html)
    return sent
