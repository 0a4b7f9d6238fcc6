"""`padan-linkage doctor`: is this deployment as it should be?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from linkage_service.cli.options import (
    PublicAddress,
    Scratch,
    StorageOptions,
    TrustedProxies,
    with_storage,
)
from linkage_service.desk.serving import require_roster, require_service
from policy.terminal import console

_HOURS = 26  # a backup a day, and time for it


def register(app: typer.Typer) -> None:
    app.command()(doctor)


@with_storage
def doctor(
    storage: StorageOptions,
    scratch: Scratch = None,
    public_url: PublicAddress = "",
    trusted_proxy: TrustedProxies = None,
    backups: Annotated[
        Path | None, typer.Option(help="Folder cadangan / folder of the backups")
    ] = None,
    backup_hours: Annotated[
        int,
        typer.Option(help="Umur terlama cadangan terbaru / oldest age of the newest backup", min=1),
    ] = _HOURS,
) -> None:
    """Periksa penyediaan layanan ini dan sebut yang harus dilakukan
    / check this deployment and say what to do.

    Beri pilihan yang sama seperti kepada serve. Kode keluar 1: ada yang harus diperbaiki.
    / Give the same options as to serve. Exit code 1: something has to be fixed.
    """
    from linkage_service.doctor import Deployment, examine
    from policy.terminal import checks

    me = console.unlocked()
    require_service(me)
    require_roster(me)
    settings = storage.settings(
        me.home.path,
        new=True,  # it says itself what is missing
        scratch=scratch,
        public_url=public_url,
        trusted_proxies=tuple(trusted_proxy or ()),
    )
    passphrase = console.options.passphrase_file
    secrets = storage.secrets() + ((passphrase,) if passphrase else ())
    found = examine(Deployment(settings, me, secrets, backups, backup_hours))
    if not checks.show(found):
        raise typer.Exit(1)
