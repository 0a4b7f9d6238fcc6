"""A stand-in for a data portal: CKAN's action API as its documentation describes it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

KEY = "kunci-portal-0123456789"
ORGANISATION = "pemprov-dki"


@dataclass
class StandIn:
    """Its packages by name, and the actions that were asked for."""

    packages: dict[str, dict[str, Any]] = field(default_factory=dict)
    actions: list[str] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)
    failing: list[int] = field(default_factory=list)  # statuses of a gateway, one a request
    redirect: str = ""
    url: str = ""

    def answer(self, action: str, key: str | None, body: dict[str, Any]) -> tuple[int, Any]:
        self.actions.append(action)
        self.keys.append(key)
        name = str(body.get("name") or body.get("id") or "")
        if action == "package_show":
            found = self.packages.get(name)
            return (200, ok(found)) if found else (404, error("Not Found Error"))
        if key != KEY:
            return 403, error("Authorization Error", message="Access denied: " + str(key))
        wrong = {}
        if body.get("owner_org") != ORGANISATION:
            wrong["owner_org"] = ["Organization does not exist: " + str(body.get("owner_org"))]
        if action == "package_create":
            if name in self.packages:
                wrong["name"] = ["That URL is already in use."]
            if wrong:
                return 409, error("Validation Error", **wrong)
            self.packages[name] = {**body, "id": f"id-{len(self.packages)}", "groups": []}
        else:
            if wrong:
                return 409, error("Validation Error", **wrong)
            there = next((p for p in self.packages.values() if p["id"] == body.get("id")), None)
            if there is None:
                return 404, error("Not Found Error")
            # As CKAN does: what an update leaves out is gone.
            self.packages[name] = dict(body)
        return 200, ok(self.packages[name])


def ok(result: Any) -> dict[str, Any]:
    return {"help": "", "success": True, "result": result}


def error(kind: str, **fields: Any) -> dict[str, Any]:
    return {"help": "", "success": False, "error": {"__type": kind, **fields}}


@contextmanager
def portal() -> Iterator[StandIn]:
    """The stand-in on loopback, in a thread of this process."""
    stand_in = StandIn()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = {name: each[0] for name, each in parse_qs(urlsplit(self.path).query).items()}
            self.reply(asked)

        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            self.reply(json.loads(self.rfile.read(length)))

        def reply(self, body: dict[str, Any]) -> None:
            path = urlsplit(self.path).path
            if stand_in.redirect:
                self.send_response(301)
                self.send_header("Location", stand_in.redirect + path)
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            if stand_in.failing:
                status, answer = stand_in.failing.pop(0), None
            elif path.startswith("/api/3/action/"):
                key = self.headers["Authorization"]
                status, answer = stand_in.answer(path.rsplit("/", 1)[1], key, body)
            else:
                status, answer = 404, None
            data = b"<html>" if answer is None else json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json" if answer else "text/html")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: Any) -> None:
            """Nothing to the terminal."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    stand_in.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield stand_in
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=10)
