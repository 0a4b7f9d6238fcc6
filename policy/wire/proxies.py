"""The proxy of a request, and the setting that names it."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from policy.base.error_codes import PolicyCode
from policy.base.errors import BadInput, Unreachable
from policy.base.words import Words

_HTTP_KINDS = ("http", "https")
# Forbidden, proxy authentication required, and three codes of a gateway without an upstream.
STATUS_OF_A_PROXY = (403, 407, 502, 503, 504)


@dataclass(frozen=True)
class Proxy:
    """The proxy's address without user name and password, and the variable that names it."""

    address: str
    kind: str
    variable: Words
    for_host: str
    url: str = field(repr=False)  # may hold a password

    @property
    def usable(self) -> bool:
        return self.kind in _HTTP_KINDS

    def refused(self, status: int | None = None) -> Unreachable:
        """The error if the proxy refused the request or does not answer."""
        code = "" if status is None else f" ({status})"
        return Unreachable(
            PolicyCode.SERVICE_PROXY,
            Words(
                f"Proksi {self.address}, dari {self.variable.id}, tidak meneruskan permintaan ke"
                f" layanan{code}.",
                f"The proxy {self.address}, set by {self.variable.en}, did not pass the request on"
                f" to the service{code}.",
            ),
            Words(
                f"Minta pengelola jaringan mengizinkan {self.for_host}, atau lewati proksi:"
                f" NO_PROXY={self.for_host}",
                f"Ask the network's administrator to allow {self.for_host}, or go past the proxy:"
                f" NO_PROXY={self.for_host}",
            ),
        )

    def not_usable(self) -> BadInput:
        return BadInput(
            PolicyCode.PROXY_KIND,
            Words(
                f"Proksi dari {self.variable.id} berjenis '{self.kind}'; Padan hanya memakai proksi"
                " HTTP.",
                f"The proxy set by {self.variable.en} is of the kind '{self.kind}'; Padan uses HTTP"
                " proxies only.",
            ),
            Words(
                f"Sebut proksi HTTP, atau lewati proksi: NO_PROXY={self.for_host}",
                f"Name an HTTP proxy, or go past the proxy: NO_PROXY={self.for_host}",
            ),
        )


def proxy_of(url: str) -> Proxy | None:
    """The proxy for this URL; None if the request goes directly to its host."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    found = getproxies()
    setting = next((kind for kind in (parts.scheme, "all") if found.get(kind)), None)
    if setting is None or proxy_bypass(host):
        return None
    proxy = found[setting] if "://" in found[setting] else f"http://{found[setting]}"
    kind, _, rest = proxy.partition("://")
    address = rest.rpartition("@")[2].rstrip("/")
    return Proxy(address, kind.lower(), _variable(setting), host, proxy)


def _variable(setting: str) -> Words:
    name = f"{setting}_proxy"
    for each in (name, name.upper()):
        if os.environ.get(each):
            return Words(each, each)
    return Words("pengaturan sistem", "the system's settings")
