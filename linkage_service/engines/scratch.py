"""Decrypted arrays on disk for the duration of a run, so that processes share one copy.

A run has its own folder (mode 0700) and next to it a lock, held by the process that made
it. The folder is deleted when the run ends. After a crash the lock is free, and the next start
deletes the folder; a locked folder belongs to a process that is still working.
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

from linkage_service.intake.arrays import not_written

_ALIGNED = 64  # bytes: a cache line, and the widest vector register


@dataclass(frozen=True)
class Shared:
    """An object whose arrays are in a file: small to send, mapped and not copied when loaded."""

    path: Path
    frame: bytes
    places: tuple[tuple[int, int], ...]

    def load(self) -> Any:
        """The object again; its arrays are read-only views of the file."""
        with self.path.open("rb") as file:
            whole = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        buffers = [whole[start:stop] for start, stop in self.places]
        # Our own process just wrote this frame; no outside data arrive here.
        return pickle.loads(self.frame, buffers=buffers)  # noqa: S301


def share(value: Any, folder: Path) -> Shared:
    """Write the arrays of a value into a file of this folder; raises NotYet if that fails."""
    path = folder / "arrays"
    buffers: list[pickle.PickleBuffer] = []
    places: list[tuple[int, int]] = []
    # Protocol 5 keeps contiguous arrays as buffers outside of the pickle.
    frame = pickle.dumps(value, protocol=5, buffer_callback=buffers.append)
    try:
        # Written and not mapped: on a full disk, a write fails, but a mapping kills the process.
        with path.open("xb") as file:
            path.chmod(0o600)
            file.write(b"\0" * _ALIGNED)  # an empty file cannot be mapped
            for buffer in buffers:
                file.write(b"\0" * (-file.tell() % _ALIGNED))
                with buffer.raw() as raw:
                    places.append((file.tell(), file.tell() + raw.nbytes))
                    file.write(raw)
    except OSError:
        raise not_written(folder) from None
    return Shared(path, frame, tuple(places))


@contextmanager
def run_folder(scratch: Path) -> Iterator[Path]:
    """A locked folder for one run, removed at its end."""
    folder = scratch / f"run-{secrets.token_hex(8)}"
    lock = _lock_of(folder)
    try:
        scratch.mkdir(parents=True, exist_ok=True, mode=0o700)
        # Locked before it exists, so that no other process considers it abandoned.
        lock.acquire()
        folder.mkdir(mode=0o700)
    except OSError:
        _unlock(lock)
        raise not_written(scratch) from None
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        _unlock(lock)


def sweep(scratch: Path) -> None:
    """Delete the folders of runs that crashed."""
    for folder in filter(Path.is_dir, scratch.glob("run-*")):
        lock = _lock_of(folder)
        try:
            lock.acquire(blocking=False)
        except Timeout:
            continue
        shutil.rmtree(folder, ignore_errors=True)
        _unlock(lock)


def _lock_of(folder: Path) -> FileLock:
    # A run ends in another thread than it began in, perhaps.
    return FileLock(folder.with_name(f"{folder.name}.lock"), mode=0o600, thread_local=False)


def _unlock(lock: FileLock) -> None:
    lock.release()
    Path(lock.lock_file).unlink(missing_ok=True)
