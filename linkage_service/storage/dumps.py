"""Dumps of a database of PostgreSQL, by its own client programs."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from sqlalchemy import create_engine, inspect, make_url
from sqlalchemy.exc import SQLAlchemyError

from linkage_service.error_codes import ServiceCode
from policy.base.errors import BadInput
from policy.base.words import Words

_TLS = ("sslmode", "sslrootcert", "sslcert", "sslkey", "sslcrl")
_CLIENT_SECONDS = 24 * 3600


def dump(url: str, target: Path) -> None:
    """A dump of the whole database; raises BadInput if pg_dump is missing or fails."""
    command = ["pg_dump", "--format=custom", "--no-owner", f"--file={target}"]
    if not _run_client(command, url):
        target.unlink(missing_ok=True)
        raise _client_failed("pg_dump")


def restore_dump(url: str, dump: Path) -> None:
    """All of it or nothing, into an empty database; raises BadInput for another one."""
    engine = create_engine(url)
    try:
        tables = inspect(engine).get_table_names()
    except SQLAlchemyError:  # its message has names of people and hosts
        raise _client_failed("pg_restore") from None
    finally:
        engine.dispose()
    if tables:
        raise _not_empty()
    name = make_url(url).database
    command = ["pg_restore", "--no-owner", "--single-transaction", f"--dbname={name}", str(dump)]
    if not _run_client(command, url):
        raise _client_failed("pg_restore")


def _run_client(command: list[str], url: str) -> bool:
    """Run a client program of PostgreSQL; returns whether it did its work.

    Raises BadInput if it is not installed.
    """
    try:
        subprocess.run(  # noqa: S603  a fixed command
            command,
            env={**os.environ, **client_variables(url)},
            check=True,
            capture_output=True,
            timeout=_CLIENT_SECONDS,
        )
    except FileNotFoundError:
        raise _not_installed(command[0]) from None
    except (OSError, subprocess.SubprocessError):
        return False
    return True


def client_variables(url: str) -> dict[str, str]:
    """What the URL says, as variables of libpq: no password is an argument, and TLS is as strict
    as for the service."""
    parsed = make_url(url)
    names = {"PGHOST": parsed.query.get("host", parsed.host), "PGPORT": parsed.port}
    names |= {"PGUSER": parsed.username, "PGPASSWORD": parsed.password}
    names |= {"PGDATABASE": parsed.database}
    names |= {f"PG{each.upper()}": parsed.query.get(each) for each in _TLS}
    return {name: str(value) for name, value in names.items() if value}


def _client_failed(program: str) -> BadInput:
    return BadInput(
        ServiceCode.SERVICE_BACKUP,
        Words(f"{program} tidak berhasil.", f"{program} did not succeed."),
        Words(
            "Periksa apakah peladen PostgreSQL berjalan, basis datanya ada, dan pengguna di URL"
            " boleh menulis ke sana; apakah klien (postgresql-client) tidak lebih tua dari"
            " peladennya; dan ruang disk. Lalu ulangi.",
            "Check that the PostgreSQL server runs, the database exists and the URL's user may"
            " write to it; that the client (postgresql-client) is not older than the server; and"
            " the disk's space. Then try again.",
        ),
    )


def _not_installed(program: str) -> BadInput:
    return BadInput(
        ServiceCode.SERVICE_BACKUP,
        Words(f"{program} tidak terpasang.", f"{program} is not installed."),
        Words(
            "Pasang klien PostgreSQL (postgresql-client) yang tidak lebih tua dari peladennya."
            " Lalu ulangi.",
            "Install a PostgreSQL client (postgresql-client) that is not older than the server."
            " Then try again.",
        ),
    )


def _not_empty() -> BadInput:
    return BadInput(
        ServiceCode.SERVICE_BACKUP,
        Words("Basis data tujuan tidak kosong.", "The database to restore into is not empty."),
        Words(
            "Buat yang baru (createdb), tulis URL-nya di --database-url-file, lalu ulangi. Bila"
            " basis data ini sudah dipulihkan: 'padan-linkage restore' tanpa folder.",
            "Make a new one (createdb), write its URL to --database-url-file, and try again. If"
            " this database was put back already: 'padan-linkage restore' without a folder.",
        ),
    )
