"""A sealed backup of a home folder, and the home restored from it.

A backup holds what identifies a member: its keys (also earlier ones), its card, every pinned
roster, the invites, the copies of the logs and the register of written lists. It never holds a
project's secrets or rows: each of them is destroyed at its date, and an agency that attests this in
the log must not have another copy. So a restored home goes on as the same member, with the same
memory of the log; its projects' rows and keys are not in it.

    line 1    the header: for whom, and the file key under a passphrase or for a recovery card
    then      a ZIP file, encrypted as a stream (`policy.formats.chunk_stream`)
"""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import PurePosixPath
from typing import Literal

from cryptography.exceptions import InvalidTag
from pydantic import ValidationError

from policy.base.canonical import Identifier, Model, One, b64, sha256, unb64
from policy.base.error_codes import PolicyCode
from policy.base.errors import BadInput, Refused, WrongKey
from policy.base.files import read_file, write_file
from policy.base.words import Words
from policy.crypto.keys import (
    HPKE,
    KeyRing,
    SealKey,
    key_secrets,
    keys_from_secrets,
    lock,
    lock_keys,
    seal_public_key,
    unlock,
)
from policy.crypto.sealing import decrypt_stream, encrypt_stream
from policy.formats.chunk_stream import SEALED_CHUNK_BYTES
from policy.members.home import Home, Unlocked
from policy.members.roster import Member

_KEY_KIND = "padan/backup-key"
_INFO = b"padan/backup/v1"
_KEYS = "key-rings"  # folder in the archive; no such folder is in a home
MAX_BACKUP_BYTES = 1024 * 1024 * 1024
# Files of a home that identify a member. Everything else is of a project and has its own date.
_KEPT = (
    "identity.json",
    "service.json",
    "roster.json",
    "earlier/identity-*.json",
    "rosters/*.json",
    "joining/*/*",
    "joining/*/answers/*",
    "projects/*/log/**/*",
    "projects/*/written.json",
)


class _Header(Model):
    type: Literal["padan/backup"] = "padan/backup"
    version: One = 1
    member: Identifier
    made: date
    locked: str = ""
    sealed: str = ""


@dataclass(frozen=True)
class Contents:
    """What a backup holds: the keys from the newest to the oldest, and files by their names."""

    member: Member
    keys: tuple[KeyRing, ...] = field(repr=False)
    files: dict[str, bytes] = field(repr=False)

    @property
    def projects(self) -> tuple[str, ...]:
        """The projects whose logs it remembers."""
        found = {name.split("/")[1] for name in self.files if name.startswith("projects/")}
        return tuple(sorted(found))


def contents_of(me: Unlocked) -> Contents:
    """What a backup of this home holds."""
    home = me.home.path
    found = sorted({path for pattern in _KEPT for path in home.glob(pattern) if path.is_file()})
    files = {path.relative_to(home).as_posix(): read_file(path) for path in found}
    return Contents(me.member, (me.keys, *me.earlier), files)


def seal_with_passphrase(contents: Contents, passphrase: bytes, today: date) -> Iterator[bytes]:
    """The backup, to be opened with this passphrase alone."""
    key = os.urandom(32)
    locked = b64(lock(_KEY_KIND, key, passphrase))
    return _sealed(_Header(member=contents.member.id, made=today, locked=locked), key, contents)


def seal_for_card(contents: Contents, card: Member, today: date) -> Iterator[bytes]:
    """The backup, to be opened with the keys of this recovery card alone."""
    key = os.urandom(32)
    sealed = b64(HPKE.encrypt(key, seal_public_key(card.seal_public()), info=_INFO))
    return _sealed(_Header(member=contents.member.id, made=today, sealed=sealed), key, contents)


def _sealed(header: _Header, key: bytes, contents: Contents) -> Iterator[bytes]:
    line = header.canonical()
    yield line + b"\n"
    yield from encrypt_stream([_archive(contents)], key, sha256(line))


def is_for_card(data: bytes) -> bool:
    """Whether a recovery card's keys open this backup, and not a passphrase."""
    return bool(_header(data)[0].sealed)


def open_with_passphrase(data: bytes, passphrase: bytes) -> Contents:
    """What the backup holds; raises WrongKey, or BadInput for a file that is none."""
    header, _ = _header(data)
    if not header.locked:
        raise _other_way()
    return _opened(data, unlock(_KEY_KIND, unb64(header.locked), passphrase))


