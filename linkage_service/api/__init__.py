"""The HTTP API under /api/v1, one file a noun. Every route but three needs a signed request."""

from fastapi import APIRouter

from linkage_service.api import logs, public, releases, runs, uploads
from policy.formats.http_api import API

router = APIRouter(prefix=API)
router.include_router(logs.projects)
for each in (public, logs, uploads, runs, releases):
    router.include_router(each.router)

__all__ = ["router"]
