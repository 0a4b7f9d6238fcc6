"""A project whose people join: plan, draft charter, homes, and the service that receives them."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import uvicorn
import yaml

from linkage_service.api.joining import Limit
from linkage_service.app import create_reception
from policy.members.home import Home
from tests.support import server
from tests.support.ports import free_port
from tests.support.processes import PATIENCE_SECONDS
from tests.support.programme import Answer, command
from tests.support.republic import charter_tree

LATE = "dinkes,pemda,approver,Pejabat Dinas Kesehatan"
PEOPLE = {
    "bps": "bps,,party witness authority,Pengolah data BPS",
    "dinsos": "dinsos,pemda,party witness,Pengolah data Dinas Sosial",
    "diskominfo": "diskominfo,pemda,witness authority,Walidata",
    "service": "layanan,,service coordinator,Pengelola layanan",
}
INVITED = tuple(each for each in PEOPLE if each != "service")


@dataclass
class Joiners:
    """The homes and the project folder; commands run as their people do."""

    folder: Path
    port: int = field(default_factory=free_port)
    project: str = "jakarta-2026"

    def __post_init__(self) -> None:
        self.place.mkdir(parents=True, exist_ok=True)
        (self.folder / "passphrases").mkdir(exist_ok=True)
        for name in (*PEOPLE, "dinkes"):
            (self.folder / "passphrases" / name).write_text(f"kata sandi uji {name}")
        self.write_plan()
        self.write_charter()

    @property
    def place(self) -> Path:
        return self.folder / "project"

    @property
    def url(self) -> str:
        return server.loopback(self.port)

    def write_plan(self, **changed: str) -> None:
        rows = {**PEOPLE, **changed}
        lines = ["member,agency,superior,roles,nama", *(f"{k},{v}" for k, v in rows.items())]
        (self.place / "roster-plan.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")

    def write_charter(self) -> None:
        tree = {**charter_tree(), "project": self.project}
        text = yaml.safe_dump(tree, allow_unicode=True)
        (self.place / "charter.yaml").write_text(text, encoding="utf-8")

    def home(self, name: str) -> Path:
        return self.folder / "homes" / name

    def invite_file(self, name: str) -> Path:
        return self.place / "invites" / f"{name}.padan"

    def run(
        self,
        name: str,
        *arguments: str,
        code: int = 0,
        home: Path | None = None,
        script: str = "padan-policy",
    ) -> Answer:
        passphrase = self.folder / "passphrases" / name
        options = ("--home", str(home or self.home(name)), "--passphrase-file", str(passphrase))
        answer = command(script, *options, "--json", *arguments)
        assert answer.code == code, f"{name} {arguments}: {answer.code} {answer.err}"
        return answer

    def invite(self, *more: str, code: int = 0) -> Answer:
        return self.run(
            "service", "invite", str(self.place), "--service", self.url, *more, code=code
        )

    def accept(self, name: str, *more: str, code: int = 0, home: Path | None = None) -> Answer:
        return self.run(name, "accept", str(self.invite_file(name)), *more, code=code, home=home)

    def words(self, name: str) -> str:
        """What this person reads out by telephone."""
        answer = self.accept(name, code=6)
        assert answer.error is not None
        assert answer.error.code == "joining.compare"
        return str(answer.json()[-1]["words"]["id"])

    @contextmanager
    def receiving(self, limit: Limit | None = None) -> Iterator[None]:
        """The service while people join, in a thread; it ends when the roster is signed."""
        me = Home(self.home("service")).unlock(b"kata sandi uji service")
        done = threading.Event()

        def signed() -> None:
            done.set()

        app = create_reception(me, signed)
        if limit is not None:
            app.state.reception.limit = limit
        config = uvicorn.Config(app, host="127.0.0.1", port=self.port, log_level="warning")
        running = uvicorn.Server(config)
        thread = threading.Thread(target=running.run)
        thread.start()
        until = time.monotonic() + PATIENCE_SECONDS
        while not running.started and time.monotonic() < until:
            time.sleep(0.02)
        try:
            yield
        finally:
            running.should_exit = True
            thread.join()

    def wait_for_roster(self) -> None:
        """Until the service, which restarts under its roster, answers again."""
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until:
            try:
                if httpx2.get(f"{self.url}/api/v1/roster", timeout=10).is_success:
                    return
            except httpx2.HTTPError:
                pass
            time.sleep(0.05)
        raise AssertionError("the service has no roster")

    def put(self, body: bytes, project: str = "", more: str = "") -> httpx2.Response:
        """A request as anybody on the network can send it."""
        url = f"{self.url}/api/v1/joining/{project or self.project}{more}"
        return httpx2.request("POST" if more else "PUT", url, content=body, timeout=30)
