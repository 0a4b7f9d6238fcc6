"""Writes files so that no half-written file is ever found and secrets are private."""

from __future__ import annotations

import errno
import os
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from policy.base.error_codes import PolicyCode
from policy.base.errors import BadInput
from policy.base.stopping import not_now
from policy.base.words import Words

# https://docs.python.org/3/library/os.html#os.mkdir: from these on, Windows heeds the mode 0700.
_FIRST_WITH_ACL: dict[tuple[int, ...], tuple[int, ...]] = {
    (3, 11): (3, 11, 10),
    (3, 12): (3, 12, 4),
}
_FULL = (errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC))


def private_folder(path: Path) -> None:
    """Make a folder, if it is missing, that only this user can enter.

    Windows gives a new folder an access list for the mode 0700 (`keeps_folders_private`); a folder
    that exists there already keeps the one it has.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    path.mkdir(mode=0o700, exist_ok=True)
    path.chmod(0o700)


def keeps_folders_private(
    system: str = os.name, version: tuple[int, ...] = sys.version_info[:3]
) -> bool:
    """Whether new private folders keep other users out: Python for Windows does since 2024."""
    return system != "nt" or version >= _FIRST_WITH_ACL.get(version[:2], (3, 13))


def write_file(path: Path, data: bytes, *, private: bool = False) -> None:
    """Write to a temporary file in the same folder, sync, and rename. `private` means mode 0600."""
    write_stream(path, (data,), private=private)


def write_stream(path: Path, blocks: Iterable[bytes], *, private: bool = False) -> None:
    """As `write_file`, from blocks; an exception leaves the old file unchanged."""
    with replacing(path, private=private) as temporary:
        fill(temporary, path, blocks)


def fill(temporary: Path, path: Path, blocks: Iterable[bytes]) -> None:
    """Write the blocks into the temporary file of `path`."""
    with _opened(temporary, path) as file:
        for block in blocks:
            with _writing(path):
                file.write(block)


@contextmanager
def replacing(path: Path, *, private: bool = False) -> Iterator[Path]:
    """Yields an empty file in the same folder to fill; at the end it replaces `path`.

    An exception removes it and leaves the old file unchanged. For libraries that write their own
    files; everything else uses `write_stream`.
    """
    with ExitStack() as stack:
        with not_now(), _writing(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=path.parent, prefix=".padan-", suffix=".tmp")
            temporary = Path(name)
            stack.callback(_removed, temporary)
            os.close(handle)
        with _not_written(path, temporary):
            yield temporary
        with _writing(path):
            _sync(temporary)
            temporary.chmod(0o600 if private else 0o644)
        with _putting_in_place(path):
            temporary.replace(path)


def _removed(temporary: Path) -> None:
    """Remove the temporary file unless it has replaced its target."""
    with suppress(OSError):
        temporary.unlink(missing_ok=True)


@contextmanager
def folder_beside(path: Path, prefix: str) -> Iterator[Path]:
    """Yields a folder next to `path` for temporary files; it is always removed at the end."""
    with ExitStack() as stack:
        with not_now():
            folder = stack.enter_context(TemporaryDirectory(prefix=prefix, dir=path.parent))
        yield Path(folder)


@contextmanager
def _opened(temporary: Path, path: Path) -> Iterator[BinaryIO]:
    """Closes quietly if the file could not be filled, so that the first error is reported."""
    with _writing(path):
        file = temporary.open("wb")
    try:
        yield file
        with _writing(path):
            file.close()
    finally:
        with suppress(OSError):
            file.close()


def _sync(path: Path) -> None:
    with path.open("r+b") as file:
        os.fsync(file.fileno())


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    """Turns missing rights, a full disk or a lost folder into BadInput with the system's reason."""
    try:
        yield
    except OSError as error:
        raise unwritable(path, error) from None


@contextmanager
def _not_written(path: Path, temporary: Path) -> Iterator[None]:
    """Turns a library's errors about the file it fills into BadInput; others pass unchanged."""
    try:
        yield
    except OSError as error:
        if error.filename is None or Path(os.fsdecode(error.filename)) == temporary:
            raise unwritable(path, error) from None
        raise


