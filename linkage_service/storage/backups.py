"""Backups of one service: database and blobs, and what of them is written down.

    BACKUP/database.sqlite    a consistent copy, made while the service runs
    BACKUP/database.pgdump    the same of PostgreSQL, by pg_dump
    BACKUP/blobs/             the blobs of the folder store, copied after the database
    BACKUP/backup.json        when, of which build, and the digest of the database's file

Not in it: the keys of epochs (`keystore`), which are destroyed at their date and must have no copy,
and the identity, which has its own backup (`padan-policy backup`). The blobs are copied after the
database, so that everything that the database names is there.
"""

from __future__ import annotations

import hashlib
import itertools
import os
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from pydantic import ValidationError
from sqlalchemy import make_url

from linkage_service.error_codes import ServiceCode
from linkage_service.settings import Settings
from linkage_service.storage.dumps import dump, restore_dump
from policy.base.canonical import Model
from policy.base.errors import BadInput, PadanError
from policy.base.files import read_file, write_file
from policy.base.words import Words

_NEWEST = "newest-backup.txt"


class BackupRecord(Model):
    """backup.json: what a backup is of."""

    at: str
    kind: Literal["sqlite", "postgresql"]
    database: str
    sha256: str
    blobs: int


def newest_backup(settings: Settings) -> datetime | None:
    """When this service last made a backup; None if it never did."""
    try:
        return datetime.fromisoformat(read_file(settings.home / _NEWEST).decode().strip())
    except (OSError, ValueError, PadanError):
        return None


def new_folder(wanted: Path) -> Path:
    """This folder, or the first one numbered after it that does not exist."""
    numbered = (wanted.with_name(f"{wanted.name}-{number}") for number in itertools.count(2))
    return next(each for each in itertools.chain([wanted], numbered) if not each.exists())


def back_up(settings: Settings, folder: Path, now: int) -> BackupRecord:
    """Make a backup in a new folder, dated `now` (Unix seconds).

    Raises BadInput if the folder exists, or pg_dump fails.
    """
    if folder.exists() and any(folder.iterdir()):
        raise _taken(folder)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    kind = _kind(settings)
    name = "database.sqlite" if kind == "sqlite" else "database.pgdump"
    if kind == "sqlite":
        copy_sqlite(_sqlite_file(settings), folder / name)
    else:
        dump(settings.database_url, folder / name)
    # A bucket has its own copies: it is not in the folder of a backup.
    count = 0 if settings.store.url else _copy_missing(settings.blobs, folder / "blobs")
    at = datetime.fromtimestamp(now, UTC).isoformat()
    record = BackupRecord(
        at=at, kind=kind, database=name, sha256=_digest(folder / name), blobs=count
    )
    write_file(folder / "backup.json", record.canonical(), private=True)
    write_file(settings.home / _NEWEST, at.encode())
    return record


def restore(settings: Settings, folder: Path, now: int) -> BackupRecord:
    """Put a backup in place: a database of SQLite that was there is kept under another name, one of
    PostgreSQL has to be empty.

    Raises BadInput for a damaged backup, or one of the other kind. The service must not run
    meanwhile.
    """
    record = read_record(folder)
    if record.kind != _kind(settings):
        raise _other_kind(record)
    if record.kind == "sqlite":
        _replace_sqlite(_sqlite_file(settings), folder / record.database, now)
    else:
        restore_dump(settings.database_url, folder / record.database)
    if not settings.store.url:
        _copy_missing(folder / "blobs", settings.blobs)
    return record


def _replace_sqlite(here: Path, copy: Path, now: int) -> None:
    here.parent.mkdir(parents=True, exist_ok=True)
    copy_sqlite(copy, here.with_name(f"{here.name}.restored"))
    stamp = datetime.fromtimestamp(now, UTC).strftime("%Y%m%dT%H%M%S")
    for suffix in ("", "-wal", "-shm"):
        old = here.with_name(f"{here.name}{suffix}")
        if old.exists():
            old.rename(here.with_name(f"{here.name}.{stamp}{suffix}"))
    here.with_name(f"{here.name}.restored").rename(here)


def read_record(folder: Path) -> BackupRecord:
    """backup.json, once the database's file is as it says; raises BadInput."""
    try:
        record = BackupRecord.model_validate_json(read_file(folder / "backup.json"))
        if record.sha256 == _digest(folder / record.database):
            return record
    except (OSError, ValidationError):
        pass
    raise BadInput(
        ServiceCode.SERVICE_BACKUP,
        Words(
            f"{folder} bukan cadangan utuh layanan ini.",
            f"{folder} is no whole backup of a service.",
        ),
        Words("Pakai cadangan lain.", "Use another backup."),
    )


def copy_sqlite(source: Path, target: Path) -> None:
    """A consistent copy, also of a database in use (SQLite's online backup), checked and synced."""
    target.unlink(missing_ok=True)
    with closing(sqlite3.connect(source)) as here, closing(sqlite3.connect(target)) as there:
        here.backup(there)
        sound = there.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    if not sound:
        raise BadInput(
            ServiceCode.SERVICE_BACKUP,
            Words(f"Basis data {source} rusak.", f"The database {source} is damaged."),
            Words("Pakai cadangan sebelumnya.", "Use an earlier backup."),
        )
    with target.open("r+b") as file:
        os.fsync(file.fileno())


def _copy_missing(source: Path, target: Path) -> int:
    """Copy the files that the target lacks; returns how many files the source has."""
    count = 0
    target.mkdir(parents=True, exist_ok=True)
    for path in sorted(source.rglob("*")) if source.is_dir() else ():
        place = target / path.relative_to(source)
        if path.is_dir():
            place.mkdir(parents=True, exist_ok=True)
        elif path.is_file():
            count += 1
            if not place.exists():
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, place)
    return count


def _kind(settings: Settings) -> Literal["sqlite", "postgresql"]:
    backend = make_url(settings.database_url).get_backend_name()
    return "sqlite" if backend == "sqlite" else "postgresql"


def _sqlite_file(settings: Settings) -> Path:
    return Path(make_url(settings.database_url).database or "")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _taken(folder: Path) -> BadInput:
    return BadInput(
        ServiceCode.SERVICE_BACKUP,
        Words(f"{folder} tidak kosong.", f"{folder} is not empty."),
        Words("Sebut folder baru.", "Name a new folder."),
    )


def _other_kind(record: BackupRecord) -> BadInput:
    return BadInput(
        ServiceCode.SERVICE_BACKUP,
        Words(
            f"Cadangan ini dari {record.kind}, bukan basis data layanan ini.",
            f"This backup is of {record.kind}, and not of this service's database.",
        ),
        Words(
            "Beri --database-url-file yang sama seperti kepada serve.",
            "Give the same --database-url-file as to serve.",
        ),
    )
