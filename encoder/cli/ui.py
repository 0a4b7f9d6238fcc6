"""`padan-encoder ui`: the same steps on a local web page."""

from __future__ import annotations

import typer

from policy.base.extras import stop_if_missing
from policy.terminal import console
from policy.terminal.local_page import NEEDS
from policy.terminal.local_page.command import Browser, Port, sit_down


def register(app: typer.Typer) -> None:
    app.command()(ui)


def ui(port: Port = 0, browser: Browser = True) -> None:
    """Halaman lokal untuk petugas data / a local page for the data officer."""
    stop_if_missing("padan-encoder ui", "ui", NEEDS)
    from encoder.ui.app import officer_page
    from encoder.ui.officer import Officer
    from policy.terminal.local_page.server import serve

    officer = Officer(console.home())
    sit_down(officer)
    serve(officer_page(officer, port), browser=browser)
