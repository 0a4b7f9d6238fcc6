"""The pages of people on a server of their own, with a clock that the test moves."""

from __future__ import annotations

import base64
import re
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import httpx2
import uvicorn
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from fastapi import Depends, FastAPI, Request

from linkage_service.api import problems
from linkage_service.people import Role, Staff, pages_of_people, signed_in
from linkage_service.people.access import cookie_name
from linkage_service.people.desk import StaffDesk
from linkage_service.settings import PeopleSettings
from linkage_service.storage.records import open_database
from linkage_service.ui.frame import ServiceFrame
from linkage_service.ui.pages.account import AccountPage
from policy.terminal.ports import listening
from tests.support.processes import PATIENCE_SECONDS

PASSPHRASE = "empat kata acak sekali"
CHEAP_KIB = 64  # a passphrase's hash takes a thousandth of the product's memory
STORAGE_KEY = bytes(range(32))


@dataclass
class Site:
    """One server. `now` is its clock."""

    desk: StaffDesk
    port: int
    clock: list[int]
    browsers: ExitStack

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def now(self) -> int:
        return self.clock[0]

    def later(self, seconds: int) -> None:
        self.clock[0] += seconds

    def browser(self) -> Browser:
        client = httpx2.Client(base_url=self.url, timeout=PATIENCE_SECONDS)
        return Browser(self, self.browsers.enter_context(client))

    def person(self, name: str, *roles: Role, **more: Any) -> Browser:
        """A new account, set up and signed in."""
        code = self.desk.accounts.add(name, "layanan", roles, **more)
        browser = self.browser()
        browser.set_up(code)
        return browser


class Place(Protocol):
    """Where a browser goes to, and the time there."""

    @property
    def url(self) -> str: ...

    @property
    def now(self) -> int: ...


@dataclass(frozen=True)
class RealPlace:
    """A service of another process, with this machine's clock."""

    url: str

    @property
    def now(self) -> int:
        return int(time.time())


@dataclass
class Browser:
    """A browser: cookies, and forms filled in as a person would.

    The setup takes the code before the present one, so that the next two are left to sign in with.
    """

    site: Place
    client: httpx2.Client
    secret: bytes = b""
    recovery: list[str] = field(default_factory=list)

    def get(self, path: str, **more: Any) -> httpx2.Response:
        return self.client.get(path, **more)

    def form(self, path: str) -> dict[str, str]:
        """The hidden fields of the form on that page."""
        text = self.get(path, follow_redirects=True).text
        found = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', text)
        return dict(found)

    def send(self, path: str, fields: dict[str, str], **headers: str) -> httpx2.Response:
        """A POST with our own origin, unless a header says otherwise."""
        return self.client.post(path, data=fields, headers={"Origin": self.site.url, **headers})

    def fill(self, path: str, **fields: str) -> httpx2.Response:
        return self.send(path, {**self.form(path), **fields})

    def code(self, ahead: int = 0) -> str:
        """What the app shows now, or so many steps later."""
        totp = TOTP(self.secret, 6, SHA1(), 30)
        return totp.generate(self.site.now + 30 * ahead).decode()

    def set_up(self, code: str, passphrase: str = PASSPHRASE) -> httpx2.Response:
        assert self.fill("/akun/baru", code=code).status_code == 303
        typed = re.search(r"<code>([A-Z2-7 ]+)</code>", self.get("/akun/atur").text)
        assert typed is not None
        self.secret = base64.b32decode(typed[1].replace(" ", ""))
        answer = self.fill(
            "/akun/atur", passphrase=passphrase, again=passphrase, code=self.code(-1)
        )
        assert answer.status_code == 200, answer.text
        self.recovery = re.findall(r"<code>([A-Z2-7-]+)</code>", answer.text)
        return answer

    def sign_in(
        self, name: str, passphrase: str = PASSPHRASE, code: str | None = None
    ) -> httpx2.Response:
        code = self.code() if code is None else code
        return self.fill("/masuk", name=name, passphrase=passphrase, code=code)

    @property
    def token(self) -> str:
        port = urlsplit(self.site.url).port
        return self.client.cookies.get(f"padan-session-{port}", default="") or ""


@contextmanager
def staff_site(
    folder: Path,
    settings: PeopleSettings = PeopleSettings(),
    database_url: str = "",
    *,
    real_time: bool = False,
) -> Iterator[Site]:
    """The pages, and two of roles: /auditor-saja (auditors) and /ubah (a POST of coordinators)."""
    database = open_database(database_url or f"sqlite:///{folder / 'people.db'}")
    clock = [int(time.time()) if real_time else 1_800_000_000]
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    desk = StaffDesk.over(database, STORAGE_KEY, settings, lambda: clock[0], memory_kib=CHEAP_KIB)
    app.state.staff = desk
    problems.install(app)
    pages_of_people(app)
    account = AccountPage(ServiceFrame())
    app.add_api_route("/akun", account.show, response_model=None)

    @app.get("/auditor-saja")
    def auditors(person: Staff = Depends(signed_in(Role.auditor))) -> dict[str, str]:
        return {"name": person.name}

    @app.post("/ubah")
    def change(person: Staff = Depends(signed_in(Role.coordinator))) -> dict[str, str]:
        return {"changed by": person.name}

    @app.post("/lemah")
    def weak(request: Request) -> dict[str, str]:
        """The negative control: a page that only looks at the cookie."""
        person = desk.person(request.cookies.get(cookie_name(request), ""))
        return {"changed by": person.name if person else ""}

    with closing(listening("127.0.0.1", 0)) as opened, ExitStack() as browsers:
        port = opened.getsockname()[1]
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", access_log=False))
        thread = threading.Thread(target=lambda: server.run(sockets=[opened]))
        thread.start()
        try:
            yield Site(desk, port, clock, browsers)
        finally:
            browsers.close()
            server.should_exit = True
            thread.join()
            database.close()
