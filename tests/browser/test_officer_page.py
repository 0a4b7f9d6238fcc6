"""The officer's page in a real browser: one agency does everything on it, the others by command.

PADAN_SCREENSHOTS=folder keeps the pictures.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from openpyxl import Workbook, load_workbook

from encoder.ui.app import officer_page
from encoder.ui.officer import Officer
from encoder.ui.steps import STEPS
from policy.members.home import Home
from policy.statements import AnyBody, Committed, Confirmed
from policy.terminal.local_page.server import LocalServer
from policy.wire.replica import replica_of
from tests.support.browser import Window, served, visitor, window
from tests.support.looks import looks_right, unseen_focus
from tests.support.programme import PROJECT, Programme

# The one button.
BUTTON = "Kerjakan giliran saya"


@pytest.fixture(scope="module")
def programme(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Programme]:
    programme = Programme(tmp_path_factory.mktemp("officer"), persons=900)
    tree = programme.charter_tree()
    # So that there is a list by name for Carik.
    tree["domains"][0]["learn"] = ["dtks", "carik"]
    programme.reach("signed", tree)
    with programme.serving():
        yield programme


def page_of(programme: Programme, party: str, *, unlocked: bool) -> LocalServer:
    officer = Officer(Home(programme.home(party)))
    if unlocked:
        officer.unlock((programme.folder / "passphrases" / party).read_bytes())
    return officer_page(officer)


@pytest.fixture
def desk(programme: Programme, browser: Any, tmp_path: Path) -> Iterator[Window]:
    with (
        served(page_of(programme, "dppapp", unlocked=False)) as server,
        window(browser, server, tmp_path) as opened,
    ):
        yield opened


def messy_workbook(programme: Programme) -> Path:
    """Carik's rows as an officer keeps them: an Excel sheet with a payload column."""
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    source = programme.folder / "sources" / "carik.csv"
    with source.open(newline="", encoding="utf-8") as file:
        for number, row in enumerate(csv.reader(file, delimiter="|")):
            if number == 0:
                # As a wrapped head looks; a page must give it back as it is.
                row = [cell.replace("nama_lengkap", "Nama  Lengkap\n(KTP)") for cell in row]
            sheet.append([*row, "desil_nasional" if number == 0 else "4"])
    path = programme.folder / "Data Carik (final) 2026.xlsx"
    workbook.save(path)
    return path


def test_one_agency_does_everything_on_the_page(desk: Window, programme: Programme) -> None:
    unlock_and_choose(desk, programme)
    file_to_frozen_rows(desk, programme)
    agree_on_keys(desk, programme)
    encode_and_upload(desk, programme)
    results_for(desk, programme)
    what_changed_since(desk, programme)
    every_page_is_for_everybody(desk)
    own = f"http://{desk.server.access.host}/"
    assert [url for url in desk.requests if not url.startswith((own, "data:", "blob:"))] == []


def unlock_and_choose(desk: Window, programme: Programme) -> None:
    page = desk.page
    page.goto(desk.server.access.address)
    assert "token" not in page.url
    page.fill("#passphrase", (programme.folder / "passphrases" / "dppapp").read_text())
    desk.picture("01-unlock")
    desk.press("Buka")
    page.goto(page.url.replace("/step/project", "/step/results"))
    desk.sees("Pilih proyek dahulu.")
    page.click("#content a.button")
    assert page.locator("#project").input_value() == PROJECT, "the only one of this machine"
    desk.press("Lanjut")
    desk.sees("Pemadanan Regsosek")
    desk.picture("02-project")
    desk.press("Lanjut")


