"""The copy of a project's log in a home folder: one file, replaced as a whole, under a lock.

    log.json    the whole log as one page: entries, checkpoint, cosigned notes

Entries and checkpoint are in one file, so that neither exists without the other. A writer holds the
lock, reads the current copy, and removes nothing from it. Copies of earlier builds (entries.jsonl,
checkpoint.txt, cosigned/SIZE.txt) are read until the first write.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout
from pydantic import ValidationError

from policy.base.canonical import b64
from policy.base.error_codes import PolicyCode
from policy.base.errors import BadInput, NotYet
from policy.base.files import read_file, unwritable, write_file
from policy.base.words import Words
from policy.formats.log_page import LogPage

MAX_COPY_BYTES = 1024 * 1024 * 1024
_LOCK_SECONDS = 60.0
_EMPTY = LogPage(entries=(), checkpoint="", cosigned=(), seen=0)


@dataclass(frozen=True)
class LogCopy:
    """A log copy in one folder."""

    folder: Path

    @property
    def path(self) -> Path:
        return self.folder / "log.json"

    def exists(self) -> bool:
        return self.path.exists() or self._entries.exists()

    def read(self) -> LogPage:
        """The stored page; an empty page if there is none. Raises BadInput for a damaged file."""
        if self.path.exists() or not self._entries.exists():
            return self._read()
        with self.locked() as here:  # so that no other command converts it meanwhile
            return here

    def write(self, page: LogPage) -> None:
        """Replace the copy; call it only under `locked`."""
        write_file(self.path, page.canonical())
        for earlier in (self._entries, self._checkpoint, *self._notes()):
            earlier.unlink(missing_ok=True)

    @contextmanager
    def locked(self) -> Iterator[LogPage]:
        """Yields the stored page while no other command or page of this home writes.

        Raises NotYet if the lock is not free within a minute.
        """
        lock = self.folder / "lock"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with FileLock(lock, timeout=_LOCK_SECONDS):
                yield self._read()
        except Timeout:
            raise _busy() from None
        except PermissionError as error:
            raise unwritable(lock, error) from None

    def _read(self) -> LogPage:
        if not self.path.exists():
            return self._read_earlier() if self._entries.exists() else _EMPTY
        try:
            return LogPage.model_validate_json(read_file(self.path, MAX_COPY_BYTES))
        except ValidationError:
            raise damaged(self.path) from None

    def _read_earlier(self) -> LogPage:
        # Canonical JSON has no raw line feed, so a line is a leaf.
        leaves = read_file(self._entries, MAX_COPY_BYTES).splitlines()
        checkpoint = read_file(self._checkpoint).decode() if self._checkpoint.exists() else ""
        return LogPage(
            entries=tuple(map(b64, leaves)),
            checkpoint=checkpoint,
            cosigned=tuple(read_file(note).decode() for note in self._notes()),
            seen=0,
        )

    @property
    def _entries(self) -> Path:
        return self.folder / "entries.jsonl"

    @property
    def _checkpoint(self) -> Path:
        return self.folder / "checkpoint.txt"

    def _notes(self) -> list[Path]:
        return sorted((self.folder / "cosigned").glob("*.txt"))


def damaged(path: Path) -> BadInput:
    """The error for a copy that cannot be read, or that lost entries."""
    return BadInput(
        PolicyCode.LOG_COPY,
        Words(f"Salinan log {path} rusak.", f"The copy of the log in {path} is damaged."),
        Words(
            "Simpan berkas itu untuk auditor, pindahkan dari folder ini, lalu ulangi: salinan baru"
            " diambil dari layanan. Cocokkan dengan titik periksa lama bila ada.",
            "Keep the file for the auditor, move it out of this folder, then try again: a new copy"
            " comes from the service. Compare it with an earlier checkpoint if you have one.",
        ),
    )


def _busy() -> NotYet:
    return NotYet(
        PolicyCode.HOME_BUSY,
        Words(
            "Perintah atau halaman lain sedang memakai folder rumah ini.",
            "Another command or page is using this home folder.",
        ),
        Words("Tunggu sampai selesai, lalu ulangi.", "Wait for its end, then try again."),
    )
