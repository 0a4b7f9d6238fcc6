"""Decrypted arrays on disk for the time of a run, so that processes share one copy.

A run has a folder of its own (mode 0700) and beside it a lock, held by the process that made
it. The folder goes when the run ends. After a crash the lock is free, and the next start
removes the folder: what is locked belongs to a process that still works.
"""

from __future__ import annotations

import mmap
import pickle
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from linkage_service.error_codes import ServiceCode
from policy.base.errors import NotYet
from policy.base.words import Words

_ALIGNED = 64  # bytes: a cache line, and the widest vector register


@dataclass(frozen=True)
class Shared:
    """An object whose arrays lie in a file: small to send, mapped and not copied on loading."""

    path: Path
    frame: bytes
    places: tuple[tuple[int, int], ...]

    def load(self) -> Any:
        """The object again; its arrays are read-only views of the file."""
        with self.path.open("rb") as file:
            whole = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        buffers = [whole[start:stop] for start, stop in self.places]
        # Our own process wrote this frame a moment ago; nothing from outside comes here.
        return pickle.loads(self.frame, buffers=buffers)  # noqa: S301


def share(value: Any, folder: Path) -> Shared:
    """Write the arrays of a value into a file of this folder; NotYet where that fails."""
    path = folder / "arrays"
    buffers: list[pickle.PickleBuffer] = []
    places: list[tuple[int, int]] = []
    # Protocol 5 hands contiguous arrays over as buffers beside the pickle.
    frame = pickle.dumps(value, protocol=5, buffer_callback=buffers.append)
    try:
        # Written and not mapped: on a full disk a write fails, a mapping kills the process.
        with path.open("xb") as file:
            path.chmod(0o600)
            file.write(b"\0" * _ALIGNED)  # an empty file cannot be mapped
            for buffer in buffers:
                file.write(b"\0" * (-file.tell() % _ALIGNED))
                with buffer.raw() as raw:
                    places.append((file.tell(), file.tell() + raw.nbytes))
                    file.write(raw)
    except OSError:
        raise _not_written(folder) from None
    return Shared(path, frame, tuple(places))


@contextmanager
def run_folder(scratch: Path) -> Iterator[Path]:
    """A locked folder for one run, removed at its end."""
    folder = scratch / f"run-{secrets.token_hex(8)}"
    lock = _lock_of(folder)
    try:
        scratch.mkdir(parents=True, exist_ok=True, mode=0o700)
        # Locked before it exists, so that no other process takes it for one left behind.
        lock.acquire()
        folder.mkdir(mode=0o700)
    except OSError:
        _unlock(lock)
        raise _not_written(scratch) from None
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        _unlock(lock)


def sweep(scratch: Path) -> None:
    """Remove what runs left behind that ended without a word."""
    for folder in filter(Path.is_dir, scratch.glob("run-*")):
        lock = _lock_of(folder)
        try:
            lock.acquire(blocking=False)
        except Timeout:
            continue
        shutil.rmtree(folder, ignore_errors=True)
        _unlock(lock)


def _lock_of(folder: Path) -> FileLock:
    return FileLock(folder.with_name(f"{folder.name}.lock"), mode=0o600)


def _unlock(lock: FileLock) -> None:
    lock.release()
    Path(lock.lock_file).unlink(missing_ok=True)


def _not_written(folder: Path) -> NotYet:
    return NotYet(
        ServiceCode.RUN_SCRATCH,
        Words(
            f"Folder kerja {folder} tidak dapat ditulisi, atau disknya penuh.",
            f"The scratch folder {folder} cannot be written to, or its disk is full.",
        ),
        Words(
            "Kosongkan ruang atau pilih folder lain dengan --scratch, lalu mulai lagi dengan"
            " 'padan-linkage start-run'; petak yang selesai tidak diulang.",
            "Free space or choose another folder with --scratch, then start again with"
            " 'padan-linkage start-run'; finished tiles are not repeated.",
        ),
    )
