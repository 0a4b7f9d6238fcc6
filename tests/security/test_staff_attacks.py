"""Attacks on the sign-in of people, each with the case that has to go through."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from linkage_service.people import Role
from linkage_service.people.passphrases import Passphrases
from linkage_service.people.waits import LONGEST_SECONDS, of_address, wait_after
from tests.support.staff_site import CHEAP_KIB, PASSPHRASE, Browser, Site, staff_site


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with staff_site(tmp_path_factory.mktemp("people")) as site:
        yield site


@pytest.fixture
def site(running: Site) -> Site:
    """The waits of earlier tests, which come from the same address, are over."""
    running.later(3 * LONGEST_SECONDS)
    return running


@pytest.fixture(scope="module")
def coordinator(running: Site) -> Browser:
    running.later(3 * LONGEST_SECONDS)
    return running.person("koordinator", Role.coordinator)


@pytest.fixture
def signed_in(site: Site, coordinator: Browser) -> Browser:
    """The coordinator, with a new session."""
    coordinator.client.cookies.clear()
    assert coordinator.sign_in("koordinator").status_code == 303
    return coordinator


def csrf(browser: Browser) -> str:
    return browser.form("/akun")["csrf"]


# -- forms of other sites --------------------------------------------------------------------


FOREIGN = [
    {"Origin": "https://jahat.example"},
    {"Origin": "null"},
    {"Origin": "http://127.0.0.1:1"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
]


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_a_form_of_another_site_changes_nothing(
    site: Site, signed_in: Browser, headers: dict[str, str]
) -> None:
    """Even one that has learned the form's token."""
    fields = {"csrf": csrf(signed_in)}
    assert signed_in.send("/ubah", fields, **headers).status_code == 403
    assert signed_in.send("/ubah", fields).json() == {"changed by": "koordinator"}
    # A page that only looks at the cookie falls to the same form.
    assert signed_in.send("/lemah", fields, **headers).status_code == 200


def test_without_an_origin_the_browser_has_to_say_that_the_site_is_ours(
    site: Site, signed_in: Browser
) -> None:
    fields = {"csrf": csrf(signed_in)}
    assert signed_in.client.post("/ubah", data=fields).status_code == 403
    ours = {"Sec-Fetch-Site": "same-origin"}
    assert signed_in.client.post("/ubah", data=fields, headers=ours).status_code == 200


def test_the_token_of_a_form_is_that_of_the_session(site: Site, signed_in: Browser) -> None:
    old = csrf(signed_in)
    signed_in.client.cookies.clear()
    site.later(60)
    signed_in.sign_in("koordinator")
    for wrong in ("", old, "ab" * 32):
        assert signed_in.send("/ubah", {"csrf": wrong}).status_code == 403
        assert signed_in.send("/ubah", {}, **{"X-CSRF-Token": wrong}).status_code == 403
    assert signed_in.send("/ubah", {}, **{"X-CSRF-Token": csrf(signed_in)}).status_code == 200


def test_nobody_is_signed_in_by_the_form_of_another_site(site: Site, signed_in: Browser) -> None:
    """Otherwise a victim works in the attacker's account."""
    victim = site.browser()
    fields = {"name": "koordinator", "passphrase": PASSPHRASE, "code": signed_in.code(1)}
    assert victim.send("/masuk", fields).status_code == 403
    assert victim.send("/masuk", fields | {"csrf": csrf(signed_in)}).status_code == 403
    own = victim.form("/masuk") | fields
    assert victim.send("/masuk", own, Origin="https://jahat.example").status_code == 403
    assert victim.send("/masuk", own).status_code == 303


# -- sessions --------------------------------------------------------------------------------


def test_a_session_known_before_the_sign_in_is_worth_nothing(
    site: Site, signed_in: Browser
) -> None:
    planted = signed_in.token
    site.later(60)
    assert signed_in.sign_in("koordinator").status_code == 303
    assert signed_in.token not in ("", planted)
    assert site.desk.person(planted) is None
    assert site.desk.person(signed_in.token) is not None


def test_a_session_ends_when_idle_and_at_the_latest_after_its_whole_time(
    site: Site, signed_in: Browser
) -> None:
    whole, idle = 8 * 3600, 1800
    site.later(idle - 1)
    assert signed_in.get("/akun").status_code == 200
    started = site.now - (idle - 1)
    while site.now + idle - 1 < started + whole:
        site.later(idle - 1)
        assert signed_in.get("/akun").status_code == 200
    site.later(started + whole - site.now)
    assert signed_in.get("/akun").status_code == 303
    site.later(60)
    signed_in.sign_in("koordinator")
    site.later(idle)
    assert signed_in.get("/akun").status_code == 303


def test_a_clock_that_is_put_back_gives_no_longer_session(site: Site, signed_in: Browser) -> None:
    site.later(-3600)
    assert signed_in.get("/akun").status_code == 303
    site.later(3600)
    assert signed_in.get("/akun").status_code == 200


