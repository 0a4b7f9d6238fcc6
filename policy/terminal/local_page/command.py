"""What every command `ui` takes, and does before its page is served."""

from __future__ import annotations

from typing import Annotated, Protocol

import typer

from policy.members.home import Home
from policy.terminal import console

Port = Annotated[
    int,
    typer.Option(min=0, max=65535, help="Porta; 0 memilih sendiri / port; 0 chooses a free one"),
]
Browser = Annotated[bool, typer.Option("--open/--no-open", help="Buka peramban / open the browser")]


class Desk(Protocol):
    """Where one member works, by the keys of this home."""

    home: Home

    def unlock(self, passphrase: bytes) -> None: ...


def sit_down(desk: Desk) -> None:
    """Raises unless this home has an identity; unlocks it where --passphrase-file says how."""
    desk.home.member()
    if console.options.passphrase_file is not None:
        desk.unlock(console.passphrase())
