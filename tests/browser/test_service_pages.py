"""The service's pages in a real browser: what a coordinator, an auditor and others see and do."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from linkage_service.people import Role
from linkage_service.runs.tile_results import Found
from tests.support.looks import looks_right, unseen_focus
from tests.support.programme import command
from tests.support.republic import assessed
from tests.support.service import Town
from tests.support.staff_pages import (
    BEGUN,
    RELEASE,
    RUN,
    Visit,
    asking,
    play,
    session_of,
    town_in,
    visit,
)

PROJECT = "contoh-2026"
BASE = f"/proyek/{PROJECT}"
RUN_PAGE = f"{BASE}/pemadanan/{RUN}"
# Every page of a coordinator; those of an auditor are the same and one more.
PAGES = (
    "/proyek",
    BASE,
    f"{BASE}/pemadanan",
    RUN_PAGE,
    f"{RUN_PAGE}/mutu",
    f"{BASE}/rilis",
    f"{BASE}/rilis/{RELEASE}",
    f"{BASE}/pemusnahan",
    f"{BASE}/log",
    f"{BASE}/log/12",
    "/kalender",
    "/kesehatan",
    "/akun",
)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """One project up to a release, and one whose charter one party has signed."""
    town = town_in(tmp_path_factory.mktemp("town"))
    town.tree["matching"]["vary_thresholds"] = True
    assessed(town.tree)
    with town.serving():
        play(town)
        yield town


@pytest.fixture(scope="module")
def coordinator(town: Town) -> str:
    return session_of(town, "ratna", Role.coordinator)


@pytest.fixture(scope="module")
def auditor(town: Town) -> str:
    return session_of(town, "auditor-bpkp", Role.auditor, office="bpkp")


def test_a_coordinator_sees_where_each_project_is(
    town: Town, coordinator: str, browser: Any, tmp_path: Path
) -> None:
    with visit(browser, town, coordinator, tmp_path) as screen:
        screen.go("/")
        screen.sees("9 dari 10")
        rows = screen.page.locator("tbody tr").all_inner_texts()
        running = next(row for row in rows if "membuka rilis" in row)
        begun = next(row for row in rows if "menandatangani piagam" in row)
        assert "9 dari 10" in running
        assert "0 dari 10" in begun
        screen.page.get_by_role("link", name="Pemadanan data kesejahteraan sosial").click()
        screen.sees("Sepuluh langkah")
        datasets = screen.page.locator("table").last.locator("tbody tr").all_inner_texts()
        assert [each.split("\t")[2] for each in datasets] == ["420", "460", "380"]
        assert all("✓" in each for each in datasets), "each was checked"
        own = (town.url + "/", "data:")
        assert [url for url in screen.requests if not url.startswith(own)] == []


def test_every_page_is_for_everybody(
    town: Town, coordinator: str, auditor: str, browser: Any, tmp_path: Path
) -> None:
    """Axe, phone, paper and keyboard, in both languages."""
    for language in ("id", "en"):
        with visit(browser, town, coordinator, tmp_path) as screen:
            screen.go(f"/language/{language}?back=/proyek")
            for path in PAGES:
                screen.go(path)
                looks_right(screen.page, language)
                assert bare_ids(screen.page, path) == [], path
        with visit(browser, town, auditor, tmp_path) as screen:
            screen.go(f"/language/{language}?back=/periksa")
            looks_right(screen.page, language)
            assert unseen_focus(screen.page, 12) == []


def bare_ids(page: Any, path: str) -> list[str]:
    """Ids of members, lists and ID domains on a page: all of them have names.

    The page of an entry of the log has the file and command of an auditor, with ids.
    """
    if path.endswith("/log/12"):
        return []
    said = page.locator("main").evaluate(
        "e => [...e.querySelectorAll('*')].map(n => n.textContent)"
    )
    ids = r"\b(?:dinsos|dppapp|bps|dpo|dtks|carik|regsosek)\b"
    return re.findall(ids, " ".join(said))


def test_the_result_is_in_figures_with_tables(
    town: Town, coordinator: str, browser: Any, tmp_path: Path
) -> None:
    with visit(browser, town, coordinator, tmp_path) as screen:
        screen.go(RUN_PAGE)
        figures = screen.page.locator("figure")
        assert figures.count() == 4, "matched and overlap, for two ID domains"
        assert figures.locator("svg").count() == figures.locator("table").count() == 4
        combinations = figures.last.locator("tbody tr").all_inner_texts()
        assert len(combinations) == 4, "every combination of three lists"
        screen.page.get_by_role("link", name="Mutu: presisi").click()
        screen.sees("Mutu padanan dan ketidakpastiannya")
        for title in ("Sebaran kemiripan", "Bila ambang dinaikkan"):
            screen.sees(title)
        drawn = screen.page.locator("figure svg polyline.line")
        assert drawn.count() >= 3, "the calibrated curve, precision and recall"


def test_a_decision_is_shown_rule_by_rule(
    town: Town, coordinator: str, browser: Any, tmp_path: Path
) -> None:
    with visit(browser, town, coordinator, tmp_path) as screen:
        screen.go(f"{BASE}/rilis/{RELEASE}")
        screen.sees("28 dari 28 aturan terpenuhi")
        holding = screen.page.get_by_text("Setiap sel cukup besar")
        assert not holding.is_visible(), "rules that hold are folded"
        screen.page.get_by_text("Aturan yang terpenuhi").click()
        holding.wait_for()
        screen.sees("Penyetuju BPS")
        assert screen.page.locator("form").count() == 1, "nothing to sign here but out"


def test_a_coordinator_starts_stops_and_goes_on(
    town: Town,
    coordinator: str,
    auditor: str,
    browser: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A run that works, of which the test lets so many tiles be stored at a time."""
    allowed, put = [3], Found.put

    def put_once_allowed(found: Found, number: int, candidates: bytes) -> None:
        while len(found.finished()) >= allowed[0]:
            time.sleep(0.01)
        put(found, number, candidates)

    monkeypatch.setattr(Found, "put", put_once_allowed)
    # Another threshold: the tiles of the run before are not looked up.
    town.order("padan-2", thresholds_ppm={"utama": 861_000})
    page = f"{BASE}/pemadanan/padan-2"
    with visit(browser, town, auditor, tmp_path) as screen:
        screen.go(page)
        screen.sees("belum dimulai")
        assert screen.page.locator(f"form[action^='{page}']").count() == 0, "an auditor reads"
    with visit(browser, town, coordinator, tmp_path) as screen:
        screen.go(page)
        screen.page.get_by_role("button", name="Mulai").click()
        done = screen.page.locator("[data-done]")
        done.get_by_text("3", exact=True).wait_for()
        screen.sees("Mencari calon pasangan")
        total = int(screen.page.locator("progress").get_attribute("max"))
        assert total > 8
        allowed[0] = 8
        done.get_by_text("8", exact=True).wait_for()
        for said, unit in (("pace", r"^(< 1|[\d.]+)$"), ("left", "menit|jam")):
            shown = screen.page.locator(f"[data-said={said}]").filter(has_text=re.compile(unit))
            shown.wait_for()
        looks_right(screen.page, "id")
        with asking(town, coordinator) as other:
            assert "<dt>Pemadanan dikerjakan</dt><dd>1</dd>" in other.get("/kesehatan").text
        screen.page.get_by_role("button", name="Hentikan").click()
        screen.sees("Dihentikan. Petak yang selesai tersimpan")
        allowed[0] = total
        screen.page.get_by_role("button", name="Lanjutkan").click()
        town.wait("padan-2", lambda state: state["state"] == "done")
        screen.go(page)
        screen.sees("Hasil sebagai jumlah")
        stored = town.run_state("padan-2")
        assert stored["tiles_done"] == stored["tiles_total"] == total