def test_a_disabled_account_is_signed_out_at_once(site: Site) -> None:
    person = site.person("pergi", Role.auditor)
    assert person.get("/auditor-saja").status_code == 200
    site.desk.accounts.disable("pergi")
    assert person.get("/auditor-saja").status_code == 303
    assert person.sign_in("pergi").status_code == 422
    assert person.recovery
    assert person.sign_in("pergi", code=person.recovery[0]).status_code == 422


def test_a_role_opens_its_pages_alone(site: Site, signed_in: Browser) -> None:
    auditor = site.person("auditor", Role.auditor)
    assert signed_in.get("/auditor-saja").status_code == 403
    assert auditor.get("/auditor-saja").status_code == 200
    assert auditor.send("/ubah", {"csrf": csrf(auditor)}).status_code == 403


def test_a_cookie_is_for_http_alone_and_behind_tls_for_tls_alone(site: Site) -> None:
    plain = site.browser().get("/masuk").headers["set-cookie"]
    assert "HttpOnly" in plain
    assert "SameSite=lax" in plain
    assert "Secure" not in plain
    behind = site.browser().get("/masuk", headers={"X-Forwarded-Proto": "https"})
    cookie = behind.headers["set-cookie"]
    assert cookie.startswith("__Host-")
    assert "Secure" in cookie
    assert "Domain" not in cookie


def test_nobody_signs_in_over_plain_http_from_elsewhere(site: Site) -> None:
    public = {"Host": "padan.contoh.go.id"}
    assert site.browser().get("/masuk", headers=public).status_code == 403
    tls = public | {"X-Forwarded-Proto": "https"}
    assert site.browser().get("/masuk", headers=tls).status_code == 200


@pytest.mark.parametrize(
    "path", ["//jahat.example", "https://jahat.example", "/\\jahat.example", "/\tx", "javascript:x"]
)
def test_nobody_is_led_to_another_site(site: Site, signed_in: Browser, path: str) -> None:
    fields = signed_in.form("/masuk") | {"name": "koordinator", "passphrase": PASSPHRASE}
    site.later(60)
    answer = signed_in.send("/masuk", fields | {"code": signed_in.code(), "next": path})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


# -- guessing --------------------------------------------------------------------------------


def test_a_code_is_good_once(site: Site, signed_in: Browser) -> None:
    code = signed_in.code(1)
    assert signed_in.sign_in("koordinator", code=code).status_code == 303
    assert signed_in.sign_in("koordinator", code=code).status_code == 422
    earlier = signed_in.code(0)
    assert signed_in.sign_in("koordinator", code=earlier).status_code == 422, "nor an earlier one"


def test_a_recovery_code_is_good_once(site: Site, signed_in: Browser) -> None:
    code = signed_in.recovery.pop()
    assert signed_in.sign_in("koordinator", "salah sama sekali", code).status_code == 422
    assert signed_in.sign_in("koordinator", code=code.lower()).status_code == 303
    assert signed_in.sign_in("koordinator", code=code).status_code == 422


