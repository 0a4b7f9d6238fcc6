"""The operator's desk: what its threads do when a run is stopped, or the service is, or fails."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import httpx2
import pytest

from linkage_service.desk import operator as operator_room
from linkage_service.desk import turns
from linkage_service.desk.operator import ServiceOperator
from linkage_service.desk.section import service_section
from linkage_service.desk.serving import Serving
from policy.base.errors import PadanError, Refused, Unreachable
from policy.base.words import Words
from policy.formats.http_api import RunState
from policy.joining.arriving import make_home
from policy.joining.plan import PLAN_FILE, PlannedPerson, read_plan
from policy.members.home import Home, ServiceAddress, Unlocked
from policy.project.turn import Turn
from policy.ui.app import approver_page
from policy.ui.desk import ApproverDesk
from policy.ui.organising import Organising
from tests.support.browser import served, visitor

PROJECT, RUN = "contoh-2026", "pertama"
DUE = (Turn("run", ("layanan",), RUN, 0, any_of=True),)
SEEN = 10.0
ME = cast(Unlocked, SimpleNamespace(member=SimpleNamespace(id="layanan")))


@dataclass
class Service:
    """A service as a session sees it: `states` are those of its one run, the last one stays."""

    states: list[str] = field(default_factory=lambda: ["running", "cancelled"])
    started: int = 0
    asked: int = 0
    refuses: int = 0
    breaks: int = 0

    def session(self, me: Unlocked, project: str) -> Any:
        return SimpleNamespace(me=me, project_id=project, get=self.get, post=self.post)

    def get(self, path: str) -> str:
        if path == "/projects":
            self.asked += 1
            if self.refuses:
                self.refuses -= 1
                raise refusal("service.broken")
            return f'["{PROJECT}"]'
        if self.breaks:
            self.breaks -= 1
            raise Unreachable("service.unreachable", Words("x", "x"), Words("x", "x"))
        return self._state(self.states.pop(0) if len(self.states) > 1 else self.states[0])

    def post(self, path: str) -> str:
        assert path.endswith(f"/{RUN}/start")
        self.started += 1
        return self._state("running")

    def _state(self, state: str) -> str:
        error = "run.broken" if state == "failed" else None
        return RunState(run=RUN, state=state, error=error).model_dump_json()


def refusal(code: str) -> Refused:
    return Refused(code, Words("ditolak", "refused"), Words("ulangi", "try again"))


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Service:
    made = Service()
    monkeypatch.setattr(operator_room, "Session", made.session)
    monkeypatch.setattr(operator_room, "_LOOK_SECONDS", 0.0)
    monkeypatch.setattr(turns, "_POLL_SECONDS", 0.0)
    monkeypatch.setattr(turns, "sync_begun", lambda session: None)
    monkeypatch.setattr(turns, "due", lambda session: DUE)  # it is due until it is finished
    return made


def desk() -> ServiceOperator:
    return ServiceOperator(lambda me, url: cast(Any, None))


# -- a run that somebody stopped -----------------------------------------------------------------


def test_a_run_that_was_cancelled_stays_so(service: Service) -> None:
    operator = desk()
    for _ in range(5):
        operator._round(ME)
    assert service.started == 1
    (told,) = operator.told
    assert "dihentikan" in told.words.id
    assert "selesai" not in told.words.id
    for _ in range(2):  # the control: without what was begun, each round starts it again
        list(turns.turns_taken(service.session(ME, PROJECT), lambda state: None))
    assert service.started == 3


def test_a_run_that_failed_is_started_once_and_its_error_stays(service: Service) -> None:
    service.states, operator = ["failed"], desk()
    for _ in range(5):
        operator._round(ME)
    assert service.started == 1
    assert operator.failed is not None
    assert operator.failed.code == "run.failed.run.broken"


def test_a_run_whose_end_was_not_seen_is_waited_for_again(service: Service) -> None:
    """The service was away meanwhile; to start a run that is at work changes nothing."""
    service.states, service.breaks, operator = ["done"], 1, desk()
    with pytest.raises(Unreachable):
        operator._round(ME)
    operator._round(ME)
    assert [each.facts for each in operator.told] == [{"state": "done"}]


# -- a service that is stopped while it starts ----------------------------------------------------


@dataclass
class Paused:
    """A service that is being made: `made` waits until the test lets it go on."""

    reached: threading.Event = field(default_factory=threading.Event)
    goes_on: threading.Event = field(default_factory=threading.Event)
    ran: int = 0

    def made(self, *_: Any, **__: Any) -> Any:
        self.reached.set()
        assert self.goes_on.wait(SEEN)
        return SimpleNamespace(state=SimpleNamespace(refused=None))


class Endless:
    """A server that serves until it is told to end."""

    paused: Paused

    def __init__(self, config: Any) -> None:
        self.should_exit, self.started = False, False

    def run(self, sockets: list[Any]) -> None:
        self.paused.ran += 1
        self.started = True
        self.paused.goes_on.clear()
        while not self.should_exit and not self.paused.goes_on.wait(0.01):
            pass  # the test lets it end, so that a service that was not stopped fails the test


@pytest.fixture
def paused(monkeypatch: pytest.MonkeyPatch) -> Iterator[Paused]:
    import uvicorn

    from linkage_service import app
    from linkage_service.desk import first_account
    from linkage_service.limits import server

    made = Paused()
    monkeypatch.setattr(Endless, "paused", made, raising=False)
    monkeypatch.setattr(uvicorn, "Server", Endless)
    monkeypatch.setattr(server, "server_config", lambda app, settings: None)
    monkeypatch.setattr(app, "create_app", made.made)
    monkeypatch.setattr(app, "create_reception", made.made)
    monkeypatch.setattr(first_account, "first_account", lambda *_: None)
    yield made
    made.goes_on.set()


@pytest.mark.parametrize("receives", [True, False], ids=["people", "projects"])
def test_a_service_that_is_stopped_while_it_starts_does_not_start(
    paused: Paused, monkeypatch: pytest.MonkeyPatch, receives: bool
) -> None:
    from linkage_service.desk import serving as serving_room

    places = [SimpleNamespace(project=PROJECT, is_open=True)] if receives else []
    monkeypatch.setattr(serving_room, "inviting_folders", lambda home: places)
    home = SimpleNamespace(has_joined=not receives, roster=lambda: None)
    me = cast(Unlocked, SimpleNamespace(home=home))
    settings = cast(Any, SimpleNamespace(public_url="", gateway_hosts=(), log_format=None))
    serving = Serving(me, settings, "127.0.0.1", 0)
    thread = threading.Thread(target=serving.run, daemon=True)
    thread.start()
    assert paused.reached.wait(SEEN)
    serving.stop()
    paused.goes_on.set()
    assert serving.ended.wait(1.0), "it serves although it was stopped"
    assert paused.ran == 0
    assert not serving.ready.is_set()


# -- the address of the service -------------------------------------------------------------------

TABLE = b"""member,agency,superior,roles,nama
bps,bps,,party witness authority,Andi
dinsos,dinsos,pemda,party witness,Budi
diskominfo,diskominfo,pemda,witness authority,Citra
service,layanan,,service coordinator,Dewi
"""


def test_the_newest_invites_tell_the_address_and_then_the_pinned_one(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    for age, project in enumerate(("a-newest", "z-oldest")):
        url = f"https://{project}.contoh.go.id"
        file = home.path / "joining" / project / "plan.json"
        file.parent.mkdir(parents=True)
        file.write_bytes(read_plan(TABLE, project, url, date(2026, 12, 1)).canonical())
        os.utime(file, (1_800_000_000 - age, 1_800_000_000 - age))
    (tmp_path / PLAN_FILE).write_bytes(TABLE)
    drafts = SimpleNamespace(folder=lambda project: tmp_path)
    organising = Organising(cast(Any, SimpleNamespace(home=home)), cast(Any, drafts))
    me = cast(Unlocked, SimpleNamespace(home=home))

    assert organising.projects() == ["z-oldest", "a-newest"]
    assert desk().address(me) == "https://a-newest.contoh.go.id"
    assert organising.plan("next").url == "http://127.0.0.1:8321", "nothing is known yet"
    pinned = ServiceAddress(url="https://padan.contoh.go.id", roster_digest="0" * 64)
    (home.path / "service.json").write_bytes(pinned.canonical())
    assert desk().address(me) == organising.plan("next").url == pinned.url
    assert organising.plan("z-oldest").url == "https://z-oldest.contoh.go.id", "as invited"


# -- a service that answers with an error ---------------------------------------------------------


@dataclass
class Ending:
    """In place of a service that is open: it ends after so many looks of the desk."""

    looks: int

    def __post_init__(self) -> None:
        self.me = ME
        self.ended = SimpleNamespace(wait=self._wait)

    def is_ready(self) -> bool:
        return True

    def _wait(self, seconds: float) -> bool:
        self.looks -= 1
        return self.looks < 0


def test_a_refused_answer_is_told_and_the_turns_go_on(service: Service) -> None:
    service.states, service.refuses, operator = ["done"], 2, desk()
    operator._take_turns(cast(Serving, Ending(2)))
    assert service.asked == 2
    assert operator.failed is not None
    assert operator.failed.code == "service.broken"
    operator._take_turns(cast(Serving, Ending(1)))
    assert [each.name for each in operator.told] == ["run"]
    assert operator.failed is None


def test_what_was_refused_is_told_no_longer_than_it_lasts(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "due", lambda session: ())
    service.refuses, operator = 1, desk()
    operator._take_turns(cast(Serving, Ending(2)))
    assert operator.failed is None


@pytest.mark.parametrize("error", [refusal("store.other"), OSError("no room"), ValueError("x")])
def test_the_page_tells_why_the_service_ended(error: Exception) -> None:
    def run() -> bool:
        raise error

    operator = desk()
    operator._serve(cast(Serving, SimpleNamespace(run=run)))
    assert operator.failed is not None
    wanted = error.code if isinstance(error, PadanError) else "service.broken"
    assert operator.failed.code == wanted


def test_the_page_says_that_closing_it_stops_the_service(tmp_path: Path) -> None:
    person = PlannedPerson(id="layanan", agency="x", name="Layanan", roles=("service",))
    me = make_home(Home(tmp_path / "home"), person, b"kata sandi uji")
    operator, ended = desk(), threading.Event()
    running = SimpleNamespace(ended=ended, ready=threading.Event(), first_link=None)
    page = approver_page(ApproverDesk(me.home, me), 0, service_section(operator))
    with served(page) as server, visitor() as somebody:
        somebody.get(server.access.address)
        somebody.base_url = httpx2.URL(f"http://{server.access.host}")
        somebody.headers["origin"] = f"http://{server.access.host}"
        somebody.cookies.set("padan-lang", "en")
        stops = "Closing this program stops the service"
        assert stops not in somebody.get("/service").text, "nothing runs"
        operator.serving = cast(Serving, running)
        shown = somebody.get("/service").text
        assert stops in shown
        assert "docs/how-to/run-the-service.md" in shown
        assert stops in somebody.get("/file").text, "on every page"
        assert stops in somebody.post("/stop").text, "and on the last one"
