"""From nothing to an opened list by pages alone: one program to open per person, no other command.

Nine people, each with an empty folder, a program that is a process of its own, and a browser of
their own. The programs that they open are counted from docs/how-to/first-linkage.md.
"""

from __future__ import annotations

import csv
import re
import shlex
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest

from policy.joining.code import ShortCode
from tests.support.at_terminals import Sitting
from tests.support.browser import TIMEOUT, Window, window
from tests.support.charter_answers import PAPERS
from tests.support.looks import PHONE, SCREEN, looks_right, unseen_focus
from tests.support.officer import workbook
from tests.support.ports import free_port
from tests.support.programme import ROOT, command

PAGE = ROOT / "docs" / "how-to" / "first-linkage.md"
PROJECT, RELEASE = "gizi-2026", "rilis-1"
OPERATOR, RECIPIENT, OTHER = "layanan", "dinsos", "bps"
AUTHORITIES, APPROVERS = ("dinsos", "kominfo"), ("kominfo", "bps-approver")
WITHOUT_SCRIPT = "dinsos-dpo"
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/open\?token=[\w-]+")
BUTTON = "Kerjakan giliran saya"
FORM = {
    "title": "Gizi",
    "purpose": "Menyalurkan bantuan gizi",
    "a1.name": "Dinas Sosial",
    "a1.contact": "ppid@dinsos.example",
    "a1.list": "Keluarga",
    "a1.people": "230",
    "a2.name": "BPS",
    "a2.contact": "ppid@bps.example",
    "a2.list": "Registrasi",
    "a2.people": "480",
    "region": "31",
    "third.name": "Dinas Kominfo",
    "third.contact": "walidata@kominfo.example",
    "operator.name": "Pusat Layanan",
    "operator.place": "Jakarta",
}


def opened_by(page: str) -> dict[str, str]:
    """Person → the command that opens their program, as the how-to's way by pages names them."""
    found = re.findall(r"<!-- page of: ([\w ,-]+) -->\n```sh\n(.*?)\n```", page, re.S)
    return {name: line for names, line in found for name in re.split(r",\s*", names)}


@dataclass
class Person:
    """One person's folder, the program that they opened, and their browser."""

    name: str
    folder: Path
    sitting: Sitting
    screen: Window = field(init=False)

    @property
    def page(self) -> Any:
        return self.screen.page

    @property
    def address(self) -> str:
        return wait_for(lambda: ADDRESS.search(self.sitting.seen), self.name)[0]


def wait_for(there: Callable[[], Any], what: str) -> Any:
    until = time.monotonic() + TIMEOUT / 1000
    while not (found := there()):
        assert time.monotonic() < until, what
        time.sleep(0.05)
    return found


@dataclass
class People:
    """Everybody. Each program that is opened is a command, and `given` has all of them."""

    folder: Path
    browser: Any
    stack: ExitStack
    given: list[tuple[str, ...]] = field(default_factory=list)
    known: dict[str, Person] = field(default_factory=dict)

    def open(self, name: str, line: str) -> Person:
        folder = self.folder / name
        folder.mkdir()
        words = shlex.split(line)
        self.given.append(tuple(words))
        sitting = Sitting([*words, "--no-open"], folder, {}, {"PADAN_LANG": "id"})
        self.stack.callback(sitting.end)
        person = Person(name, folder, sitting)
        self.known[name] = person
        address = person.address
        host = address.split("/")[2]
        server = SimpleNamespace(access=SimpleNamespace(host=host, address=address))
        more = {"java_script_enabled": False} if name == WITHOUT_SCRIPT else {}
        width = PHONE if name == WITHOUT_SCRIPT else SCREEN
        opened = window(self.browser, server, self.folder, width, **more)  # type: ignore[arg-type]
        person.screen = self.stack.enter_context(opened)
        person.page.goto(address)
        return person

    def __getitem__(self, name: str) -> Person:
        return self.known[name]

    def read_terminals(self, ended: threading.Event) -> None:
        """A terminal that nobody reads fills, and its program waits."""
        while not ended.wait(0.1):
            for person in list(self.known.values()):
                person.sitting.attend()


