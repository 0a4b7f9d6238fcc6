"""A short code on the pages: where the operator reads it, and where an invited person types it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from policy.joining.code import ShortCode
from policy.joining.folder import JoiningFolder
from policy.members.home import Home
from policy.ui.app import approver_page
from policy.ui.desk import ApproverDesk
from tests.support.browser import served, window
from tests.support.joining import INVITED, Joiners
from tests.support.looks import for_everybody

OTHERS_REACH = "https://padan.example.go.id"


def test_the_operator_reads_codes_and_keeps_the_files(browser: Any, tmp_path: Path) -> None:
    town = Joiners(tmp_path)
    town.run("service", "invite", str(town.place), "--service", OTHERS_REACH)
    me = Home(town.home("service")).unlock(b"kata sandi uji service")
    page = approver_page(ApproverDesk(me.home, me))
    with served(page) as server, window(browser, server, tmp_path) as screen:
        screen.page.goto(server.access.address)
        screen.sees("Undang setiap orang")
        shown = screen.page.locator(".short-code").all_inner_texts()
        assert set(shown) == {
            str(ShortCode.of(OTHERS_REACH, town.invite_file(name).read_bytes())) for name in INVITED
        }
        assert "padan1-" not in screen.page.content()
        for_everybody(screen, "codes-operator")
        screen.page.locator("summary").first.click()
        with screen.page.expect_download() as waiting:
            screen.page.locator("ul.invites a[download]").first.click()
        saved = Path(waiting.value.path()).read_bytes()
        assert saved == town.invite_file(Path(waiting.value.suggested_filename).stem).read_bytes()


def test_a_person_types_a_code_that_was_read(browser: Any, tmp_path: Path) -> None:
    town = Joiners(tmp_path)
    town.invite()
    invite = town.invite_file("bps").read_bytes()
    code = str(ShortCode.of(town.url, invite))
    desk = ApproverDesk(Home(town.home("bps")))
    with served(approver_page(desk)) as server, window(browser, server, tmp_path) as screen:
        screen.page.goto(server.access.address)
        screen.sees("Bergabung dengan proyek")
        for_everybody(screen, "codes-begin")
        wrong = code[:-1] + ("7" if code[-1] != "7" else "8")
        for typed, seen in (
            (wrong, "salah ketik atau tidak lengkap"),
            (code, "Bila layanan belum berjalan"),
        ):
            screen.page.fill("#code", typed)
            screen.press("Buka undangan")
            screen.sees(seen)
            screen.picture(f"codes-refused-{len(seen)}")
            assert screen.page.input_value("#code") == typed, "nobody types it twice"
        with town.receiving():
            said = code.removeprefix("http://")  # as it is read by telephone
            screen.page.fill("#code", said.lower().replace("-", " "))
            screen.press("Buka undangan")
            screen.sees("Undangan untuk Anda?")
            for box in ("#passphrase", "#again"):
                screen.page.fill(box, "kata sandi uji bps")
            keep = screen.page.locator("[name=keep]")
            if keep.count():
                keep.uncheck()
            screen.press("Buat kunci dan bergabung")
            screen.sees("Anda sudah bergabung")
    kept = JoiningFolder(desk.home, town.project).invite()
    assert kept is not None
    assert kept.data == invite
