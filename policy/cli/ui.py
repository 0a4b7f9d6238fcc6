"""`padan-policy ui`: decide on a page of this machine's own."""

from __future__ import annotations

from typing import Annotated

import typer

from policy import console
from policy.extras import stop_if_missing
from policy.local_page import NEEDS


def register(app: typer.Typer) -> None:
    app.command()(ui)


def ui(
    port: Annotated[int, typer.Option(help="Porta; 0 memilih sendiri / 0 chooses one")] = 0,
    browser: Annotated[
        bool, typer.Option("--open/--no-open", help="Buka peramban / open the browser")
    ] = True,
) -> None:
    """Halaman lokal untuk memutuskan rilis / a local page to decide on releases."""
    stop_if_missing("padan-policy ui", "ui", NEEDS)
    from policy.local_page.server import serve
    from policy.ui.app import approver_page
    from policy.ui.desk import Desk

    desk = Desk(console.home())
    desk.home.member()
    if console.options.passphrase_file is not None:
        desk.unlock(console.passphrase())
    serve(approver_page(desk, port), browser=browser)
