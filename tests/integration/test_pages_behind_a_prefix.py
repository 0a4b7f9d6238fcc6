"""People sign in and read pages behind a gateway that serves the service under a path prefix."""

from __future__ import annotations

import base64
import re
import ssl
import time
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import httpx2
import pytest
import yaml
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from oidc_provider_mock import User

from linkage_service.people import Role
from linkage_service.people.accounts import Accounts
from linkage_service.settings import PeopleSettings
from linkage_service.storage.records import open_database
from policy.base.clocks import system_clock
from policy.terminal.local_page import addresses
from tests.support.gateways import KEEPS, TAKES_THE_PREFIX_OFF, Gate
from tests.support.oidc import CLIENT, SECRET, oidc_provider
from tests.support.processes import PATIENCE_SECONDS

PASSPHRASE = "empat kata acak sekali"
LEFT = 418
# Another application of the same gateway, which shows the cookies that it gets.
NEIGHBOUR = (
    f"location /lain {{{{ return 200 '$http_cookie'; }}}} location / {{{{ return {LEFT}; }}}}"
)
KEEPS_THE_PREFIX = KEEPS.replace("location /", "location /padan")
_ADDRESS = re.compile(r'\b(?:href|action|src|data-job)="([^"]+)"')


@pytest.fixture(scope="module")
def gate(tmp_path_factory: pytest.TempPathFactory) -> Gate:
    return Gate(tmp_path_factory.mktemp("gate"))


@dataclass
class Tab:
    """A browser that only knows the addresses that pages and redirects name."""

    client: httpx2.Client
    url: str
    text: str = ""

    def go(self, address: str) -> httpx2.Response:
        return self._arrived(self.client.get(urljoin(self.url, address)))

    def send(self, **fields: str) -> httpx2.Response:
        """Fill in the last form of the page and send it."""
        form = re.findall(r'<form method="post" action="([^"]+)">(.*?)</form>', self.text, re.S)[-1]
        hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form[1]))
        target, origin = urljoin(self.url, form[0]), urljoin(self.url, "/").rstrip("/")
        sent = self.client.post(target, data=hidden | fields, headers={"Origin": origin})
        return self._arrived(sent)

    def addresses(self) -> list[str]:
        return [unescape(each) for each in _ADDRESS.findall(self.text)]

    def _arrived(self, answer: httpx2.Response) -> httpx2.Response:
        while answer.is_redirect:
            answer = self.client.get(urljoin(str(answer.url), answer.headers["location"]))
        self.url, self.text = str(answer.url), answer.text
        return answer


@pytest.fixture
def tab(gate: Gate) -> Iterator[Tab]:
    trusted = ssl.create_default_context(cafile=str(gate.authority.file))
    with httpx2.Client(verify=trusted, timeout=PATIENCE_SECONDS) as client:
        yield Tab(client, f"https://localhost:{gate.port}/padan/")


def invited(gate: Gate, name: str) -> str:
    """The one-time code of a new coordinator."""
    database = open_database(gate.town.settings().database_url)
    try:
        accounts = Accounts(database, system_clock)
        return accounts.add(name, "layanan", (Role.coordinator, Role.auditor), ("*",))
    finally:
        database.close()


def signed_in(tab: Tab, name: str, code: str) -> None:
    """Set the account up, sign out, and sign in with it again."""
    tab.go("akun/baru")
    tab.send(code=code)
    typed = re.search(r"<code>([A-Z2-7 ]+)</code>", tab.text)
    assert typed is not None, tab.url
    totp = TOTP(base64.b32decode(typed[1].replace(" ", "")), 6, SHA1(), 30)
    # The code before the present one, so that the present one is left to sign in with.
    before = totp.generate(int(time.time()) - 30).decode()
    tab.send(passphrase=PASSPHRASE, again=PASSPHRASE, code=before)
    (onward,) = (each for each in tab.addresses() if each.endswith("/padan/"))
    tab.go(onward)
    assert urlsplit(tab.url).path == "/padan/proyek"
    assert tab.send().status_code == 200, "the last form of the page signs out"
    assert urlsplit(tab.url).path == "/padan/masuk"
    tab.go("proyek")
    assert urlsplit(tab.url).path == "/padan/masuk", "signed out"
    now = totp.generate(int(time.time())).decode()
    tab.send(name=name, passphrase=PASSPHRASE, code=now)
    assert urlsplit(tab.url).path == "/padan/proyek", "where the person wanted to go"


