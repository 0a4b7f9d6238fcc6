"""HTTP to the linkage service: one pool of connections, through the proxy, with errors in words."""

from __future__ import annotations

import atexit
from collections.abc import Callable
from functools import cache
from typing import IO

import httpx2
from pydantic import ValidationError

from policy.base.words import Words
from policy.formats.problem import MEDIA_TYPE, Problem
from policy.wire.failures import certificate_error, require_address, unreachable
from policy.wire.foreign_answers import explained, is_page, is_unknown_there, older
from policy.wire.proxies import STATUS_OF_A_PROXY, proxy_of
from policy.wire.retries import respond
from policy.wire.signed_requests import Message
from policy.wire.trust import trusted_here

_TIMEOUT_SECONDS = 600.0
_ACCEPT = f"application/json, application/octet-stream, {MEDIA_TYPE}, */*;q=0.1"
_BLOCK_BYTES = 1 << 20
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
    return _body(_answer(message.url, lambda http: _request(http, message)))


def read_any(url: str) -> bytes:
    """The body of an answer to GET, whatever its status; raises Unreachable without an answer."""
    require_address(url)
    proxy = proxy_of(url)
    if proxy is not None and not proxy.usable:
        raise proxy.not_usable()
    try:
        message = Message("GET", url, {}, b"")
        return _request(_http(None if proxy is None else proxy.url), message).content
    except httpx2.HTTPError as error:
        raise unreachable(url, error) from None


def send_patiently(
    url: str, sign: Callable[[], Message], harmless: bool, reached: bool = True
) -> bytes:
    """As `send`, repeated where that may be; see `policy.wire.retries`."""

    def respond_to(http: httpx2.Client) -> httpx2.Response:
        return respond(
            lambda: _request(http, sign()), harmless=harmless, tell=_tell, reached=reached
        )

    return _body(_answer(url, respond_to))


def download(url: str, sign: Callable[[], Message], into: IO[bytes], reached: bool = True) -> None:
    """Write the answer to a GET into a file, block by block.

    A connection that is lost meanwhile is tried again, from the beginning of the file.
    """

    def respond_to(http: httpx2.Client) -> httpx2.Response:
        def request() -> httpx2.Response:
            into.seek(0)
            into.truncate()
            return _written(http, sign(), into)

        return respond(request, harmless=True, tell=_tell, reached=reached)

    _answer(url, respond_to)


def _written(http: httpx2.Client, message: Message, into: IO[bytes]) -> httpx2.Response:
    """The response; its body is in the file if it is one, else in the response."""
    headers = {"Accept": _ACCEPT, **message.headers}
    with http.stream(message.method, message.url, headers=headers) as response:
        if response.is_success and not is_page(response):
            for block in response.iter_bytes(_BLOCK_BYTES):
                into.write(block)
        else:
            response.read()
    return response


def _body(response: httpx2.Response) -> bytes:
    # Not modified: only if it was asked for with If-None-Match.
    return b"" if response.status_code == httpx2.codes.NOT_MODIFIED else response.content


def _tell(words: Words) -> None:
    from policy.terminal import console

    console.say(words)


def _request(http: httpx2.Client, message: Message) -> httpx2.Response:
    headers = {"Accept": _ACCEPT, **message.headers}
    return http.request(message.method, message.url, headers=headers, content=message.body)


def _answer(url: str, respond_to: Callable[[httpx2.Client], httpx2.Response]) -> httpx2.Response:
    """The response of the service; raises its error, or Unreachable."""
    require_address(url)
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
        return response
    if response.status_code == httpx2.codes.NOT_MODIFIED:
        return response
    try:
        problem = Problem.model_validate_json(response.content)
    except ValidationError:
        if proxy is not None and response.status_code in STATUS_OF_A_PROXY:
            raise proxy.refused(response.status_code) from None
        raise explained(url, response, len(response.request.content)) from None
    if is_unknown_there(response.status_code, problem.code):
        raise older(url)
    raise problem.error()


def content_type(body: bytes) -> str:
    return "application/json" if body[:1] in (b"{", b"[") else "application/octet-stream"
