"""One passphrase a person and machine: held by the system's keyring, or asked for once a session.

The keyring is used through the package `keyring` (extra `keyring`), and only if its backend is one
that protects what it holds: macOS Keychain, Windows Credential Locker, Secret Service, KWallet.
Backends that store plain text, or nothing, are refused. Without a keyring, Linux holds the
passphrase in the kernel's memory for some hours, and then it is asked for again. Where that is
not possible either, every command asks.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Annotated, Any

import typer
from pydantic import Field, ValidationError

from policy.base.canonical import Model
from policy.base.extras import is_there
from policy.base.files import write_file
from policy.base.words import Words
from policy.members.home import Home
from policy.terminal import console, kernel_keyring

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SERVICE, ENTRY = "padan", "passphrase"
HOURS, MOST_HOURS = 8, 24
_CHOSEN = "hold-passphrase.json"
# `keyring` gives its own recommended backends a priority of 1 or more.
_RECOMMENDED = 1
# keyrings.alt has files, some of them plain text; null and fail hold nothing.
_REFUSED = ("keyrings.alt", "keyring.backends.null", "keyring.backends.fail")

KeepPassphrase = Annotated[
    bool,
    typer.Option(
        "--keyring/--no-keyring",
        help="Komputer ini menyimpan frasa sandi baru, bila aman"
        " / this computer holds a new passphrase, if it is safe",
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


def can_keep() -> bool:
    """Whether this machine can hold a passphrase: in its keyring, or for hours in the kernel."""
    return secure_backend() is not None or kernel_keyring.is_there()


def held() -> bytes | None:
    """The passphrase that this machine holds; None if it holds none, or is locked."""
    backend = secure_backend()
    if backend is None:
        return kernel_keyring.held()
    try:
        text = backend.get_password(SERVICE, ENTRY)
    except Exception:  # locked, or without a session; the person is asked instead
        return None
    return text.encode() if text else None


def hold(passphrase: bytes, hours: int = HOURS) -> bool:
    """Let the keyring hold it, or the kernel for some hours; returns whether it is held."""
    backend = secure_backend()
    if backend is None:
        return kernel_keyring.hold(passphrase, hours * 3600)
    try:
        backend.set_password(SERVICE, ENTRY, passphrase.decode())
        return bool(backend.get_password(SERVICE, ENTRY) == passphrase.decode())
    except Exception:
        return False


def forget() -> bool:
    """Remove it from this machine, wherever it is held; returns whether there was one."""
    in_memory = kernel_keyring.forget()  # a session without the keyring may have held it
    backend = secure_backend()
    if backend is None or held() is None:
        return in_memory
    backend.delete_password(SERVICE, ENTRY)
    return True


# -- once a session -----------------------------------------------------------------------------


class _Chosen(Model):
    """For how many hours the person of a home lets this machine hold the passphrase."""

    hours: int = Field(ge=1, le=MOST_HOURS)


def choose(home: Home, hours: int | None) -> None:
    """From now on a typed passphrase is held for some hours; with None it is not held."""
    file = home.path / _CHOSEN
    if hours is None:
        file.unlink(missing_ok=True)
    else:
        write_file(file, _Chosen(hours=hours).canonical())


def chosen(home: Home) -> int | None:
    """The hours that the person of this home chose; None if a typed passphrase is not held."""
    with suppress(OSError, ValidationError):
        return _Chosen.model_validate_json((home.path / _CHOSEN).read_bytes()).hours
    return None


def keep_as_chosen(home: Home, passphrase: bytes) -> None:
    """Hold a passphrase that was typed and opened this home, if its person chose that.

    What another home's person chose to hold stays.
    """
    hours = chosen(home)
    if hours is None or secure_backend() is not None or kernel_keyring.held() is not None:
        return
    console.say(kept_words(hours) if hold(passphrase, hours) else not_kept_words())


def kept_words(hours: int) -> Words:
    """How long, and where, the passphrase is held."""
    if secure_backend() is not None:
        return Words(
            "Keyring sistem menyimpan frasa sandi Anda; Anda tidak ditanya lagi di komputer ini.",
            "The system's keyring holds your passphrase; this computer will not ask again.",
        )
    return Words(
        f"Frasa sandi Anda disimpan di memori komputer ini selama {hours} jam, bukan di disk."
        " Lebih cepat dihapus: padan-policy passphrase forget.",
        f"Your passphrase is held in this computer's memory for {hours} hours, and on no disk."
        " To end that sooner: padan-policy passphrase forget.",
    )


def not_kept_words() -> Words:
    """That this machine does not hold the passphrase, and what follows."""
    if can_keep():
        return Words(
            "Komputer ini gagal menyimpan frasa sandi (keyring sistem mungkin terkunci): lain kali"
            " Anda ditanya lagi.",
            "This computer failed to hold the passphrase (the system's keyring may be locked): you"
            " are asked for it again next time.",
        )
    return Words(
        "Komputer ini tidak dapat menyimpan frasa sandi dengan aman: lain kali Anda ditanya lagi."
        " Simpan di pengelola sandi.",
        "This computer cannot hold a passphrase safely: you are asked for it again next time. Keep"
        " it in a password manager.",
    )


def new_passphrase(*, keep: bool) -> bytes:
    """The passphrase of a new home: of the passphrase file, held already, else typed twice.

    A typed one is held by this machine if `keep`, so that one person has one on a machine.
    """
    if console.options.passphrase_file is not None:
        return console.passphrase()
    known = held()
    if known is not None:
        console.say(
            Words(
                "Dipakai frasa sandi Anda yang disimpan komputer ini.",
                "Your passphrase that this computer holds is used.",
            )
        )
        return known
    typed = console.passphrase(confirm=True)
    if keep:
        console.say(kept_words(HOURS) if hold(typed) else not_kept_words())
    return typed
