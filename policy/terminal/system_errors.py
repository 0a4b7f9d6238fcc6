"""Errors of the operating system during a command, in words."""

from __future__ import annotations

import os
import sqlite3

from policy.base.error_codes import PolicyCode
from policy.base.errors import BadInput
from policy.base.words import Words

# SQLite's error names for a full, a failing, a missing and a read-only disk.
_DISK_TROUBLE = ("SQLITE_FULL", "SQLITE_IOERR", "SQLITE_CANTOPEN", "SQLITE_READONLY")


def system_error(error: OSError | sqlite3.Error) -> BadInput | None:
    """An operating system error in words; None if a program is at fault."""
    if isinstance(error, OSError):
        where = "" if error.filename is None else f"{os.fsdecode(error.filename)}: "
        reason = f"{where}{error.strerror or type(error).__name__}"
    else:
        name = getattr(error, "sqlite_errorname", "")
        if not name.startswith(_DISK_TROUBLE):
            return None
        reason = f"{error} ({name})"
    return BadInput(
        PolicyCode.FILE_SYSTEM,
        Words(f"Sistem menolak: {reason}.", f"The system refused: {reason}."),
        Words(
            "Periksa ruang disk, izin, dan sambungan foldernya, lalu ulangi.",
            "Check the disk's space, the permissions and that the folder is connected; try again.",
        ),
    )
