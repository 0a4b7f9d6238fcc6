"""A real OIDC provider on loopback, which can be made to lie about what it signs.

The provider is `oidc-provider-mock` (Flask, Authlib). In front of it stands a layer that signs ID
tokens with a key of its own, and that a test tells what to change: the claims of the token, its
algorithm, whether the key is published, or what the provider says of itself. With `layered=False`
the provider's own answers go through, byte by byte.
"""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs

import httpx2
from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey
from oidc_provider_mock import User
from oidc_provider_mock import app as provider_app
from werkzeug.serving import make_server

CLIENT, SECRET = "padan", "rahasia-klien-uji"


@dataclass
class Provider:
    """The provider's address, what was asked of it, and how it lies: `change` edits the claims."""

    port: int = 0
    layered: bool = True
    change: Callable[[dict[str, Any]], None] | None = None
    algorithm: str = "RS256"
    published: bool = True
    said: dict[str, Any] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "layer"}))

    @property
    def issuer(self) -> str:
        return f"http://localhost:{self.port}"

    def honest(self) -> None:
        self.change, self.algorithm, self.published, self.said = None, "RS256", True, {}

    def token(self, genuine: str) -> str:
        """The ID token that the client gets instead."""
        body = genuine.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
        if self.change is not None:
            self.change(claims)
        if self.algorithm == "none":
            return f"{_part({'alg': 'none', 'typ': 'JWT'})}.{_part(claims)}."
        if self.algorithm == "HS256":
            return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(SECRET), ["HS256"])
        return jwt.encode({"alg": "RS256", "kid": "layer"}, claims, self.key, ["RS256"])

    def approve(self, address: str, person: str) -> str:
        """The person signs in at the provider; returns where the provider sends the browser."""
        answer = httpx2.post(address, data={"sub": person}, timeout=30)
        assert answer.status_code == 302, answer.text
        return answer.headers["location"]


def _part(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


@dataclass
class _Layer:
    provider: Provider
    app: Any

    def __call__(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if path == "/oauth2/token":
            body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
            environ["wsgi.input"] = BytesIO(body)
            form = {name: value[0] for name, value in parse_qs(body.decode()).items()}
            form["authorization"] = environ.get("HTTP_AUTHORIZATION", "")
            self.provider.asked.append(form)
        if path == "/oauth2/authorize":
            query = parse_qs(environ["QUERY_STRING"])
            self.provider.asked.append({name: value[0] for name, value in query.items()})
        kept: list[Any] = []
        parts = self.app(environ, lambda status, headers, *_: kept.append((status, headers)))
        answer = b"".join(parts)
        status, headers = kept[0]
        changed = self._changed(path, answer)
        if changed is not None:
            answer = json.dumps(changed).encode()
            headers = [each for each in headers if each[0].lower() != "content-length"]
        start(status, headers)
        return [answer]

    def _changed(self, path: str, answer: bytes) -> dict[str, Any] | None:
        provider = self.provider
        if path == "/.well-known/openid-configuration" and provider.said:
            return json.loads(answer) | provider.said
        if path == "/jwks" and provider.layered and provider.published:
            return KeySet([provider.key]).as_dict(private=False)
        told = json.loads(answer) if path == "/oauth2/token" and provider.layered else {}
        if "id_token" in told:
            return told | {"id_token": provider.token(told["id_token"])}
        return None


@contextmanager
def oidc_provider(*people: User, layered: bool = True) -> Iterator[Provider]:
    """A running provider that knows these people."""
    provider = Provider(layered=layered)
    app = provider_app(user_claims=people, require_nonce=True)
    server = make_server("127.0.0.1", 0, _Layer(provider, app), threaded=True)
    provider.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
