"""Repeats requests: six tries, about half a minute of waiting in all.

A request that may have arrived is repeated only if a second one changes nothing. These are GET, PUT
(the content is named by its digest, or replaces itself), and a POST that only asks. Any other POST
is repeated only if it cannot have been sent, or if the service says that it did not look at it
(429). A wait that the answer names in Retry-After is kept; one that is too long is an answer.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx2
from tenacity import RetryCallState, Retrying, retry_base, stop_after_attempt, wait_exponential

from policy.base.words import Words
from policy.formats.problem import MEDIA_TYPE
from policy.wire.failures import certificate_error

TRIES = 6
FIRST_WAIT = 1.0  # seconds; each wait is twice the previous one
LONGEST_WAIT = 20.0
LONGEST_TOLD = 120.0  # seconds; the longest Retry-After that is waited for
TOO_MANY = 429
NOBODY_BEHIND_THE_GATEWAY = (502, 503, 504)
_NEVER_SENT = (httpx2.ConnectError, httpx2.ConnectTimeout)
_LOST = (*_NEVER_SENT, httpx2.ReadError, httpx2.WriteError, httpx2.RemoteProtocolError)


def respond(
    request: Callable[[], httpx2.Response],
    *,
    harmless: bool,
    tell: Callable[[Words], None],
    reached: bool = True,
) -> httpx2.Response:
    """The first response; if there is none, raises what the last request raised.

    `request` is called for each try and signs again, because a service accepts a nonce only once.
    `harmless`: a second request changes nothing. `reached`: the service has answered before; an
    address that never answered is not tried again. `tell` is called before every wait.
    """
    retrying = Retrying(
        retry=_Repeatable(harmless, reached),
        stop=stop_after_attempt(TRIES),
        wait=_wait,
        before_sleep=lambda state: tell(_waiting(state)),
        retry_error_callback=_last,
    )
    return retrying(request)


class _Repeatable(retry_base):
    """Whether this outcome of a try may be repeated."""

    def __init__(self, harmless: bool, reached: bool) -> None:
        self._harmless, self._reached = harmless, reached

    def __call__(self, state: RetryCallState) -> bool:
        if state.outcome is None:
            return False
        error = state.outcome.exception()
        if error is not None:
            lost = _LOST if self._harmless else _NEVER_SENT
            return self._reached and isinstance(error, lost) and not _is_certificate(error)
        return self._is_worth_waiting(state.outcome.result())

    def _is_worth_waiting(self, response: httpx2.Response) -> bool:
        told = _told(response)
        if told is not None and told > LONGEST_TOLD:
            return False
        if response.status_code == TOO_MANY:
            return self._harmless or told is not None
        away = response.status_code in NOBODY_BEHIND_THE_GATEWAY
        return self._harmless and away and (told is not None or not _is_problem(response))


def _wait(state: RetryCallState) -> float:
    """Seconds: what the answer names, or twice the previous wait."""
    failed = state.outcome is None or state.outcome.failed
    told = None if failed or state.outcome is None else _told(state.outcome.result())
    return wait_exponential(FIRST_WAIT, LONGEST_WAIT)(state) if told is None else told


def _told(response: httpx2.Response) -> float | None:
    """Seconds of Retry-After, which may be a number or a date; None without a readable one."""
    text = response.headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        return max(0.0, (parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return None


def _is_problem(response: httpx2.Response) -> bool:
    """Whether the service itself has answered."""
    return bool(response.headers.get("content-type", "").startswith(MEDIA_TYPE))


def _is_certificate(error: BaseException) -> bool:
    """A certificate that is not valid stays so."""
    return certificate_error(error) is not None


def _last(state: RetryCallState) -> httpx2.Response:
    """The response of the last try; raises the try's error if it failed."""
    if state.outcome is None:
        raise RuntimeError("no try was made")
    response: httpx2.Response = state.outcome.result()
    return response


def _waiting(state: RetryCallState) -> Words:
    seconds, following = max(1, round(state.upcoming_sleep)), state.attempt_number + 1
    lost = state.outcome is not None and state.outcome.failed
    if lost:
        why = Words("Sambungan ke layanan terputus", "The connection to the service was lost")
    else:
        why = Words("Layanan belum dapat menjawab", "The service cannot answer yet")
    return Words(
        f"{why.id}; dicoba lagi dalam {seconds} detik ({following} dari {TRIES}).",
        f"{why.en}; trying again in {seconds} s ({following} of {TRIES}).",
    )
