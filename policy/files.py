"""Writing files so that nothing half-written is ever found, and secrets are private."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from policy.errors import BadInput
from policy.words import Words


def write_file(path: Path, data: bytes, *, private: bool = False) -> None:
    """Write to a neighbour, sync, rename over. `private` means mode 0600."""
    write_stream(path, (data,), private=private)


def write_stream(path: Path, blocks: Iterable[bytes], *, private: bool = False) -> None:
    """Like `write_file`, from blocks; an exception leaves the old file as it was."""
    with _writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            for block in blocks:
                with _writing(path):
                    file.write(block)
            with _writing(path):
                file.flush()
                os.fsync(file.fileno())
        with _writing(path):
            temporary.chmod(0o600 if private else 0o644)
            temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    """A folder of that name, no right to write, a full disk: said, with the system's reason."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise BadInput(
            "file.unwritable",
            Words(
                f"Berkas {path} tidak dapat ditulis ({reason}).",
                f"The file {path} cannot be written ({reason}).",
            ),
            Words(
                "Pilih nama lain, atau periksa izin folder dan ruang disk.",
                "Choose another name, or check the folder's permissions and the disk's space.",
            ),
        ) from None


def shred_file(path: Path) -> bool:
    """Overwrite and unlink; whether it was there.

    What a disk, a snapshot or a backup keeps beyond that is outside this program.
    """
    try:
        with path.open("r+b") as file:
            overwrite(file.fileno())
    except FileNotFoundError:
        return False
    path.unlink()
    return True


def overwrite(descriptor: int) -> None:
    """Random bytes over all that an open file holds."""
    left = os.fstat(descriptor).st_size
    os.lseek(descriptor, 0, os.SEEK_SET)
    while left > 0:
        left -= os.write(descriptor, os.urandom(min(left, 1 << 20)))
    os.fsync(descriptor)


def read_file(path: Path, limit: int = 64 * 1024 * 1024) -> bytes:
    """The bytes of a small file; raises BadInput if it is missing or too large."""
    try:
        if path.stat().st_size > limit:
            raise BadInput(
                "file.too-large",
                Words(f"Berkas {path} terlalu besar.", f"The file {path} is too large."),
                Words(
                    f"Batasnya {limit} bita; periksa apakah berkasnya benar.",
                    f"The limit is {limit} bytes; check that it is the right file.",
                ),
            )
        return path.read_bytes()
    except OSError:
        raise missing_file(path) from None


def missing_file(path: Path) -> BadInput:
    return BadInput(
        "file.missing",
        Words(
            f"Berkas {path} tidak ada atau tidak terbaca.",
            f"The file {path} is missing or unreadable.",
        ),
        Words("Periksa nama dan izin berkas itu.", "Check its name and permissions."),
    )
