"""The machine around Padan: its clock, its disk, its console, who may read its files."""

from __future__ import annotations

import os
import shutil
import stat
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from policy.base.errors import PadanError
from policy.base.files import keeps_folders_private, write_file
from policy.base.words import Words
from policy.terminal.checks import SelfCheck, Standing, holds
from policy.terminal.streams import writes_unicode

# The day of this version. A clock that shows an earlier day is wrong.
RELEASED = datetime(2026, 11, 29, tzinfo=UTC)
_GIGABYTE = 10**9
_LEAST_FREE = 2


def check_machine(home: Path, now: datetime) -> list[SelfCheck]:
    """All checks of the machine; `home` is the home folder, which need not exist yet."""
    folder = _nearest(home)
    return [
        check_clock(now),
        check_room(folder, shutil.disk_usage(folder).free),
        check_writing(folder),
        check_privacy(folder),
        check_console(),
    ]


def check_clock(now: datetime) -> SelfCheck:
    """The day is not before this version; statements carry this machine's time."""
    shown = f"{now.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
    return holds(
        "clock",
        now >= RELEASED,
        Words(f"jam komputer: {shown}", f"this machine's clock: {shown}"),
        Words(
            "Jam ini mundur. Nyalakan penyelarasan waktu otomatis di pengaturan sistem.",
            "This clock is behind. Turn on automatic time in the system's settings.",
        ),
    )


def check_room(folder: Path, free: int) -> SelfCheck:
    """Room for frozen rows and bundles; `free` in bytes."""
    shown = f"{free / _GIGABYTE:.1f} GB"
    enough = free >= _LEAST_FREE * _GIGABYTE
    return SelfCheck(
        "disk.room",
        Standing.FINE if enough else Standing.LOOK,
        Words(f"{folder}: {shown} kosong", f"{folder}: {shown} free"),
        None
        if enough
        else Words(
            f"Kosongkan sampai {_LEAST_FREE} GB: satu juta orang memerlukan sekitar 2 GB.",
            f"Free {_LEAST_FREE} GB: a million people need about 2 GB.",
        ),
    )


def check_writing(folder: Path) -> SelfCheck:
    """A file is written, replaced, read again and deleted."""
    remedy = Words(
        "Pilih folder lain dengan --home, atau minta hak tulis di folder itu.",
        "Choose another folder by --home, or ask for the right to write there.",
    )
    try:
        with tempfile.TemporaryDirectory(prefix=".padan-selftest-", dir=folder) as scratch:
            path = Path(scratch) / "uji #1%20 é.bin"
            for content in (b"first", b"second"):
                write_file(path, content, private=True)
            kept = path.read_bytes() == b"second"
    except (OSError, PadanError):
        kept = False
    found = Words(
        f"{folder}: berkas ditulis dan diganti utuh", f"{folder}: files are written and replaced"
    )
    return holds("disk.writing", kept, found, remedy)


def check_privacy(folder: Path) -> SelfCheck:
    """Whether other users of this machine are kept out of private folders and files."""
    found = Words("hak akses folder pribadi", "access rights of private folders")
    if os.name == "nt":
        kept = keeps_folders_private()
    else:
        with tempfile.TemporaryDirectory(prefix=".padan-selftest-", dir=folder) as scratch:
            path = Path(scratch) / "private"
            write_file(path, b"", private=True)
            kept = not stat.S_IMODE(path.stat().st_mode) & 0o077
    if kept:
        return SelfCheck("disk.private", Standing.FINE, found)
    return SelfCheck(
        "disk.private",
        Standing.LOOK,
        found,
        Words(
            "Orang lain di mesin ini dapat membuka folder Padan. Perbarui Python ke 3.11.10,"
            " 3.12.4, atau 3.13, atau simpan folder itu di profil pengguna Anda sendiri; kuncinya"
            " tetap tersandi.",
            "Others on this machine could open Padan's folder. Update Python to 3.11.10, 3.12.4 or"
            " 3.13, or keep the folder in your own user profile; its keys are encrypted in any"
            " case.",
        ),
    )


def check_console() -> SelfCheck:
    """Whether the console shows every letter; without that, output is escaped and not lost."""
    encoding = sys.stdout.encoding or "?"
    found = Words(f"huruf konsol: {encoding}", f"letters of the console: {encoding}")
    if writes_unicode(sys.stdout):
        return SelfCheck("console", Standing.FINE, found)
    return SelfCheck(
        "console",
        Standing.LOOK,
        found,
        Words(
            "Beberapa huruf akan diganti. Di PowerShell: $env:PYTHONUTF8 = 1",
            "Some letters will be replaced. In PowerShell: $env:PYTHONUTF8 = 1",
        ),
    )


def _nearest(home: Path) -> Path:
    """The home folder, or the nearest folder above that exists."""
    path = home.absolute()
    while not path.is_dir():
        path = path.parent
    return path