def file_to_frozen_rows(desk: Window, programme: Programme) -> None:
    page = desk.page
    chooser = page.locator(".drop .file")
    assert chooser.inner_text().split("\n")[0] == "Pilih berkas", "in the language of the page"
    page.set_input_files("#upload", messy_workbook(programme))
    chooser.get_by_text("Data Carik (final) 2026.xlsx").wait_for()
    desk.picture("03-file")
    desk.press("Lanjut")
    desk.sees("desil_nasional")
    assert page.locator("#field-nama").input_value() == "Nama Lengkap (KTP)"
    assert page.locator("#field-kk").input_value() == "no_kk"
    page.locator("[name=drop]").check()
    desk.picture("04-columns")
    desk.press("Simpan dan periksa mutu")
    desk.sees("Temuan")
    desk.picture("05-quality")
    page.get_by_role("link", name="Lanjut menyiapkan").click()
    desk.press("Siapkan")
    desk.sees("orang disiapkan")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Simpan daftar baris itu").click()
    saved = programme.folder / "refused.csv"
    waiting.value.save_as(saved)
    assert saved.read_text(encoding="utf-8").startswith("row_number,line,outcome,rule")
    desk.picture("06-prepare")


def agree_on_keys(desk: Window, programme: Programme) -> None:
    """By the one button, which commits nothing before the officer says that the numbers are right;
    and one step by its own."""
    page = desk.page
    others_prepare(programme)
    desk.go("/step/status")
    desk.sees("Giliran Anda: Kunci baris.")
    looks_right(page, "id")
    desk.picture("07-turn-commit")
    desk.press(BUTTON)
    desk.sees("Belum ada yang dikerjakan.")
    assert programme_log(programme, Committed) == []
    page.get_by_role("checkbox", name="Angka di atas benar.").check()
    desk.press(BUTTON)
    desk.sees("Ditunggu: Badan Pusat Statistik")
    assert programme_log(programme, Committed) == ["dppapp"]
    for other in ("bps", "dinsos"):
        programme.run(other, "padan-encoder", "commit", PROJECT)
    programme.witness("bps", "dinsos")
    desk.go("/step/keys")
    desk.picture("07-keys")
    take(desk, "Buka bagian rahasia")
    for other in ("bps", "dinsos"):
        programme.run(other, "padan-encoder", "reveal", PROJECT)
    desk.go("/step/status")
    press_by_keyboard(page, BUTTON)
    desk.sees("Ditunggu: Badan Pusat Statistik")
    assert programme_log(programme, Confirmed) == ["dppapp"]
    for other in ("bps", "dinsos"):
        programme.run(other, "padan-encoder", "confirm", PROJECT)
    programme.witness()


