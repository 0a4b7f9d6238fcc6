"""The ASGI applications of one service: while people join, and afterwards."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, nullcontext

from anyio import CapacityLimiter
from fastapi import FastAPI

from linkage_service import logs, retention
from linkage_service.api import joining, problems, public, router
from linkage_service.api.auth import VERIFYING_AT_A_TIME
from linkage_service.api.openapi import document
from linkage_service.api.polls import Polls
from linkage_service.api.public_address import PublicAddress, PublicUrl
from linkage_service.limits.bodies import BoundedBodies
from linkage_service.limits.parties import Turns
from linkage_service.observing import traces
from linkage_service.observing.metrics import Metrics
from linkage_service.observing.requests import Observed
from linkage_service.people import pages_of_people
from linkage_service.people.desk import StaffDesk
from linkage_service.readiness import Lately, look
from linkage_service.readiness.standing import standing
from linkage_service.service import Service
from linkage_service.settings import MAX_BODY_BYTES, LimitSettings, Settings
from linkage_service.storage.roster_succession import take_roster
from linkage_service.ui.routes import pages_of_projects
from linkage_service.workers import Carrier, at_work, in_own_process
from policy.base.clocks import Clock, system_clock
from policy.base.errors import PadanError
from policy.formats.http_api import API
from policy.joining.folder import joining_folders
from policy.members.home import Unlocked
from policy.members.roster import roster_digest


def create_app(
    settings: Settings,
    me: Unlocked,
    clock: Clock = system_clock,
    carrier: Carrier | None = in_own_process,
) -> FastAPI:
    """The API over one service. `carrier` carries out its runs; with None workers elsewhere do."""

    logs.configure(settings.log_format)
    logs.hold_back_libraries()
    traces.export_if_configured()
    metrics = Metrics()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        try:
            service = Service.open(settings, me, clock)
        except PadanError as error:
            app.state.refused = error  # the server ends; its command says why
            raise
        app.state.service = service

        def succeed(roster: bytes, _: str) -> None:
            take_roster(service.ledger, roster)

        app.state.reception = joining.Reception(me, succeed, clock)
        app.state.turns = Turns(settings.limits)
        app.state.verifying = CapacityLimiter(VERIFYING_AT_A_TIME)
        app.state.readiness = Lately(lambda: look(service))
        app.state.staff = StaffDesk.of(service.ledger, settings.people, clock)
        sweeper = retention.Sweeper(service, settings.sweep_seconds)
        try:
            with service.runs.identified():
                # Before runs go on: data that has expired meanwhile is not opened again.
                sweeper.sweep()
                with (
                    at_work(service, carrier) if carrier else nullcontext(),
                    sweeper.at_work(),
                    metrics.counting(lambda: standing(service, app.state.readiness)),
                    metrics.served(settings.metrics_host, settings.metrics_port),
                ):
                    yield
        finally:
            service.close()

    app = FastAPI(title="Padan", version="1", lifespan=lifespan, docs_url=None, redoc_url=None)
    app.state.refused = None
    app.openapi = document  # type: ignore[method-assign]
    app.add_middleware(Polls)
    problems.install(app)
    app.add_middleware(BoundedBodies, bounds=settings.limits, most_bytes=MAX_BODY_BYTES)
    include_routes(app)
    app.add_middleware(Observed, metrics=metrics)
    url = PublicUrl.parse(settings.public_url or me.home.service().url)
    app.add_middleware(PublicAddress, urls=[url], gateway_hosts=settings.gateway_hosts)
    return app


def include_routes(app: FastAPI) -> None:
    """All that the service answers: members' signed requests, and all pages."""
    app.include_router(router)
    pages_of_people(app)
    pages_of_projects(app)


def create_reception(
    me: Unlocked,
    signed: Callable[[], None],
    public_url: str = "",
    gateway_hosts: Sequence[str] = (),
    log_format: logs.Format = "json",
) -> FastAPI:
    """The API while there is no roster: people join, and `signed` is called once it is pinned."""
    logs.configure(log_format)

    def pin(roster: bytes, url: str) -> None:
        me.home.pin_roster(url, roster, roster_digest(roster))
        signed()

    app = FastAPI(title="Padan", version="1", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.reception = joining.Reception(me, pin)
    app.add_api_route(f"{API}/health", public.health)
    for each in (joining.invites, joining.router):
        app.include_router(each, prefix=API)
    app.add_api_route(f"{API}/{{path:path}}", joining.not_yet, methods=["GET", "POST", "PUT"])
    problems.install(app)
    app.add_middleware(BoundedBodies, bounds=LimitSettings(), most_bytes=MAX_BODY_BYTES)
    invited = [plan.url for each in joining_folders(me.home) if (plan := each.plan()) is not None]
    urls = [PublicUrl.parse(each) for each in (public_url, *invited) if each]
    app.add_middleware(PublicAddress, urls=urls, gateway_hosts=gateway_hosts)
    return app
