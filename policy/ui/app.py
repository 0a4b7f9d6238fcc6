"""The approver's page as a server."""

from __future__ import annotations

from collections.abc import Callable

from policy.terminal.local_page.server import LocalServer
from policy.ui.desk import ApproverDesk
from policy.ui.routes import AddedSection, routes


def approver_page(
    desk: ApproverDesk,
    port: int = 0,
    service: AddedSection | None = None,
    works: Callable[[], bool] = lambda: False,
) -> LocalServer:
    """The page of one person, on loopback. While `works`, it stays open though nobody uses it."""
    return LocalServer(
        lambda stop: routes(desk, stop, service), lambda: desk.working() or works(), port
    )
