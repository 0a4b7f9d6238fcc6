"""The approver's page as a server."""

from __future__ import annotations

from policy.terminal.local_page.server import LocalServer
from policy.ui.desk import ApproverDesk
from policy.ui.routes import routes


def approver_page(desk: ApproverDesk, port: int = 0) -> LocalServer:
    """The page of one person, on loopback."""
    return LocalServer(lambda stop: routes(desk, stop), desk.working, port)
