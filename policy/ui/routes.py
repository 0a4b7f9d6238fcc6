"""Every address of the page, and the function that answers it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fastapi import APIRouter, HTTPException

from policy.base.words import Words
from policy.terminal.local_page.controls import Controls, Table, router_of
from policy.terminal.local_page.rail import RailStep
from policy.ui.arrival import Arrival
from policy.ui.charters import CharterDesk
from policy.ui.desk import ApproverDesk
from policy.ui.organising import Organising
from policy.ui.pages.arrival import ArrivalPages
from policy.ui.pages.charter import CharterPages
from policy.ui.pages.files import CarriedFilePages
from policy.ui.pages.frame import ApproverFrame
from policy.ui.pages.next_roster import NextRosterPages
from policy.ui.pages.overview import Overview
from policy.ui.pages.people import PeoplePages
from policy.ui.pages.project import TrackPages
from policy.ui.pages.release import ReleasePages
from policy.ui.pages.transfer import TransferPages
from policy.ui.transfers import TransferDesk


@dataclass(frozen=True)
class AddedSection:
    """A section that another program adds: its place on top, its templates' room, its pages.

    `closing` says what else ends when the program is closed, if something does.
    """

    step: RailStep
    room: str
    table: Callable[[ApproverFrame], Table]
    closing: Callable[[], Words | None]


def routes(
    desk: ApproverDesk, stop: Callable[[], None], service: AddedSection | None = None
) -> APIRouter:
    """The routes of one person's page; `stop` ends the server. `service` is where it is run."""
    frame = ApproverFrame(desk)
    if service is not None:
        frame = ApproverFrame(desk, service.room, sections=(service.step,), closing=service.closing)
    at_hand, charters = TransferDesk(desk), CharterDesk(desk.home, desk.session)
    arriving = ArrivalPages(
        frame,
        Arrival(desk.home, desk.enter),
        lambda: desk.me,
        "/releases",
        desk.refresh,
        organises=True,
    )
    overview, files = Overview(frame, at_hand, arriving), CarriedFilePages(frame, at_hand)
    release, transfer = ReleasePages(frame), TransferPages(frame, at_hand)
    project, charter = TrackPages(frame), CharterPages(frame, charters, "/charter/{project}")
    service_page = "" if service is None else service.step.address
    people = PeoplePages(frame, Organising(desk, charters), service_page)
    next_roster = NextRosterPages(frame, desk.home, lambda: desk.me, "/releases", desk.refresh)
    table: Table = (
        ("GET", "/", overview.first),
        ("GET", "/unlock", overview.locked),
        ("POST", "/unlock", overview.unlock),
    )
    drafting: Table = (
        ("GET", "/charter", charter.questions),
        ("POST", "/charter", charter.answer),
        ("GET", "/charter/{project}", charter.page),
        ("POST", "/charter/{project}", charter.sign),
        ("GET", "/charter/{project}/{name}", charter.file),
    )
    behind: Table = (
        ("GET", "/releases", overview.releases),
        ("GET", "/watch", overview.watch),
        ("POST", "/refresh", overview.refresh),
        ("GET", "/project/{project}", project.show),
        ("GET", "/release/{project}/{name}", release.online),
        ("POST", "/release/{project}/{name}", release.sign_online),
        ("GET", "/release/{project}/{name}/ask.padan", release.pack),
        ("GET", "/carried/{project}/{name}", release.carried),
        ("POST", "/carried/{project}/{name}", release.sign_carried),
        ("GET", "/carried/{project}/{name}/{act}.padan", release.answer),
        ("GET", "/transfer/{project}/{name}", transfer.online),
        ("POST", "/transfer/{project}/{name}", transfer.sign_online),
        ("GET", "/transfer/{project}/{name}/ask.padan", transfer.pack),
        ("GET", "/carried-transfer/{project}/{name}", transfer.carried),
        ("POST", "/carried-transfer/{project}/{name}", transfer.sign_carried),
        ("GET", "/carried-transfer/{project}/{name}/answer.padan", transfer.answer),
        ("GET", "/file", files.choose),
        ("POST", "/file", files.open),
        ("GET", "/answer", files.answer),
        ("POST", "/answer", files.send),
        *people.invites,
        *next_roster.table,
        *(() if service is None else service.table(frame)),
    )
    controls = Controls(frame, stop, lambda: desk.job)

    def inside() -> None:
        place = arriving.way_in()
        if place is not None:
            raise HTTPException(303, headers={"location": place})

    def not_locked() -> None:
        """A charter can be drafted before there are keys."""
        if desk.me is None and desk.home.identity_path.exists():
            raise HTTPException(303, headers={"location": "/unlock"})

    router = router_of(table + arriving.table + controls.table)
    router.include_router(router_of(drafting + people.naming, not_locked))
    router.include_router(router_of(behind, inside))
    router.include_router(router_of(controls.strays))
    return router
