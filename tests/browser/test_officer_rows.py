"""Rows on the officer's page: doubts that are asked about, and what became of every cell."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from encoder.source.joined_columns import DateColumn, SexCodes
from encoder.steps.workspace import Workspace
from encoder.ui.app import officer_page
from encoder.ui.officer import Officer
from tests.support.browser import Window, served, window
from tests.support.officer import at_step_2, done, form_of, page_without_browser, rows_of
from tests.support.programme import OWNER, PROJECT, Programme


@pytest.fixture(scope="module")
def programme(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Programme]:
    programme = Programme(tmp_path_factory.mktemp("rows"), persons=300)
    programme.reach("signed")
    with programme.serving():
        yield programme


@pytest.fixture
def officer(programme: Programme) -> Officer:
    """An officer who has prepared nothing, whatever the test before this one did."""
    prepared = programme.home(OWNER["carik"]) / "projects" / PROJECT / "prepared"
    shutil.rmtree(prepared, ignore_errors=True)
    return at_step_2(programme)


@pytest.fixture
def desk(officer: Officer, browser: Any, tmp_path: Path) -> Iterator[Window]:
    with served(officer_page(officer)) as server, window(browser, server, tmp_path) as opened:
        opened.page.goto(server.access.address)
        yield opened


@pytest.fixture
def me(officer: Officer) -> Iterator[httpx2.Client]:
    with page_without_browser(officer) as me:
        yield me


def written(path: Path, rows: list[list[str]]) -> Path:
    path.write_text("\n".join("|".join(row) for row in rows), encoding="utf-8")
    return path


def rounded(programme: Programme, path: Path) -> Path:
    """Carik's list as Excel left it: no NIK of it can be used."""
    head, *rows = rows_of(programme)
    at = head.index("nik")
    return written(path, [head, *([*row[:at], "3.17599E+15", *row[at + 1 :]] for row in rows)])


def test_a_run_that_uses_few_niks_asks_before_it_goes_on(
    desk: Window, officer: Officer, programme: Programme, tmp_path: Path
) -> None:
    file = rounded(programme, tmp_path / "carik.csv")
    objecting = rows_of(programme)[1][0]
    (tmp_path / "ids.txt").write_text(objecting + "\n")
    desk.go("/step/file")
    desk.page.fill("#path", str(file))
    desk.press("Lanjut")
    desk.page.locator("[name=drop]").check()
    desk.press("Simpan dan periksa mutu")
    desk.sees("Temuan")
    desk.go("/step/prepare")
    desk.page.set_input_files("#suppress", tmp_path / "ids.txt")
    desk.press("Siapkan")
    desk.sees("Periksa sebelum melanjutkan")
    desk.sees("NIK yang dapat dipakai")
    assert "--yes" not in desk.page.content()
    store = Workspace(officer.session(network=False)).prepared_path("carik")
    assert not store.exists(), "nothing took effect yet"
    desk.picture("r01-asks")
    desk.press("Ya, lanjutkan")
    desk.sees("orang disiapkan")
    desk.sees("id ada di daftar yang tidak disertakan")
    desk.sees("Daftar itu tidak disimpan: letakkan lagi")
    desk.picture("r02-prepared")
    # An answer counts once: the next run asks again.
    desk.press("Siapkan lagi")
    desk.sees("Periksa sebelum melanjutkan")


def test_a_list_of_ids_of_a_file_without_record_ids_is_asked_about(
    me: httpx2.Client, officer: Officer, programme: Programme
) -> None:
    me.post("/file", data={"path": str(programme.folder / "sources" / "carik.csv")})
    me.post("/columns", data={**form_of(me.get("/step/columns").text), "record_id": ""})
    assert done(officer).state == "done"
    dropped = {"suppress": ("keberatan.txt", b"7\n")}
    me.post("/prepare", files=dropped)
    assert done(officer).state == "failed"
    page = me.get("/step/prepare").text
    assert "ids.row-numbers" in page
    assert "keberatan.txt" in page
    assert "left-out" not in page
    assert not re.search("--[a-z]", page.partition("<main")[2])
    me.post("/job/confirm", data={"code": "ids.row-numbers"})
    assert done(officer).state == "done"
    me.post("/prepare", files=dropped, data={"row_numbers": "true"})
    assert done(officer).state == "done", "said beforehand"
    refused = Workspace(officer.session(network=False)).prepared("carik").refused_rows()
    assert [number for number, rule in refused if rule == "suppressed"] == [7]