def open_with_key(data: bytes, key: SealKey) -> Contents:
    """What the backup holds, by the recovery card's key; raises WrongKey or BadInput."""
    header, _ = _header(data)
    if not header.sealed:
        raise _other_way()
    try:
        file_key = HPKE.decrypt(unb64(header.sealed), key.hpke(), info=_INFO)
    except (InvalidTag, ValueError):
        raise WrongKey(
            PolicyCode.BACKUP_KEY,
            Words(
                "Kunci pemulihan ini bukan kunci cadangan itu.",
                "This recovery home's key does not open this backup.",
            ),
            Words(
                "Pakai folder rumah pemulihan yang dipilih waktu cadangan dibuat.",
                "Use the recovery home that was chosen when the backup was made.",
            ),
        ) from None
    return _opened(data, file_key)


def restore(contents: Contents, home: Home, passphrase: bytes) -> None:
    """Write the home folder; raises Refused if there is a home already."""
    if home.identity_path.exists():
        raise Refused(
            PolicyCode.HOME_EXISTS,
            Words(
                f"{home.path} sudah berisi identitas.", f"{home.path} already holds an identity."
            ),
            Words("Pulihkan ke folder lain dengan --home.", "Restore into another one, by --home."),
        )
    home.path.mkdir(parents=True, exist_ok=True)
    home.path.chmod(0o700)
    newest, *earlier = contents.keys
    write_file(home.path / "keys.json", lock_keys(newest, passphrase), private=True)
    for number, keys in enumerate(earlier, 1):
        path = home.path / "earlier" / f"keys-{number:03d}.json"
        write_file(path, lock_keys(keys, passphrase), private=True)
    for name, data in sorted(contents.files.items()):
        if name != "identity.json":
            write_file(home.path / name, data)
    # Last, so that an interrupted restore is not taken for a home.
    write_file(home.identity_path, contents.files["identity.json"])


def _archive(contents: Contents) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, keys in enumerate(contents.keys):
            archive.writestr(f"{_KEYS}/{number:03d}", key_secrets(keys))
        for name, data in contents.files.items():
            archive.writestr(name, data)
    return out.getvalue()


def _header(data: bytes) -> tuple[_Header, bytes]:
    """The header and its line."""
    line, _, _ = data[: 64 * 1024].partition(b"\n")
    try:
        header = _Header.model_validate_json(line)
    except ValidationError:
        raise _no_backup() from None
    if header.canonical() != line:
        raise _no_backup()
    return header, line


def _opened(data: bytes, key: bytes) -> Contents:
    header, line = _header(data)
    rest = data[len(line) + 1 :]
    chunks = [rest[at : at + SEALED_CHUNK_BYTES] for at in range(0, len(rest), SEALED_CHUNK_BYTES)]
    plain = b"".join(decrypt_stream(chunks, key, sha256(line)))
    try:
        with zipfile.ZipFile(io.BytesIO(plain)) as archive:
            found = {name: archive.read(name) for name in sorted(archive.namelist())}
        member = Member.model_validate_json(found["identity.json"])
    except (zipfile.BadZipFile, KeyError, ValidationError):
        raise _no_backup() from None
    rings = [name for name in found if name.startswith(f"{_KEYS}/")]
    files = {name: found[name] for name in found if name not in rings}
    if member.id != header.member or not rings or not all(map(_belongs, files)):
        raise _no_backup()
    return Contents(member, tuple(keys_from_secrets(found[name]) for name in rings), files)


def _belongs(name: str) -> bool:
    """Whether a file of this name may be written into a home."""
    path = PurePosixPath(name)
    plain = not path.is_absolute() and ".." not in path.parts and "\\" not in name
    return plain and ":" not in name and any(_fits(path, pattern) for pattern in _KEPT)


def _fits(path: PurePosixPath, pattern: str) -> bool:
    wanted = pattern.split("/")
    if "**" in wanted:
        wanted = [*wanted[: wanted.index("**")]]
        return len(path.parts) > len(wanted) and _fits_parts(path.parts[: len(wanted)], wanted)
    return len(path.parts) == len(wanted) and _fits_parts(path.parts, wanted)


def _fits_parts(parts: tuple[str, ...], wanted: list[str]) -> bool:
    return all(PurePosixPath(one).match(each) for one, each in zip(parts, wanted, strict=True))


def _no_backup() -> BadInput:
    return BadInput(
        PolicyCode.BACKUP_MALFORMED,
        Words(
            "Ini bukan cadangan Padan, atau berkasnya rusak.",
            "This is no backup of Padan, or the file is damaged.",
        ),
        Words("Pakai salinan lain dari cadangan itu.", "Use another copy of the backup."),
    )


def _other_way() -> BadInput:
    return BadInput(
        PolicyCode.BACKUP_OTHER_WAY,
        Words(
            "Cadangan ini dibuka dengan cara lain: frasa sandi cadangan, atau folder rumah"
            " pemulihan.",
            "This backup opens in the other way: by its passphrase, or by a recovery home.",
        ),
        Words("Tambahkan atau hilangkan --recovery-home.", "Add or leave out --recovery-home."),
    )
