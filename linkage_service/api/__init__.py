"""The HTTP API under /api/v1, one file a noun.

Every route needs a request signed by a roster key, but for the public ones and those to join.
"""

from fastapi import APIRouter

from linkage_service.api import (
    joining,
    logs,
    newcomers,
    public,
    releases,
    runs,
    transfers,
    uploads,
)
from policy.formats.http_api import API

ROUTERS = (
    logs.projects,
    public.router,
    joining.invites,
    joining.router,
    newcomers.router,
    logs.router,
    uploads.router,
    runs.router,
    releases.router,
    transfers.router,
)
router = APIRouter(prefix=API)
for each in ROUTERS:
    router.include_router(each)

__all__ = ["ROUTERS", "router"]