def test_ids_that_repeat_are_refused_or_joined_or_kept(
    me: httpx2.Client, officer: Officer, programme: Programme, tmp_path: Path
) -> None:
    head, *rows = rows_of(programme)
    numbered = ([f"Desa {at % 3}", str(at // 3), *row[1:]] for at, row in enumerate(rows))
    lines = [["desa", *head], *numbered]
    me.post("/file", data={"path": str(written(tmp_path / "desa.csv", lines))})
    sent = {**form_of(me.get("/step/columns").text), "record_id": "id_carik", "record_id_with": ""}
    outcomes = []
    for more in ({}, {"record_id_with": "desa"}, {"keep_repeated": "on"}):
        me.post("/columns", data={**sent, **more})
        assert done(officer).state == "done"
        if not more:
            quality = me.get("/step/quality").text.partition("<main")[2]
            assert "pada langkah 3 pilih kolom id lain" in quality
            assert "record_id" not in quality
        me.post("/prepare")
        outcomes.append(done(officer).state)
    assert outcomes == ["failed", "done", "done"]


def test_an_answer_to_no_question_does_nothing(me: httpx2.Client, officer: Officer) -> None:
    assert "ui.not-asked" in me.post("/job/confirm", data={"code": "prepare.few-niks"}).text
    assert officer.job is None


def test_the_page_counts_cells_as_the_command_does(
    me: httpx2.Client, officer: Officer, programme: Programme
) -> None:
    file = programme.folder / "sources" / "carik.csv"
    me.post("/file", data={"path": str(file)})
    me.post("/columns", data=form_of(me.get("/step/columns").text))
    assert done(officer).state == "done"
    arguments = ("prepare", PROJECT, "carik", str(file), "--mapping", str(officer.mapping_file()))
    told = programme.run("dppapp", "padan-encoder", *arguments).json()[0]
    me.post("/prepare")
    assert done(officer).state == "done"
    page = " ".join(me.get("/step/prepare").text.split())
    workspace = Workspace(officer.session(network=False))
    usage = workspace.prepared("carik").usage()
    assert usage.model_dump(mode="json") == told["usage"]
    for field in usage.fields:
        for rule in field.rules:
            assert f"{rule.why.id} (pertama baris {rule.first_row + 1})" in page


def test_rows_prepared_before_another_choice_are_said_to_be_older(
    me: httpx2.Client, officer: Officer, programme: Programme
) -> None:
    file = programme.folder / "sources" / "carik.csv"
    me.post("/file", data={"path": str(file)})
    me.post("/prepare")
    assert done(officer).state == "done"
    assert "sesudah baris ini disiapkan" not in me.get("/step/prepare").text
    me.post("/columns", data={**form_of(me.get("/step/columns").text), "field-kk": ""})
    assert done(officer).state == "done"
    assert "sesudah baris ini disiapkan" in me.get("/step/prepare").text
    me.post("/prepare")
    assert done(officer).state == "done"
    assert "sesudah baris ini disiapkan" not in me.get("/step/prepare").text


def test_the_order_of_dates_and_own_codes_of_sex_are_choices(
    me: httpx2.Client, officer: Officer, programme: Programme, tmp_path: Path
) -> None:
    head, *rows = rows_of(programme)
    at, sex = head.index("tgl_lahir"), head.index("jns_kelamin")
    for row in rows:
        row[at], row[sex] = "08/17/1985", "7" if row[sex].startswith("L") else "8"
    me.post("/file", data={"path": str(written(tmp_path / "x.csv", [head, *rows]))})
    sent = form_of(me.get("/step/columns").text)
    assert sent["order-lahir"] == "month-first", "as inspect proposes"
    half = me.post("/columns", data={**sent, "male-jk": "7"})
    assert "ui.codes" in half.text
    me.post("/columns", data={**sent, "male-jk": "7", "female-jk": "8, 9"})
    assert done(officer).state == "done"
    fields = officer.mapping().fields
    assert fields["lahir"] == DateColumn(column="tgl_lahir", order="month-first")
    assert fields["jk"] == SexCodes(column="jns_kelamin", male=("7",), female=("8", "9"))
    shown = form_of(me.get("/step/columns").text)
    assert (shown["male-jk"], shown["female-jk"]) == ("7", "8, 9")
