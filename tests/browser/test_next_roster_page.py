"""An authority signs a later roster on the page: who comes, the words, the passphrase."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from encoder.ui.app import officer_page
from encoder.ui.officer import Officer
from policy.base.errors import PadanError
from policy.members.home import Home
from policy.terminal.local_page.server import LocalServer
from policy.ui.app import approver_page
from policy.ui.desk import ApproverDesk
from policy.ui.next_roster import HeardWords, sign_shown
from tests.support.browser import Window, served, window
from tests.support.joining import INVITED, LATE, Joiners
from tests.support.looks import for_everybody
from tests.support.processes import PATIENCE_SECONDS
from tests.support.server import serve_process

OTHER = "dinkes,pemda,dpo,Pejabat PDP Dinas Kesehatan"


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Joiners]:
    """A roster is in force, and its service runs."""
    people = Joiners(tmp_path)
    people.invite()
    passphrase = people.folder / "passphrases" / "service"
    serving = serve_process(people.home("service"), passphrase, people.port, [])
    try:
        for name in INVITED[:-1]:
            people.accept(name)
        heard = people.words(INVITED[-1])
        for name in INVITED:
            people.accept(name, "--words", heard)
        people.wait_for_roster()
        for name in INVITED:
            assert people.accept(name).json()[0]["event"] == "joined"
        yield people
    finally:
        serving.terminate()
        serving.wait(PATIENCE_SECONDS)


def test_authorities_sign_a_later_roster_on_the_page(
    town: Joiners, browser: Any, tmp_path: Path
) -> None:
    town.write_plan(dinkes=LATE, **{"dinkes-dpo": OTHER})
    (town.folder / "passphrases" / "dinkes-dpo").write_text("kata sandi uji dinkes-dpo")
    town.invite("--again", "dinsos")  # whose keys are lost
    again = town.folder / "homes" / "dinsos-again"
    for name in ("dinkes", "dinkes-dpo"):
        town.accept(name)
    with at_page(town, "bps", browser, tmp_path) as screen:
        screen.follow("siapa, dan siapa yang ditunggu")
        screen.sees("Menunggu orang baru bergabung: belum 1 dari 3.")
        for_everybody(screen, "roster-awaited")
        heard = town.accept("dinsos", code=6, home=again).json()[-1]["words"]
        shown = sign_on_the_page(screen, town, heard)
    with at_page(town, "diskominfo", browser, tmp_path) as screen:
        sign_by_typing(screen, heard["en"])
    sign_again(town, shown)  # harmless too once the roster is in force
    for name in ("bps", "diskominfo"):
        roster = Home(town.home(name)).roster()
        assert roster.version == 2
        assert {"dinkes", "dinkes-dpo"} <= {each.id for each in roster.members}
    assert roster.member("dinsos") == Home(again).member()
    assert town.accept("dinkes", "--words", heard["id"]).json()[0]["version"] == 2


def test_an_authority_with_a_list_signs_on_the_officers_page(
    town: Joiners, browser: Any, tmp_path: Path
) -> None:
    town.write_plan(dinkes=LATE)
    town.invite()
    heard = town.words("dinkes")
    page = officer_page(Officer(Home(town.home("bps"))))
    with at_page(town, "bps", browser, tmp_path, page) as screen:
        screen.go("/step/status")
        screen.sees("roster berikutnya menunggu tanda tangan Anda sebagai otoritas")
        for_everybody(screen, "roster-officer")
        screen.follow("Bandingkan kata dan tanda tangani")
        assert screen.page.locator("#words").inner_text() == heard
        sign(screen, "kata sandi uji bps")
        screen.sees("Roster berikutnya sudah Anda tanda tangani")
        for_everybody(screen, "roster-officer-signed")
        screen.follow("Kembali")
        screen.sees("Keadaan proyek")
        assert "menunggu tanda tangan Anda" not in screen.page.content()


@contextmanager
def at_page(
    town: Joiners, name: str, browser: Any, folder: Path, page: LocalServer | None = None
) -> Iterator[Window]:
    """One authority before the page, unlocked."""
    page = page or approver_page(ApproverDesk(Home(town.home(name))))
    with served(page) as server, window(browser, server, folder) as screen:
        screen.page.goto(server.access.address)
        screen.page.fill("#passphrase", f"kata sandi uji {name}")
        screen.press("Buka")
        yield screen


def sign_on_the_page(screen: Window, town: Joiners, heard: dict[str, str]) -> str:
    """Returns the digest of the roster that was shown."""
    page = screen.page
    screen.go("/releases")
    screen.sees("Roster berikutnya menunggu tanda tangan Anda")
    for_everybody(screen, "roster-overview")
    screen.follow("Bandingkan kata dan tanda tangani")
    screen.sees("Orang atau kunci baru: tanda tangani roster berikutnya")
    assert page.locator("#words").inner_text() == heard["id"]
    rows = page.locator("tbody tr").all_inner_texts()
    assert len(rows) == 3
    assert sum("orang baru" in each for each in rows) == 2
    (lost,) = (each for each in rows if "kunci baru" in each)
    assert "dinsos" in lost
    for_everybody(screen, "roster-sign")
    sign(screen, "salah salah salah")
    screen.sees("Frasa sandi atau kunci salah")
    screen.follow("Kembali")
    shown: str = page.locator("[name=roster]").first.input_value()
    for other, said, code in (
        ("ab" * 32, HeardWords(same=True), "ui.other-stage"),
        (shown, HeardWords(), "joining.compare"),
    ):
        with pytest.raises(PadanError) as refused:
            sign_shown(Home(town.home("bps")), town.project, other, said, b"kata sandi uji bps")
        assert refused.value.code == code
    sign(screen, "kata sandi uji bps")
    screen.sees("Roster berikutnya sudah Anda tanda tangani")
    screen.sees("Walidata")
    for_everybody(screen, "roster-signed")
    sign_again(town, shown)
    assert Home(town.home("bps")).roster().version == 1, "one signature is not enough"
    return shown


def sign_again(town: Joiners, shown: str) -> None:
    home, secret = Home(town.home("bps")), b"kata sandi uji bps"
    sign_shown(home, town.project, shown, HeardWords(same=True), secret)


def sign(screen: Window, passphrase: str) -> None:
    screen.page.get_by_role("checkbox").check()
    screen.page.fill("#passphrase", passphrase)
    screen.press("Kata sama: tanda tangani roster")


def sign_by_typing(screen: Window, heard: str) -> None:
    screen.follow("Bandingkan kata dan tanda tangani")
    for said, seen in (
        (" ".join(reversed(heard.split())), "tidak lengkap atau salah dengar"),
        (heard, "Roster versi 2 berlaku"),
    ):
        screen.page.locator("summary").click()
        screen.page.fill("#heard", said)
        screen.page.fill("#passphrase-heard", "kata sandi uji diskominfo")
        screen.press("Bandingkan dan tanda tangani")
        screen.sees(seen)
        if said != heard:
            screen.follow("Kembali")
    for_everybody(screen, "roster-in-force")