@pytest.fixture(scope="module")
def lists(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two agencies' own files: a CSV and a workbook."""
    folder = tmp_path_factory.mktemp("lists")
    made = command(
        "padan-encoder", "synth", str(folder / "s"), "--persons", "700", "--share", "regsosek=0.7"
    )
    assert made.code == 0, made.err
    (folder / "s" / "dtks.csv").rename(folder / "keluarga.csv")
    workbook(folder / "registrasi.xlsx", {"Data": rows_in(folder / "s" / "regsosek.csv")})
    return folder


def rows_in(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        dialect = csv.Sniffer().sniff(file.read(2000))
        file.seek(0)
        return list(csv.reader(file, dialect))


@pytest.fixture
def people(browser: Any, tmp_path: Path) -> Iterator[People]:
    with ExitStack() as stack:
        everybody, ended = People(tmp_path, browser, stack), threading.Event()
        reader = threading.Thread(target=everybody.read_terminals, args=(ended,))
        reader.start()
        stack.callback(reader.join)
        stack.callback(ended.set)
        yield everybody
        for person in everybody.known.values():
            person.screen.picture(f"z-last-{person.name}")


@pytest.mark.thorough("integration/test_first_linkage.py::test_from_nothing_to_an_opened_list")
def test_from_nothing_to_an_opened_list_by_pages(people: People, lists: Path) -> None:
    programs = opened_by(PAGE.read_text(encoding="utf-8"))
    operator = people.open(OPERATOR, programs.pop(OPERATOR))
    port = free_port()
    draft_charter(operator)
    invites = invite_everybody(operator, port)
    assert set(invites) == set(programs), "the how-to names everybody who is invited"
    start_the_service(operator)
    for name, line in programs.items():
        arrive(people.open(name, line), invites[name])
    compare_words(people, set(programs))
    for name in (RECIPIENT, OTHER):
        sign_the_charter(people[name])
    freeze_rows(people[RECIPIENT], lists / "keluarga.csv")
    freeze_rows(people[OTHER], lists / "registrasi.xlsx")
    send_both(people)
    order_and_request(people[RECIPIENT])
    for number, name in enumerate(APPROVERS, start=1):
        approve(people[name], number)
    assert the_list(people[RECIPIENT]) > 60
    whole = dict(opened_by(PAGE.read_text(encoding="utf-8")))
    assert people.given == [tuple(shlex.split(line)) for line in whole.values()]
    assert {words[1:] for words in people.given} == {("ui",)}, "no command but those that open"
    for person in people.known.values():
        own = f"http://{person.screen.server.access.host}/"
        away = [
            url for url in person.screen.requests if not url.startswith((own, "data:", "blob:"))
        ]
        assert away == [], person.name
        assert passphrase(person) not in person.sitting.seen, "no secret at a terminal"


def passphrase(person: Person) -> str:
    return f"kata sandi uji {person.name}"


def choose_passphrase(person: Person) -> None:
    """Typed twice, and not held: nine people share this machine."""
    for box in ("#passphrase", "#again"):
        person.page.fill(box, passphrase(person))
    hold = person.page.locator("[name=keep]")
    if hold.count():
        assert hold.is_checked()
        hold.uncheck()


def for_everybody(person: Person, name: str, *, screens: float = 5) -> None:
    """A page in both languages and widths; with PADAN_SCREENSHOTS also as pictures."""
    page = person.page
    path = page.url.split(person.screen.server.access.host)[1]
    for language in ("en", "id"):
        person.screen.go(f"/language/{language}?back={path}")
        page.wait_for_load_state("load")
        looks_right(page, language, screens=screens)
        for width in (SCREEN, PHONE):
            page.set_viewport_size({"width": width, "height": 900})
            person.screen.picture(f"n-{name}-{language}-{width}")
        page.set_viewport_size({"width": SCREEN, "height": 900})
    assert person.screen.unnamed() == []


# -- the operator --------------------------------------------------------------------------------


def draft_charter(operator: Person) -> None:
    page, screen = operator.page, operator.screen
    for_everybody(operator, "begin")
    assert unseen_focus(page, 12) == []
    screen.follow("Mulai proyek")
    screen.sees("Apa yang dipadankan?")
    for name, said in FORM.items():
        page.locator(f"[name='{name}']").fill(said)
    for each in ("a1.learns", "a2.publishes"):
        page.locator(f"[name='{each}']").check()
    for name, file in PAPERS.items():
        (operator.folder / file).write_text(f"{file}: signed\n")
        page.locator(f"[name='{name}.number']").fill(f"{name}/2026/1")
        page.locator(f"[name='{name}']").set_input_files(operator.folder / file)
    screen.press("Susun dan tampilkan piagam")
    screen.sees("Siapa tahu apa")
    for_everybody(operator, "charter")


def invite_everybody(operator: Person, port: int) -> dict[str, Path]:
    """Returns each person's invite; one is sent as a whole code, one read as a short code."""
    page, screen = operator.page, operator.screen
    screen.follow("Piagam sesuai: undang orangnya")
    screen.sees("Siapa yang ikut?")
    for_everybody(operator, "people")
    page.locator("[name='name.kominfo']").fill("Ibu Walidata")
    page.fill("#url", f"http://127.0.0.1:{port}")
    page.fill("#passphrase", passphrase(operator))
    page.fill("#again", "salah ketik")
    screen.press("Tulis undangan")
    screen.sees("Frasa sandinya tidak sama.")
    assert not (operator.folder / "padan-home" / "keys.json").exists()
    screen.follow("Kembali")
    assert page.locator("[name='name.kominfo']").input_value() == "Ibu Walidata"
    choose_passphrase(operator)
    screen.press("Tulis undangan")
    screen.sees("Undang setiap orang")
    for_everybody(operator, "invites")
    sent = {}
    for link in page.locator("ul.invites a[download]").all():
        with page.expect_download() as waiting:
            link.click()
        name = waiting.value.suggested_filename
        sent[name.removesuffix(".padan")] = operator.folder.parent / name
        waiting.value.save_as(operator.folder.parent / name)
    code = page.get_by_role("textbox", name="Kode bps-dpo", include_hidden=True).input_value()
    sent["bps-dpo"].write_text(code)
    short = ShortCode.of(f"http://127.0.0.1:{port}", sent["layanan-dpo"].read_bytes())
    sent["layanan-dpo"].write_text(str(short).lower().replace("-", " "))
    return sent


def start_the_service(operator: Person) -> None:
    operator.screen.follow("Ke layanan")
    operator.screen.sees("Layanan belum berjalan.")
    for_everybody(operator, "service-stopped")
    operator.screen.press("Jalankan layanan")
    operator.screen.sees("Layanan menerima orang yang diundang.")
    operator.screen.sees("Layanan berhenti bila program ini ditutup")
    for_everybody(operator, "service-running")


# -- everybody who was invited -------------------------------------------------------------------


def arrive(person: Person, invite: Path) -> None:
    """From the invite to 'you have joined'."""
    page, screen, looked = person.page, person.screen, person.name in ("bps", "kominfo")
    if person.name == "bps-dpo":
        page.fill("#code", f" {invite.read_text()[:200]}\n {invite.read_text()[200:]} ")
    elif person.name == "layanan-dpo":
        page.fill("#code", invite.read_text())
    else:
        page.set_input_files("#upload", invite)
    screen.press("Buka undangan")
    screen.sees("Undangan untuk Anda?")
    if looked:
        for_everybody(person, f"arrive-{person.name}")
    choose_passphrase(person)
    screen.press("Buat kunci dan bergabung")
    screen.page.locator("h1").wait_for()
    if looked:
        screen.sees("Anda sudah bergabung")
        for_everybody(person, f"joined-{person.name}")


def compare_words(people: People, invited: set[str]) -> None:
    """Everybody reads the same words; a page that shows others would be stopped by them."""
    operator = people[OPERATOR]
    operator.screen.go("/people")
    words = operator.page.locator("#words").inner_text()
    assert len(words.split()) == 13
    for name in sorted(invited, key=lambda each: each in AUTHORITIES):  # they sign after all others
        page, screen = people[name].page, people[name].screen
        if name == WITHOUT_SCRIPT:
            reload_until(people[name], "#words")
        screen.sees("Bandingkan kata lewat telepon")
        assert page.locator("#words").inner_text() == words, name
        if name in ("bps", "kominfo"):
            for_everybody(people[name], f"words-{name}")
        if name == "bps-approver":
            other = " ".join(reversed(words.split()))
            page.locator("summary").click()
            page.fill("#heard", other)
            screen.press("Bandingkan")
            page.get_by_role("alert").wait_for()
            screen.follow("Kembali")
            page.locator("summary").click()
            page.fill("#heard", words)
            screen.press("Bandingkan")
        else:
            page.get_by_role("checkbox").check()
            sign = "Kata sama: tanda tangani roster"
            screen.press(sign if name in AUTHORITIES else "Kata sama: lanjut")
        page.wait_for_load_state("load")
    operator.page.get_by_text("Roster ditandatangani").wait_for(timeout=TIMEOUT)
    reload_until(people[WITHOUT_SCRIPT], "text=Tidak ada yang menunggu keputusan Anda")


def reload_until(person: Person, there: str) -> None:
    """As one does without a script: by the link."""

    def seen() -> bool:
        if person.page.locator(there).count():
            return True
        person.page.reload()
        time.sleep(0.5)
        return False

    wait_for(seen, there)


# -- the officers --------------------------------------------------------------------------------


def sign_the_charter(officer: Person) -> None:
    """The project is chosen by itself; the charter is read on its page."""
    page, screen = officer.page, officer.screen
    page.wait_for_url("**/step/project", timeout=TIMEOUT)
    wait_for_project(officer)
    assert page.locator("#project").input_value() == PROJECT
    if officer.name == OTHER:
        for_everybody(officer, "officer-project")
    screen.follow("Baca dan tanda tangani")
    screen.sees("Siapa tahu apa")
    page.fill("#passphrase", passphrase(officer))
    screen.press("Tanda tangani piagam")
    screen.sees("Keadaan proyek")


def wait_for_project(officer: Person) -> None:
    """The service opens the project in the moments after the roster was signed."""

    def seen() -> bool:
        officer.screen.go("/step/project")
        return bool(officer.page.get_by_text("Baca dan tanda tangani").count())

    wait_for(seen, "the charter that waits")


def freeze_rows(officer: Person, file: Path) -> None:
    page, screen = officer.page, officer.screen

    def seen() -> bool:
        """The page before reloads itself when the other agency signs, also at this moment."""
        screen.go("/step/file")
        return bool(page.locator("#upload").count())

    wait_for(seen, "the step of the file")
    page.set_input_files("#upload", file)
    screen.press("Lanjut")
    screen.sees("Kolom mana untuk apa")
    screen.press("Simpan dan periksa mutu")
    page.get_by_role("link", name="Lanjut menyiapkan").wait_for(timeout=TIMEOUT)
    screen.go("/step/status")
    take_turn(officer)
    screen.sees("orang disiapkan")


def send_both(people: People) -> None:
    """One button each; what the other has to do first is waited for by the page."""
    both = [people[RECIPIENT], people[OTHER]]
    for officer in both:
        wait_for_turn(officer, "Kunci baris")
        officer.page.get_by_role("checkbox", name="Angka di atas benar.").check()
        take_turn(officer)
        officer.screen.sees("Baris sudah dikunci")
    unsent = {officer.name for officer in both}
    while unsent:
        officer = wait_for(lambda: next((o for o in both if is_due(o, unsent)), None), "a turn")
        if "Sudah dikirim ke layanan" in take_turn(officer):
            unsent.remove(officer.name)


def is_due(officer: Person, unsent: set[str]) -> bool:
    """Whether the page, which nobody reloads, says that it is this agency's turn."""
    return officer.name in unsent and bool(officer.page.get_by_role("button", name=BUTTON).count())


def wait_for_turn(officer: Person, turn: str) -> None:
    """The page itself says that it is this agency's turn; nobody presses anything."""
    officer.page.get_by_text(f"Giliran Anda: {turn}").first.wait_for(timeout=TIMEOUT)
    officer.page.wait_for_load_state("load")


def take_turn(officer: Person) -> str:
    """Press the one button, and wait for the end of its work; returns what was done."""
    with officer.page.expect_navigation():
        officer.screen.press(BUTTON)
    done = officer.page.locator("p.message.good", has_text="Selesai:")
    done.wait_for(timeout=TIMEOUT)
    return str(done.inner_text())


def order_and_request(officer: Person) -> None:
    for turn, question in (
        ("Perintahkan pemadanan", "perintahkan pemadanan"),
        ("Minta rilis", "minta rilisnya"),
    ):
        wait_for_turn(officer, turn)
        officer.page.get_by_role("checkbox", name=question).check()
        take_turn(officer)


def approve(person: Person, number: int) -> None:
    """The release comes to the page by itself; after the last approval it is decided at once."""
    page, screen = person.page, person.screen
    screen.sees("1 rilis menunggu keputusan Anda")
    screen.follow("Periksa")
    screen.sees("Siapa mengetahui apa")
    said = page.locator("ul.words li", has_text="menyetujui ·")

    def signed() -> bool:
        """Sign; before the witnesses have seen the release, the page says so: sign again."""
        page.get_by_label("Setuju", exact=True).check()
        page.fill("#passphrase", passphrase(person))
        with page.expect_navigation():
            screen.press("Tanda tangani")
        if page.get_by_text("project.wait-cosigned").count():
            screen.follow("Kembali")
            return False
        return bool(said.count() == number)

    wait_for(signed, f"approval {number}")


def the_list(officer: Person) -> int:
    """Open the release and save the list; returns how many rows it has."""
    page, screen = officer.page, officer.screen
    wait_for_turn(officer, "Buka rilis")
    take_turn(officer)
    screen.go("/step/results")
    screen.sees("tanda terima ditandatangani")
    page.get_by_label("Bentuk berkas").select_option("xlsx")
    with page.expect_download() as waiting:
        screen.press("Simpan daftar by name by address")
    waiting.value.save_as(officer.folder / "daftar.xlsx")
    book = openpyxl.load_workbook(officer.folder / "daftar.xlsx", read_only=True)
    return sum(1 for sheet in book for _ in sheet.iter_rows(values_only=True))
