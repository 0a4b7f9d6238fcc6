"""The service and time: what it keeps of witnesses, and that its clock alone decides nothing."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest

from linkage_service.clock import MOST_AHEAD_SECONDS
from linkage_service.runs.results import Results
from linkage_service.storage import ledger as ledger_module
from policy.base.clocks import CLOCK_SKEW_SECONDS
from policy.base.errors import NotYet, PadanError
from policy.evidence import (
    EXIT_FAILED,
    EXIT_VERIFIED,
    VerificationReport,
    read_bundle,
    verify_bundle,
)
from policy.formats.http_api import API
from policy.formats.log_page import LogPage
from policy.log import cosign, parse_checkpoint, parse_note
from policy.statements import Committed
from policy.wire import signed_requests
from policy.wire.session import COSIGN_AGAIN_SECONDS
from policy.wire.signed_requests import Message, sign_request
from tests.support.clock import Clock
from tests.support.databases import mostly_on
from tests.support.processes import PATIENCE_SECONDS
from tests.support.republic import PARTIES, charter_tree
from tests.support.service import Town
from tests.support.stored_town import town_at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def town(clock: Clock, tmp_path: Path) -> Town:
    """Its bundles are in."""
    return town_at("uploaded", tmp_path, clock=clock)


@pytest.fixture
def first_town(clock: Clock, tmp_path: Path) -> Town:
    """The same under the first law."""
    tree = charter_tree()
    del tree["law"]
    return town_at("uploaded", tmp_path, clock=clock, tree=tree)


@pytest.fixture
def signed(clock: Clock, new_database_url: Callable[[], str], tmp_path: Path) -> Iterator[Town]:
    town = town_at("signed", tmp_path, clock=clock, database_url=new_database_url())
    with town.serving():
        yield town


def refusal(call: Callable[..., Any], *arguments: Any) -> PadanError:
    with pytest.raises(PadanError) as caught:
        call(*arguments)
    assert caught.value.problem.id != caught.value.problem.en
    return caught.value


def page(town: Town, **query: int) -> dict[str, Any]:
    params = {name: str(value) for name, value in query.items()}
    answer = town.session("bps").get(f"/projects/{town.project_id}/log", params)
    found: dict[str, Any] = json.loads(answer)
    return found


def sizes(notes: list[str]) -> list[int]:
    return [parse_checkpoint(parse_note(note).text).size for note in notes]


def verified(town: Town, tmp_path: Path) -> VerificationReport:
    path = tmp_path / "evidence.zip"
    path.write_bytes(town.synced("auditor").get(f"/projects/{town.project_id}/evidence"))
    own = town.session("auditor").replica().remembered()
    return verify_bundle(read_bundle(path), town.roster.digest(), own)


# -- what is kept of witnesses --------------------------------------------------------------


def test_an_idle_head_is_cosigned_again_and_keeps_its_first_time(
    signed: Town, clock: Clock
) -> None:
    signed.except_privacy("PPDP/2")  # a head of now: the stored one may be idle already
    signed.witness()
    before = page(signed, since=0)
    size = sizes([before["checkpoint"]])[0]
    assert sizes(before["cosigned"]).count(size) == 1
    signed.synced("bps")  # a moment later: nothing to add
    assert page(signed, since=0) == before
    clock.ahead += COSIGN_AGAIN_SECONDS + 60
    signed.witness()
    after = page(signed, since=0)
    assert sizes(after["cosigned"]).count(size) == 2
    assert set(before["cosigned"]) <= set(after["cosigned"]), "first times stay"
    copy = signed.synced("dppapp").replica().cosigned_sizes()
    for party in PARTIES:
        first, newest = (each.times[party] for each in copy if each.size == size)
        assert newest - first > COSIGN_AGAIN_SECONDS


def test_a_client_is_sent_only_notes_that_it_does_not_have(signed: Town, clock: Clock) -> None:
    whole = page(signed, since=0)
    assert len(whole["cosigned"]) > 1
    assert page(signed, since=whole["seen"])["cosigned"] == []
    clock.ahead += COSIGN_AGAIN_SECONDS + 60
    signed.synced("bps")
    fresh = page(signed, since=whole["seen"])
    assert set(sizes(fresh["cosigned"])) == {sizes([whole["checkpoint"]])[0]}
    # A number of another database: everything is sent.
    assert page(signed, since=fresh["seen"] + 99)["cosigned"] == page(signed, since=0)["cosigned"]


def test_a_client_of_an_earlier_build_gets_what_it_knows(signed: Town, clock: Clock) -> None:
    clock.ahead += COSIGN_AGAIN_SECONDS + 60
    signed.witness()
    asked = page(signed, start=0)
    assert set(asked) == {"entries", "checkpoint", "cosigned"}
    assert len(set(sizes(asked["cosigned"]))) == len(asked["cosigned"])
    assert "seen" not in LogPage.model_validate_json(json.dumps(asked)).model_dump()


def test_a_stranger_cosigns_nothing(signed: Town) -> None:
    session = signed.session("service")
    checkpoint = page(signed)["checkpoint"]
    line = cosign(checkpoint, "service", signed.keys["service"].log, signed.clock())
    path = f"/projects/{signed.project_id}/cosignatures"
    assert refusal(session.post, path, line.encode()).code == "witness.not-named"


# -- one bound for all clocks ---------------------------------------------------------------


@mostly_on("sqlite")
@pytest.mark.parametrize("seconds", [-400 * 86_400, -400, 400, 400 * 86_400])
def test_cosignatures_of_another_time_are_refused(signed: Town, seconds: int) -> None:
    path, checkpoint = f"/projects/{signed.project_id}/cosignatures", page(signed)["checkpoint"]
    line = cosign(checkpoint, "bps", signed.keys["bps"].log, signed.clock() + seconds)
    error = refusal(signed.session("bps").post, path, line.encode())
    assert error.code == "witness.clock"
    assert ("ahead of" if seconds > 0 else "behind") in error.problem.en


@mostly_on("sqlite")
@pytest.mark.parametrize("seconds", [-400, 400])
def test_statements_of_another_time_are_refused(signed: Town, seconds: int) -> None:
    body = Committed(at=signed.clock() + seconds, commitment="ab" * 32, epoch_key="", datasets={})
    session, path = signed.synced("bps"), f"/projects/{signed.project_id}/statements"
    error = refusal(session.post, path, session.statement(body).canonical())
    assert error.code == "service.clock"
    assert ("ahead of" if seconds > 0 else "behind") in error.problem.en


@mostly_on("sqlite")
@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (-CLOCK_SKEW_SECONDS - 20, "request.clock"),
        (-CLOCK_SKEW_SECONDS + 20, ""),
        (CLOCK_SKEW_SECONDS - 20, ""),
        (CLOCK_SKEW_SECONDS + 20, "request.clock"),
    ],
)
def test_requests_may_differ_as_much_ahead_as_behind(
    signed: Town, monkeypatch: pytest.MonkeyPatch, seconds: int, code: str
) -> None:
    class Elsewhere(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return datetime.now(tz) + timedelta(seconds=seconds)

    url = f"{signed.url}{API}/projects/{signed.project_id}/log?start=0"
    message = Message("GET", url, {}, b"")
    with monkeypatch.context() as patch:
        patch.setattr(signed_requests, "datetime", Elsewhere)
        sign_request(message, "bps", signed.keys["bps"].signing)
    answer = httpx2.get(url, headers=dict(message.headers))
    assert (answer.json().get("code", "") if answer.is_error else "") == code


# -- the service's own clock ------------------------------------------------------------------


def kept(town: Town) -> tuple[int, int]:
    """Keys of epochs, and chunks, on the service's disk."""
    folder = town.members["service"].home.path / "service"
    chunks = [path for path in (folder / "blobs").rglob("*") if path.parent.name == "chunks"]
    return len(list((folder / "keystore").glob("*.secret"))), len(chunks)


