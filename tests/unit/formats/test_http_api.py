"""What the service answers: these bytes are read, and an error arrives as it was sent."""

from __future__ import annotations

import json

import pytest

from policy.base.errors import (
    BadInput,
    NotYet,
    PadanError,
    Refused,
    Unreachable,
    Unverified,
    WrongKey,
)
from policy.base.words import Words
from policy.formats.http_api import Appended, DecidedRelease, Kept, RunState, StagedRelease
from policy.formats.problem import MEDIA_TYPE, Problem

PROBLEM = (
    '{"type":"urn:padan:run.not-started","title":"Not started.","status":409,"kind":"not-yet",'
    '"code":"run.not-started","problem":{"id":"Belum dimulai.","en":"Not started."},'
    '"hint":{"id":"Mulai.","en":"Start it."}}'
)


def test_an_error_is_written_as_these_problem_details() -> None:
    error = NotYet(
        "run.not-started", Words("Belum dimulai.", "Not started."), Words("Mulai.", "Start it.")
    )
    assert Problem.of(error, 409).model_dump_json() == PROBLEM
    assert MEDIA_TYPE == "application/problem+json"


@pytest.mark.parametrize("kind", [BadInput, Refused, WrongKey, NotYet, Unverified, Unreachable])
def test_every_kind_of_error_arrives_as_it_was_sent(kind: type[PadanError]) -> None:
    sent = kind("some.code", Words("masalah", "problem"), Words("saran", "hint"))
    answer = Problem.of(sent, 400).model_dump_json()
    arrived = Problem.model_validate_json(answer).error()
    assert type(arrived) is kind
    assert arrived.as_json() == sent.as_json()


def test_an_unknown_kind_of_error_is_a_refusal() -> None:
    problem = Problem.model_validate_json(PROBLEM.replace("not-yet", "of-tomorrow"))
    assert type(problem.error()) is Refused


def test_a_run_says_to_parties_no_more_than_its_state() -> None:
    answer = '{"run":"satu","state":"running"}'
    state = RunState.model_validate_json(answer)
    assert (state.tiles_done, state.tiles_total, state.reason) == (None, None, None)
    assert state.as_json() == json.loads(answer)


@pytest.mark.parametrize(
    ("kind", "answer"),
    [
        (Appended, '{"index":7,"digest":"ab"}'),
        (Kept, '{"status":"kept"}'),
        (StagedRelease, '{"stage":"ab","unmendable":["run.dpia"]}'),
        (
            RunState,
            '{"run":"satu","state":"failed","tiles_done":1,"tiles_total":4,"error":"run.broken",'
            '"reason":null,"step":"search","tiles_a_minute":2.5,"seconds_left":72,"waits":false,'
            '"can_stop":false,"can_go_on":true}',
        ),
        (
            DecidedRelease,
            '{"verdict":"refused","rules":[{"rule":"run.dpia","title":{"id":"a","en":"b"},'
            '"passed":false,"reason":{"id":"c","en":"d"},"citation":"UU 27/2022"}]}',
        ),
    ],
)
def test_answers_are_read_and_written_as_these_bytes(
    kind: type[Appended | Kept | StagedRelease | RunState | DecidedRelease], answer: str
) -> None:
    assert kind.model_validate_json(answer).model_dump_json() == answer


def test_a_run_of_an_earlier_service_is_read() -> None:
    answer = '{"run":"satu","state":"running","tiles_done":1,"tiles_total":4}'
    assert RunState.model_validate_json(answer).as_json() == json.loads(answer)


def test_a_member_of_a_later_service_is_passed_over() -> None:
    assert Kept.model_validate_json('{"status":"kept","until":5}').as_json() == {"status": "kept"}
