"""How old the newest backup is."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from policy.base.words import Words
from policy.terminal.checks import SelfCheck, Standing, holds

_HOUR = 3600
_REMEDY = Words(
    "Periksa pekerjaan cadangan dan ruang disknya, lalu buat cadangan sekarang.",
    "Look at the backup job and its disk space, then make a backup now.",
)


def check_backups(
    folder: Path | None, made: datetime | None, most_hours: int, now: int
) -> SelfCheck:
    """The newest file in that folder or below it; without a folder, the newest backup that
    `padan-linkage backup` made. Empty files are no backup."""
    if folder is None and made is not None:
        return _judged(made.timestamp(), most_hours, now)
    if folder is None:
        return SelfCheck(
            "backups",
            Standing.LOOK,
            Words("Umur cadangan tidak diperiksa.", "The age of backups was not examined."),
            Words(
                "Buat dengan 'padan-linkage backup', atau sebut foldernya: --backups FOLDER.",
                "Make one with 'padan-linkage backup', or name their folder: --backups FOLDER.",
            ),
        )
    times = [each.stat() for each in folder.rglob("*") if each.is_file()]
    newest = max((each.st_mtime for each in times if each.st_size), default=None)
    if newest is None:
        none = Words("Belum ada cadangan.", "There is no backup yet.")
        return holds("backups", ok=False, found=none, remedy=_REMEDY)
    return _judged(newest, most_hours, now)


def _judged(newest: float, most_hours: int, now: int) -> SelfCheck:
    hours = max(0, int(now - newest)) // _HOUR
    return holds(
        "backups",
        hours <= most_hours,
        Words(
            f"Cadangan terbaru berumur {hours} jam (batas {most_hours} jam).",
            f"The newest backup is {hours} hours old (limit {most_hours} hours).",
        ),
        _REMEDY,
    )
