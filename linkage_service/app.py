"""The ASGI application of one service."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from linkage_service import logs, retention
from linkage_service.api import problems, router
from linkage_service.service import Service
from linkage_service.settings import Settings
from policy.base.clocks import Clock, system_clock
from policy.members.home import Unlocked


def create_app(settings: Settings, me: Unlocked, clock: Clock = system_clock) -> FastAPI:
    """The API over one service, with its durable runs."""

    logs.configure()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        service = Service.open(settings, me, clock)
        app.state.service = service
        # Before runs resume: data that has expired meanwhile is not opened again.
        retention.sweep(service, service.clock())
        sweeper = retention.Sweeper(service, settings.sweep_seconds)
        try:
            with service.runs.at_work(), sweeper.at_work():
                yield
        finally:
            service.close()

    app = FastAPI(title="Padan", version="1", lifespan=lifespan, docs_url=None, redoc_url=None)
    app.include_router(router)
    problems.install(app)
    return app
