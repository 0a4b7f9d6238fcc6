"""`padan-linkage retention`: list what this service keeps, and destroy what is due."""

from __future__ import annotations

from typing import Annotated

import typer

from linkage_service.cli.options import (
    BlobsCredentials,
    BlobsEndpoint,
    BlobsPlainHttp,
    BlobsRegion,
    BlobsUrl,
    DatabaseUrlFile,
    store_settings,
    url_in,
)
from policy.base.words import Words
from policy.cli.retention import as_json, print_items
from policy.retention import THINGS
from policy.terminal import console


def register(app: typer.Typer) -> None:
    app.command()(retention)


def retention(
    project: Annotated[
        str | None, typer.Argument(help="Id proyek; semua bila kosong / project id; all if empty")
    ] = None,
    now: Annotated[
        bool, typer.Option("--now", help="Musnahkan yang jatuh tempo / destroy what is due")
    ] = False,
    database_url_file: DatabaseUrlFile = None,
    blobs_url: BlobsUrl = "",
    blobs_endpoint: BlobsEndpoint = "",
    blobs_region: BlobsRegion = "",
    blobs_credentials: BlobsCredentials = None,
    blobs_plain_http: BlobsPlainHttp = False,
) -> None:
    """Yang disimpan layanan dan tanggalnya / what the service keeps, and until when.

    'padan-linkage serve' memusnahkan sendiri pada waktunya
    / 'padan-linkage serve' destroys on time.
    """
    from linkage_service.retention import own_items, sweep
    from linkage_service.service import Service
    from linkage_service.settings import Settings

    me = console.unlocked()
    store = store_settings(
        blobs_url, blobs_endpoint, blobs_region, blobs_credentials, plain_http=blobs_plain_http
    )
    settings = Settings.under(me.home.path, url_in(database_url_file), store=store)
    service = Service.open(settings, me)
    at = service.clock()
    try:
        swept = sweep(service, at, project) if now else []
        items = {
            each: own_items(service, each, at)
            for each in ([project] if project else service.ledger.projects())
        }
    finally:
        service.close()
    console.result(
        {
            "items": {name: [as_json(item) for item in each] for name, each in items.items()},
            "destroyed": [
                {"project": each.project, "what": each.what, "count": each.count} for each in swept
            ],
        }
    )
    for gone in swept:
        thing = THINGS[gone.what]
        console.say(
            Words(
                f"{gone.project}: {thing.id} dimusnahkan ({gone.count}).",
                f"{gone.project}: {thing.en} destroyed ({gone.count}).",
            )
        )
    if not console.options.json:
        for name, each in items.items():
            console.out.print(name, markup=False, style="bold")
            print_items(each)
