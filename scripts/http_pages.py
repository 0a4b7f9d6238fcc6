"""reference/http-api.md and openapi.json: the routes of the service, with examples."""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator
from typing import Any

from linkage_service.api.openapi import document
from linkage_service.api.problems import STATUSES
from linkage_service.settings import MAX_BODY_BYTES

_INTRODUCTION = f"""# HTTP API

This page and [openapi.json](openapi.json) are made from the service's routes. Every request but
three open ones is signed (RFC 9421, Ed25519, a nonce used once; `policy.wire`). A request's body
is at most {MAX_BODY_BYTES >> 20} MiB."""

_ERRORS = """## Errors

Every error is `application/problem+json` (RFC 9457) in both languages.
[All codes](error-codes.md)."""


def openapi() -> str:
    """reference/openapi.json"""
    return json.dumps(document(), indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def http_api() -> str:
    """reference/http-api.md"""
    made = document()
    lines = [_INTRODUCTION]
    problem: Any = None
    for path, methods in made["paths"].items():
        for method, operation in methods.items():
            lines += _route(method.upper(), path, operation)
            problem = operation["responses"]["default"]
    (example,) = problem["content"].values()
    lines += ["", _ERRORS, "", "| kind | HTTP status |", "|---|---|"]
    lines += [f"| {error.kind} | {status} |" for error, status in STATUSES.items()]
    lines += ["", *_block(example["example"])]
    return "\n".join(lines) + "\n"


def _route(method: str, path: str, operation: dict[str, Any]) -> Iterator[str]:
    callers = operation["x-callers"]
    yield ""
    yield f"## {method} {path}"
    yield ""
    yield inspect.cleandoc(operation["description"])
    yield ""
    yield f"- Callers: {callers['en']}"
    for each in operation.get("parameters", ()):
        if each["in"] == "query":
            default = each["schema"].get("default")
            yield f"- `?{each['name']}=`" + ("" if default is None else f" ({default})")
    if "requestBody" in operation:
        body = operation["requestBody"]
        ((media_type, content),) = body["content"].items()
        yield f"- Body: {body['description']} (`{media_type}`)"
        if "example" in content:
            yield ""
            yield from _block(content["example"])
    yield from _answer(operation["responses"]["200"]["content"])


def _answer(answer: dict[str, Any]) -> Iterator[str]:
    ((media_type, content),) = answer.items()
    schema = content.get("schema", {})
    name = schema.get("$ref", schema.get("items", {}).get("$ref", "")).rpartition("/")[2]
    told = f" `{name}`" if name else ""
    yield ""
    yield f"Answer:{told} (`{media_type}`)"
    if "example" in content:
        yield ""
        yield from _block(content["example"])


def _block(example: Any) -> Iterator[str]:
    text = (
        example if isinstance(example, str) else json.dumps(example, ensure_ascii=False, indent=2)
    )
    yield "```json" if not isinstance(example, str) else "```text"
    yield text.rstrip("\n")
    yield "```"
