"""Errors as RFC 9457 problem details, in both languages, never with a value from a record."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from linkage_service import logs
from linkage_service.error_codes import ServiceCode
from linkage_service.limits.parties import TooMany
from policy.base.errors import BadInput, NotYet, PadanError, Refused, Unverified, WrongKey
from policy.base.words import Language, Words
from policy.formats.problem import MEDIA_TYPE, Problem

STATUSES: dict[type[PadanError], int] = {
    BadInput: 422,
    Refused: 403,
    WrongKey: 401,
    NotYet: 409,
    Unverified: 409,
}
OF_CODES: dict[str, int] = {
    ServiceCode.JOINING_NO_INVITE: 404,
    ServiceCode.JOINING_TOO_MANY: 429,
    ServiceCode.REQUEST_TOO_LARGE: 413,
    ServiceCode.REQUEST_TOO_MANY: 429,
    ServiceCode.REQUEST_TOO_SLOW: 408,
    ServiceCode.UPLOAD_QUOTA: 413,
    ServiceCode.STORE_GONE: 503,
    ServiceCode.BLOB_NOT_WRITTEN: 507,
}


def install(app: FastAPI) -> None:
    """Turn every failure of a request into a problem; unknown failures reveal no details."""

    @app.exception_handler(PadanError)
    def padan(request: Request, error: PadanError) -> JSONResponse:
        return problem(error, status_of(error), request.scope)

    @app.exception_handler(RequestValidationError)
    def invalid(request: Request, __: RequestValidationError) -> JSONResponse:
        return problem(bad_request(), 422, request.scope)

    @app.exception_handler(HTTPException)
    def http(request: Request, error: HTTPException) -> JSONResponse:
        answer = problem(bad_request(), error.status_code, request.scope)
        answer.headers.update(error.headers or {})  # Allow, of a method that is not known
        return answer

    app.add_middleware(Unknown)


@dataclass(frozen=True)
class Unknown:
    """ASGI middleware: an unexpected failure is a problem without details.

    A handler for Exception would still let the server print the message.
    """

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def note(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, note)
        except Exception as error:
            if scope["type"] != "http":
                raise
            logs.failed("request.failed", error)
            if not started:
                await problem(broken(), 500, scope)(scope, receive, send)


def status_of(error: PadanError) -> int:
    """The HTTP status of an error."""
    return OF_CODES.get(error.code) or STATUSES.get(type(error), 400)


def problem(error: PadanError, status: int, scope: Scope) -> JSONResponse:
    """The answer, in the form that the request's headers ask for."""
    asked = Headers(scope=scope)
    found = Problem.of(error, status)
    if MEDIA_TYPE in asked.get("accept", ""):
        request_id = str(scope.get("state", {}).get("request_id", ""))
        found = found.told(_language(asked.get("accept-language", "")), request_id)
    body = found.model_dump(mode="json")
    headers = {"Retry-After": str(error.retry_after)} if isinstance(error, TooMany) else None
    return JSONResponse(body, status, headers, media_type=MEDIA_TYPE)


def _language(accepted: str) -> Language:
    """The first of our languages in an Accept-Language header; Indonesian without one."""
    for each in accepted.lower().split(","):
        choice = each.strip()[:2]
        if choice in ("id", "en"):
            return "en" if choice == "en" else "id"
    return "id"


def bad_request() -> BadInput:
    return BadInput(
        ServiceCode.REQUEST_MALFORMED,
        Words("Permintaan tidak sesuai API.", "The request does not fit the API."),
        Words("Pakai versi padan yang sama dengan layanan.", "Use the service's version of padan."),
    )


def broken() -> Refused:
    return Refused(
        ServiceCode.SERVICE_BROKEN,
        Words("Layanan mengalami galat.", "The service met an error."),
        Words(
            "Ulangi; bila tetap begini, hubungi koordinator. Tidak ada data yang hilang.",
            "Try again; if it persists, call the coordinator. No data is lost.",
        ),
    )
