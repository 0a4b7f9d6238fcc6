"""`padan-linkage retention`: list what this service keeps, and destroy what is due."""

from __future__ import annotations

from typing import Annotated

import typer

from linkage_service.cli.options import StorageOptions, with_storage
from policy.base.words import Words
from policy.cli.retention import as_json, print_items
from policy.retention import THINGS
from policy.terminal import console


def register(app: typer.Typer) -> None:
    app.command()(retention)


@with_storage
def retention(
    storage: StorageOptions,
    project: Annotated[
        str | None, typer.Argument(help="Id proyek; semua bila kosong / project id; all if empty")
    ] = None,
    now: Annotated[
        bool, typer.Option("--now", help="Musnahkan yang jatuh tempo / destroy what is due")
    ] = False,
) -> None:
    """Yang disimpan layanan dan tanggalnya / what the service keeps, and until when.

    'padan-linkage serve' memusnahkan sendiri pada waktunya
    / 'padan-linkage serve' destroys on time.
    """
    from linkage_service.retention import own_items, sweep
    from linkage_service.service import Service

    me = console.unlocked()
    settings = storage.settings(me.home.path)
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
