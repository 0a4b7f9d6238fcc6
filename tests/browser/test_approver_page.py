"""The approver's page in a real browser: approve, refuse, withdraw, by network and by file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from policy.base.canonical import b64
from policy.base.words import Words
from policy.members.home import Home
from policy.terminal.local_page.jobs import PageJob
from policy.ui.app import approver_page
from policy.ui.desk import ApproverDesk, Known
from tests.support.browser import Window, served, visitor, window
from tests.support.looks import looks_right, unseen_focus, violations
from tests.support.service import PASSPHRASE, Town
from tests.support.staff_pages import OFFICES
from tests.support.stored_town import RUN, town_at

RELEASE = "rilis-1"
SAID = Words("Selesai.", "Done.")


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """One run is done, and one release of it is staged: each test has a town of its own."""
    town = town_at("matched", tmp_path / "town")
    with town.serving():
        town.request(RELEASE, RUN, "dtks-regsosek", "semua")
        town.stage(RELEASE)
        yield town


def desk(town: Town, member: str) -> ApproverDesk:
    town.lock(member)
    return ApproverDesk(Home(town.members[member].home.path))


def enter(window: Window) -> None:
    window.page.goto(window.server.access.address)
    assert "token" not in window.page.url
    window.page.fill("#passphrase", PASSPHRASE.decode())
    window.press("Buka")
    window.page.wait_for_url("**/releases")


def sign(window: Window, choice: str, passphrase: str = PASSPHRASE.decode()) -> None:
    window.page.get_by_label(choice, exact=True).check()
    window.page.fill("#passphrase", passphrase)
    window.press("Tanda tangani")


def words(town: Town) -> dict[str, str]:
    project = town.synced("auditor").project
    return {e.statement.sender: e.body.verdict for e in project.release(RELEASE).approvals}


def test_from_asking_to_receipts(town: Town, browser: Any, tmp_path: Path) -> None:
    page = approver_page(desk(town, "bps-approver"))
    with served(page) as server, window(browser, server, tmp_path) as screen:
        screen.page.goto(server.access.address)
        screen.picture("a01-unlock")
        enter(screen)
        screen.sees("1 rilis menunggu keputusan Anda")
        screen.picture("a02-overview")
        screen.follow("Periksa")
        for text in ("Siapa mengetahui apa", "0 instansi lain menyetujui (perlu 2)"):
            screen.sees(text)
        screen.sees("aturan terpenuhi; belum: Persetujuan cukup dan terpisah.")
        holding = screen.page.get_by_text("Setiap sel cukup besar")
        assert not holding.is_visible(), "rules that hold are folded"
        verdicts = screen.page.locator("#rules ~ .rule-list .badge").all_inner_texts()
        assert verdicts == ["✗ belum"]
        screen.page.get_by_text("Aturan yang terpenuhi").click()
        holding.wait_for()
        assert screen.unnamed() == []
        screen.picture("a03-release")
        screen.go(f"/project/{town.project_id}")
        screen.sees("Log sebagai garis waktu")
        screen.picture("a03-project")
        screen.page.go_back()

        sign(screen, "Setuju", "bukan frasa sandinya")
        screen.page.get_by_role("alert").wait_for()
        screen.picture("a04-wrong-passphrase")
        assert words(town) == {}
        screen.follow("Kembali")
        sign(screen, "Setuju")
        screen.sees("Anda menyetujui ini.")
        assert words(town) == {"bps-approver": "approve"}

        screen.page.get_by_text("Tarik persetujuan", exact=True).click()
        screen.page.fill("#passphrase", PASSPHRASE.decode())
        screen.picture("a05-withdraw")
        screen.press("Tarik persetujuan saya")
        screen.sees("Anda telah menarik persetujuan")
        assert screen.page.get_by_label("Setuju", exact=True).count() == 0
        assert words(town) == {}
        screen.picture("a06-withdrawn")

        town.approve(RELEASE, "dppapp-approver", "dpo")
        sign(screen, "Tolak")
        screen.sees("Anda menolak ini; rilis tidak akan keluar.")
        town.decide(RELEASE)
        screen.go("/releases")
        screen.press("Perbarui dari layanan")
        screen.sees("ditolak")
        own = f"http://{server.access.host}/"
        assert [url for url in screen.requests if not url.startswith((own, "data:"))] == []


def test_a_released_one_tells_who_signed_for_it(town: Town, browser: Any, tmp_path: Path) -> None:
    town.approve(RELEASE, "dppapp-approver", "bps-approver")
    town.decide(RELEASE)
    page = approver_page(desk(town, "bps-approver"))
    with served(page) as server, window(browser, server, tmp_path) as screen:
        enter(screen)
        screen.go(f"/release/{town.project_id}/{RELEASE}")
        screen.sees("Pada saat diputuskan")
        cells = screen.page.locator("td[data-label='Tanda terima']")
        assert set(cells.all_inner_texts()) == {"belum"}
        assert screen.page.locator("form.sign").count() == 0
        screen.picture("b01-released")


def test_the_officer_s_veto_in_english(town: Town, browser: Any, tmp_path: Path) -> None:
    town.approve(RELEASE, "dppapp-approver", "bps-approver")
    page = approver_page(desk(town, "dpo"))
    with served(page) as server, window(browser, server, tmp_path) as screen:
        enter(screen)
        screen.sees(RELEASE)
        everybody(screen, "id", town)
        screen.follow("English")
        screen.page.locator("html[lang=en]").wait_for()
        everybody(screen, "en", town)
        screen.sees("Nothing awaits your decision")
        screen.sees("You can stop these")
        screen.picture("c02-overview-en")
        screen.go(f"/release/{town.project_id}/{RELEASE}")
        screen.sees("your objection stops the release")
        screen.picture("c03-release-en")
        axe_misses_no_label(screen)
        screen.page.reload()
        screen.page.get_by_label("Object (veto)", exact=True).check()
        screen.page.fill("#passphrase", PASSPHRASE.decode())
        screen.press("Sign")
        screen.sees("You refused this")
        screen.sees("objects (veto)")
        screen.sees("Objection (veto): dpo.")
        screen.picture("c04-vetoed-en")
        screen.go("/releases")
        screen.sees("Other releases")
        looks_right(screen.page, "en")
    assert town.decide(RELEASE)["verdict"] == "refused"


def axe_misses_no_label(screen: Window) -> None:
    """The checks of `everybody` fail where they must."""
    page = screen.page
    page.evaluate("document.querySelector('label[for=passphrase]').remove()")
    assert [each.split(":")[0] for each in violations(page)] == ["label"]
    page.evaluate("document.querySelector('.facts dd').style.color = '#aaa'")
    assert "color-contrast" in {each.split(":")[0] for each in violations(page)}
    page.evaluate("document.querySelector('svg .key').style.fill = '#ccc'")
    assert "faint drawing" in {each.split(":")[0] for each in violations(page)}
    page.evaluate("document.styleSheets[0].insertRule(':focus-visible { outline: 0 !important }')")
    assert len(unseen_focus(page, 2)) == 2


def everybody(screen: Window, language: str, town: Town) -> None:
    """Every page of the approver, as everybody may need it."""
    project = town.project_id
    paths = (
        "/releases",
        f"/release/{project}/{RELEASE}",
        f"/project/{project}",
        "/file",
        "/charter",
    )
    for path in paths:
        screen.go(path)
        # The form of a new charter is long: folded, it would hide questions that need an answer.
        looks_right(screen.page, language, screens=7 if path == "/charter" else 5)
    screen.go(f"/charter/{project}")
    looks_right(screen.page, language)  # read whole before it is signed: nothing folded
    screen.go("/releases")


def test_no_page_says_an_id_where_a_name_is_known(browser: Any, tmp_path: Path) -> None:
    town = Town(tmp_path / "named", offices=OFFICES)
    with town.serving():
        town.agree()
        for dataset in town.persons:
            town.upload(dataset)
        town.match(RUN)
        for release in (RELEASE, "rilis-2"):
            town.request(release, RUN, "dtks-regsosek", "semua")
            town.stage(release)
            town.approve(release, "dppapp-approver", "bps-approver")
            if release == RELEASE:
                town.decide(release)
        project = town.project_id
        page = approver_page(desk(town, "dpo"))
        with served(page) as server, window(browser, server, tmp_path) as screen:
            enter(screen)
            screen.sees("rilis-2")
            for path in (f"/release/{project}/rilis-2", f"/project/{project}", "/releases"):
                screen.go(path)
                looks_right(screen.page, "id")
                assert bare_ids(screen.page) == [], path
            screen.go(f"/charter/{project}")
            looks_right(screen.page, "id")
            screen.go("/no/such/page")
            screen.sees("Halaman ini tidak ada")


def bare_ids(page: Any) -> list[str]:
    """Ids that have names, and dates as machines write them. Folded ones too."""
    said = page.locator("main").evaluate(
        "e => [...e.querySelectorAll('*')].map(n => n.textContent)"
    )
    ids = r"\b(?:dinsos|dppapp|bps|dpo|dtks|carik|regsosek)\b|\b\d{4}-\d\d-\d\d\b"
    return re.findall(ids, " ".join(said))


def test_by_files_from_page_to_page(town: Town, browser: Any, tmp_path: Path) -> None:
    """One page packs, one signs without the service, one sends."""
    with (
        served(approver_page(desk(town, "bps-approver"))) as server,
        window(browser, server, tmp_path) as screen,
    ):
        enter(screen)
        screen.go(f"/release/{town.project_id}/{RELEASE}")
        with screen.page.expect_download() as waiting:
            screen.follow("Simpan permintaan")
        waiting.value.save_as(tmp_path / "ask.padan")
    alone = desk(town, "dppapp-approver")
    with served(approver_page(alone)) as server, pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "policy.wire.session.send_patiently", lambda *_: (_ for _ in ()).throw(no_network())
        )
        with window(browser, server, tmp_path, 390) as screen:
            enter(screen)
            screen.sees("Layanan tidak terhubung")
            screen.picture("d01-alone-phone")
            screen.go("/file")
            screen.page.set_input_files("#upload", tmp_path / "ask.padan")
            screen.picture("d02-file-phone")
            screen.press("Buka berkas")
            screen.sees("halaman ini tidak memakai jaringan")
            assert screen.overflowing() == []
            screen.picture("d03-carried-phone")
            sign(screen, "Setuju")
            screen.sees("Jawaban Anda ditandatangani di komputer ini")
            assert screen.page.locator("form.sign").count() == 0
            with screen.page.expect_download() as waiting:
                screen.follow("Simpan answer.padan")
            waiting.value.save_as(tmp_path / "answer.padan")
            screen.picture("d04-answer-phone")
            screen.go("/file")
            (tmp_path / "x.padan").write_bytes(b"PK\x03\x04")
            screen.page.set_input_files("#upload", tmp_path / "x.padan")
            screen.press("Buka berkas")
            screen.sees("Ini bukan ask.padan atau answer.padan yang utuh.")
    assert words(town) == {}
    with (
        served(approver_page(desk(town, "dinsos"))) as server,
        window(browser, server, tmp_path) as screen,
    ):
        enter(screen)
        screen.go(f"/release/{town.project_id}/{RELEASE}")
        screen.sees("tidak terbuka bagi Anda")
        assert screen.page.locator("form.sign").count() == 0
        screen.picture("d05-party")
        screen.go("/file")
        screen.page.set_input_files("#upload", tmp_path / "answer.padan")
        screen.press("Buka berkas")
        screen.sees("Persetujuan diberikan")
        screen.picture("d06-answer")
        screen.press("Kirim ke layanan")
        screen.sees("Jawaban tercatat di log")
    assert words(town) == {"dppapp-approver": "approve"}


def no_network() -> Exception:
    from policy.base.errors import Unreachable
    from policy.base.words import Words

    return Unreachable("service.unreachable", Words("Putus.", "Gone."), Words("Ulangi.", "Again."))


def test_the_keyboard_is_enough(town: Town, browser: Any, tmp_path: Path) -> None:
    page = approver_page(desk(town, "bps-approver"))
    with served(page) as server, window(browser, server, tmp_path) as screen:
        enter(screen)
        screen.go(f"/release/{town.project_id}/{RELEASE}")
        press, focus = screen.page.keyboard.press, screen.page.evaluate
        press("Tab")
        assert focus("document.activeElement.className") == "skip"
        press("Enter")
        screen.page.wait_for_function("document.activeElement.id === 'content'")
        assert unseen_focus(screen.page, 3) == []
        for _ in range(20):
            press("Tab")
            if focus("document.activeElement.name") == "act":
                break
        press("ArrowDown")
        assert focus("document.activeElement.value") == "refuse"
        press("Tab")
        screen.page.keyboard.type(PASSPHRASE.decode())
        press("Enter")
        screen.sees("Anda menolak ini")
    assert words(town) == {"bps-approver": "refuse"}


def test_enter_alone_decides_nothing(town: Town, browser: Any, tmp_path: Path) -> None:
    """A passphrase typed without a choice made is no yes."""
    page = approver_page(desk(town, "bps-approver"))
    with served(page) as server, window(browser, server, tmp_path) as screen:
        enter(screen)
        screen.go(f"/release/{town.project_id}/{RELEASE}")
        screen.page.fill("#passphrase", PASSPHRASE.decode())
        screen.page.keyboard.press("Enter")
        screen.page.evaluate("document.forms['sign'].noValidate = true")
        screen.press("Tanda tangani")
        screen.sees("Menunggu keputusan Anda")
    assert words(town) == {}


@pytest.mark.parametrize(
    ("state", "error"), [("done", None), ("failed", ("service.unreachable", SAID, SAID))]
)
def test_work_that_ends_while_its_page_is_made_is_asked_about_once_more(
    town: Town,
    monkeypatch: pytest.MonkeyPatch,
    state: str,
    error: tuple[str, Words, Words] | None,
) -> None:
    """Else the page shows what was there before, and says that it is up to date."""
    at_desk = desk(town, "bps-approver")
    with served(approver_page(at_desk)) as server, visitor() as me:
        me.get(server.access.address)
        at_desk.me = at_desk.home.unlock(PASSPHRASE)
        at_desk.job = job = PageJob("refresh", Words("Memeriksa", "Asking"), None)
        read = at_desk.projects

        def reading(now: int) -> list[Known]:
            found = read(now)
            job.outcome, job.error, job.state = SAID, error, state
            return found

        monkeypatch.setattr(at_desk, "projects", reading)
        url = f"http://{server.access.host}/releases"
        assert "data-job" in me.get(url).text
        ended = me.get(url).text
        assert "data-job" not in ended
        assert "Perbarui dari layanan" in ended, "one can ask again"


# -- who gets in, and what a page may say --------------------------------------------------------


def test_only_this_browser_on_this_machine_gets_in(town: Town) -> None:
    at_desk = desk(town, "bps-approver")
    at_desk.unlock(PASSPHRASE)
    with served(approver_page(at_desk)) as server:
        url = f"http://{server.access.host}"
        shown = f"{url}/release/{town.project_id}/{RELEASE}"
        with visitor() as stranger:
            for path in ("/releases", "/file", "/answer", "/job", "/static/page.css"):
                assert stranger.get(url + path).status_code == 403
            assert stranger.get(shown).status_code == 403
            assert stranger.get(f"{shown}/ask.padan").status_code == 403
            assert stranger.get(f"{url}/open?token=guess").status_code == 403
            assert stranger.post(shown, headers={"origin": url}).status_code == 403
        with visitor() as browser:
            assert browser.get(server.access.address).status_code == 303
            page = browser.get(shown)
            assert page.status_code == 200
            policy = page.headers["content-security-policy"]
            assert "default-src 'none'" in policy
            assert "unsafe" not in policy
            assert page.headers["cache-control"] == "no-store"
            form = {"act": "approve", "seen": "ab" * 32, "passphrase": PASSPHRASE.decode()}
            for headers in (
                {},
                {"origin": "https://jahat.example"},
                {"origin": url, "sec-fetch-site": "cross-site"},
            ):
                assert browser.post(shown, data=form, headers=headers).status_code == 403
            rebound = browser.get(shown, headers={"host": "jahat.example"})
            assert rebound.status_code == 421
            other = browser.post(shown, data=form, headers={"origin": url})
            assert other.status_code == 409
            assert "ui.other-stage" in other.text
            for path in (f"/release/..%2f..%2fx/{RELEASE}", f"/carried/x/{RELEASE}"):
                assert browser.get(url + path).status_code in (404, 409)
    assert words(town) == {}


def test_locked_it_shows_nothing_and_no_page_holds_a_secret(town: Town) -> None:
    at_desk = desk(town, "bps-approver")
    with served(approver_page(at_desk)) as server, visitor() as browser:
        url = f"http://{server.access.host}"
        browser.get(server.access.address)
        for path in ("/releases", f"/release/{town.project_id}/{RELEASE}", "/file", "/answer"):
            answer = browser.get(url + path)
            assert (answer.status_code, answer.headers["location"]) == (303, "/unlock")
        at_desk.unlock(PASSPHRASE)
        keys = town.keys["bps-approver"]
        secrets = [PASSPHRASE.decode(), server.access.token, b64(keys.storage)]
        secrets += [b64(keys.signing.private_bytes_raw()), b64(keys.log.private_bytes_raw())]
        facts = town.stage(RELEASE).facts
        opened = town.synced("bps-approver").open_facts(facts)
        for path in ("/unlock", "/releases", f"/release/{town.project_id}/{RELEASE}", "/file"):
            text = browser.get(url + path, follow_redirects=True).text
            assert not [secret for secret in [*secrets, opened.salt] if secret in text], path
    counts = opened.facts.domains["semua"].datasets["dtks"]
    party = desk(town, "dinsos")
    party.unlock(PASSPHRASE)
    with served(approver_page(party)) as server, visitor() as browser:
        browser.get(server.access.address)
        shown = browser.get(f"http://{server.access.host}/release/{town.project_id}/{RELEASE}")
        assert shown.status_code == 200
        assert f'<td data-label="Padan">{counts.matched}' not in shown.text
        assert '<h2 id="facts">' not in shown.text


def test_the_charter_s_form_opens_the_section_with_a_missing_answer(
    browser: Any, tmp_path: Path
) -> None:
    page = approver_page(ApproverDesk(Home(tmp_path / "home")))
    with served(page) as server, window(browser, server, tmp_path) as screen:
        screen.page.goto(server.access.address)
        screen.follow("Mulai proyek")
        for name in ("title", "purpose", "region", "third.name", "third.contact"):
            screen.page.locator(f"[name='{name}']").fill("31")
        for number in (1, 2):
            for each in ("name", "contact", "list", "people"):
                screen.page.locator(f"[name='a{number}.{each}']").fill("400")
        for folded in screen.page.locator("summary").all():
            folded.click()  # both are open, as both have questions that need an answer
        who = screen.page.locator("[name='operator.name']")
        assert not who.is_visible()
        screen.press("Susun dan tampilkan piagam")
        who.wait_for(state="visible")
        assert who.evaluate("each => each === document.activeElement")
        assert screen.page.url.endswith("/charter"), "nothing was sent"
