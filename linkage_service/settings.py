"""Everything that can be set, read once at start and passed down."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

MAX_BODY_BYTES = 8 * 1024 * 1024
MAX_CLOCK_SKEW_SECONDS = 600
TILE_ROWS = 8192


@dataclass(frozen=True)
class Settings:
    """Where one service keeps things, and how it works.

    `keystore` holds the epoch keys; it belongs neither into the database nor into a
    backup, since destroying a key there is what destroys an epoch's encodings.
    """

    home: Path
    database_url: str
    workflow_url: str
    blobs: Path
    keystore: Path
    tile_rows: int = TILE_ROWS  # rows on one side of a tile, the unit of work and of retry

    @classmethod
    def under(
        cls,
        home: Path,
        database_url: str | None = None,
        workflow_url: str | None = None,
        tile_rows: int = TILE_ROWS,
    ) -> Settings:
        """The embedded defaults: everything in `HOME/service/`, databases in SQLite."""
        folder = (home / "service").resolve()
        return cls(
            home=home,
            database_url=database_url or f"sqlite:///{folder / 'padan.sqlite'}",
            workflow_url=workflow_url or f"sqlite:///{folder / 'workflows.sqlite'}",
            blobs=folder / "blobs",
            keystore=folder / "keystore",
            tile_rows=tile_rows,
        )