def test_without_javascript_the_pages_work(
    town: Town, coordinator: str, browser: Any, tmp_path: Path
) -> None:
    with visit(browser, town, coordinator, tmp_path, 390, java_script_enabled=False) as screen:
        screen.go("/")
        screen.page.get_by_role("link", name="Pemadanan data kesejahteraan sosial").click()
        screen.page.get_by_role("link", name="Rilis", exact=True).click()
        screen.page.get_by_role("link", name=RELEASE).click()
        screen.sees("Keputusan, aturan demi aturan")
        screen.page.get_by_role("link", name="English").click()
        screen.sees("The decision, rule by rule")


# -- proofs ---------------------------------------------------------------------------------------


def downloaded(screen: Visit, name: str, folder: Path) -> Path:
    with screen.page.expect_download() as waiting:
        screen.page.get_by_role("link", name=name, exact=True).click()
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path


def test_an_auditor_verifies_an_entry_and_the_evidence_offline(
    town: Town, auditor: str, browser: Any, tmp_path: Path
) -> None:
    with visit(browser, town, auditor, tmp_path) as screen:
        screen.go("/periksa")
        screen.sees("layanan tidak dapat menyaksikan dirinya sendiri")
        bundle = tmp_path / "bukti.zip"
        with screen.page.expect_download() as waiting:
            screen.page.locator(f"a[href='{BASE}/bukti.zip']").click()
        waiting.value.save_as(bundle)
        screen.go(f"{BASE}/log/12")
        entry = downloaded(screen, "Entri", tmp_path)
        proof = downloaded(screen, "Bukti dan titik periksa", tmp_path)
        roster = downloaded(screen, "Roster", tmp_path)
    pinned = ("--roster", str(roster), "--roster-digest", town.roster.digest())
    verified = command(
        "padan-policy", "--json", "verify-entry", PROJECT, str(entry), str(proof), *pinned
    )
    assert verified.code == 0, verified.err
    told = verified.json()[0]
    assert (told["index"], told["type"], told["signature_checked"]) == (12, "padan/confirm", True)
    assert len(told["cosigned"]) == 3, "the quorum"
    verdict = command(
        "padan-policy", "--json", "verify", str(bundle), "--roster-digest", town.roster.digest()
    )
    assert verdict.code in (0, 9), verdict.out
    # Controls: another entry, another place, another log.
    other = tmp_path / "other.json"
    other.write_bytes(town.synced("auditor").replica().leaves()[11])
    moved = tmp_path / "moved.tlog-proof"
    moved.write_text(proof.read_text().replace("index 12", "index 11"))
    wrong = (
        (PROJECT, other, proof, "log.inclusion"),
        (PROJECT, entry, moved, "log.inclusion"),
        (BEGUN, entry, proof, "log."),
    )
    for project, leaf, path, code in wrong:
        answer = command(
            "padan-policy", "--json", "verify-entry", project, str(leaf), str(path), *pinned
        )
        assert answer.error is not None
        assert answer.error.code.startswith(code), answer.err


