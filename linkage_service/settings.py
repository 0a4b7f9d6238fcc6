"""Everything that can be set, read once at start and passed down."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import quote

MAX_BODY_BYTES = 8 * 1024 * 1024
TILE_ROWS = 8192
SWEEP_SECONDS = 3600


EngineKind = Literal["local", "ray"]


@dataclass(frozen=True)
class EngineSettings:
    """Where tiles are matched. None of it changes a result.

    `processes` are those of the local engine: one a core where it is None, 0 for none
    beside the service's own. `ray_address` is `host:port`, `auto` for the cluster that
    this machine belongs to, or `local` for one that lives as long as the run.
    """

    kind: EngineKind = "local"
    processes: int | None = None
    ray_address: str = "auto"


@dataclass(frozen=True)
class Settings:
    """Where one service keeps things, and how it works.

    `keystore` holds the epoch keys; it belongs neither into the database nor into a
    backup, since destroying a key there is what destroys an epoch's encodings.
    `executors` holds the ids of this folder's processes (see `executors`); `executor_id` is one
    that was chosen instead: lower case, digits and dashes, of no other process on the database.
    `scratch` holds decrypted encodings while a run lasts: a disk of this machine that
    is encrypted or lies in memory, and is in no backup either.
    """

    home: Path
    database_url: str
    workflow_url: str
    blobs: Path
    keystore: Path
    scratch: Path
    executors: Path
    tile_rows: int = TILE_ROWS  # rows on one side of a tile, the unit of work and of retry
    engine: EngineSettings = EngineSettings()
    sweep_seconds: int = SWEEP_SECONDS  # from one look for what has reached its date to the next
    executor_id: str = ""

    @classmethod
    def under(
        cls,
        home: Path,
        database_url: str | None = None,
        workflow_url: str | None = None,
        tile_rows: int = TILE_ROWS,
        engine: EngineSettings = EngineSettings(),
        scratch: Path | None = None,
        sweep_seconds: int = SWEEP_SECONDS,
        executor_id: str = "",
    ) -> Settings:
        """The embedded defaults: everything in `HOME/service/`, databases in SQLite."""
        folder = (home / "service").resolve()
        return cls(
            home=home,
            database_url=database_url or _sqlite(folder / "padan.sqlite"),
            workflow_url=workflow_url or _sqlite(folder / "workflows.sqlite"),
            blobs=folder / "blobs",
            keystore=folder / "keystore",
            scratch=scratch or folder / "scratch",
            executors=folder / "executors",
            tile_rows=tile_rows,
            engine=engine,
            sweep_seconds=sweep_seconds,
            executor_id=executor_id,
        )


def _sqlite(path: Path) -> str:
    """Its URL, whatever characters are in the names of its folders."""
    return f"sqlite:///{quote(str(path))}"
