"""The id by which one process of the service finds its own runs again after a restart.

An id is a random name for the service's folder and the number of a place in it. It is the name of
the process in its leases:

    executors/name      the random name, drawn at the first start
    executors/1.lock    held by the process whose id is NAME-1

A process takes the lowest place that no other process holds. So a service that starts again after
a crash goes on with its own runs at once, and a second process on the same folder or the same
database has another id. Where the folder cannot be written to (a full disk), the id is random.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

from filelock import FileLock, Timeout

from linkage_service.error_codes import ServiceCode
from linkage_service.storage.records.database import others_connected
from policy.base.errors import NotYet
from policy.base.words import Words

_NAME_BYTES = 8


@contextmanager
def executor_id(folder: Path) -> Iterator[str]:
    """The id of this process for as long as the context lasts."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        name = _name(folder)
        place, lock = _lowest_free(folder)
    except OSError:
        yield secrets.token_hex(_NAME_BYTES)
        return
    try:
        yield f"{name}-{place}"
    finally:
        lock.release()


def require_stopped(folder: Path, database_url: str) -> None:
    """Checks that no service or worker of this folder or database runs; raises NotYet.

    A process that was killed holds no lock and no connection any more.
    """
    if not any(map(_is_held, folder.glob("[0-9]*.lock"))) and not others_connected(database_url):
        return
    raise NotYet(
        ServiceCode.SERVICE_RUNNING,
        Words(
            "Layanan atau pekerja dari folder rumah atau basis data ini masih berjalan.",
            "A service or worker of this home folder or database is still running.",
        ),
        Words(
            "Hentikan semuanya, misalnya 'systemctl stop padan-linkage padan-worker', lalu ulangi.",
            "Stop all of them, such as by 'systemctl stop padan-linkage padan-worker', then try"
            " again.",
        ),
    )


def _is_held(path: Path) -> bool:
    try:
        with FileLock(path, timeout=0):
            return False
    except Timeout:
        return True


def _lowest_free(folder: Path) -> tuple[int, FileLock]:
    for place in count(1):
        lock = FileLock(folder / f"{place}.lock", thread_local=False)
        with suppress(Timeout):
            lock.acquire(timeout=0)
            return place, lock
    raise AssertionError("numbers do not end")


def _name(folder: Path) -> str:
    """The folder's name; processes that start at the same time agree on one name."""
    path = folder / "name"
    with FileLock(folder / "name.lock"):
        if not path.exists():
            part = path.with_suffix(".part")
            part.write_text(secrets.token_hex(_NAME_BYTES))
            part.replace(path)
        return path.read_text()
