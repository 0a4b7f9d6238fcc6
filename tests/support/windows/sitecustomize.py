"""File rules of Windows, for a Python that runs with this folder on PYTHONPATH.

An open file can be neither replaced, renamed nor deleted; a rename never replaces a file; names
with a character that NTFS refuses, or that end in a dot or a space, cannot be made. Modes of files
mean nothing there, so `chmod` does nothing here except for the read-only flag.

Only files that this process holds open are looked at (Linux, /proc). Temporary files of the system
and of libraries outside the folder WINDOWS_FOLDER are left alone.
"""

import errno
import os
import stat
import sys

_FOLDER = os.path.realpath(os.environ["WINDOWS_FOLDER"])
_REFUSED = set('<>:"|?*\\')
_CREATED = os.O_CREAT
_rename, _chmod = os.rename, os.chmod


def _inside(path: object) -> str | None:
    """The file's real path if the rules hold for it."""
    if not isinstance(path, str | bytes | os.PathLike):
        return None
    # The last part is not followed: a link is replaced, and not what it points to.
    folder, name = os.path.split(os.path.abspath(os.fsdecode(path)))
    whole = os.path.join(os.path.realpath(folder), name)
    return whole if whole.startswith(_FOLDER + os.sep) else None


def _is_open(path: str) -> bool:
    try:
        wanted = os.lstat(path)
    except OSError:
        return False
    if not stat.S_ISREG(wanted.st_mode):
        return False
    for handle in os.listdir("/proc/self/fd"):
        try:
            held = os.stat(f"/proc/self/fd/{handle}")
        except OSError:
            continue
        if (held.st_dev, held.st_ino) == (wanted.st_dev, wanted.st_ino):
            return True
    with open("/proc/self/maps", encoding="utf-8", errors="replace") as maps:
        return any(line.rstrip("\n").endswith(path) for line in maps)


def _require_closed(path: object) -> None:
    whole = _inside(path)
    if whole is not None and _is_open(whole):
        raise PermissionError(errno.EACCES, "used by another handle (as on Windows)", whole)


def _require_name(path: object) -> None:
    whole = _inside(path)
    if whole is None:
        return
    for part in whole[len(_FOLDER) + 1 :].split(os.sep):
        if _REFUSED & set(part) or part[-1:] in (".", " "):
            raise OSError(errno.EINVAL, "a name that Windows refuses", whole)


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    if event == "open":
        path, _mode, flags = arguments
        if isinstance(flags, int) and flags & _CREATED:
            _require_name(path)
    elif event == "os.mkdir":
        _require_name(arguments[0])
    elif event == "os.remove":
        _require_closed(arguments[0])
    elif event == "os.rename":
        source, target = arguments[:2]
        _require_closed(source)
        _require_closed(target)
        _require_name(target)


def _rename_as_windows(source: object, target: object, **folders: int) -> None:
    """`os.rename`; unlike `os.replace`, it does not replace."""
    if os.path.lexists(target):  # type: ignore[arg-type]
        raise FileExistsError(errno.EEXIST, "exists already (as on Windows)", target)
    _rename(source, target, **folders)  # type: ignore[arg-type]


def _chmod_as_windows(path: object, mode: int, **how: object) -> None:
    """Only the read-only flag of a file counts."""
    if _inside(path) is None:
        _chmod(path, mode, **how)  # type: ignore[arg-type]
    elif not os.path.isdir(path):  # type: ignore[arg-type]
        _chmod(path, 0o666 if mode & stat.S_IWRITE else 0o444, **how)  # type: ignore[arg-type]


def _is_service() -> bool:
    """The linkage service runs on Linux servers; its command lines keep the rules of Linux."""
    with open("/proc/self/cmdline", "rb") as file:
        return b"padan-linkage" in file.read()


if not _is_service():
    os.rename = _rename_as_windows  # type: ignore[assignment]
    os.chmod = _chmod_as_windows  # type: ignore[assignment]
    sys.addaudithook(_watch)
