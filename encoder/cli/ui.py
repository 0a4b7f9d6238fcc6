"""`padan-encoder ui`: the same steps on a page of this machine's own."""

from __future__ import annotations

from typing import Annotated

import typer

from policy import console
from policy.words import Words

_NEEDS = ("fastapi", "jinja2", "multipart", "uvicorn")


def register(app: typer.Typer) -> None:
    app.command()(ui)


def ui(
    port: Annotated[int, typer.Option(help="Porta; 0 memilih sendiri / 0 chooses one")] = 0,
    browser: Annotated[
        bool, typer.Option("--open/--no-open", help="Buka peramban / open the browser")
    ] = True,
) -> None:
    """Halaman lokal untuk petugas data / a local page for the data officer."""
    import webbrowser

    from policy.extras import stop_if_missing

    stop_if_missing("padan-encoder ui", "ui", _NEEDS)
    from encoder.ui.app import LocalServer
    from encoder.ui.officer import Officer

    officer = Officer(console.home())
    officer.home.member()
    if console.options.passphrase_file is not None:
        officer.unlock(console.passphrase())
    server = LocalServer(officer, port)
    address = server.access.address
    console.result(
        {"address": address},
        Words(
            f"Buka {address}\nHanya komputer ini yang dapat membukanya. Ctrl-C untuk berhenti.",
            f"Open {address}\nOnly this computer can open it. Ctrl-C stops it.",
        ),
    )
    if browser:
        webbrowser.open(address)
    server.run()
