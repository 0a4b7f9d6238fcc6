"""The HTTP API under /api/v1, one file a noun. Every route but three needs a signed request."""

from fastapi import APIRouter

from linkage_service.api import logs, public, releases, runs, uploads

router = APIRouter(prefix="/api/v1")
router.include_router(logs.projects)
for each in (public, logs, uploads, runs, releases):
    router.include_router(each.router)

__all__ = ["router"]