# -- who sees what --------------------------------------------------------------------------------


def test_no_page_opens_without_a_role(town: Town, coordinator: str) -> None:
    operator = session_of(town, "operator", Role.operator)
    with asking(town) as nobody, asking(town, operator) as caretaker:
        for path in (*PAGES, "/periksa", f"{BASE}/bukti.zip", f"{BASE}/log/12/entri.json"):
            answer = nobody.get(path)
            assert (answer.status_code, answer.headers["location"][:6]) == (303, "/masuk"), path
            if path not in ("/kesehatan", "/akun"):
                assert caretaker.get(path).status_code == 403, path
        shown = caretaker.get("/kesehatan")
        assert shown.status_code == 200
        assert PROJECT not in shown.text


def test_only_a_coordinators_own_form_starts_a_run(
    town: Town, coordinator: str, auditor: str
) -> None:
    own = {"origin": town.url}
    with asking(town, auditor) as reader, asking(town, coordinator) as chief:
        page = chief.get(RUN_PAGE)
        token = re.search(r'name="csrf" value="([0-9a-f]+)"', page.text)
        assert token is not None
        form = {"csrf": token[1]}
        for act in ("mulai", "hentikan"):
            path = f"{RUN_PAGE}/{act}"
            assert reader.post(path, data=form, headers=own).status_code == 403
            assert chief.post(path, headers=own).status_code == 403, "without the token"
            foreign = {"origin": "https://jahat.example"}
            assert chief.post(path, data=form, headers=foreign).status_code == 403
            assert chief.post(path, data=form, headers=own).status_code == 303
        policy = page.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy


def test_a_project_that_is_not_mine_is_as_if_it_were_not_there(town: Town) -> None:
    token = session_of(town, "auditor-lain", Role.auditor, office="bpkp", projects=(BEGUN,))
    with asking(town, token) as browser:
        assert browser.get(f"/proyek/{BEGUN}").status_code == 200
        other, absent = browser.get(BASE), browser.get("/proyek/tidak-ada")
        assert other.status_code == absent.status_code == 403
        told = [_shown(answer.text) for answer in (other, absent)]
        assert told[0].replace(PROJECT, "") == told[1].replace("tidak-ada", "")
        assert PROJECT not in browser.get("/proyek").text


def _shown(page: str) -> str:
    """The page without the token of its forms."""
    return re.sub(r'name="csrf" value="[0-9a-f]+"', "", page)


def test_an_officer_sees_the_counts_of_stages_alone(town: Town) -> None:
    """Of domains that were never staged, an agency's officer reads no count."""
    officer = session_of(town, "pdp", Role.dpo, office="diskominfotik")
    with asking(town, officer) as browser:
        assert "Berapa baris yang padan" in browser.get(RUN_PAGE).text
        town.match("padan-3")
        page = f"{BASE}/pemadanan/padan-3"
        closed = browser.get(page).text
        assert "terbuka bagi kantor Anda setelah rilisnya disiapkan" in closed
        assert "Berapa baris yang padan" not in closed
        assert "<figure>" not in browser.get(f"{page}/mutu").text


def test_no_page_has_a_handle_or_a_match_id(town: Town, coordinator: str, auditor: str) -> None:
    handles = {town.rows[name][at : at + 16].hex() for name in town.rows for at in (0, 160, 1600)}
    for token, more in ((coordinator, ()), (auditor, ("/periksa",))):
        with asking(town, token) as browser:
            for path in (*PAGES, *more):
                text = browser.get(path).text
                assert not [each for each in handles if each in text], path
