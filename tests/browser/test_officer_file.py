"""The file on the officer's page: refused uploads, sheets, a mapping like the command's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
import yaml

from encoder.quality import findings, forecast
from encoder.quality.report import report_json
from encoder.source.joined_columns import AgeColumns
from encoder.source.mapping import load_mapping
from encoder.ui.app import officer_page
from encoder.ui.officer import Officer
from tests.support.browser import Window, served, window
from tests.support.officer import (
    at_step_2,
    done,
    form_of,
    page_without_browser,
    rows_of,
    workbook,
)
from tests.support.programme import PROJECT, Programme


@pytest.fixture(scope="module")
def programme(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Programme]:
    programme = Programme(tmp_path_factory.mktemp("files"), persons=300)
    programme.reach("signed")
    with programme.serving():
        yield programme


@pytest.fixture
def officer(programme: Programme) -> Officer:
    return at_step_2(programme)


@pytest.fixture
def desk(officer: Officer, browser: Any, tmp_path: Path) -> Iterator[Window]:
    with served(officer_page(officer)) as server, window(browser, server, tmp_path) as opened:
        opened.page.goto(server.access.address)
        yield opened


@pytest.fixture
def me(officer: Officer) -> Iterator[httpx2.Client]:
    """The same page without a browser."""
    with page_without_browser(officer) as me:
        yield me


# -- a file that cannot be used ----------------------------------------------------------------


def test_a_refused_upload_does_not_become_the_chosen_file(
    desk: Window, officer: Officer, programme: Programme, tmp_path: Path
) -> None:
    good = programme.folder / "sources" / "carik.csv"
    bad = tmp_path / "laporan.xls"
    bad.write_text("<html><table><tr><td>NIK</td></tr></table></html>")
    for file, then in ((bad, "nothing"), (good, "carik.csv"), (bad, "carik.csv")):
        desk.go("/step/file")
        desk.page.set_input_files("#upload", file)
        desk.press("Lanjut")
        if file is bad:
            desk.page.get_by_role("alert").wait_for()
            said = desk.page.get_by_role("alert").inner_text()
            assert "laporan.xls" in said
            assert str(officer.folder) not in said, "the file as the officer calls it"
        chosen = officer.chosen
        assert (chosen.name if chosen else "nothing") == then
    assert {each.name for each in officer.folder.iterdir()} == {"carik.csv", "carik.source"}
    assert (officer.folder / "carik.csv").read_bytes() == good.read_bytes()


def test_a_file_that_changed_on_disk_is_told_and_not_prepared(
    desk: Window, officer: Officer, programme: Programme, tmp_path: Path
) -> None:
    file = tmp_path / "carik.csv"
    file.write_bytes((programme.folder / "sources" / "carik.csv").read_bytes())
    desk.go("/step/file")
    desk.page.fill("#path", str(file))
    desk.press("Lanjut")
    desk.press("Simpan dan periksa mutu")
    desk.sees("Temuan")
    assert desk.page.get_by_text("berubah sejak dipilih").count() == 0
    file.write_bytes(b"\n".join(file.read_bytes().splitlines()[:-5]))
    desk.go("/step/prepare")
    desk.sees("Berkas ini berubah sejak dipilih")
    desk.press("Siapkan")
    desk.sees("ui.changed")
    desk.press("Pakai seperti sekarang")
    desk.sees("Kolom mana untuk apa")
    assert desk.page.get_by_text("berubah sejak dipilih").count() == 0
    file.unlink()
    for step in ("file", "columns", "quality", "prepare"):
        desk.go(f"/step/{step}")
        desk.sees("tidak ada")


# -- sheets ------------------------------------------------------------------------------------


def test_the_officer_chooses_the_sheet_of_their_kecamatan(
    desk: Window, officer: Officer, programme: Programme, tmp_path: Path
) -> None:
    head, *rows = rows_of(programme)
    sheets = {
        "Petunjuk": [["Isi setiap lembar."]],
        "Cakung": [head, *rows[:40]],
        "Duren Sawit": [head, *rows[40:90]],
        "lama": [head, *rows],
    }
    file = workbook(tmp_path / "kecamatan.xlsx", sheets, hidden="lama")
    desk.go("/step/file")
    desk.page.set_input_files("#upload", file)
    desk.press("Lanjut")
    desk.sees("Lembar mana yang berisi data ini?")
    assert desk.page.locator("[name=sheet]:checked").count() == 0, "two sheets fit alike"
    desk.sees("lembar ini disembunyikan di Excel")
    desk.sees("1 baris lembar, 0 kolom dikenali")
    desk.picture("s01-sheets")
    for step in ("columns", "quality", "prepare"):
        desk.go(f"/step/{step}")
        if step == "prepare":
            desk.press("Siapkan")
        desk.sees("Pilih lembar dahulu") if step != "quality" else None
    desk.go("/step/file")
    desk.page.get_by_label("Duren Sawit").check()
    desk.press("Pakai lembar bertanda")
    desk.sees("Kolom mana untuk apa")
    desk.sees("Duren Sawit")
    desk.press("Simpan dan periksa mutu")
    desk.sees("50 baris diperiksa")
    assert load_mapping(officer.mapping_file()).sheet == "Duren Sawit"


def test_a_hidden_sheet_is_never_taken_for_the_visible_one(
    me: httpx2.Client, officer: Officer, programme: Programme, tmp_path: Path
) -> None:
    head, *rows = rows_of(programme)
    sheets = {"lama": [head, *rows], "Data": [head[:6], *(row[:6] for row in rows[:20])]}
    file = workbook(tmp_path / "tersembunyi.xlsx", sheets, hidden="lama")
    assert me.post("/file", data={"path": str(file)}).headers["location"] == "/step/columns"
    assert officer.mapping().sheet == "Data"


def test_a_list_on_a_hidden_sheet_alone_is_asked_about(
    me: httpx2.Client, officer: Officer, programme: Programme, tmp_path: Path
) -> None:
    sheets = {"Petunjuk": [["Isi lembar Data."]], "Data": rows_of(programme)[:20]}
    file = workbook(tmp_path / "tersembunyi.xlsx", sheets, hidden="Data")
    me.post("/file", data={"path": str(file)})
    assert "lembar ini disembunyikan" in me.get("/step/file").text
    assert "ui.sheet" in me.get("/step/columns").text
    me.post("/file/sheets", data={"sheet": "Data"})
    assert officer.mapping().sheet == "Data"


def test_instructions_before_the_only_table_ask_nothing(
    me: httpx2.Client, officer: Officer, programme: Programme, tmp_path: Path
) -> None:
    sheets = {"Petunjuk": [["Isi lembar Data."]], "Data": rows_of(programme)[:20]}
    file = workbook(tmp_path / "petunjuk.xlsx", sheets)
    assert me.post("/file", data={"path": str(file)}).headers["location"] == "/step/columns"
    assert officer.mapping().sheet == "Data"


def test_of_sheets_alike_that_of_the_dataset_is_proposed(
    officer: Officer, programme: Programme, tmp_path: Path
) -> None:
    head, *rows = rows_of(programme)
    alike = {name: [head, *rows[:9]] for name in ("Dinsos", "Carik", "Lain")}
    file = workbook(tmp_path / "alike.xlsx", alike)
    officer.use_path(file)
    assert [each.name for each in officer.sheets() if each.proposed] == ["Carik"]
    assert officer.chosen is not None
    assert officer.chosen.asks_sheet


def test_several_sheets_are_one_dataset_as_inspect_proposes(
    me: httpx2.Client, officer: Officer, programme: Programme, tmp_path: Path
) -> None:
    head, *rows = rows_of(programme)
    sheets = {"Cakung": [head, *rows[:40]], "Ciracas": [head, *rows[40:90]]}
    file = workbook(tmp_path / "dua.xlsx", {**sheets, "lama": [head, *rows]}, hidden="lama")
    me.post("/file", data={"path": str(file)})
    after = me.post("/file/sheets", data={"every": "yes"})
    assert after.headers["location"] == "/step/columns"
    proposed = tmp_path / "inspect.yaml"
    options = ("--project", PROJECT, "--out", str(proposed))
    programme.run("dppapp", "padan-encoder", "inspect", str(file), *options)
    me.post("/columns", data=form_of(me.get("/step/columns").text))
    assert load_mapping(officer.mapping_file()) == load_mapping(proposed)
    assert done(officer).state == "done"
    profile = officer.profile()
    assert profile is not None
    assert profile.rows_in == 90


def test_sheets_of_other_columns_are_not_one_dataset(
    me: httpx2.Client, officer: Officer, programme: Programme, tmp_path: Path
) -> None:
    head, *rows = rows_of(programme)
    other = [head[:2], *(row[:2] for row in rows[:9])]
    lower = [["Rekap"], head, *rows[:9]]
    sheets = {"Cakung": [head, *rows[:40]], "Ciracas": other, "Cawang": lower}
    me.post("/file", data={"path": str(workbook(tmp_path / "beda.xlsx", sheets))})
    for name in ("Ciracas", "Cawang"):
        said = me.post("/file/sheets", data={"sheet": ["Cakung", name]}).text
        assert "ui.sheets-differ" in said
    assert officer.chosen is not None
    assert officer.chosen.asks_sheet


# -- the same mapping and figures as the commands -----------------------------------------------


@pytest.mark.parametrize("form", ["csv", "xlsx", "two-line header", "dates in three columns"])
def test_the_page_saves_the_mapping_that_inspect_proposes(
    me: httpx2.Client, officer: Officer, programme: Programme, tmp_path: Path, form: str
) -> None:
    file = written(programme, tmp_path, form)
    proposed = tmp_path / "inspect.yaml"
    options = ("--project", PROJECT, "--out", str(proposed))
    programme.run("dppapp", "padan-encoder", "inspect", str(file), *options)
    me.post("/file", data={"path": str(file)})
    me.post("/columns", data=form_of(me.get("/step/columns").text))
    saved = officer.mapping_file()
    assert load_mapping(saved) == load_mapping(proposed)
    ours, theirs = (yaml.safe_load(each.read_text()) for each in (saved, proposed))
    assert list(ours["fields"].items()) == list(theirs["fields"].items())
    assert done(officer).state == "done"
    checked = programme.run(
        "dppapp", "padan-encoder", "check", str(file), "--mapping", str(proposed),
        "--project", PROJECT,
    ).json()[0]  # fmt: skip
    profile = officer.profile()
    assert profile is not None
    report = report_json(profile, findings(profile), forecast(profile.strata))
    assert httpx2.Response(200, json=report).json() == checked


def written(programme: Programme, folder: Path, form: str) -> Path:
    head, *rows = rows_of(programme)
    if form == "csv":
        return programme.folder / "sources" / "carik.csv"
    if form == "dates in three columns":
        at = head.index("tgl_lahir")
        head = [*head[:at], "tgl", "bln", "thn", *head[at + 1 :]]
        rows = [[*row[:at], "1", "2", "1990", *row[at + 1 :]] for row in rows]
    lines = [head, *rows]
    if form == "two-line header":
        lines = [["Rekap Carik"], ["Identitas", *[""] * (len(head) - 1)], head, *rows]
    return workbook(folder / "carik.xlsx", {"Data": lines})


# -- whom a column of the list leaves out --------------------------------------------------------


def with_status(programme: Programme, path: Path) -> Path:
    head, *rows = rows_of(programme)
    said = ["Aktif", "MENINGGAL", "aktif", "Pindah", ""]
    lines = [[*row, said[at % len(said)], f"L{at}"] for at, row in enumerate(rows[:100])]
    return workbook(path, {"Data": [[*head, "Ket", "Nomor Lama"], *lines]})


def test_the_officer_says_whom_a_status_column_leaves_out(
    desk: Window, officer: Officer, programme: Programme, tmp_path: Path
) -> None:
    file = with_status(programme, tmp_path / "carik.xlsx")
    desk.go("/step/file")
    desk.page.fill("#path", str(file))
    desk.press("Lanjut")
    desk.page.select_option("#status-column", "Nomor Lama")
    desk.press("Tampilkan isinya")
    desk.sees("Isi kolom ini tidak ditampilkan")
    assert desk.page.locator("[name=leave_out]").count() == 0
    desk.page.select_option("#status-column", "Ket")
    # Whoever goes on without looking is shown the values first.
    desk.press("Simpan dan periksa mutu")
    desk.page.get_by_role("checkbox", name="MENINGGAL").check()
    labels = desk.page.locator("#status label.check").all_inner_texts()
    assert sorted(" ".join(each.split()) for each in labels) == [
        "Aktif 40 baris",
        "MENINGGAL 20 baris",
        "Pindah 20 baris",
    ]
    desk.picture("s02-status")
    desk.press("Simpan dan periksa mutu")
    desk.sees("80 baris diperiksa")
    saved = yaml.safe_load(officer.mapping_file().read_text())
    assert saved["status"] == {"column": "Ket", "leave_out": ["MENINGGAL"]}
    desk.go("/step/columns")
    assert desk.page.get_by_role("checkbox", name="MENINGGAL").is_checked()
    desk.page.select_option("#status-column", "")
    desk.press("Simpan dan periksa mutu")
    desk.sees("100 baris diperiksa")
    assert "status" not in yaml.safe_load(officer.mapping_file().read_text())


def test_a_status_that_the_layout_proposes_is_on_the_page(
    me: httpx2.Client, officer: Officer, tmp_path: Path
) -> None:
    head = "NIK;Nomor KK;Nama Penduduk;Tanggal Lahir;Kelamin;Desa/Kel;NIK Ayah;NIK Ibu;Status"
    people = [f";;WARGA {each};01-02-1990;L;GAMBIR;;;{each}" for each in ("Mati", "Ada", "Ada")]
    (tmp_path / "siak.csv").write_text("\n".join([head, *people]))
    me.post("/file", data={"path": str(tmp_path / "siak.csv")})
    shown = form_of(me.get("/step/columns").text)
    assert shown["status"] == "Status"
    assert shown["leave_out"] == ["Mati", "Tidak Valid"], "also what this file does not have"
    me.post("/columns", data=shown)
    assert officer.mapping().status == officer.inspection().mapping.status


# -- words ---------------------------------------------------------------------------------------

OPTIONS = re.compile(r"--[a-z]|padan-[a-z]+ |damaged_identifiers|codebook:|recorded:|header_row")


def test_the_page_speaks_of_what_is_on_it(
    me: httpx2.Client, officer: Officer, tmp_path: Path
) -> None:
    """Region codes, ages, damaged NIKs: each has its choice on the page, and no option's name."""
    head = "NIK,Nama Lengkap,Umur,Jenis Kelamin,kode_wilayah,Nomor KK"
    people = [
        f"{nik},WARGA {at},{30 + at},L,3175{at:06d},3.17E+15"
        for at, nik in enumerate(["3.17599E+15", "31759912345", "3175991203900001"])
    ]
    (tmp_path / "daftar.csv").write_text("\n".join([head, *people]))
    for language in ("id", "en"):
        me.get(f"/language/{language}")
        me.post("/file", data={"path": str(tmp_path / "daftar.csv")})
        columns = me.get("/step/columns").text
        assert not OPTIONS.search(columns)
        sent = form_of(columns)
        sent |= {"field-lahir": "(age) Umur", "field-kelurahan": "(bps) kode_wilayah", "drop": "on"}
        assert "ui.year" in me.post("/columns", data={**sent, "year-lahir": ""}).text
        me.post("/columns", data={**sent, "year-lahir": "2022"})
        assert done(officer).state == "done"
        for path in ("/step/quality", "/quality/report", "/step/prepare"):
            main = me.get(path).text.partition("<main")[2]
            assert not OPTIONS.search(main), path
        assert officer.mapping().fields["lahir"] == AgeColumns(age="Umur", recorded=2022)
        assert form_of(me.get("/step/columns").text)["year-lahir"] == "2022"
