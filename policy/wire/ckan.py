"""A data portal that speaks CKAN's action API (version 3): data.go.id and its kin.

    package_show      is the entry there?
    package_create    if it is not
    package_update    if it is: the portal's fields that we do not write stay as they are

The API key travels in the Authorization header, over TLS alone. It is in no message.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlsplit

import httpx2
from pydantic import BaseModel, ConfigDict, ValidationError

from policy.base.error_codes import PolicyCode
from policy.base.errors import BadInput, NotYet, PadanError, Refused, Unreachable
from policy.base.foreign_text import clean
from policy.base.words import Words
from policy.wire.proxies import proxy_of
from policy.wire.retries import respond

_TIMEOUT_SECONDS = 60.0
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_LARGEST_ANSWER = 4 * 1024 * 1024
Package = Mapping[str, Any]
Done = Literal["created", "updated"]


class _Answer(BaseModel):
    """What every action answers; `error` has a type and the fields that are wrong."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    success: bool
    result: dict[str, Any] | None = None
    error: dict[str, Any] | None = None


@dataclass(frozen=True)
class Portal:
    """One portal and the key of the officer who writes to it."""

    url: str
    key: str = field(repr=False)
    tell: Callable[[Words], None] = field(repr=False)

    def push(self, package: Package) -> Done:
        """Create the entry, or update it if it exists; raises what the portal refuses."""
        there = self._show(str(package["name"]))
        if there is None:
            self._act("package_create", package)
            return "created"
        self._act("package_update", _merged(there, package))
        return "updated"

    def _show(self, name: str) -> Package | None:
        """The entry with this name; None if there is none."""
        status, answer = self._ask("GET", "package_show", {"id": name}, None)
        if answer is not None and answer.success:
            if answer.result is None or "id" not in answer.result:
                raise _no_ckan(self.url, status)
            return answer.result
        if status == 404 and answer is not None:
            return None
        raise self._refusal(status, answer)

    def _act(self, action: str, package: Package) -> None:
        status, answer = self._ask("POST", action, None, package)
        if answer is None or not answer.success:
            raise self._refusal(status, answer)

    def _ask(
        self, method: str, action: str, params: dict[str, str] | None, body: Package | None
    ) -> tuple[int, _Answer | None]:
        """The status and the answer; None for an answer that is not CKAN's."""
        url = f"{self.url.rstrip('/')}/api/3/action/{action}"
        proxy = proxy_of(url)
        if proxy is not None and not proxy.usable:
            raise proxy.not_usable()
        headers = {"Authorization": self.key}
        try:
            with httpx2.Client(
                timeout=_TIMEOUT_SECONDS,
                proxy=None if proxy is None else proxy.url,
                trust_env=False,
                follow_redirects=False,
                verify=httpx2.create_ssl_context(),
            ) as http:
                response = respond(
                    lambda: http.request(method, url, params=params, json=body, headers=headers),
                    harmless=method == "GET",
                    tell=self.tell,
                )
        except httpx2.HTTPError:
            raise proxy.refused() if proxy is not None else _unreachable(self.url) from None
        if response.is_redirect:
            raise _moved(self.url)
        return response.status_code, _parsed(response.content)

    def _refusal(self, status: int, answer: _Answer | None) -> PadanError:
        if answer is None:
            return _no_ckan(self.url, status)
        error = answer.error or {}
        if status in (401, 403):
            return _key_refused()
        # The messages of a portal are its own texts and may repeat ours; the fields' names do.
        fields = ", ".join(
            clean(str(name))[:40] for name in error if name not in ("__type", "message")
        )
        kind = clean(str(error.get("__type", status)))[:60]
        return Refused(
            PolicyCode.PORTAL_REFUSED,
            Words(
                f"Portal menolak entri itu: {kind} ({fields or '-'}).",
                f"The portal refused the entry: {kind} ({fields or '-'}).",
            ),
            Words(
                "Periksa organisasi dan nama entri di portal, lalu ulangi.",
                "Check the organisation and the name of the entry at the portal, then repeat.",
            ),
        )


def require_portal(url: str) -> str:
    """The portal's address; raises BadInput if a key would travel in the clear."""
    parts = urlsplit(url)
    safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
    if safe and parts.hostname and parts.username is None:
        return url
    raise BadInput(
        PolicyCode.PORTAL_ADDRESS,
        Words(
            "Alamat portal harus https:// dan tanpa sandi di dalamnya.",
            "The portal's address must be https:// and hold no password.",
        ),
        Words("Contoh: --portal https://data.go.id", "For example: --portal https://data.go.id"),
    )


def _merged(there: Package, package: Package) -> Package:
    """The portal's entry with our fields in it; resources and other extras stay as they are."""
    ours = {each["key"] for each in package.get("extras", ())}
    extras = there.get("extras")
    others = [
        each
        for each in (extras if isinstance(extras, list) else ())
        if isinstance(each, dict) and each.get("key") not in ours
    ]
    mine = {"extras": [*others, *package.get("extras", ())], "state": "active"}
    return {**there, **package, **mine, "id": there["id"]}


def _parsed(content: bytes) -> _Answer | None:
    if len(content) > _LARGEST_ANSWER:
        return None
    try:
        return _Answer.model_validate_json(content)
    except ValidationError:
        return None


def _unreachable(url: str) -> Unreachable:
    return Unreachable(
        PolicyCode.PORTAL_UNREACHABLE,
        Words(f"{url} tidak dapat dihubungi.", f"{url} cannot be reached."),
        Words(
            "Periksa alamat dan jaringan, lalu ulangi; entri yang sudah ada diperbarui.",
            "Check the address and the network, then repeat; an entry that exists is updated.",
        ),
    )


def _moved(url: str) -> NotYet:
    return NotYet(
        PolicyCode.PORTAL_MOVED,
        Words(
            f"{url} menunjuk ke alamat lain; kunci tidak dikirim ke sana.",
            f"{url} points to another address; the key was not sent there.",
        ),
        Words(
            "Sebut alamat portal yang baru dengan --portal.",
            "Name the portal's new address by --portal.",
        ),
    )


def _key_refused() -> Refused:
    return Refused(
        PolicyCode.PORTAL_KEY,
        Words(
            "Portal tidak menerima kunci API ini untuk organisasi itu.",
            "The portal does not accept this API key for that organisation.",
        ),
        Words(
            "Periksa kunci dan peran Anda di organisasi itu (editor atau admin).",
            "Check the key, and your role in that organisation (editor or admin).",
        ),
    )


def _no_ckan(url: str, status: int) -> Refused:
    return Refused(
        PolicyCode.PORTAL_ANSWER,
        Words(
            f"{url} tidak menjawab seperti CKAN (status {status}).",
            f"{url} does not answer as CKAN does (status {status}).",
        ),
        Words(
            "Periksa alamatnya: beranda portal, tanpa /api.",
            "Check the address: the portal's home, without /api.",
        ),
    )
