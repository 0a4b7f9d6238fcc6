"""People set an account up, sign in with two factors, and sign out, over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from linkage_service.people import Role
from policy.base.canonical import sha256
from tests.support.staff_site import PASSPHRASE, Site, staff_site


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with staff_site(tmp_path_factory.mktemp("people")) as site:
        yield site


def test_an_account_is_set_up_used_and_left(site: Site) -> None:
    person = site.person("ayu", Role.auditor)
    assert person.get("/auditor-saja").json() == {"name": "ayu"}
    token = person.token
    assert person.fill("/akun").status_code == 405
    left = person.send("/keluar", person.form("/akun"))
    assert left.status_code == 303
    assert person.get("/auditor-saja").status_code == 303
    person.client.cookies.set(f"padan-session-{site.port}", token, domain="127.0.0.1")
    assert person.get("/auditor-saja").status_code == 303, "the session itself has ended"
    person.client.cookies.clear()
    assert person.sign_in("ayu").headers["location"] == "/"
    assert person.get("/auditor-saja").status_code == 200


def test_a_page_comes_back_after_signing_in(site: Site) -> None:
    person = site.person("budi", Role.auditor)
    person.client.cookies.clear()
    sent = person.get("/auditor-saja")
    assert sent.headers["location"] == "/masuk?next=/auditor-saja"
    fields = person.form("/masuk?next=/auditor-saja")
    given = {"name": "Budi ", "passphrase": PASSPHRASE, "code": person.code()}
    assert person.send("/masuk", {**fields, **given}).headers["location"] == "/auditor-saja"


def test_a_part_of_a_page_is_sent_to_the_sign_in_as_a_whole(site: Site) -> None:
    answer = site.browser().get("/auditor-saja", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["hx-redirect"]) == (401, "/masuk")


def test_the_database_holds_no_token_and_no_secret(site: Site, tmp_path: Path) -> None:
    person = site.person("citra", Role.operator)
    database = site.desk.accounts.database
    path = Path(str(database.engine.url.database))
    stored = b"".join(each.read_bytes() for each in path.parent.iterdir())
    assert sha256(person.token.encode()).encode() in stored, "we look in the right place"
    for secret in (person.token.encode(), person.secret, PASSPHRASE.encode()):
        assert secret not in stored
    assert person.recovery
    assert not [code for code in person.recovery if code.encode() in stored]