def test_every_way_to_be_wrong_looks_the_same(
    site: Site, signed_in: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody learns which names exist: the words are the same, and so is the work."""
    site.desk.accounts.add("diundang", "layanan", [Role.auditor])
    checked: list[bool] = []
    fits = Passphrases.fits

    def counted(self: Passphrases, passphrase: str, stored: str) -> bool:
        checked.append(bool(stored))
        return fits(self, passphrase, stored)

    monkeypatch.setattr(Passphrases, "fits", counted)
    cases = [
        ("tidak-ada", PASSPHRASE, "000000"),
        ("diundang", PASSPHRASE, "000000"),
        ("koordinator", "salah sama sekali", signed_in.code()),
        ("koordinator", PASSPHRASE, "000000"),
    ]
    answers = {
        (answer.status_code, answer.text.split('id="failed"')[1].split("</section>")[0])
        for answer in (site.browser().sign_in(*case) for case in cases)
    }
    assert len(answers) == 1
    assert checked == [False, False, True, True], "each was hashed once"


def test_the_wait_after_failures_grows_for_names_that_exist_and_that_do_not(
    site: Site, signed_in: Browser
) -> None:
    for name in ("koordinator", "siapa"):
        site.later(3 * LONGEST_SECONDS)
        browser = site.browser()
        assert [browser.sign_in(name, code="000000").status_code for _ in range(7)] == [
            *[422] * 5,
            429,
            429,
        ]
        answer = browser.sign_in(name, code="000000")
        assert "Tunggu 2 detik" in answer.text, "an attempt that waits is not counted"
        site.later(2)
        assert browser.sign_in(name, code="000000").status_code == 422
        assert "Tunggu 4 detik" in browser.sign_in(name, code="000000").text
    # The right person waits as well, and then gets in.
    site.later(3 * LONGEST_SECONDS)
    assert signed_in.sign_in("koordinator").status_code == 303
    assert wait_after(50, 4) == LONGEST_SECONDS


def test_a_network_of_addresses_waits_as_one() -> None:
    assert of_address("2001:db8::1") == of_address("2001:db8::ffff:2")
    assert of_address("2001:db8::1") != of_address("2001:db8:0:1::1")
    assert of_address("192.0.2.1") != of_address("192.0.2.2")


def test_guesses_at_the_same_time_do_not_get_past_the_wait(site: Site, signed_in: Browser) -> None:
    browsers = [site.browser() for _ in range(8)]
    fields = [browser.form("/masuk") for browser in browsers]
    statuses: list[int] = []

    def guess(browser: Browser, form: dict[str, str]) -> None:
        given = {"name": "koordinator", "passphrase": "salah sama sekali", "code": "000000"}
        statuses.append(browser.send("/masuk", form | given).status_code)

    threads = [
        threading.Thread(target=guess, args=each) for each in zip(browsers, fields, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [*[422] * 5, *[429] * 3]


def test_an_account_of_ones_own_does_not_help_to_guess_at_others(
    site: Site, signed_in: Browser
) -> None:
    """An address that tries many names waits, although it signs in to one in between."""
    answers = []
    for guess in range(12):
        for half in "ab":
            guessed = site.browser().sign_in(f"nama-{guess}-{half}", code="000000")
            answers.append(guessed.status_code)
        site.later(31)
        signed_in.sign_in("koordinator")
    assert 429 in answers[20:]
    assert 429 not in answers[:20]


# -- one-time codes --------------------------------------------------------------------------


def test_a_one_time_code_is_good_once_and_for_a_day(site: Site) -> None:
    code = site.desk.accounts.add("satu-hari", "bpkp", [Role.auditor])
    site.browser().set_up(code)
    assert site.browser().fill("/akun/baru", code=code).status_code == 422
    late = site.desk.accounts.add("telat", "bpkp", [Role.auditor])
    site.later(24 * 3600)
    assert site.browser().fill("/akun/baru", code=late).status_code == 422


def test_a_newer_code_ends_the_older_one_and_a_setup_that_it_began(site: Site) -> None:
    old = site.desk.accounts.add("ganti", "bpkp", [Role.auditor])
    begun = site.browser()
    assert begun.fill("/akun/baru", code=old).status_code == 303
    new = site.desk.accounts.add("ganti", "bpkp", [Role.auditor])
    assert site.browser().fill("/akun/baru", code=old).status_code == 422
    site.browser().set_up(new)
    assert begun.get("/akun/atur").status_code == 303, "the setup that was begun has ended"


def test_a_setup_opens_no_page_but_its_own(site: Site) -> None:
    code = site.desk.accounts.add("baru", "bpkp", [Role.auditor])
    browser = site.browser()
    browser.fill("/akun/baru", code=code)
    setup = browser.client.cookies[f"padan-setup-{site.port}"]
    browser.client.cookies.set(f"padan-session-{site.port}", setup, domain="127.0.0.1")
    assert browser.get("/auditor-saja").status_code == 303
    assert browser.get("/akun/atur").status_code == 200


@pytest.mark.parametrize(
    ("passphrase", "again"),
    [
        ("pendek", "pendek"),
        ("a" * 20, "a" * 20),
        ("lemahbaru1234", "lemahbaru1234"),
        (PASSPHRASE, "x"),
    ],
)
def test_a_weak_passphrase_is_not_taken(site: Site, passphrase: str, again: str) -> None:
    code = site.desk.accounts.add("lemahbaru", "bpkp", [Role.auditor])
    browser = site.browser()
    browser.fill("/akun/baru", code=code)
    answer = browser.fill("/akun/atur", passphrase=passphrase, again=again, code="000000")
    assert answer.status_code == 422
    assert passphrase not in answer.text


def test_a_passphrase_is_hashed_slowly_and_in_much_memory() -> None:
    passphrases = Passphrases(bytes(32))
    stored = passphrases.hash(PASSPHRASE)
    assert stored.startswith("$argon2id$v=19$m=65536,t=3,p=1$")
    assert passphrases.fits(PASSPHRASE, stored)
    assert not passphrases.fits(PASSPHRASE.upper(), stored)
    assert not passphrases.fits(PASSPHRASE, "")


def test_a_copy_of_the_database_does_not_open_a_passphrase(site: Site, tmp_path: Path) -> None:
    """The hash is under a secret of the key file; the same hash without it does not fit."""
    stored = site.desk.signing_in.passphrases.hash(PASSPHRASE)
    assert site.desk.signing_in.passphrases.fits(PASSPHRASE, stored)
    assert not Passphrases(b"", CHEAP_KIB).fits(PASSPHRASE, stored)
    assert not Passphrases(bytes(32), CHEAP_KIB).fits(PASSPHRASE, stored)
    plain = Passphrases(b"", CHEAP_KIB).hash(PASSPHRASE)
    assert Passphrases(b"", CHEAP_KIB).fits(PASSPHRASE, plain), "which the weak form would be"
