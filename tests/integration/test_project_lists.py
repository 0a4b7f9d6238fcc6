"""Lists of many projects: pages, search, and the same work for each page however many there are."""

from __future__ import annotations

import gc
import re
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2
import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from linkage_service.people import Role, Staff
from linkage_service.service import Service
from linkage_service.storage import ledger as ledgers
from linkage_service.ui.listed import ProjectLines
from linkage_service.ui.paged import ON_A_PAGE, Page
from linkage_service.ui.stages import STEP_NAMES, stage_in
from policy.statements import CharterBody
from policy.wire.session import Session
from tests.support.service import Town
from tests.support.staff_pages import BEGUN, asking, begin_another, open_many, session_of, town_in
from tests.support.stored_town import town_at

MANY = 2 * ON_A_PAGE + 5
CHIEF = Staff("x", "ratna", "layanan", frozenset({Role.coordinator}), ("*",))


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    town = town_in(tmp_path_factory.mktemp("many"))
    with town.serving():
        yield town


@pytest.fixture(scope="module")
def names(town: Town) -> list[str]:
    begin_another(town)
    return [BEGUN, *open_many(town, MANY - 1)]


@pytest.fixture(scope="module")
def coordinator(town: Town) -> Iterator[httpx2.Client]:
    with asking(town, session_of(town, "ratna", Role.coordinator)) as browser:
        yield browser


def listed(browser: httpx2.Client, query: str = "") -> list[str]:
    page = browser.get(f"/proyek{query}")
    assert page.status_code == 200, page.text
    return re.findall(r'<th scope="row"><a href="/proyek/([\w-]+)">', page.text)


def test_every_project_is_on_one_page(names: list[str], coordinator: httpx2.Client) -> None:
    pages = [listed(coordinator, f"?halaman={number}") for number in (1, 2, 3)]
    assert [len(page) for page in pages] == [ON_A_PAGE, ON_A_PAGE, 5]
    assert sorted(name for page in pages for name in page) == sorted(names)
    assert listed(coordinator, "?halaman=99") == pages[-1]
    assert "13–24 dari 29" in coordinator.get("/proyek?halaman=2").text


def test_projects_are_found_by_name_and_step(names: list[str], coordinator: httpx2.Client) -> None:
    assert listed(coordinator, "?cari=TARGETING+of+aid") == [BEGUN]
    assert sorted(listed(coordinator, "?cari=banyak-01")) == [f"banyak-01{n}" for n in range(10)]
    assert (
        "cari=banyak&amp;langkah=1&amp;halaman=2"
        in coordinator.get("/proyek?cari=banyak&langkah=1").text
    )
    assert len(listed(coordinator, "?langkah=1")) == ON_A_PAGE
    assert listed(coordinator, "?langkah=7") == []
    strange = coordinator.get("/proyek", params={"cari": '"><script>', "langkah": "x"})
    assert strange.status_code == 200
    assert "<script>" not in strange.text.replace('<script src="/static/page.js" defer>', "")


def test_a_page_costs_as_much_as_the_projects_on_it(
    town: Town, names: list[str], coordinator: httpx2.Client
) -> None:
    """In statements to the database, after the first time. The control asks every project."""
    coordinator.get("/proyek")
    page = counted(lambda: coordinator.get("/proyek"))
    ledger, now = town.service.ledger, town.service.clock()
    every = counted(lambda: [stage_in(town.service, ledger.project(n), now) for n in names])
    assert page < every * (ON_A_PAGE + 5) / MANY


def counted(act: Callable[[], object]) -> int:
    """How many statements it sends."""
    seen: list[str] = []

    def note(*given: object) -> None:
        seen.append(str(given[2]))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        act()
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    return len(seen)


def test_a_line_changes_with_its_log(
    town: Town, names: list[str], coordinator: httpx2.Client
) -> None:
    page = f"/proyek?cari={BEGUN}"
    assert "Dinas Sosial DKI Jakarta, Dinas PPAPP DKI Jakarta" in coordinator.get(page).text
    project = town.service.ledger.project(BEGUN)
    body = CharterBody.model_validate(project.charter.model_dump())
    Session(town.members["dinsos"], BEGUN, clock=town.clock).open_with(body)
    assert "Dinas Sosial DKI Jakarta" not in coordinator.get(page).text


def test_a_list_has_the_projects_of_its_reader_alone(town: Town, names: list[str]) -> None:
    token = session_of(town, "auditor", Role.auditor, office="bpkp", projects=(BEGUN, names[3]))
    with asking(town, token) as auditor:
        assert sorted(listed(auditor)) == sorted([BEGUN, names[3]])
        assert listed(auditor, f"?cari={names[4]}") == []
        for page in ("/proyek", "/periksa", "/kalender"):
            shown = auditor.get(page)
            assert shown.status_code == 200
            text = shown.text
            assert names[4] not in text
            assert f">{MANY}<" not in text


def test_an_account_tells_titles_of_projects_alone_that_it_opens(
    town: Town, names: list[str]
) -> None:
    """The charter knows no auditor of this office, though the account names the project."""
    title = str(town.service.ledger.project(names[3]).charter.title.id)
    for office, told in (("bpkp", True), ("dppapp", False)):
        token = session_of(town, office, Role.auditor, office=office, projects=(names[3],))
        with asking(town, token) as auditor:
            shown = auditor.get("/akun").text
            assert names[3] in shown
            assert (title in shown) is told


def test_steps_to_choose_are_the_steps_of_a_project(town: Town, names: list[str]) -> None:
    stage = stage_in(town.service, town.service.ledger.project(names[1]), town.service.clock())
    assert tuple(step.title for step in stage.steps) == STEP_NAMES
    assert {each.step for each in ProjectLines().of(town.service, CHIEF)} == {stage.current}


def test_lines_keep_no_log_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The ledger forgets what does not fit; a line that held it would keep all of it."""
    town = town_at("signed", tmp_path)
    with town.serving():
        service = Service.to_look_at(town.settings(), town.members["service"])
        lines, ledger = ProjectLines(), service.ledger
        [shown] = lines.of(service, CHIEF)
        assert shown.due
        log = weakref.ref(ledger.project(town.project_id).log)
        gc.collect()
        assert log() is not None, "the control: it fits"
        monkeypatch.setattr(ledgers, "_MOST_ENTRIES", 0)
        for name in open_many(town, 1):
            ledger.project(name)
        gc.collect()
        assert log() is None
        assert shown in lines.of(service, CHIEF)
        ledger.database.close()


@pytest.mark.parametrize(
    ("entries", "number", "shown", "first", "last"),
    [(0, 1, 0, 0, 0), (12, 1, 12, 1, 12), (13, 2, 1, 13, 13), (13, 9, 1, 13, 13)],
)
def test_a_page_of_a_list(entries: int, number: int, shown: int, first: int, last: int) -> None:
    page = Page.of(range(entries), number)
    assert (len(page.entries), page.first, page.last) == (shown, first, last)
