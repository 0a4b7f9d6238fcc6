"""Whose turn it is, as an officer reads it on the page; without a browser."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx2
import pytest

from encoder.ui.officer import Officer
from policy.charter import load_charter
from policy.charter.shipped_probes import shipped_for
from policy.members.home import Home
from policy.statements import AnyBody, Committed, Probed
from policy.wire.replica import replica_of
from tests.support.officer import done, page_without_browser
from tests.support.programme import OWNER, PROJECT, Programme


@pytest.fixture(scope="module")
def programme(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Programme]:
    """A project whose charter cites the probe report that comes with Padan."""
    programme = Programme(tmp_path_factory.mktemp("turns"), persons=300)
    programme.begin("found", lambda each: each.found())
    tree = programme.charter_tree()
    tree["domains"] = [{"id": "jakarta", "datasets": ["dtks", "carik"], "learn": ["dtks"]}]
    report = shipped_for(load_charter(Path(programme.write_charter(tree, "unprobed.yaml"))))
    assert report is not None
    tree["dpia"]["probe"] = report.digest()
    with programme.serving():
        programme.sign_charter(tree, without_probe=False)
        for dataset in OWNER:
            programme.prepare(dataset)
        yield programme


def officer_of(programme: Programme, dataset: str) -> Officer:
    party = OWNER[dataset]
    officer = Officer(Home(programme.home(party)))
    officer.unlock((programme.folder / "passphrases" / party).read_bytes())
    officer.choose(PROJECT, dataset)
    return officer


def log_of(programme: Programme, kind: type[AnyBody]) -> list[str]:
    programme.run("auditor", "padan-policy", "witness", PROJECT)
    project = replica_of(Home(programme.home("auditor")), PROJECT).load().project
    return [entry.sender for entry in project.of(kind)]


def in_language(me: httpx2.Client, language: str) -> httpx2.Client:
    me.cookies.set("padan-lang", language)
    return me


def test_rows_are_locked_only_after_the_numbers_were_read(programme: Programme) -> None:
    with ExitStack() as stack:
        carik = stack.enter_context(page_without_browser(officer_of(programme, "carik")))
        bps = officer_of(programme, "regsosek")
        other = stack.enter_context(page_without_browser(bps))
        the_numbers_stand_before_the_button(programme, carik)
        it_says_whose_turn_it_is(programme, carik)
        the_other_officer_presses_the_one_button(programme, bps, other)
        answer = carik.post("/keys/commit", data={"commit": "yes"}, follow_redirects=True)
        assert "Sudah Anda lakukan." in answer.text
        assert log_of(programme, Committed) == ["dppapp"]


def the_numbers_stand_before_the_button(programme: Programme, me: httpx2.Client) -> None:
    page = me.get("/step/keys").text
    before = page[: page.index("<button>Komitmen</button>")]
    assert "Baris masuk" in before
    assert "Angka di atas benar. Sesudah dikunci, baris tidak dapat diganti." in before
    refused = me.post("/keys/commit")
    assert "Tandai dahulu pernyataan di atas tombol" in refused.text
    assert log_of(programme, Probed) == [] == log_of(programme, Committed)


def it_says_whose_turn_it_is(programme: Programme, me: httpx2.Client) -> None:
    waits = me.post("/keys/commit", data={"commit": "yes"}).text
    assert "Giliran salah satu dari Badan Pusat Statistik, Dinas Sosial DKI Jakarta" in waits
    assert "Kerjakan giliran saya" in waits
    assert "di luar halaman ini" not in waits
    in_language(me, "en")
    waits = me.post("/keys/commit", data={"commit": "yes"}).text
    assert "It is the turn of one of Badan Pusat Statistik, Dinas Sosial DKI Jakarta" in waits
    assert "Take my turn" in waits
    in_language(me, "id")
    assert log_of(programme, Probed) == ["dppapp"]


def the_other_officer_presses_the_one_button(
    programme: Programme, officer: Officer, me: httpx2.Client
) -> None:
    assert "Instansi lain menunggu tanda tangan Anda" in me.get("/step/status").text
    me.post("/go")
    assert done(officer).error is None
    assert "Laporan uji bawaan Padan sudah ditandatangani" in me.get("/step/status").text
    assert log_of(programme, Probed) == ["dppapp", "bps"]
    assert "Instansi lain menunggu tanda tangan Anda" not in me.get("/step/status").text


# -- who spends the budget, and when the list is there --------------------------------------------


@pytest.fixture(scope="module")
def uploaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Programme]:
    """All rows are at the service. Dinsos alone learns which of its people matched."""
    programme = Programme(tmp_path_factory.mktemp("spent"), persons=900)
    programme.reach("uploaded")
    with programme.serving():
        programme.witness()
        yield programme


def steps_asked(programme: Programme, who: str, *more: str) -> dict[str, list[str]]:
    """The steps of each event of `go`."""
    found: dict[str, list[str]] = {}
    for event in programme.run(who, "padan-encoder", "go", PROJECT, *more).json():
        found.setdefault(event["event"], []).append(event.get("step", ""))
    return found


def test_those_who_learn_are_asked_and_then_told_of_their_list(uploaded: Programme) -> None:
    learns = officer_of(uploaded, "dtks")
    with (
        page_without_browser(learns) as dinsos,
        page_without_browser(officer_of(uploaded, "regsosek")) as bps,
    ):
        only_who_learns_is_asked(uploaded, dinsos, bps, "order", "perintahkan pemadanan")
        assert steps_asked(uploaded, "bps", "--order")["done"] == ["order"], "an option still does"
        uploaded.witness()
        uploaded.run("service", "padan-linkage", "start-run", PROJECT, "padan-1", "--wait")
        uploaded.witness()
        only_who_learns_is_asked(uploaded, dinsos, bps, "request", "minta rilisnya")
        uploaded.release("rilis-1", "padan-1", "bps-approver", "dppapp-approver")
        uploaded.witness()
        assert "Daftar Anda siap" not in dinsos.get("/step/status").text
        dinsos.post("/go")
        assert done(learns).error is None
        the_list_is_the_next_step_until_it_is_saved(dinsos)
        assert "Daftar Anda siap" not in bps.get("/step/status").text


def only_who_learns_is_asked(
    programme: Programme, dinsos: httpx2.Client, bps: httpx2.Client, step: str, question: str
) -> None:
    page = bps.get("/step/status").text
    assert "Giliran Anda" not in page
    assert f'name="{step}"' not in page
    assert "Ditunggu: Dinas Sosial DKI Jakarta" in page
    assert steps_asked(programme, "bps") == {"waiting": [step]}
    page = dinsos.get("/step/status").text
    assert question in page
    assert "Ini memakai kuota: tersisa 3 dari 3." in page
    assert steps_asked(programme, "dinsos")["asks"] == [step]


def the_list_is_the_next_step_until_it_is_saved(me: httpx2.Client) -> None:
    for step in ("status", "keys"):
        page = me.get(f"/step/{step}").text
        assert "Daftar Anda siap: " in page
        assert 'href="/step/results"' in page[page.index("Daftar Anda siap: ") :]
    assert "Your list is ready: " in in_language(me, "en").get("/step/status").text
    in_language(me, "id")
    saved = me.get("/results/rilis-1/list")
    assert saved.headers["content-disposition"].startswith("attachment")
    assert "Daftar Anda siap" not in me.get("/step/status").text
