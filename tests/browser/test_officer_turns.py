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
