"""The agency's files that projects of a home folder were prepared from.

`padan-encoder prepare` records source and mapping in the store of each dataset, and the page
records its source. By-name lists read these files again, so no command may overwrite them.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import unquote

_NOTED = "SELECT value FROM meta WHERE key IN ('source', 'mapping')"
_DATABASE = "env:"


def prepared_from(home: Path) -> tuple[Path, ...]:
    """The sources and mappings of every project of this home."""
    return tuple(dict.fromkeys(_as_file(each) for each in _noted(home) if each))


def database_file(source: str) -> Path | None:
    """The SQLite file behind a source `env:NAME`; None for other sources."""
    if not source.startswith(_DATABASE):
        return None
    url = os.environ.get(source.removeprefix(_DATABASE), "")
    kind, _, path = url.partition(":///")
    return Path(unquote(path.partition("?")[0])) if kind.startswith("sqlite") and path else None


def _as_file(source: str) -> Path:
    return database_file(source) or Path(source)


def _noted(home: Path) -> Iterator[str]:
    for store in sorted(home.glob("projects/*/prepared/*.sqlite")):
        yield from _noted_in(store)
    for note in sorted(home.glob("projects/*/sources/*.source")):
        yield note.read_text(encoding="utf-8", errors="replace")


def _noted_in(store: Path) -> list[str]:
    """The recorded files of a store; empty if it is damaged, which the reading command reports."""
    try:
        with closing(sqlite3.connect(f"{store.absolute().as_uri()}?mode=ro", uri=True)) as opened:
            return [value for (value,) in opened.execute(_NOTED)]
    except sqlite3.Error:
        return []
