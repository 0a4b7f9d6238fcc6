"""The service's address as its clients write it, whatever a proxy in front of it makes of that.

Members sign method, host and path of the public URL. A proxy may exchange the Host header, add or
remove a path prefix, and end TLS. The application therefore sees each request as the client sent
it: scheme, host and prefix come from the public URL, and never from a forwarded header. A Host that
is neither the public one, nor the address on which the request arrived, nor one that was named for
the gateway, is refused (DNS rebinding, a client that was led to another name).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Receive, Scope, Send

from linkage_service.api.problems import problem
from linkage_service.error_codes import ServiceCode
from policy.base.errors import BadInput, Refused
from policy.base.words import Words
from policy.formats.http_api import API

_DEFAULT_PORTS = {"http": 80, "https": 443}
_MISDIRECTED = 421
# The URL that the server was asked for, as its own socket and the Host header have it.
ASKED = "padan.asked"


@dataclass(frozen=True)
class PublicUrl:
    """Scheme, host with port (none if it is the scheme's own) and path prefix ('' or '/padan')."""

    scheme: str
    authority: str
    prefix: str = ""

    @classmethod
    def parse(cls, text: str) -> PublicUrl:
        """Raises BadInput for anything but scheme, host, port and path."""
        try:
            parts = urlsplit(text)
            port = parts.port
        except ValueError:
            raise _no_url() from None
        host, prefix = parts.hostname or "", parts.path.rstrip("/")
        plain = prefix.isascii() and not set(prefix) & set("%;\\ ") and "//" not in prefix
        known = parts.scheme in _DEFAULT_PORTS and host.isascii() and "@" not in parts.netloc
        if not (known and host and plain) or parts.query or parts.fragment:
            raise _no_url()
        return cls(parts.scheme, authority(parts.scheme, host, port), prefix)

    def __str__(self) -> str:
        return f"{self.scheme}://{self.authority}{self.prefix}"

    def path(self, path: str) -> str:
        """The public path of one that arrived with the prefix or without it."""
        if f"{path}/".startswith(f"{API}/"):  # even if the prefix starts in the same way
            return self.prefix + path
        return path if f"{path}/".startswith(f"{self.prefix}/") else self.prefix + path


def authority(scheme: str, host: str, port: int | None) -> str:
    """Host and port as RFC 9421 compares them: lower case, without the scheme's own port."""
    host = f"[{host}]" if ":" in host else host.lower()
    return host if port in (None, _DEFAULT_PORTS[scheme]) else f"{host}:{port}"


@dataclass(frozen=True)
class PublicAddress:
    """Shows `app` each request under one of `urls`: the one its Host names, or the first."""

    app: ASGIApp
    urls: Sequence[PublicUrl]
    gateway_hosts: Sequence[str] = ()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        hosts = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
        url = self._named(hosts, scope)
        if url is None:
            await problem(_foreign_host(), _MISDIRECTED)(scope, receive, send)
        else:
            await self.app(_seen_by_the_client(scope, hosts[0], url), receive, send)

    def _named(self, hosts: list[str], scope: Scope) -> PublicUrl | None:
        if len(hosts) != 1:
            return None
        host = hosts[0].lower()
        for url in self.urls:
            if host in (url.authority, f"{url.authority}:{_DEFAULT_PORTS[url.scheme]}"):
                return url
        own = _arrived_at(scope)
        return self.urls[0] if host in own or host in self.gateway_hosts else None


def _arrived_at(scope: Scope) -> set[str]:
    """The names of the socket of this connection."""
    host, port = scope.get("server") or ("", None)
    if port is None:
        return {"localhost"}  # a socket in the file system
    names = {authority("http", host, port), f"{host}:{port}"}
    if host in ("127.0.0.1", "::1"):
        names.add(authority("http", "localhost", port))
    return names


def _seen_by_the_client(scope: Scope, host: str, url: PublicUrl) -> Scope:
    kept = [(name, value) for name, value in scope["headers"] if name != b"host"]
    raw = (scope.get("raw_path") or scope["path"].encode()).decode("latin-1")
    query = scope["query_string"].decode("latin-1")
    asked = f"{scope['scheme']}://{host}{raw}" + (f"?{query}" if query else "")
    return {
        **scope,
        ASKED: asked,
        "scheme": url.scheme,
        "headers": [(b"host", url.authority.encode()), *kept],
        "root_path": url.prefix,
        "path": url.path(scope["path"]),
        "raw_path": url.path(raw).encode("latin-1"),
    }


def _no_url() -> BadInput:
    return BadInput(
        ServiceCode.SERVICE_PUBLIC_URL,
        Words(
            "URL publik bukan alamat http atau https yang utuh.",
            "The public URL is not a whole http or https address.",
        ),
        Words(
            "Tulis seperti https://padan.contoh.go.id atau https://gerbang.contoh.go.id/padan.",
            "Write it like https://padan.example.go.id or https://gateway.example.go.id/padan.",
        ),
    )


def _foreign_host() -> Refused:
    return Refused(
        ServiceCode.REQUEST_HOST,
        Words(
            "Layanan ini tidak menjawab untuk nama host itu.",
            "This service does not answer to that host name.",
        ),
        Words(
            "Pakai alamat layanan dari undangan. Pengelola: sebut alamat itu dengan --public-url,"
            " dan nama yang ditulis gerbang di Host dengan --gateway-host.",
            "Use the service's address from the invite. The operator names that address by"
            " --public-url, and the name that a gateway writes into Host by --gateway-host.",
        ),
    )