def ended(town: Town, shift: str) -> None:
    """The real command with a wrong clock: it sweeps once before it answers."""
    process = town.serve_process(town.tile_rows, shift=shift)
    process.send_signal(signal.SIGTERM)
    process.wait(timeout=PATIENCE_SECONDS)


@pytest.mark.parametrize(
    "law",
    [
        pytest.param(
            "padan-law-1",
            marks=pytest.mark.thorough("test_a_service_500_days_ahead_destroys_nothing"),
        ),
        "padan-law-3",
    ],
)
def test_a_service_500_days_ahead_destroys_nothing(tmp_path: Path, law: str) -> None:
    town = town_at("uploaded", tmp_path, tree={**charter_tree(), "law": law})
    before = kept(town)
    assert before[0] == 1
    assert before[1] >= len(town.persons)
    ended(town, "500")
    assert kept(town) == before
    with town.serving():  # the clock is right again, and the project goes on
        town.match("padan-1")
    # The negative control: a service that believes its clock.
    if law == "padan-law-1":
        ended(town, "500,unguarded")
        assert kept(town) == (0, 0)


def with_a_clock_that_jumps(
    monkeypatch: pytest.MonkeyPatch, clock: Clock, days: int
) -> Callable[[], None]:
    """The clock jumps when a run has been solved; the caller sets it right."""
    keep = Results.keep_counted

    def jumping(results: Results, *arguments: Any) -> None:
        keep(results, *arguments)
        clock.days = days

    monkeypatch.setattr(Results, "keep_counted", jumping)

    def right() -> None:
        monkeypatch.setattr(Results, "keep_counted", keep)
        clock.days = 0

    return right


