"""Every address of the page, and the function that answers it."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter, HTTPException

from policy.terminal.local_page.controls import Controls, Table, router_of
from policy.ui.desk import ApproverDesk
from policy.ui.pages.charter import CharterPages
from policy.ui.pages.files import CarriedFilePages
from policy.ui.pages.frame import ApproverFrame
from policy.ui.pages.overview import Overview
from policy.ui.pages.project import TrackPages
from policy.ui.pages.release import ReleasePages
from policy.ui.pages.transfer import TransferPages
from policy.ui.transfers import TransferDesk


def routes(desk: ApproverDesk, stop: Callable[[], None]) -> APIRouter:
    """The routes of one person's page; `stop` ends the server."""
    frame = ApproverFrame(desk)
    at_hand = TransferDesk(desk)
    overview, files = Overview(frame, at_hand), CarriedFilePages(frame, at_hand)
    release, transfer = ReleasePages(frame), TransferPages(frame, at_hand)
    project, charter = TrackPages(frame), CharterPages(frame)
    table: Table = (
        ("GET", "/", overview.first),
        ("GET", "/unlock", overview.locked),
        ("POST", "/unlock", overview.unlock),
    )
    behind: Table = (
        ("GET", "/releases", overview.releases),
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
        ("GET", "/charter", charter.questions),
        ("POST", "/charter", charter.answer),
        ("GET", "/charter/{project}", charter.page),
        ("POST", "/charter/{project}", charter.sign),
        ("GET", "/charter/{project}/{name}", charter.file),
        ("GET", "/file", files.choose),
        ("POST", "/file", files.open),
        ("GET", "/answer", files.answer),
        ("POST", "/answer", files.send),
    )
    controls = Controls(frame, stop, lambda: desk.job)

    def unlocked() -> None:
        if desk.me is None:
            raise HTTPException(303, headers={"location": "/unlock"})

    router = router_of(table + controls.table)
    router.include_router(router_of(behind, unlocked))
    return router
