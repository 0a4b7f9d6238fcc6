"""`padan-policy ui`: decide on a local page of this machine."""

from __future__ import annotations

import typer

from policy.base.extras import stop_if_missing
from policy.terminal import console
from policy.terminal.local_page import NEEDS
from policy.terminal.local_page.command import Browser, Port, sit_down


def register(app: typer.Typer) -> None:
    app.command()(ui)


def ui(port: Port = 0, browser: Browser = True) -> None:
    """Halaman lokal untuk memutuskan rilis / a local page to decide on releases."""
    stop_if_missing("padan-policy ui", "ui", NEEDS)
    from policy.terminal.local_page.server import serve
    from policy.ui.app import approver_page
    from policy.ui.desk import ApproverDesk

    desk = ApproverDesk(console.home())
    sit_down(desk)
    serve(approver_page(desk, port), browser=browser)
