"""The files of the service's home: who may read them, and who runs this."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from policy.base.words import Words
from policy.terminal.checks import SelfCheck, Standing, holds


def check_home(home: Path, folders: Iterable[Path], secrets: Iterable[Path]) -> Iterator[SelfCheck]:
    """`folders` hold keys or decrypted encodings; `secrets` are files with passwords."""
    yield _check_user()
    keys = [home / "keys.json", *sorted((home / "earlier").glob("keys-*.json")), *secrets]
    yield _check_private("modes.keys", [each for each in keys if each.is_file()])
    yield _check_private("modes.folders", [each for each in folders if each.is_dir()])


def _check_user() -> SelfCheck:
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    return SelfCheck(
        "user",
        Standing.LOOK if root else Standing.FINE,
        Words("Berjalan sebagai root.", "This runs as root.")
        if root
        else Words("Berjalan tanpa hak root.", "This runs without the rights of root."),
        Words(
            "Jalankan layanan sebagai pengguna sendiri, misalnya padan (deploy/systemd).",
            "Run the service as a user of its own, such as padan (deploy/systemd).",
        )
        if root
        else None,
    )


def _check_private(name: str, paths: list[Path]) -> SelfCheck:
    """Names the first path that others may read; it is the operator's own machine."""
    if os.name == "nt":
        return SelfCheck(
            name,
            Standing.LOOK,
            Words("Hak berkas di Windows tidak diperiksa.", "Rights on Windows are not examined."),
        )
    open_ = [each for each in paths if _is_open(each)]
    shown = open_[0] if open_ else None
    return holds(
        name,
        shown is None,
        Words(
            f"{len(paths)} berkas atau folder rahasia hanya terbaca pemiliknya."
            if shown is None
            else f"Orang lain di mesin ini dapat membuka {shown}.",
            f"{len(paths)} secret files or folders are readable by their owner only."
            if shown is None
            else f"Others on this machine can open {shown}.",
        ),
        Words(f"Jalankan: chmod -R go-rwx {shown}", f"Run: chmod -R go-rwx {shown}"),
    )


def _is_open(path: Path) -> bool:
    """Whether another account of this machine has rights on it.

    A group in which nobody else is gives none: containers hand out secrets by such a group.
    """
    found = path.stat()
    shared = found.st_mode & stat.S_IRWXG and not _is_own_group(found.st_gid)
    return bool(found.st_mode & stat.S_IRWXO or shared)


def _is_own_group(gid: int) -> bool:
    import grp
    import pwd

    me = os.geteuid()
    try:
        named = grp.getgrgid(gid).gr_mem
    except KeyError:
        named = []
    others = [each for each in pwd.getpwall() if each.pw_uid != me]
    return gid == os.getegid() and not any(
        each.pw_gid == gid or each.pw_name in named for each in others
    )
