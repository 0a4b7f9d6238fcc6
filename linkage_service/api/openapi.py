"""The API as an OpenAPI document: its routes, and what `described` says of them."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute

from linkage_service.api import ROUTERS, router
from linkage_service.api.auth import caller, not_yours
from linkage_service.api.described import ANYONE, BYTES, JSON, ROUTES, Described, RequestBody
from linkage_service.api.problems import bad_request, broken, status_of
from linkage_service.error_codes import ServiceCode
from linkage_service.limits.bodies import too_large, too_slow
from linkage_service.limits.parties import TooMany
from linkage_service.settings import MAX_BODY_BYTES
from policy.base.errors import NotYet, PadanError
from policy.base.words import Words
from policy.formats.http_api import API
from policy.formats.problem import MEDIA_TYPE, Problem
from policy.wire.signed_requests import unsigned

_SIGNED = "signed-request"


def document() -> dict[str, Any]:
    """OpenAPI 3.1, without a running service."""
    app = FastAPI(title="Padan", version="1")
    app.include_router(router)
    made = app.openapi()
    for route in routes():
        for method in route.methods or ():
            operation = made["paths"][f"{API}{route.path}"][method.lower()]
            said, signed = ROUTES[route.name], is_signed(route)
            _complete(operation, said)
            operation["security"] = [{_SIGNED: []}] if signed else []
            operation["responses"].update(_errors(said, signed))
    schemas = made["components"]["schemas"]
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    schemas["Problem"] = Problem.model_json_schema()
    made["components"]["securitySchemes"] = {
        _SIGNED: {"type": "http", "scheme": "signature", "description": "RFC 9421, Ed25519"}
    }
    return made


def routes() -> list[APIRoute]:
    """Every route of the API, in its order."""
    return [each for part in ROUTERS for each in part.routes if isinstance(each, APIRoute)]


def is_signed(route: APIRoute) -> bool:
    """Whether the route asks who calls, by the roster."""
    return any(each.call is caller for each in route.dependant.dependencies)


def _complete(operation: dict[str, Any], said: Described) -> None:
    operation["x-callers"] = {"id": said.callers.id, "en": said.callers.en}
    if said.body is not None:
        operation["requestBody"] = _body(said.body)
    answer = operation["responses"]["200"]
    if said.answer is None:
        answer["content"] = {said.media_type: {"schema": _binary()}}
    else:
        answer.setdefault("content", {}).setdefault(JSON, {})["example"] = said.answer
    operation["responses"].pop("422", None)
    if said.not_ready is not None:
        content = {JSON: {**answer["content"][JSON], "example": said.not_ready}}
        operation["responses"]["503"] = {
            "description": "Belum siap / Not ready",
            "content": content,
        }


def _body(body: RequestBody) -> dict[str, Any]:
    schema = _binary() if body.media_type == BYTES else {}
    content: dict[str, Any] = {"schema": schema}
    if body.example is not None:
        content["example"] = body.example
    return {
        "required": True,
        "description": f"{body.meaning.id} / {body.meaning.en}",
        "content": {body.media_type: content},
    }


def _binary() -> dict[str, str]:
    return {"type": "string", "format": "binary"}


def _errors(said: Described, signed: bool) -> dict[str, Any]:
    """The errors that a route may answer, each with an example; `default` for any other."""
    found: list[PadanError] = [bad_request()]
    if said.callers is not ANYONE:
        found += [too_large(MAX_BODY_BYTES), not_yours(), _busy()]
    if said.body is not None:
        found.append(too_slow())
    if signed:
        found += [unsigned(), TooMany(2)]
    errors = {str(status_of(error)): _problem(error, status_of(error)) for error in found}
    return {**errors, "500": _problem(broken(), 500), "default": _problem(not_yours(), 403)}


def _busy() -> NotYet:
    """An earlier step is missing; the log says which."""
    return NotYet(
        ServiceCode.BLOB_MISSING,
        Words("Sebagian berkas belum dikirim.", "A part has not been sent yet."),
        Words("Kirim ulang; bagian yang ada tidak dikirim lagi.", "Send again; it resumes."),
    )


def _problem(error: PadanError, status: int) -> dict[str, Any]:
    """Problem details of RFC 9457, as a client sees them that asks for these by Accept."""
    told = Problem.of(error, status).told("en", "5f1c3a9e0b7d2468")
    schema = {"$ref": "#/components/schemas/Problem"}
    content = {MEDIA_TYPE: {"schema": schema, "example": told.model_dump(mode="json")}}
    return {"description": "Galat / Problem", "content": content}
