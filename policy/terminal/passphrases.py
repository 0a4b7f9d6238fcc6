"""One passphrase a person and machine: held by the system's keyring, or asked for once a command.

The keyring is used through the package `keyring` (extra `keyring`), and only if its backend is one
that protects what it holds: macOS Keychain, Windows Credential Locker, Secret Service, KWallet.
Backends that store plain text, or nothing, are refused; then the passphrase is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from policy.base.extras import is_there
from policy.base.words import Words
from policy.terminal import console

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SERVICE, ENTRY = "padan", "passphrase"
# `keyring` gives its own recommended backends a priority of 1 or more.
_RECOMMENDED = 1
# keyrings.alt has files, some of them plain text; null and fail hold nothing.
_REFUSED = ("keyrings.alt", "keyring.backends.null", "keyring.backends.fail")

KeepPassphrase = Annotated[
    bool,
    typer.Option(
        "--keyring/--no-keyring",
        help="Simpan frasa sandi baru di keyring sistem, bila ada"
        " / hold a new passphrase in the system's keyring, if there is one",
    ),
]


def secure_backend() -> KeyringBackend | None:
    """The system's keyring; None if there is none that protects what it holds."""
    if not is_there("keyring"):
        return None
    import keyring
    from keyring.backends.chainer import ChainerBackend

    chosen: Any = keyring.get_keyring()
    candidates = list(chosen.backends) if isinstance(chosen, ChainerBackend) else [chosen]
    return next((each for each in candidates if _protects(each)), None)


def _protects(backend: KeyringBackend) -> bool:
    module = type(backend).__module__
    if module.startswith(_REFUSED):
        return False
    try:
        return bool(backend.priority >= _RECOMMENDED)
    except Exception:  # a backend says by any error that it cannot work here
        return False


def held() -> bytes | None:
    """The passphrase that the system's keyring holds; None if it holds none, or is locked."""
    backend = secure_backend()
    if backend is None:
        return None
    try:
        text = backend.get_password(SERVICE, ENTRY)
    except Exception:  # locked, or without a session; the person is asked instead
        return None
    return text.encode() if text else None


def keep(passphrase: bytes) -> bool:
    """Let the system's keyring hold the passphrase; returns whether it does."""
    backend = secure_backend()
    if backend is None:
        return False
    try:
        backend.set_password(SERVICE, ENTRY, passphrase.decode())
        return bool(backend.get_password(SERVICE, ENTRY) == passphrase.decode())
    except Exception:
        return False


def forget() -> bool:
    """Remove it from the system's keyring; returns whether there was one."""
    backend = secure_backend()
    if backend is None or held() is None:
        return False
    backend.delete_password(SERVICE, ENTRY)
    return True


def new_passphrase(*, keep: bool) -> bytes:
    """The passphrase of a new home: of the passphrase file, of the keyring, else typed twice.

    A typed one is given to the system's keyring if `keep`, so that one person has one on a machine.
    """
    if console.options.passphrase_file is not None:
        return console.passphrase()
    known = held()
    if known is not None:
        console.say(
            Words(
                "Dipakai frasa sandi Anda dari keyring sistem.",
                "Your passphrase in the system's keyring is used.",
            )
        )
        return known
    typed = console.passphrase(confirm=True)
    if keep:
        _tell_kept(_keep(typed))
    return typed


_keep = keep


def _tell_kept(kept: bool) -> None:
    if kept:
        console.say(
            Words(
                "Keyring sistem menyimpan frasa sandi Anda; Anda tidak ditanya lagi di komputer"
                " ini.",
                "The system's keyring holds your passphrase; this computer will not ask again.",
            )
        )
        return
    console.say(
        Words(
            "Komputer ini tanpa keyring yang aman (atau tanpa padan[keyring]): frasa sandi"
            " ditanyakan setiap perintah. Simpan di pengelola sandi.",
            "This computer has no safe keyring (or no padan[keyring]): every command asks for the"
            " passphrase. Keep it in a password manager.",
        )
    )
