"""`padan-policy passphrase`: the passphrase of this home, and the system's keyring."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from policy.base.error_codes import PolicyCode
from policy.base.errors import NotYet
from policy.base.words import Words
from policy.terminal import console, passphrases
from policy.terminal.commands import Commands

app = Commands(help="Frasa sandi dan keyring / passphrase and keyring", no_args_is_help=True)


@app.command()
def keep() -> None:
    """Simpan di keyring sistem, bila aman / hold it in the system's keyring, if safe."""
    if passphrases.secure_backend() is None:
        raise NotYet(
            PolicyCode.PASSPHRASE_NO_KEYRING,
            Words(
                "Komputer ini tanpa keyring yang melindungi isinya.",
                "This computer has no keyring that protects what it holds.",
            ),
            Words(
                'Pasang "padan[keyring]" dan keyring sistem (Keychain, Credential Locker, Secret'
                " Service), atau pakai --passphrase-file.",
                'Install "padan[keyring]" and a system keyring (Keychain, Credential Locker, Secret'
                " Service), or use --passphrase-file.",
            ),
        )
    _, typed = console.unlocked_with()
    held = passphrases.keep(typed)
    console.result(
        {"held": held},
        Words("Keyring sistem menyimpannya.", "The system's keyring holds it.")
        if held
        else Words("Keyring sistem terkunci.", "The system's keyring is locked."),
    )


@app.command()
def forget() -> None:
    """Hapus dari keyring sistem / remove it from the system's keyring."""
    removed = passphrases.forget()
    console.result(
        {"removed": removed},
        Words("Dihapus dari keyring sistem.", "Removed from the system's keyring.")
        if removed
        else Words("Keyring sistem tidak menyimpannya.", "The system's keyring does not hold it."),
    )


@app.command()
def change(
    new_passphrase_file: Annotated[
        Path | None,
        typer.Option(help="Berkas frasa sandi baru / file of the new passphrase"),
    ] = None,
) -> None:
    """Ganti frasa sandi folder rumah ini / change the passphrase of this home folder."""
    home = console.home()
    home.member()
    old = console.passphrase()
    prompt = Words("Frasa sandi baru: ", "New passphrase: ")
    new = console.passphrase_of(new_passphrase_file, prompt, confirm=True)
    home.change_passphrase(old, new)
    if passphrases.held() == old:
        passphrases.keep(new)
    console.result(
        {"changed": str(home.path)},
        Words(
            f"Frasa sandi {home.path} diganti. Cadangan lama tetap dibuka dengan frasa"
            " sandi cadangannya.",
            f"The passphrase of {home.path} is changed. Earlier backups open with their"
            " own passphrase as before.",
        ),
    )
