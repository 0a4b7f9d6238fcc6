"""Repeats requests after a lost connection: six tries, about half a minute of waiting in all.

A request that may have arrived is repeated only if a second one changes nothing. These are GET, PUT
(the content is named by its digest, or replaces itself), and a POST that only asks. Any other POST
is repeated only if it cannot have been sent.
"""

from __future__ import annotations

from collections.abc import Callable

import httpx2
from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception_type,
    retry_if_result,
    stop_after_attempt,
    wait_exponential,
)

from policy.base.words import Words

TRIES = 6
FIRST_WAIT = 1.0  # seconds; each wait is twice the previous one
LONGEST_WAIT = 20.0
_NEVER_SENT = (httpx2.ConnectError, httpx2.ConnectTimeout)
_LOST = (*_NEVER_SENT, httpx2.ReadError, httpx2.WriteError, httpx2.RemoteProtocolError)
_NOBODY_BEHIND_THE_GATEWAY = (502, 503, 504)


def respond(
    request: Callable[[], httpx2.Response],
    *,
    harmless: bool,
    tell: Callable[[Words], None],
) -> httpx2.Response:
    """The first response; if there is none, raises what the last request raised.

    `request` is called for each try and signs again, because a service accepts a nonce only once.
    `harmless`: a second request changes nothing. `tell` is called before every wait.
    """
    lost = retry_if_exception_type(_LOST) | retry_if_result(_not_from_the_service)
    retrying = Retrying(
        retry=lost if harmless else retry_if_exception_type(_NEVER_SENT),
        stop=stop_after_attempt(TRIES),
        wait=wait_exponential(FIRST_WAIT, LONGEST_WAIT),
        before_sleep=lambda state: tell(_waiting(state)),
        retry_error_callback=_last,
    )
    return retrying(request)


def _not_from_the_service(response: httpx2.Response) -> bool:
    problem = response.headers.get("content-type", "").startswith("application/problem+json")
    return response.status_code in _NOBODY_BEHIND_THE_GATEWAY and not problem


def _last(state: RetryCallState) -> httpx2.Response:
    """The response of the last try; raises the try's error if it failed."""
    if state.outcome is None:
        raise RuntimeError("no try was made")
    response: httpx2.Response = state.outcome.result()
    return response


def _waiting(state: RetryCallState) -> Words:
    seconds, following = max(1, round(state.upcoming_sleep)), state.attempt_number + 1
    return Words(
        f"Sambungan ke layanan terputus; dicoba lagi dalam {seconds} detik"
        f" ({following} dari {TRIES}).",
        f"The connection to the service was lost; trying again in {seconds} s"
        f" ({following} of {TRIES}).",
    )