def press_by_keyboard(page: Any, name: str) -> None:
    """By Tab and Enter alone, from the top of the page."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent.trim()") == name:
            break
    page.keyboard.press("Enter")


def programme_log(programme: Programme, kind: type[AnyBody]) -> list[str]:
    """Who made statements of that kind, by the log of dppapp."""
    programme.run("dppapp", "padan-policy", "witness", PROJECT)
    project = replica_of(Home(programme.home("dppapp")), PROJECT).load().project
    return [entry.sender for entry in project.of(kind)]


def take(desk: Window, step: str) -> None:
    """One step of the ceremony, until the page says that it is taken: the others go on then."""
    desk.press(step)
    desk.page.locator("ol.ceremony > li", has_text=step).get_by_text("Sudah Anda").wait_for()


def encode_and_upload(desk: Window, programme: Programme) -> None:
    """One press does both."""
    desk.go("/step/status")
    desk.sees("Giliran Anda: Sandikan")
    desk.press(BUTTON)
    desk.sees("Sudah dikirim ke layanan: Carik Jakarta.")
    desk.picture("09-uploaded")
    desk.go("/step/encode")
    desk.sees("Sudah disandikan")
    desk.go("/step/upload")
    desk.sees("Sudah diterima layanan")
    for other in ("bps", "dinsos"):
        programme.run(other, "padan-encoder", "encode", PROJECT)
        programme.run(other, "padan-encoder", "upload", PROJECT)


def results_for(desk: Window, programme: Programme) -> None:
    page = desk.page
    desk.go("/step/status")
    page.get_by_role("checkbox", name="perintahkan pemadanan").check()
    desk.press(BUTTON)
    desk.sees("Pemadanan sudah diperintahkan: padan-1.")
    programme.witness()
    programme.run("service", "padan-linkage", "start-run", PROJECT, "padan-1", "--wait")
    programme.release("rilis-1", "padan-1", "bps-approver", "dppapp-approver")
    programme.witness()
    desk.go("/step/status")
    desk.sees("Sandi dikirim ke layanan")
    desk.sees("rilis-1: dirilis")
    desk.picture("10-status")
    desk.press(BUTTON)
    desk.sees("Rilis sudah dibuka: rilis-1.")
    ticks = page.locator("nav.steps li.done").all_inner_texts()
    assert len(ticks) == 10, ticks
    assert all(
        re.search(r"\d{1,2} (Jan|Feb|Mar|Apr|Mei|Jun|Jul|Agu|Sep|Okt|Nov|Des)", each)
        for each in ticks
    )
    desk.go("/step/results")
    desk.sees("tanda terima ditandatangani")
    figures = page.locator("section tbody tr td").all_inner_texts()
    assert figures[1] == "piagam tidak memberi tingkat kepastian"
    matched = int(figures[0].replace(".", ""))
    assert matched > 0
    desk.sees(f"{figures[0]} orang di daftar Anda padan")
    desk.picture("11-results")
    rows = the_list_is_a_workbook(desk, programme)
    the_list_is_other_files(desk, programme, len(rows))
    the_source_moved(desk, programme, len(rows))
    page.go_back()


def choose(desk: Window, form: str, split: str, *, others: bool) -> None:
    page = desk.page
    page.get_by_label("Bentuk berkas").select_option(form)
    page.get_by_label("Pembagian untuk petugas lapangan").select_option(split)
    page.get_by_role("checkbox", name="yang belum ditemukan").set_checked(others)


def saved_list(desk: Window, programme: Programme, name: str) -> Path:
    with desk.page.expect_download() as waiting:
        desk.press("Simpan daftar by name by address")
    assert waiting.value.suggested_filename == f"carik-rilis-1{Path(name).suffix}"
    saved = programme.folder / name
    waiting.value.save_as(saved)
    return saved


def the_list_is_a_workbook(desk: Window, programme: Programme) -> list[tuple[Any, ...]]:
    """One sheet a kelurahan, with a programme column; returns the rows of those who were found."""
    page = desk.page
    programme_column = page.get_by_role("checkbox", name="desil_nasional isi program")
    assert not programme_column.is_checked()
    programme_column.check()
    choose(desk, "xlsx", "kelurahan sheets", others=True)
    desk.press("Lihat baris pertama")
    desk.sees("Di bawah ini data pribadi")
    assert page.locator("table.rows tbody tr").count() == 10
    desk.sees("dikonfirmasi Regsosek atau DTKS")
    desk.picture("11-preview")
    assert desk.unnamed() == []
    book = load_workbook(saved_list(desk, programme, "list.xlsx"))
    assert book.sheetnames[:2] == ["ringkasan", "petunjuk"]
    assert book.sheetnames[-1] == "belum ditemukan"
    found = [list(sheet.values) for sheet in book.worksheets[2:-1]]
    header = found[0][0]
    assert header[0] == "id_carik"
    assert {"Nama Lengkap (KTP)", "alamat", "desil_nasional", "keadaan"} <= set(header)
    rows = [row for sheet in found for row in sheet[1:]]
    assert {row[header.index("desil_nasional")] for row in rows} == {"4"}
    assert {row[header.index("dikonfirmasi Regsosek atau DTKS")] for row in rows} == {"ya"}
    page.go_back()
    return rows


def the_list_is_other_files(desk: Window, programme: Programme, rows: int) -> None:
    choose(desk, "csv", "none", others=False)
    with saved_list(desk, programme, "list.csv").open(newline="", encoding="utf-8") as file:
        listed = list(csv.DictReader(file))
    assert len(listed) == rows
    assert {row["desil_nasional"] for row in listed} == {"4"}
    choose(desk, "csv-excel", "kelurahan files", others=True)
    with ZipFile(saved_list(desk, programme, "list.zip")) as archive:
        names = archive.namelist()
        assert names[-1].endswith("/ringkasan.csv")
        one = next(each for each in names if each.endswith("-belum-ditemukan.csv"))
        assert archive.read(one).startswith(b"\xef\xbb\xbf")
    choose(desk, "csv", "kelurahan sheets", others=True)
    desk.press("Simpan daftar by name by address")
    desk.sees("list.no-sheets")
    desk.page.go_back()


def the_source_moved(desk: Window, programme: Programme, rows: int) -> None:
    """Its new place can be named on the page; what changed is told, and listed only if asked."""
    page = desk.page
    kept = programme.home("dppapp") / "projects" / PROJECT / "sources" / "carik.xlsx"
    moved = programme.folder / "dipindah.xlsx"
    kept.rename(moved)
    desk.go("/step/results")
    desk.sees("orang di daftar Anda padan")
    desk.press("Lihat baris pertama")
    desk.sees("file.moved")
    desk.go("/step/results")
    page.get_by_text("Berkas sumbernya dipindah atau berubah").last.click()
    page.get_by_label("Alamat berkas itu sekarang").fill(str(moved))
    desk.press("Lihat baris pertama")
    desk.sees(f"10 dari {rows} baris")
    desk.picture("11-preview-moved")
    moved.rename(kept)
    desk.go("/step/results")


def what_changed_since(desk: Window, programme: Programme) -> None:
    """The newest file, and who objects: only that travels, and earlier lists stay as they were."""
    page = desk.page
    newest, objecting = later_workbook(programme)
    objections = programme.folder / "objections.txt"
    objections.write_text(objecting + "\n")
    desk.go("/step/prepare")
    desk.sees("Siapkan perubahan")
    desk.go("/step/file")
    page.set_input_files("#upload", newest)
    desk.press("Lanjut")
    # The mapping of before, not one that is proposed again.
    assert page.locator("[name=drop]").is_checked()
    desk.press("Simpan dan periksa mutu")
    page.get_by_role("link", name="Lanjut menyiapkan").click()
    page.set_input_files("#suppress", objections)
    desk.press("Siapkan")
    page.get_by_role("link", name="Lanjut menyandikan").wait_for()
    desk.picture("13-delta")
    outcome = page.locator("table").first
    heads, counts = (outcome.locator(f"tbody {part}").all_inner_texts() for part in ("th", "td"))
    told = dict(zip(heads, counts, strict=True))
    assert (told["Orang baru"], told["Berubah"], told["Tidak ada lagi"]) == ("0", "7", "4")
    page.get_by_role("link", name="Lanjut menyandikan").click()
    desk.press("Sandikan")
    desk.sees("Sudah disandikan")
    page.get_by_role("link", name="Lanjut mengirim").click()
    desk.press("Kirim")
    desk.sees("Sudah diterima layanan")
    desk.go("/step/status")
    desk.sees("Carik Jakarta (+1 delta)")
    sources = programme.home("dppapp") / "projects" / PROJECT / "sources"
    assert {each.name for each in sources.iterdir()} == {
        *("carik.source", *(f"carik.list-rilis-1.{each}" for each in ("csv", "xlsx", "zip"))),
        *("carik.xlsx", "carik.yaml", "carik.1.xlsx", "carik.1.yaml"),
    }
    desk.go("/step/results")
    page.get_by_role("checkbox", name="desil_nasional").check()
    choose(desk, "csv", "none", others=False)
    again = saved_list(desk, programme, "again.csv")
    assert again.read_bytes() == (programme.folder / "list.csv").read_bytes()


def later_workbook(programme: Programme) -> tuple[Path, str]:
    """Three people have left, seven are renamed; and the id of somebody who objects."""
    workbook = load_workbook(messy_workbook(programme))
    sheet = workbook.active
    assert sheet is not None
    for row in range(300, 307):
        sheet.cell(row, 2).value = f"{sheet.cell(row, 2).value} BARU"
    objecting = str(sheet.cell(200, 1).value)
    sheet.delete_rows(100, 3)
    path = programme.folder / "Data Carik Agustus.xlsx"
    workbook.save(path)
    return path, objecting


PAGES = (
    *(f"/step/{step}" for step, _ in STEPS),
    "/results/rilis-1/preview?people=found",
    "/results/rilis-1/pictures",
    "/results/nope/preview",
    "/review/rilis-1",
    "/no/such/page",
)


def every_page_is_for_everybody(desk: Window) -> None:
    """In both languages, on a phone, in the dark and on paper; and nobody is called by an id."""
    page = desk.page
    for language in ("id", "en"):
        desk.go(f"/language/{language}")
        for path in PAGES:
            desk.go(path)
            looks_right(page, language)
            assert desk.unnamed() == [], path
            assert bare_ids(page) == [], path
            desk.picture(f"20-{path.strip('/').split('?')[0].replace('/', '-')}-{language}")
    looks_right_alone(desk, "/quality/report")
    desk.go("/step/status")
    assert "Dinas Sosial DKI Jakarta" in page.locator("main").inner_text()
    page.set_viewport_size({"width": 390, "height": 844})
    desk.go("/step/upload")
    page.wait_for_function(
        """() => {
            const here = document.querySelector("nav [aria-current]").getBoundingClientRect();
            return here.left >= 0 && here.right <= document.documentElement.clientWidth;
        }"""
    )


def bare_ids(page: Any) -> list[str]:
    """Ids of members, lists, domains, fields and rules on a page: all of them have names."""
    said = " ".join(page.locator("main").evaluate("e => e.textContent").split())
    return re.findall(
        r"\b(?:dinsos|dppapp|bps|carik|dtks|ppks|regsosek|jk|rtrw|jakarta|nik-[a-z]+)\b(?!-\d)"
        r"|\b[A-Z]+_[A-Z0-9]+\b",
        said,
    )


def looks_right_alone(desk: Window, path: str) -> None:
    """A report: it is as long as it has to be, and begins in Indonesian."""
    desk.go(path)
    looks_right(desk.page, "id", screens=20, prints=False)


def others_prepare(programme: Programme) -> None:
    for dataset in ("regsosek", "dtks", "ppks"):
        programme.prepare(dataset)


def test_the_keyboard_is_enough(desk: Window, programme: Programme) -> None:
    page = desk.page
    page.goto(desk.server.access.address)
    page.keyboard.press("Tab")
    for _ in range(12):
        if page.evaluate("document.activeElement.id") == "passphrase":
            break
        page.keyboard.press("Tab")
    page.keyboard.type((programme.folder / "passphrases" / "dppapp").read_text())
    page.keyboard.press("Enter")
    page.wait_for_url("**/step/project")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.id === 'content'")
    assert unseen_focus(page, 8) == []
    assert desk.unnamed() == []


def test_a_wrong_passphrase_says_so_and_shows_nothing_else(desk: Window) -> None:
    desk.page.goto(desk.server.access.address)
    desk.page.fill("#passphrase", "bukan frasa sandinya")
    desk.press("Buka")
    desk.page.get_by_role("alert").wait_for()
    desk.go("/step/project")
    assert desk.page.url.endswith("/unlock")


def test_only_this_browser_on_this_machine_gets_in(programme: Programme) -> None:
    with served(page_of(programme, "dppapp", unlocked=True)) as server:
        url = f"http://{server.access.host}"
        with visitor() as stranger:
            assert stranger.get(f"{url}/step/project").status_code == 403
            assert stranger.get(f"{url}/open?token=guess").status_code == 403
        with visitor() as browser:
            assert browser.get(server.access.address).status_code == 303
            page = browser.get(f"{url}/step/project")
            assert page.status_code == 200
            assert "default-src 'none'" in page.headers["content-security-policy"]
            assert page.headers["cache-control"] == "no-store"
            form = {"project": PROJECT}
            for headers in (
                {},
                {"origin": "https://jahat.example"},
                {"origin": url, "sec-fetch-site": "cross-site"},
            ):
                assert browser.post(f"{url}/project", data=form, headers=headers).status_code == 403
            rebound = browser.get(f"{url}/step/project", headers={"host": "jahat.example"})
            assert rebound.status_code == 421
