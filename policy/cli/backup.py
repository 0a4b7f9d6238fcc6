"""`padan-policy backup|restore`: a home folder's identity in one sealed file."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from policy.base.files import read_file
from policy.base.output import Form, Output
from policy.base.words import Words
from policy.members.backup import (
    MAX_BACKUP_BYTES,
    Contents,
    contents_of,
    is_for_card,
    open_with_key,
    open_with_passphrase,
    restore,
    seal_for_card,
    seal_with_passphrase,
)
from policy.members.home import Home, read_member
from policy.terminal import console
from policy.terminal.commands import output_argument
from policy.terminal.passphrases import HOURS, KeepPassphrase, choose, new_passphrase

BACKUP = Form((".padan",))
_NOT_IN_IT = Words(
    "Tidak di dalamnya: baris dan kunci proyek, bundel, dan hasil rilis. Semua itu dimusnahkan pada"
    " tanggalnya dan tidak boleh punya salinan.",
    "Not in it: rows and keys of projects, bundles, and results of releases. They are destroyed at"
    " their date and must have no copy.",
)

BackupPassphrase = Annotated[
    Path | None,
    typer.Option(
        help="Berkas frasa sandi cadangan; tanpa ini ditanyakan"
        " / file of the backup's passphrase; without it, you are asked"
    ),
]


def register(app: typer.Typer) -> None:
    app.command()(backup)
    app.command(name="restore")(restored)


def backup(
    out: Annotated[Output, output_argument(help="Berkas cadangan / backup file", form=BACKUP)],
    to: Annotated[
        Path | None,
        typer.Option(
            help="Segel untuk kartu identitas pemulihan ini / seal to this recovery identity card"
        ),
    ] = None,
    backup_passphrase_file: BackupPassphrase = None,
) -> None:
    """Simpan kunci, roster, dan ingatan log di satu berkas tersegel
    / save keys, rosters and the memory of logs in one sealed file.
    """
    me, today = console.unlocked(), datetime.now(UTC).date()
    contents = contents_of(me)
    if to is not None:
        blocks = seal_for_card(contents, read_member(to), today)
    else:
        blocks = seal_with_passphrase(
            contents, _passphrase(backup_passphrase_file, new=True), today
        )
    out.write(b"".join(blocks), private=True)
    _tell(contents, Words(f"{out} ditulis", f"{out} written"), {"file": str(out)})


def restored(
    file: Annotated[Path, typer.Argument(help="Berkas cadangan / backup file")],
    recovery_home: Annotated[
        Path | None,
        typer.Option(
            help="Folder rumah pemulihan yang membukanya / recovery home that opens the backup"
        ),
    ] = None,
    backup_passphrase_file: BackupPassphrase = None,
    keep: KeepPassphrase = True,
) -> None:
    """Pulihkan folder rumah dari cadangan, dengan frasa sandi baru
    / restore a home folder from a backup, with a new passphrase.

    Log yang diingat tidak mundur: proyek menyusul sampai sekarang, dan log yang bercabang ditolak
    / the remembered log does not go back: projects catch up, and a forked log is refused.
    """
    data = read_file(file, MAX_BACKUP_BYTES)
    if is_for_card(data) and recovery_home is not None:
        opening = Home(recovery_home).unlock(_passphrase(backup_passphrase_file))
        contents = open_with_key(data, opening.keys.seal)
    else:
        contents = open_with_passphrase(data, _passphrase(backup_passphrase_file))
    home = console.home()
    restore(contents, home, new_passphrase(keep=keep))
    choose(home, HOURS if keep else None)
    _tell(contents, Words(f"{home.path} dipulihkan", f"{home.path} restored"), {})


def _passphrase(file: Path | None, *, new: bool = False) -> bytes:
    """The passphrase of the backup, or of the recovery home; never the one of this home."""
    prompt = Words("Frasa sandi cadangan: ", "The backup's passphrase: ")
    return console.passphrase_of(file, prompt, confirm=new)


def _tell(contents: Contents, done: Words, more: dict[str, str]) -> None:
    projects = ", ".join(contents.projects) or "-"
    console.result(
        {
            "member": contents.member.id,
            "projects": list(contents.projects),
            "keys": len(contents.keys),
            **more,
        },
        Words(
            f"{done.id}: kunci dan kartu {contents.member.id}, roster, dan log proyek {projects}."
            f"\n{_NOT_IN_IT.id}",
            f"{done.en}: keys and card of {contents.member.id}, rosters, and the logs of"
            f" {projects}.\n{_NOT_IN_IT.en}",
        ),
    )
