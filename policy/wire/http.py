"""HTTP to the linkage service: one pool of connections, through the proxy, with errors in words."""

from __future__ import annotations

import atexit
from collections.abc import Callable
from functools import cache

import httpx2
from pydantic import ValidationError

from policy.base.words import Words
from policy.formats.problem import Problem
from policy.wire.failures import certificate_error, unreachable
from policy.wire.foreign_answers import explained, is_page
from policy.wire.proxies import STATUS_OF_A_PROXY, proxy_of
from policy.wire.retries import respond
from policy.wire.signed_requests import Message
from policy.wire.trust import trusted_here

_TIMEOUT_SECONDS = 600.0
_CONNECT_SECONDS = 20.0  # seconds; a missing network should show soon


@cache
def _http(proxy: str | None) -> httpx2.Client:
    """One connection pool for each process, closed when the process ends.

    The proxy is chosen here and not by httpx2, which fails on any kind of proxy that it does not
    know, even if no request would use it.
    """
    client = httpx2.Client(
        timeout=httpx2.Timeout(_TIMEOUT_SECONDS, connect=_CONNECT_SECONDS),
        verify=trusted_here(),
        proxy=proxy,
        trust_env=False,
    )
    atexit.register(client.close)
    return client


def send(message: Message) -> bytes:
    """The response body; raises the service's error, or Unreachable."""
    return _answer(message.url, lambda http: _request(http, message))


def send_patiently(
    url: str, sign: Callable[[], Message], harmless: bool, reached: bool = True
) -> bytes:
    """As `send`, repeated where that may be; see `policy.wire.retries`."""

    def respond_to(http: httpx2.Client) -> httpx2.Response:
        return respond(
            lambda: _request(http, sign()), harmless=harmless, tell=_tell, reached=reached
        )

    return _answer(url, respond_to)


def _tell(words: Words) -> None:
    from policy.terminal import console

    console.say(words)


def _request(http: httpx2.Client, message: Message) -> httpx2.Response:
    headers = dict(message.headers)
    return http.request(message.method, message.url, headers=headers, content=message.body)


def _answer(url: str, respond_to: Callable[[httpx2.Client], httpx2.Response]) -> bytes:
    proxy = proxy_of(url)
    if proxy is not None and not proxy.usable:
        raise proxy.not_usable()
    try:
        response = respond_to(_http(None if proxy is None else proxy.url))
    except httpx2.HTTPError as error:
        if proxy is not None and certificate_error(error) is None:
            raise proxy.refused() from None
        raise unreachable(url, error) from None
    if response.is_success and not is_page(response):
        return response.content
    if response.status_code == httpx2.codes.NOT_MODIFIED:
        return b""  # only asked for with If-None-Match
    try:
        problem = Problem.model_validate_json(response.content)
    except ValidationError:
        if proxy is not None and response.status_code in STATUS_OF_A_PROXY:
            raise proxy.refused(response.status_code) from None
        raise explained(url, response, len(response.request.content)) from None
    raise problem.error()


def content_type(body: bytes) -> str:
    return "application/json" if body[:1] in (b"{", b"[") else "application/octet-stream"
