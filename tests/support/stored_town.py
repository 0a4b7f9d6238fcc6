"""A town as far as some stage: made once in a run of the tests, and copied."""

from __future__ import annotations

import copy
import json
from functools import partial
from pathlib import Path
from typing import Any, Literal, get_args

from sqlalchemy import select

from linkage_service.storage.records.database import connect, open_database
from linkage_service.storage.records.tables import metadata
from policy.base.clocks import Clock, system_clock
from policy.crypto.keys import key_secrets, keys_from_secrets
from tests.support.ports import free_port
from tests.support.server import loopback
from tests.support.service import Town
from tests.support.stored import begin_from, stored

Stage = Literal["signed", "agreed", "uploaded", "matched"]
STAGES: tuple[Stage, ...] = get_args(Stage)
RUN = "padan-1"
_KEYS = "keys-of-members.json"


def town_at(
    stage: Stage,
    folder: Path,
    *,
    database_url: str | None = None,
    clock: Clock = system_clock,
    **described: Any,
) -> Town:
    """A town in this folder that is as `described` by its fields, with no service yet.

    Once matched it has the run RUN. `database_url` names an empty database of either kind.
    """
    # How large tiles are matters from the first match on.
    follows = {k: v for k, v in described.items() if stage == "matched" or k != "tile_rows"}
    key = ("town", stage, sorted(follows.items()))
    port = free_port()
    place = stored(key, partial(_make, stage, described))
    begin_from(place, folder, loopback(port))
    secrets = json.loads((folder / _KEYS).read_text())
    keys = {name: keys_from_secrets(secret.encode()) for name, secret in secrets.items()}
    town = Town(folder, keys=keys, port=port, clock=clock, **copy.deepcopy(described))
    if database_url is not None:
        move_database(town, database_url)
    return town


def _make(stage: Stage, described: dict[str, Any], folder: Path) -> None:
    """This stage, from the one before it."""
    before = STAGES.index(stage) - 1
    if before < 0:
        town = Town(folder, **copy.deepcopy(described))
        secrets = {name: key_secrets(keys).decode() for name, keys in town.keys.items()}
        (folder / _KEYS).write_text(json.dumps(secrets))
    else:
        town = town_at(STAGES[before], folder, **described)
    with town.serving():
        match stage:
            case "signed":
                town.sign_charter()
                town.witness()
            case "agreed":
                town.agree_on_keys()
            case "uploaded":
                for dataset in town.persons:
                    town.upload(dataset)
            case "matched":
                town.match(RUN)


def move_database(town: Town, url: str) -> None:
    """Move the rows of a town whose service does not run into this empty database."""
    file = town.settings().database_url
    old, new = connect(file), open_database(url)
    with old.reading() as rows, new.writing("padan/move") as into:
        for table in metadata.sorted_tables:
            into.execute(table.delete())
            for row in rows.execute(select(table)).mappings().all():
                into.execute(table.insert().values(**row))
    old.close()
    new.close()
    Path(file.removeprefix("sqlite:///")).unlink()
    town.database_url = url
