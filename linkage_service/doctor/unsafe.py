"""Settings with which a service runs, and should not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import make_url

from linkage_service.settings import Settings
from policy.base.addresses import is_this_machine
from policy.base.words import Words
from policy.terminal.checks import SelfCheck, Standing, holds

_CHECKED_TLS = ("verify-ca", "verify-full")
_EVERYBODY = {"*", "0.0.0.0/0", "::/0"}


def check_settings(settings: Settings, url: str, backups: Path | None) -> Iterator[SelfCheck]:
    """`url` is the public one."""
    yield _check_tls(url)
    yield _check_proxies(settings.trusted_proxies)
    yield _check_database(settings.database_url)
    yield _check_keystore(settings, backups)


def _check_tls(url: str) -> SelfCheck:
    parts = urlsplit(url)
    return holds(
        "settings.tls",
        parts.scheme == "https" or is_this_machine(parts.hostname or ""),
        Words(f"Alamat publik memakai {parts.scheme}.", f"The public address uses {parts.scheme}."),
        Words(
            "Taruh TLS di depan layanan, lalu sebut alamat https dengan --public-url. Tanpa TLS,"
            " jaringan dapat membaca log.",
            "Put TLS before the service, then name the https address by --public-url. Without TLS"
            " the network can read the log.",
        ),
    )


def _check_proxies(trusted: tuple[str, ...]) -> SelfCheck:
    return holds(
        "settings.proxies",
        not _EVERYBODY & set(trusted),
        Words(
            f"X-Forwarded-For dipercaya dari {len(trusted)} alamat.",
            f"X-Forwarded-For is believed from {len(trusted)} addresses.",
        ),
        Words(
            "Sebut IP proksi sendiri dengan --trusted-proxy; kalau semua dipercaya, siapa pun"
            " melewati batas pemanggil.",
            "Name the proxy's own IP by --trusted-proxy; if all are believed, anybody gets past the"
            " limits of a caller.",
        ),
    )


def _check_database(url: str) -> SelfCheck:
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return SelfCheck(
            "settings.database",
            Standing.LOOK,
            Words("Basis datanya SQLite.", "The database is SQLite."),
            Words(
                "Cukup untuk uji coba. Untuk layanan sebenarnya pakai PostgreSQL:"
                " --database-url-file BERKAS.",
                "That is enough for a trial. A real service uses PostgreSQL:"
                " --database-url-file FILE.",
            ),
        )
    host = parsed.host or str(parsed.query.get("host", ""))
    near = not host or host.startswith("/") or is_this_machine(host)
    mode = str(parsed.query.get("sslmode", ""))
    return holds(
        "settings.database",
        near or mode in _CHECKED_TLS,
        Words(
            "Basis datanya PostgreSQL di mesin ini."
            if near
            else f"Basis datanya PostgreSQL di mesin lain, sslmode={mode or '-'}.",
            "The database is PostgreSQL on this machine."
            if near
            else f"The database is PostgreSQL on another machine, sslmode={mode or '-'}.",
        ),
        Words(
            "Tambahkan ?sslmode=verify-full&sslrootcert=BERKAS di URL basis data.",
            "Add ?sslmode=verify-full&sslrootcert=FILE to the database URL.",
        ),
    )


def _check_keystore(settings: Settings, backups: Path | None) -> SelfCheck:
    inside = backups is not None and _is_in(settings.keystore, backups)
    near = _is_in(settings.keystore, settings.blobs)
    return holds(
        "settings.keystore",
        not inside and not near,
        Words(
            "Kunci periode disimpan terpisah dari data dan cadangan."
            if not inside and not near
            else "Kunci periode ada di folder data atau cadangan.",
            "Epoch keys are kept apart from data and backups."
            if not inside and not near
            else "Epoch keys are in the folder of data or of backups.",
        ),
        Words(
            "Pindahkan: kunci yang ada di cadangan tidak dapat dimusnahkan.",
            "Move them: a key that is in a backup cannot be destroyed.",
        ),
    )


def _is_in(path: Path, folder: Path) -> bool:
    return path.resolve().is_relative_to(folder.resolve())
