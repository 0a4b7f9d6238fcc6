"""Space set aside next to a SQLite database, so that the service starts on a full disk.

To be opened at all, even to read, such a database needs a little space for its write-ahead log. The
file of the reserve is given up for that, and made again at a start that did not need it.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from sqlalchemy import make_url

RESERVE_BYTES = 1024 * 1024


def keep_reserve(url: str) -> None:
    """Set the space aside, if it is not yet and the disk has it."""
    path = _path(url)
    if path is None or path.exists():
        return
    try:
        path.write_bytes(bytes(RESERVE_BYTES))
    except OSError:
        with suppress(OSError):
            path.unlink()


def give_up_reserve(url: str) -> bool:
    """Free the space; whether there was any."""
    path = _path(url)
    if path is None or not path.exists():
        return False
    path.unlink()
    return True


def _path(url: str) -> Path | None:
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        return None
    return Path(f"{parsed.database}.reserve")
