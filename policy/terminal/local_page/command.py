"""The options of every command `ui`, and what it does before its page is served."""

from __future__ import annotations

from contextlib import suppress
from typing import Annotated, Protocol

import typer

from policy.base.errors import WrongKey
from policy.members.home import Home
from policy.terminal import console
from policy.terminal.passphrases import held

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
    """Unlocks the home, if it has an identity, by --passphrase-file or what this machine holds.

    Else the page asks: for the passphrase, or for the invite with which this person begins.
    """
    if not desk.home.identity_path.exists():
        return
    if console.options.passphrase_file is not None:
        desk.unlock(console.passphrase())
    elif (known := held()) is not None:
        with suppress(WrongKey):  # it is of another home
            desk.unlock(known)
