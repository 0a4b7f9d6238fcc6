"""`padan-linkage backup|restore`: a service's database and blobs, saved and put back."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from linkage_service.cli.options import StorageOptions, with_storage
from linkage_service.desk.serving import require_service
from policy.base.clocks import system_clock
from policy.base.words import Words
from policy.terminal import console


def register(app: typer.Typer) -> None:
    app.command()(backup)
    app.command()(restore)


@with_storage
def backup(
    storage: StorageOptions,
    to: Annotated[
        Path,
        typer.Option(help="Folder untuk cadangan; tiap kali satu subfolder / folder of backups"),
    ],
) -> None:
    """Simpan basis data dan berkas, selagi layanan berjalan
    / save database and blobs while the service runs.

    Kunci periode tidak ikut: musnah pada tanggalnya dan tidak boleh punya salinan
    / the keys of epochs are not in it: they are destroyed at their date and must have no copy.
    """
    from linkage_service.storage.backups import back_up, new_folder

    me = console.unlocked()
    require_service(me)
    settings = storage.settings(me.home.path)
    now = system_clock()
    folder = new_folder(to / datetime.fromtimestamp(now, UTC).strftime("%Y%m%dT%H%M%S"))
    record = back_up(settings, folder, now)
    left = (str(settings.keystore), *filter(None, [settings.store.url]))
    console.result(
        {
            "folder": str(folder),
            "at": record.at,
            "kind": record.kind,
            "blobs": record.blobs,
            "not_in_it": left,
        },
        Words(
            f"Cadangan di {folder}: basis data dan {record.blobs} berkas. Tidak ikut:"
            f" {', '.join(left)}.",
            f"Backup in {folder}: the database and {record.blobs} blobs. Not in it:"
            f" {', '.join(left)}.",
        ),
    )


@with_storage
def restore(
    storage: StorageOptions,
    folder: Annotated[
        Path | None,
        typer.Argument(
            help="Folder satu cadangan; tanpa ini, basis data yang sudah dipulihkan sendiri"
            " / folder of one backup; without it, a database that you have put back yourself"
        ),
    ] = None,
) -> None:
    """Pulihkan cadangan selagi layanan berhenti / put back a backup while the service is stopped.

    Setiap log menunggu saksi menunjukkan salinannya sebelum menerima pernyataan
    / every log waits until witnesses have shown their copies before it takes a statement.
    """
    from linkage_service.runs.executors import require_stopped
    from linkage_service.storage import backups
    from linkage_service.storage.ledger import Ledger
    from linkage_service.storage.opening import open_blobs
    from linkage_service.storage.records import open_database

    me = console.unlocked()
    require_service(me)
    settings = storage.settings(me.home.path, new=folder is not None)
    require_stopped(settings.executors, settings.database_url)
    if folder is not None:
        backups.restore(settings, folder, system_clock())
    # Not as a service: that hands newer rosters on, and signs them where a statement was lost.
    ledger = Ledger(database=open_database(settings.database_url), me=me, clock=system_clock)
    try:
        projects = ledger.await_copies()
        open_blobs(settings, ledger)
    finally:
        ledger.database.close()
    console.result(
        {"projects": projects, "folder": None if folder is None else str(folder)},
        _awaiting(projects),
    )


def _awaiting(projects: list[str]) -> Words:
    if not projects:
        return Words("Belum ada log yang menunggu.", "There is no log that waits.")
    names = ", ".join(projects)
    return Words(
        f"Menunggu salinan para saksi: {names}. Mereka menjalankan 'padan-policy give-back'.",
        f"These logs wait for the witnesses' copies: {names}. They run 'padan-policy give-back'.",
    )
