"""A town's service behind nginx with TLS, and what the `server` block of that nginx may say."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.support import server
from tests.support.certificates import Authority
from tests.support.nginx import nginx
from tests.support.ports import free_port
from tests.support.service import Town

KEEPS = "location / {{ proxy_pass http://127.0.0.1:{port}; proxy_set_header Host $http_host; }}"
EXCHANGES_HOST = "location / {{ proxy_pass http://127.0.0.1:{port}; }}"
TAKES_THE_PREFIX_OFF = "location /padan/ {{ proxy_pass http://127.0.0.1:{port}/; }}"


class Gate:
    """A town that has signed its charter, whose members know it by an address behind nginx."""

    def __init__(self, folder: Path) -> None:
        self.town, self.port = Town(folder / "town"), free_port()
        self.authority = Authority(folder)
        self.certificate = self.authority.issue("localhost")
        with self.town.serving():
            self.town.sign_charter()
        self.move(f"https://localhost:{self.port}/padan")

    def move(self, url: str) -> None:
        """What `padan-policy join --service URL` does at every member, but for the service."""
        roster = self.town.roster
        for member in self.town.members.values():
            if member.member.id != "service":
                data = member.home.roster_file()
                member.home.pin_roster(url, data, roster.digest())

    @contextmanager
    def serving(self, public_url: str, *gateway_hosts: str, **more: Any) -> Iterator[None]:
        """`more` are other settings of the service."""
        settings = self.town.settings(public_url=public_url, gateway_hosts=gateway_hosts, **more)
        with server.serving(settings, self.town.members["service"], self.town.port):
            yield

    @contextmanager
    def nginx(self, body: str) -> Iterator[None]:
        text = body.format(port=self.town.port)
        with nginx(text, self.certificate, self.port):
            yield
