"""`padan-policy passphrase`: the passphrase of this home, and what this machine holds of it."""

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
Hours = Annotated[
    int,
    typer.Option(
        min=1,
        max=passphrases.MOST_HOURS,
        help="Tanpa keyring: jam di memori komputer / without a keyring: hours in memory",
    ),
]


@app.command()
def keep(hours: Hours = passphrases.HOURS) -> None:
    """Simpan di keyring sistem, atau beberapa jam di memori
    / hold it in the system's keyring, or for some hours in memory.

    Sesudah jamnya lewat, frasa sandi ditanyakan sekali lagi / after these hours it is asked for
    again, once.
    """
    if not passphrases.can_keep():
        raise NotYet(
            PolicyCode.PASSPHRASE_NO_KEYRING,
            Words(
                "Komputer ini tanpa keyring yang melindungi isinya, juga tanpa keyring kernel.",
                "This computer has no keyring that protects what it holds, nor the kernel's.",
            ),
            Words(
                'Pasang "padan[keyring]" dan keyring sistem (Keychain, Credential Locker, Secret'
                " Service), atau pakai --passphrase-file.",
                'Install "padan[keyring]" and a system keyring (Keychain, Credential Locker, Secret'
                " Service), or use --passphrase-file.",
            ),
        )
    me, typed = console.unlocked_with()
    in_memory = passphrases.secure_backend() is None
    held = passphrases.hold(typed, hours)
    if held:
        passphrases.choose(me.home, hours if in_memory else None)
    console.result(
        {"held": held, "hours": hours if held and in_memory else None},
        passphrases.kept_words(hours) if held else passphrases.not_kept_words(),
    )


@app.command()
def forget() -> None:
    """Hapus dari keyring sistem dan memori / remove it from the system's keyring and memory."""
    passphrases.choose(console.home(), None)
    removed = passphrases.forget()
    console.result(
        {"removed": removed},
        Words("Komputer ini tidak menyimpannya lagi.", "This computer no longer holds it.")
        if removed
        else Words("Komputer ini tidak menyimpannya.", "This computer does not hold it."),
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
        hours = passphrases.chosen(home) or passphrases.HOURS
        if not passphrases.hold(new, hours):
            console.say(passphrases.not_kept_words())
    console.result(
        {"changed": str(home.path)},
        Words(
            f"Frasa sandi {home.path} diganti. Cadangan lama tetap dibuka dengan frasa"
            " sandi cadangannya.",
            f"The passphrase of {home.path} is changed. Earlier backups open with their"
            " own passphrase as before.",
        ),
    )
