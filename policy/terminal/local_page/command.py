"""The options of every command `ui`, and what it does before its page is served."""

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


class LocalDesk(Protocol):
    """One member's work, with the keys of this home."""

    home: Home

    def unlock(self, passphrase: bytes) -> None: ...


def sit_down(desk: LocalDesk) -> None:
    """Checks that this home has an identity, and unlocks it if --passphrase-file is given."""
    desk.home.member()
    if console.options.passphrase_file is not None:
        desk.unlock(console.passphrase())
