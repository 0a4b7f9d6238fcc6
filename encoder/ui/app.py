"""The officer's page as a server."""

from __future__ import annotations

from encoder.ui.officer import Officer
from encoder.ui.routes import routes
from policy.terminal.local_page.server import LocalServer

# The quality report is a separate page, with its style inside.
_STYLED = frozenset({"/quality/report"})


def officer_page(officer: Officer, port: int = 0) -> LocalServer:
    """The page of one officer, on loopback."""
    return LocalServer(lambda stop: routes(officer, stop), officer.working, port, _STYLED)
