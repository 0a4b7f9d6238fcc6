"""`padan-linkage storage`: what the service's storage holds, and who fills it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from linkage_service.cli.options import StorageOptions, with_storage
from linkage_service.settings import UPLOAD_DAYS
from policy.base.words import Words
from policy.terminal import console

if TYPE_CHECKING:
    from linkage_service.upkeep.storage_report import ProjectStorage


def register(app: typer.Typer) -> None:
    app.command()(storage)


@with_storage
def storage(
    storage: StorageOptions,
    upload_days: Annotated[
        int,
        typer.Option(
            min=1,
            help="Umur kiriman tanpa manifes sebelum dihapus, dalam hari"
            " / age in days at which uploads without a manifest are deleted",
        ),
    ] = UPLOAD_DAYS,
) -> None:
    """Isi penyimpanan layanan dan sisa yang akan dihapus / what the service's storage holds.

    Ukuran tiap proyek, kiriman yang menunggu manifes, dan sisa yang tidak disebut siapa pun
    / sizes of each project, uploads that wait for a manifest, and what nothing names.
    """
    from linkage_service.service import Service
    from linkage_service.upkeep.storage_report import storage_report

    me = console.unlocked()
    settings = storage.settings(me.home.path, upload_days=upload_days)
    service = Service.open(settings, me)
    try:
        report = storage_report(service, service.clock())
    finally:
        service.close()
    console.result(
        report.model_dump(mode="json"),
        Words(
            f"{len(report.projects)} proyek, {size(report.bytes)};"
            f" {report.other_blobs} berkas milik proyek yang tidak dikenal.",
            f"{len(report.projects)} projects, {size(report.bytes)};"
            f" {report.other_blobs} files of projects that are not known.",
        ),
    )
    if not console.options.json:
        for each in report.projects:
            _show(each)


_WAITING = Words("menunggu manifes", "waits for a manifest")
_LEFT = Words("sisa yang akan dihapus", "left over, to be deleted")
_FOLDERS = {
    "chunks": Words("baris tersandi", "encoded rows"),
    "documents": Words("dokumen", "documents"),
    "runs": Words("pemadanan", "runs"),
    "releases": Words("berkas rilis", "released files"),
    "transfers": Words("atribut", "attributes"),
}
_HEADS = ("", Words("berkas", "files"), Words("ukuran", "size"))


def _show(project: ProjectStorage) -> None:
    table = Table(*(str(each) for each in _HEADS), title=project.project, title_justify="left")
    for name, amount in project.folders.items():
        table.add_row(str(_FOLDERS.get(name, name)), str(amount.blobs), size(amount.bytes))
    for party in project.uploads:
        room = f"{size(party.waiting)} / {size(party.most)}"
        table.add_row(f"{party.party}: {_WAITING}", "", room)
    for name, amount in project.left_over.items():
        if amount.blobs:
            table.add_row(
                f"{_FOLDERS.get(name, name)}: {_LEFT}", str(amount.blobs), size(amount.bytes)
            )
    console.out.print(table)


def size(count: int) -> str:
    """Bytes as people read them, in MiB."""
    return f"{count / (1 << 20):,.1f} MiB"
