"""The API as an OpenAPI document: its routes, and what `described` says of them."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute

from linkage_service.api import ROUTERS, router
from linkage_service.api.auth import caller, not_yours
from linkage_service.api.described import BYTES, JSON, ROUTES, Described, RequestBody
from linkage_service.api.problems import status_of
from policy.formats.http_api import API
from policy.formats.problem import MEDIA_TYPE, Problem

_SIGNED = "signed-request"


def document() -> dict[str, Any]:
    """OpenAPI 3.1, without a running service."""
    app = FastAPI(title="Padan", version="1")
    app.include_router(router)
    made = app.openapi()
    for route in routes():
        for method in route.methods or ():
            operation = made["paths"][f"{API}{route.path}"][method.lower()]
            _complete(operation, ROUTES[route.name])
            if is_signed(route):
                operation["security"] = [{_SIGNED: []}]
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
    operation["responses"]["default"] = _problem()


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


def _problem() -> dict[str, Any]:
    """RFC 9457, with the answer to a caller who is not entitled as an example."""
    error = not_yours()
    example = Problem.of(error, status_of(error)).model_dump(mode="json")
    schema = {"$ref": "#/components/schemas/Problem"}
    content = {MEDIA_TYPE: {"schema": schema, "example": example}}
    return {"description": "Galat / Problem", "content": content}