@pytest.mark.parametrize(
    ("name", "body"), [("ayu", TAKES_THE_PREFIX_OFF), ("budi", KEEPS_THE_PREFIX)]
)
def test_people_work_behind_a_prefix(gate: Gate, tab: Tab, name: str, body: str) -> None:
    url = f"https://localhost:{gate.port}/padan"
    with gate.serving(url), gate.nginx(body + NEIGHBOUR):
        tab.go("")
        assert urlsplit(tab.url).path == "/padan/masuk"
        signed_in(tab, name, invited(gate, name))
        seen = crawl(tab)
        project = gate.town.project_id
        assert {"/padan/static/page.css", "/padan/static/page.js", "/padan/kesehatan"} <= seen
        assert {f"/padan/proyek/{project}", f"/padan/proyek/{project}/log/0"} <= seen
        assert f"/padan/proyek/{project}/bukti.zip" in seen
        tab.go("/padan/proyek")
        assert "Projects" not in tab.text
        (english,) = (each for each in tab.addresses() if "/language/en" in each)
        tab.go(english)
        assert urlsplit(tab.url).path == "/padan/proyek"
        assert "Projects" in tab.text
        assert tab.client.get(f"https://localhost:{gate.port}/lain").text == ""
        policy = tab.client.get(f"{url}/api/v1/health").headers.get("content-security-policy")
        assert policy is None, "headers of pages are for pages"


def crawl(tab: Tab) -> set[str]:
    """Open all that pages name, page by page; returns the paths."""
    open_, seen = [urlsplit(tab.url).path], set[str]()
    while open_:
        path = open_.pop()
        if path in seen:
            continue
        seen.add(path)
        answer = tab.go(path)
        assert answer.status_code in (200, 409), f"{path}: {answer.status_code}"
        if not answer.headers["content-type"].startswith("text/html"):
            continue
        for each in tab.addresses():
            if each.startswith(("#", "data:")):
                continue
            assert each.startswith("/padan/"), f"{path} names {each}"
            there = urlsplit(each).path
            # Signing out and other forms are posted to, and a language is chosen in the test.
            if f'action="{each}"' not in tab.text and "/language/" not in there:
                open_.append(there)
    return seen


def test_the_provider_sends_people_back_behind_the_prefix(
    gate: Gate, tab: Tab, tmp_path: Path
) -> None:
    url = f"https://localhost:{gate.port}/padan"
    person = User(sub="citra", claims={"groups": ["padan"], "office": "layanan"})
    with oidc_provider(person) as provider:
        (tmp_path / "secret").write_text(SECRET + "\n")
        told = {"issuer": provider.issuer, "client_id": CLIENT, "client_secret_file": "secret"}
        roles = {"roles": {"padan": ["operator"]}, "office_claim": "office"}
        file = tmp_path / "oidc.yaml"
        file.write_text(yaml.safe_dump(told | roles))
        people = PeopleSettings(oidc_file=file)
        with gate.serving(url, people=people), gate.nginx(TAKES_THE_PREFIX_OFF + NEIGHBOUR):
            tab.go("kesehatan")
            (out,) = (each for each in tab.addresses() if "/masuk/oidc" in each)
            sent = tab.client.get(urljoin(tab.url, out))
            back = provider.approve(sent.headers["location"], "citra")
            assert provider.asked[0]["redirect_uri"] == f"{url}/masuk/oidc/kembali"
            assert tab.go(back).status_code == 200
            assert urlsplit(tab.url).path == "/padan/kesehatan"


def test_without_the_prefix_a_page_leaves_the_service(
    gate: Gate, tab: Tab, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: addresses as they are written in code and templates."""
    monkeypatch.setattr(addresses, "prefix_of", lambda _: "")
    url = f"https://localhost:{gate.port}/padan"
    with gate.serving(url), gate.nginx(TAKES_THE_PREFIX_OFF + NEIGHBOUR):
        assert tab.go("").status_code == LEFT
        assert urlsplit(tab.url).path == "/masuk"
