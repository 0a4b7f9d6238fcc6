"""reference/http-api.md and openapi.json say what the routes do."""

from __future__ import annotations

import importlib
import inspect
import json
import runpy
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from pydantic import TypeAdapter, ValidationError

from linkage_service.api import described, openapi, router
from linkage_service.api.bodies import MOST_BYTES
from linkage_service.app import create_app
from linkage_service.settings import Settings
from policy.crypto.envelope import Envelope
from policy.formats.problem import Problem
from policy.members.home import Home
from tests.support.programme import ROOT

MADE = runpy.run_path(str(ROOT / "scripts" / "reference.py"))  # also opens scripts/ to imports
pages = importlib.import_module("http_pages")
DOCUMENT = json.loads((MADE["FOLDER"] / "reference/openapi.json").read_text(encoding="utf-8"))
ROUTES = openapi.routes()

# Whom a function lets in by what it calls; others decide by what the request names.
ASKS = {
    "require_authority": (described.AUTHORITY,),
    "require_auditor": (described.AUDITOR, described.AUDITOR_OR_READER),
    "require_coordinator": (described.COORDINATOR,),
    "require_entitled_to_facts": (described.ENTITLED,),
    "require_owner": (described.OWNER,),
    "require_party": (described.PARTY,),
    "require_reader": (described.READER, described.AUDITOR_OR_READER),
}


def test_every_route_is_described_and_no_other() -> None:
    assert {route.name for route in ROUTES} == set(described.ROUTES)
    app = FastAPI()
    app.include_router(router)
    served = {(path, method) for path, each in app.openapi()["paths"].items() for method in each}
    listed = {(path, method) for path, each in DOCUMENT["paths"].items() for method in each}
    assert served == listed


def test_the_service_serves_the_same_document(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.create(
        "layanan", "unit", "Layanan", ("service",), b"kata sandi uji coba", date(2026, 1, 1)
    )
    app = create_app(
        Settings.under(tmp_path, public_url="http://127.0.0.1:8321"),
        home.unlock(b"kata sandi uji coba"),
    )
    assert app.openapi() == DOCUMENT


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_the_callers_are_those_whom_the_route_lets_in(route: APIRoute) -> None:
    callers = described.ROUTES[route.name].callers
    unsigned = callers in (described.ANYONE, described.CODED, described.INVITED)
    assert unsigned == (not openapi.is_signed(route))
    source = inspect.getsource(route.endpoint)
    asked = [allowed for name, allowed in ASKS.items() if f"caller.{name}(" in source]
    assert all(callers in allowed for allowed in asked)
    assert bool(asked) == any(callers in allowed for allowed in ASKS.values()) or (
        # The service asks, of the sender and of the recipient; the stored log asks who may read.
        route.name in ("post_seal", "read")
    )


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_an_example_fits_what_the_route_answers(route: APIRoute) -> None:
    example = described.ROUTES[route.name].answer
    if route.response_model is not None:
        TypeAdapter(route.response_model).validate_json(json.dumps(example))
    elif example is not None:
        Envelope.model_validate_json(json.dumps(example)).binding()


def test_an_example_of_another_model_is_noticed() -> None:
    route = next(each for each in ROUTES if each.name == "stage")
    with pytest.raises(ValidationError):
        TypeAdapter(route.response_model).validate_python(described.ROUTES["decide"].answer)


def test_a_body_is_described_where_the_route_reads_one() -> None:
    for route in ROUTES:
        reads = "caller.body" in inspect.getsource(route.endpoint)
        assert (described.ROUTES[route.name].body is not None) == reads, route.name


def test_every_signed_body_has_a_bound_of_its_route() -> None:
    bodies = {each.name for each in ROUTES if described.ROUTES[each.name].body is not None}
    assert set(MOST_BYTES) == {each.name for each in ROUTES if openapi.is_signed(each)} & bodies


def test_every_error_is_a_problem() -> None:
    for methods in DOCUMENT["paths"].values():
        for operation in methods.values():
            responses = operation["responses"]
            assert {"200", "500", "default"} <= set(responses)
            assert ("401" in responses) == bool(operation["security"])
            assert ("429" in responses) == bool(operation["security"])
            for status in set(responses) - {"200", "304", "503"}:
                (content,) = responses[status]["content"].values()
                example = Problem.model_validate(content["example"])
                assert status in (str(example.status), "default")
                assert example.detail
                assert example.remedy


def test_every_reference_in_the_document_leads_somewhere() -> None:
    def references(value: Any) -> set[str]:
        if isinstance(value, dict):
            own = {value["$ref"]} if isinstance(value.get("$ref"), str) else set()
            return own.union(*map(references, value.values()))
        return set().union(*map(references, value)) if isinstance(value, list) else set()

    names = {each.removeprefix("#/components/schemas/") for each in references(DOCUMENT)}
    assert names <= set(DOCUMENT["components"]["schemas"])


def test_a_changed_caller_makes_both_pages_stale(monkeypatch: pytest.MonkeyPatch) -> None:
    written = {name: (MADE["FOLDER"] / name).read_text("utf-8") for name in _PAGES}
    assert {name: page() for name, page in _PAGES.items()} == written
    other = replace(described.ROUTES["counts"], callers=described.READER)
    monkeypatch.setattr(openapi, "ROUTES", {**described.ROUTES, "counts": other})
    assert all(page() != written[name] for name, page in _PAGES.items())


_PAGES = {"reference/http-api.md": pages.http_api, "reference/openapi.json": pages.openapi}