@contextmanager
def _putting_in_place(path: Path) -> Iterator[None]:
    try:
        yield
    except PermissionError:
        raise BadInput(
            PolicyCode.FILE_IN_USE,
            Words(
                f"Berkas {path} tidak dapat diganti: mungkin sedang dibuka di program lain.",
                f"The file {path} cannot be replaced: another program may have it open.",
            ),
            Words(
                "Tutup berkas itu di Excel atau program lain, lalu ulangi. Berkas lama utuh.",
                "Close the file in Excel or the other program, then try again. The old file is"
                " unchanged.",
            ),
        ) from None
    except OSError as error:
        raise unwritable(path, error) from None


def unwritable(path: Path, error: OSError) -> BadInput:
    """The error for a file that cannot be written, with the reason and what to do."""
    reason = error.strerror or type(error).__name__
    hint = Words(
        "Pilih nama lain, atau periksa izin folder dan ruang disk.",
        "Choose another name, or check the folder's permissions and the disk's space.",
    )
    if error.errno in _FULL:
        hint = Words(
            "Kosongkan ruang disk atau pilih folder lain. Berkas lama, bila ada, utuh.",
            "Free some space or choose another folder. The old file, if any, is unchanged.",
        )
    elif isinstance(error, FileNotFoundError):
        hint = Words(
            "Foldernya hilang selama ditulis. Sambungkan atau buat lagi folder itu, lalu ulangi.",
            "Its folder was lost while writing. Connect or create the folder, then try again.",
        )
    return BadInput(
        PolicyCode.FILE_UNWRITABLE,
        Words(
            f"Berkas {path} tidak dapat ditulis ({reason}).",
            f"The file {path} cannot be written ({reason}).",
        ),
        hint,
    )


def shred_file(path: Path) -> bool:
    """Overwrite and unlink; returns whether the file existed.

    Copies on the disk, in a snapshot or in a backup are out of reach of this program.
    """
    try:
        with path.open("r+b") as file:
            overwrite(file.fileno())
    except FileNotFoundError:
        return False
    path.unlink()
    return True


def replace_and_shred(temporary: Path, path: Path) -> None:
    """`temporary` takes the place of `path`, whose old content is then overwritten.

    No file is open while it is replaced or deleted, since Windows refuses both. What a crash leaves
    is `PATH.old`, which the next call overwrites first.
    """
    old = path.with_name(f"{path.name}.old")
    if old.exists() and path.exists() and old.samefile(path):
        old.unlink()  # a crash left two names of the current content
    shred_file(old)
    try:
        os.link(path, old)
    except OSError:  # a disk without hard links
        path.replace(old)
    _sync(temporary)
    with _putting_in_place(path):
        temporary.replace(path)
    shred_file(old)


def overwrite(descriptor: int) -> None:
    """Write random bytes over the whole content of an open file."""
    left = os.fstat(descriptor).st_size
    os.lseek(descriptor, 0, os.SEEK_SET)
    while left > 0:
        left -= os.write(descriptor, os.urandom(min(left, 1 << 20)))
    os.fsync(descriptor)


def read_file(path: Path, limit: int = 64 * 1024 * 1024) -> bytes:
    """The bytes of a small file; raises BadInput if it is missing or larger than `limit` bytes."""
    try:
        if path.stat().st_size > limit:
            raise BadInput(
                PolicyCode.FILE_TOO_LARGE,
                Words(f"Berkas {path} terlalu besar.", f"The file {path} is too large."),
                Words(
                    f"Batasnya {limit} byte; periksa apakah berkasnya benar.",
                    f"The limit is {limit} bytes; check that it is the right file.",
                ),
            )
        return path.read_bytes()
    except OSError:
        raise missing_file(path) from None


def missing_file(path: Path) -> BadInput:
    """The error for a file that is missing, a folder, or not readable by this program."""
    if path.is_dir():
        return BadInput(
            PolicyCode.FILE_FOLDER,
            Words(f"{path} adalah folder, bukan berkas.", f"{path} is a folder, not a file."),
            Words("Sebut berkas di dalamnya.", "Name a file in it."),
        )
    if path.exists():
        return BadInput(
            PolicyCode.FILE_UNREADABLE,
            Words(f"Berkas {path} tidak dapat dibuka.", f"The file {path} cannot be opened."),
            Words(
                "Tutup berkas itu di Excel atau program lain, dan periksa izinnya.",
                "Close the file in Excel or the other program, and check its permissions.",
            ),
        )
    return BadInput(
        PolicyCode.FILE_MISSING,
        Words(f"Berkas {path} tidak ada.", f"The file {path} does not exist."),
        Words("Periksa namanya.", "Check its name."),
    )
