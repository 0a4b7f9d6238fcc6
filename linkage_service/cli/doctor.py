"""`padan-linkage doctor`: is this deployment as it should be?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from linkage_service.cli.options import (
    BlobsCredentials,
    BlobsEndpoint,
    BlobsPlainHttp,
    BlobsRegion,
    BlobsUrl,
    DatabaseUrlFile,
    PublicAddress,
    Scratch,
    TokenLabel,
    TokenModule,
    TokenPinFile,
    TrustedProxies,
    store_settings,
    url_in,
)
from linkage_service.cli.serving import require_service
from policy.terminal import console

_HOURS = 26  # a backup a day, and time for it


def register(app: typer.Typer) -> None:
    app.command()(doctor)


def doctor(
    database_url_file: DatabaseUrlFile = None,
    scratch: Scratch = None,
    public_url: PublicAddress = "",
    trusted_proxy: TrustedProxies = None,
    blobs_url: BlobsUrl = "",
    blobs_endpoint: BlobsEndpoint = "",
    blobs_region: BlobsRegion = "",
    blobs_credentials: BlobsCredentials = None,
    blobs_plain_http: BlobsPlainHttp = False,
    token_module: TokenModule = None,
    token_label: TokenLabel = "",
    token_pin_file: TokenPinFile = None,
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
    from linkage_service.settings import Settings, TokenSettings
    from policy.terminal import checks

    me = console.unlocked()
    require_service(me)
    store = store_settings(
        blobs_url, blobs_endpoint, blobs_region, blobs_credentials, plain_http=blobs_plain_http
    )
    settings = Settings.under(
        me.home.path,
        url_in(database_url_file),
        scratch=scratch,
        public_url=public_url,
        trusted_proxies=tuple(trusted_proxy or ()),
        store=store,
        token=TokenSettings(token_module, token_label, token_pin_file),
    )
    files = (database_url_file, blobs_credentials, token_pin_file, console.options.passphrase_file)
    secrets = [each for each in files if each]
    found = examine(Deployment(settings, me, tuple(secrets), backups, backup_hours))
    if not checks.show(found):
        raise typer.Exit(1)
