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
from policy.ui.pages.release import ReleasePages


def routes(desk: ApproverDesk, stop: Callable[[], None]) -> APIRouter:
    """The routes of one person's page; `stop` ends the server."""
    frame = ApproverFrame(desk)
    overview, release, files = Overview(frame), ReleasePages(frame), CarriedFilePages(frame)
    charter = CharterPages(frame)
    table: Table = (
        ("GET", "/", overview.first),
        ("GET", "/unlock", overview.locked),
        ("POST", "/unlock", overview.unlock),
    )
    behind: Table = (
        ("GET", "/releases", overview.releases),
        ("POST", "/refresh", overview.refresh),
        ("GET", "/release/{project}/{release}", release.online),
        ("POST", "/release/{project}/{release}", release.sign_online),
        ("GET", "/release/{project}/{release}/ask.padan", release.pack),
        ("GET", "/carried/{project}/{release}", release.carried),
        ("POST", "/carried/{project}/{release}", release.sign_carried),
        ("GET", "/carried/{project}/{release}/{act}.padan", release.answer),
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