@pytest.mark.parametrize(
    ("days", "code"), [(1, "service.clock-unconfirmed"), (-1, "service.clock-behind")]
)
def test_a_run_whose_clock_jumped_is_finished_again(
    town: Town, clock: Clock, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, days: int, code: str
) -> None:
    with town.serving():
        town.order("padan-1")
        right = with_a_clock_that_jumps(monkeypatch, clock, days)
        town.start("padan-1")
        state = town.wait("padan-1", lambda each: each["waits"])
        assert (state["state"], state["error"]) == ("running", code)
        right()
        town.start("padan-1")
        state = town.wait("padan-1", lambda each: each["state"] == "done")
        assert state["state"] == "done"
        town.witness()
        assert verified(town, tmp_path).exit_code == EXIT_VERIFIED


@pytest.mark.parametrize(("days", "named"), [(1, "order.postdated"), (-1, "order.backdated")])
def test_a_service_that_believes_its_clock_spoils_the_evidence(
    first_town: Town,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    days: int,
    named: str,
) -> None:
    """The negative control, under the first law, whose clients look at no times."""
    town = first_town
    monkeypatch.setattr(ledger_module, "require_plausible", lambda *_, **__: None)
    with town.serving():
        town.order("padan-1")
        right = with_a_clock_that_jumps(monkeypatch, clock, days)
        town.start("padan-1")
        state = town.wait("padan-1", lambda each: each["state"] == "done")
        assert state["state"] == "done"
        right()
        town.witness()
        report = verified(town, tmp_path)
        assert report.exit_code == EXIT_FAILED
        assert named in {finding.id for finding in report.failed}


def test_a_project_that_slept_wakes_up_when_a_witness_looks(town: Town, clock: Clock) -> None:
    with town.serving():
        town.order("padan-1")
        clock.ahead += MOST_AHEAD_SECONDS + 600
        error = refusal(town.start, "padan-1")
        assert isinstance(error, NotYet)
        assert error.code == "service.clock-unconfirmed"
        town.synced("dinsos")
        town.start("padan-1")
        assert town.wait("padan-1", lambda s: s["state"] == "done")["state"] == "done"
