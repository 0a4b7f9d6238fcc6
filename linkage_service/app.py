"""The ASGI application of one service."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from linkage_service import logs, problems, retention, runs
from linkage_service.api import router
from linkage_service.service import Service
from linkage_service.settings import Settings
from policy.home import Unlocked


def create_app(settings: Settings, me: Unlocked) -> FastAPI:
    """The API over one service, with its durable runs."""

    logs.configure()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        service = Service.open(settings, me)
        app.state.service = service
        # Before runs go on: what has ended in the meantime is not opened once more.
        retention.sweep(service, int(time.time()))
        runs.launch(service)
        sweeper = retention.Sweeper(service, settings.sweep_seconds)
        sweeper.start()
        try:
            yield
        finally:
            sweeper.stop()
            runs.shut_down()
            service.close()

    app = FastAPI(title="Padan", version="1", lifespan=lifespan, docs_url=None, redoc_url=None)
    app.include_router(router)
    problems.install(app)
    return app
