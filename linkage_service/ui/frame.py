"""How a page of the service is shown: the sections on top, and who is signed in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from fastapi import Request
from fastapi.responses import RedirectResponse, Response, StreamingResponse

from linkage_service.people import Role, Staff, csrf_token
from linkage_service.ui.visitors import reads_projects
from linkage_service.ui.words import PAGE_WORDS
from policy.base.dates import at_second, long_day, short_day, short_moment
from policy.base.errors import PadanError
from policy.base.words import Words
from policy.terminal.local_page.addresses import address_of, prefix_of
from policy.terminal.local_page.frame import PageFrame
from policy.terminal.local_page.rail import RailStep

# The sections of one project.
PARTS = (
    ("project", "", Words("Ringkasan", "Overview")),
    ("runs", "/pemadanan", Words("Pemadanan", "Runs")),
    ("releases", "/rilis", Words("Rilis", "Releases")),
    ("retention", "/pemusnahan", Words("Pemusnahan", "Destruction")),
    ("log", "/log", Words("Log dan bukti", "Log and evidence")),
)
_PROJECTS = RailStep("projects", Words("Proyek", "Projects"), "/proyek")
_RETENTION = RailStep("calendar", Words("Pemusnahan", "Destruction"), "/kalender")
_CHECK = RailStep("check", Words("Yang diperiksa", "What to check"), "/periksa")
_HEALTH = RailStep("health", Words("Kesehatan", "Health"), "/kesehatan")
_CLOSED = Words("Tidak terbuka untuk akun ini", "Not open to this account")


class ServiceFrame(PageFrame):
    """Shows the pages of the service, each for the person who is signed in."""

    def __init__(self) -> None:
        super().__init__("linkage_service.ui", PAGE_WORDS)

    def common(self) -> dict[str, Any]:
        return {
            "unlocked": True,
            "up_next": None,
            "parts": PARTS,
            "long_day": long_day,
            "short_day": short_day,
            "brief": lambda seconds: short_moment(at_second(seconds)),
        }

    def address(self, name: str) -> str:
        return "/proyek"

    def do_at(self, request: Request, act: Callable[[], None], page: str) -> Response:
        """Take a step and show this page; if the step is refused, show the reason."""
        try:
            act()
        except PadanError as error:
            return self.refused(request, error, page)
        return RedirectResponse(address_of(request, page), 303)

    def closed(self, request: Request, error: PadanError) -> Response:
        """What a person sees whose account does not open the page."""
        return self.show(request, "error", 403, error=error, back="/", heading=_CLOSED)

    def show(self, request: Request, name: str, status: int = 200, **values: Any) -> Response:
        person = request.state.person
        shown = {
            "person": person,
            "rail": sections(person, name, prefix_of(request)),
            "csrf": csrf_token(request),
            "is_coordinator": person.has(Role.coordinator),
        }
        return super().show(request, name, status, **(shown | values))


def sections(person: Staff, page: str, prefix: str = "") -> tuple[RailStep, ...]:
    """The sections on top of every page, by what the person's roles open.

    Pages within a project belong to the section of projects.
    """
    shown = []
    if reads_projects(person):
        within = page.startswith("project-")
        shown += [replace(_PROJECTS, name=page) if within else _PROJECTS, _RETENTION]
    if person.has(Role.auditor, Role.dpo):
        shown.append(_CHECK)
    if person.has(Role.operator, Role.coordinator):
        shown.append(_HEALTH)
    return tuple(replace(each, address=prefix + each.address) for each in shown)


def attachment(
    data: bytes | Iterator[bytes], name: str, media_type: str = "application/octet-stream"
) -> Response:
    """Bytes, or blocks of them, that the browser saves under this name."""
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    if isinstance(data, bytes):
        return Response(data, media_type=media_type, headers=headers)
    return StreamingResponse(data, media_type=media_type, headers=headers)
