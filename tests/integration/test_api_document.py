"""The service does what its OpenAPI document says: Schemathesis calls every operation, signed.

Cases are few, and the same every time; `PADAN_API_CASES` asks for more of them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import httpx2
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis.checks import not_a_server_error
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from linkage_service.api.openapi import document
from policy.formats.http_api import API
from policy.formats.problem import MEDIA_TYPE, Problem
from policy.wire.signed_requests import Message, sign_request
from tests.support.service import Town

# The service in its thread draws random numbers while a case is made.
pytestmark = pytest.mark.filterwarnings("ignore::hypothesis.errors.HypothesisDeprecationWarning")
CASES = int(os.environ.get("PADAN_API_CASES", "6"))
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
SCHEMA = schemathesis.openapi.from_dict(document())
OPERATIONS = [each.ok() for each in SCHEMA.get_all_operations()]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    town = Town(tmp_path_factory.mktemp("town"))
    with town.serving():
        town.sign_charter()
        yield town


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.label)
def test_every_operation_answers_as_documented(town: Town, operation: APIOperation) -> None:
    network = requests.Session()

    @seed(20261130)
    @settings(
        max_examples=CASES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def called(case: schemathesis.Case) -> None:
        if case.path_parameters.get("project"):
            case.path_parameters["project"] = town.project_id
        arguments = case.as_transport_kwargs(base_url=town.url)
        arguments.pop("cookies", None)
        request = network.prepare_request(requests.Request(**arguments))
        body = request.body or b""
        data = body.encode() if isinstance(body, str) else body
        request.headers.pop("Content-Length", None)
        request.prepare_body(data, None)
        message = Message(str(request.method), str(request.url), request.headers, data)
        request.headers.pop("Content-Digest", None)
        sign_request(message, "service", town.keys["service"].signing)
        answer = network.send(request, timeout=30)
        case.validate_response(answer, checks=CHECKS)

    with network:
        called()


@pytest.mark.parametrize("path", ["health", "roster", "projects/x/log"])
def test_a_method_that_is_not_there_is_told_which_are(town: Town, path: str) -> None:
    answer = httpx2.delete(f"{town.url}{API}/{path}")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]
    assert answer.headers["content-type"] == MEDIA_TYPE


@pytest.mark.parametrize(
    ("asked", "language"), [("id,en;q=0.5", "id"), ("en-GB", "en"), ("", "id")]
)
def test_a_problem_is_in_the_language_that_is_asked_for(
    town: Town, asked: str, language: str
) -> None:
    answer = httpx2.get(
        f"{town.url}{API}/projects",
        headers={"Accept": MEDIA_TYPE, "Accept-Language": asked, "X-Request-Id": "gerbang-1234"},
    )
    told = Problem.model_validate_json(answer.content)
    assert told.detail == told.title == told.problem[language]
    assert told.remedy == told.hint[language]
    assert told.request_id == answer.headers["X-Request-Id"] == "gerbang-1234"


def test_an_earlier_client_gets_the_members_that_it_knows(town: Town) -> None:
    answer = httpx2.get(f"{town.url}{API}/projects")
    members = {"type", "title", "status", "kind", "code", "problem", "hint"}
    assert set(answer.json()) == members
    later = {**answer.json(), "detail": "x", "of-a-later-build": 1}
    assert Problem.model_validate(later).detail == "x"
