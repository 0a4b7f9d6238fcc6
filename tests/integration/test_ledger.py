"""The service's log: a statement, its head and the event stand together or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from linkage_service.service import Service
from linkage_service.settings import Settings
from linkage_service.storage.records.tables import heads, leaves, mailbox
from policy.base.errors import PadanError, Refused
from policy.crypto.envelope import parse_envelope
from policy.crypto.envelope import sign as sign_envelope
from policy.statements import CharterBody, EpochOpened, RunOrder, parse_statement
from tests.support.republic import PARTIES
from tests.support.service import Town


class PowerCutError(Exception):
    """Whatever may happen between two writes."""


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return Town(tmp_path)


@pytest.fixture
def service(town: Town, new_database_url: Callable[[], str]) -> Iterator[Service]:
    me = town.members["service"]
    service = Service.open(Settings.under(me.home.path, new_database_url()), me)
    yield service
    service.close()


def signed(town: Town, party: str) -> bytes:
    body = CharterBody.model_validate(town.charter.model_dump())
    return town.session(party).statement(body).canonical()


def sign(town: Town, service: Service, party: str) -> None:
    service.receive(town.project_id, town.roster.member(party), signed(town, party))


def rows(service: Service) -> list[int]:
    with service.ledger.database.reading() as connection:
        counted = [select(func.count()).select_from(each) for each in (leaves, heads, mailbox)]
        return [connection.execute(query).scalar_one() for query in counted]


def test_an_append_that_is_cut_short_leaves_nothing(town: Town, service: Service) -> None:
    """The event's row, the leaf and the head were all written when the power went."""
    sign(town, service, "bps")
    before = rows(service)
    with pytest.raises(PowerCutError):
        append_and_fail(town, service)
    assert rows(service) == before
    # What was replayed for it is forgotten as well: the same statement is no repetition.
    sign(town, service, "dinsos")
    assert rows(service) == [before[0] + 1, before[1] + 1, before[2]]


def test_what_the_law_refuses_leaves_nothing(town: Town, service: Service) -> None:
    sign(town, service, "bps")
    before = rows(service)
    project = service.ledger.project(town.project_id)
    early = RunOrder(
        at=town.clock(), purpose="x", domains=("semua",), thresholds_ppm={}, nik_floor_ppm=0
    )
    binding = project.binding(early.TYPE, sender="bps", recipient="", run="padan-1")
    data = sign_envelope(binding, early.canonical(), town.keys["bps"].signing).canonical()
    with pytest.raises(PadanError):
        service.receive(town.project_id, town.roster.member("bps"), data)
    assert rows(service) == before


def test_the_same_bytes_again_are_answered_as_before(town: Town, service: Service) -> None:
    """An answer may have been lost; another signature on the same content is no repetition."""
    data, bps = signed(town, "bps"), town.roster.member("bps")
    first = service.receive(town.project_id, bps, data)
    before = rows(service)
    assert service.receive(town.project_id, bps, data) == first
    assert rows(service) == before
    envelope = parse_envelope(data)
    twice = envelope.signed_by("bps", town.keys["dinsos"].signing).canonical()
    for other in (twice, envelope.signed_by("x", town.keys["bps"].signing).canonical()):
        with pytest.raises(PadanError):
            service.receive(town.project_id, bps, other)
    with pytest.raises(Refused) as stranger:
        service.receive(town.project_id, town.roster.member("dinsos"), data)
    assert stranger.value.code == "service.sender"
    assert rows(service) == before


def test_the_services_answer_stands_with_what_it_answers(
    town: Town, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last party's signature opens the epoch. If that fails, the signature is not there."""
    *others, last = PARTIES
    for party in others:
        sign(town, service, party)
    before = rows(service)
    with monkeypatch.context() as patch:
        patch.setattr(type(service.keystore), "create", cut)
        with pytest.raises(PowerCutError):
            sign(town, service, last)
    assert rows(service) == before
    sign(town, service, last)
    project = service.ledger.project(town.project_id)
    assert len(project.of(EpochOpened)) == 1
    assert len(project.of(CharterBody)) == len(PARTIES)


def append_and_fail(town: Town, service: Service) -> None:
    event = {"project": town.project_id, "sender": "bps", "recipient": "dinsos", "seal": b"x"}
    with service.ledger.appending(town.project_id) as append:
        append.connection.execute(mailbox.insert().values(**event))
        append.statement(parse_statement(signed(town, "dinsos")))
        raise PowerCutError


def cut(*_: object) -> None:
    raise PowerCutError
