"""`padan-encoder ui`: the same steps on a page of this machine's own."""

from __future__ import annotations

from typing import Annotated

import typer

from policy import console
from policy.local_page import NEEDS


def register(app: typer.Typer) -> None:
    app.command()(ui)


def ui(
    port: Annotated[int, typer.Option(help="Porta; 0 memilih sendiri / 0 chooses one")] = 0,
    browser: Annotated[
        bool, typer.Option("--open/--no-open", help="Buka peramban / open the browser")
    ] = True,
) -> None:
    """Halaman lokal untuk petugas data / a local page for the data officer."""
    from policy.extras import stop_if_missing

    stop_if_missing("padan-encoder ui", "ui", NEEDS)
    from encoder.ui.app import officer_page
    from encoder.ui.officer import Officer
    from policy.local_page.server import serve

    officer = Officer(console.home())
    officer.home.member()
    if console.options.passphrase_file is not None:
        officer.unlock(console.passphrase())
    serve(officer_page(officer, port), browser=browser)
