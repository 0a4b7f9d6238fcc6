"""Whether somebody works on the runs that are under way."""

from __future__ import annotations

import time
from collections.abc import Callable

from sqlalchemy import select

from linkage_service.runs.leases import BEAT_SECONDS, LAPSE_SECONDS
from linkage_service.runs.states import Place, lease_name
from linkage_service.storage.records import Database
from linkage_service.storage.records.tables import leases, runs
from policy.base.words import Words
from policy.terminal.checks import SelfCheck, Standing


def check_workers(
    database: Database,
    monotonic: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> SelfCheck:
    """Looks until every run that is under way has shown a beat, at most LAPSE_SECONDS."""
    waiting, wanted = _under_way(database)
    first, until = _beats(database), monotonic() + LAPSE_SECONDS
    silent = wanted
    while silent and monotonic() < until:
        sleep(BEAT_SECONDS / 2)
        now, still = _beats(database), set(_under_way(database)[1])
        silent = [each for each in silent if each in still and not _lives(first, now, each)]
    if silent:
        return SelfCheck(
            "workers",
            Standing.FIX,
            Words(
                f"{len(silent)} pemadanan menunggu, dan tidak ada proses yang mengerjakannya.",
                f"{len(silent)} runs wait, and no process works on them.",
            ),
            Words(
                "Jalankan pekerja: 'systemctl start padan-worker', atau 'padan-linkage worker'"
                " dengan pilihan yang sama seperti serve. Bila sudah berjalan, lihat catatannya.",
                "Start a worker: 'systemctl start padan-worker', or 'padan-linkage worker' with the"
                " same options as serve. If one runs, see its log.",
            ),
        )
    if waiting:
        return SelfCheck(
            "workers",
            Standing.LOOK,
            Words(
                f"{len(waiting)} pemadanan menunggu sesuatu dan mencoba lagi sendiri.",
                f"{len(waiting)} runs wait for something, and try again by themselves.",
            ),
            Words(
                "'padan-linkage run-status PROYEK PEMADANAN' menyebut apa yang ditunggu.",
                "'padan-linkage run-status PROJECT RUN' says what they wait for.",
            ),
        )
    return SelfCheck(
        "workers",
        Standing.FINE,
        Words(
            f"{len(wanted)} pemadanan sedang dikerjakan.",
            f"{len(wanted)} runs are being worked on.",
        ),
    )


def _under_way(database: Database) -> tuple[list[Place], list[Place]]:
    """Runs that pause before they try again, and all others that are under way."""
    query = select(runs.c.project, runs.c.run, runs.c.error).filter_by(state="running")
    with database.reading() as connection:
        found = [((project, run), error) for project, run, error in connection.execute(query)]
    paused = [place for place, error in found if error]
    return paused, [place for place, error in found if not error]


def _beats(database: Database) -> dict[str, tuple[int, int]]:
    """Fence and beat of each lease that has a holder."""
    query = select(leases.c.name, leases.c.fence, leases.c.beat).where(leases.c.holder != "")
    with database.reading() as connection:
        return {name: (fence, beat) for name, fence, beat in connection.execute(query)}


def _lives(
    first: dict[str, tuple[int, int]], now: dict[str, tuple[int, int]], place: Place
) -> bool:
    name = lease_name(*place)
    return name in now and now[name] != first.get(name)
