"""A zip from a stranger: opened only in its plainest form, and read only within bounds.

1. The file is of bounded size and ends with the zip's own end record, without a comment. Its
   directory has the place and size that this record says, within bounds: Python reads the
   whole directory before anyone can look at it.
2. No zip64, no encryption, no links, no compression other than deflate, no duplicate names, and
   no names that the format does not have, so no path leaves the folder.
3. A member's stated size is not trusted: reading stops at a bound.
"""

from __future__ import annotations

import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from policy.base.error_codes import PolicyCode
from policy.base.errors import BadInput
from policy.base.words import Words

MAX_FILE_BYTES = 256 * 1024 * 1024
MAX_TOTAL_BYTES = 256 * 1024 * 1024  # unpacked, all members together
MAX_MEMBERS = 20_000

_END = struct.Struct("<4s4H2LH")
_ZIP64_LOCATOR = b"PK\x06\x07"
_DIRECTORY_BYTES_A_MEMBER = 400
_BLOCK = 1 << 20
# What the zip module raises for files that are not zips, or were altered.
_DAMAGE = (
    OSError,
    EOFError,
    KeyError,
    ValueError,
    OverflowError,
    RuntimeError,
    NotImplementedError,
    struct.error,
    zlib.error,
    zipfile.BadZipFile,
)


class Archive:
    """An open zip within bounds; `names` are its members."""

    def __init__(self, path: Path, zipped: zipfile.ZipFile) -> None:
        self.path = path
        self.names = zipped.namelist()
        self._zipped = zipped
        self._left = MAX_TOTAL_BYTES

    def read(self, name: str, limit: int) -> bytes:
        return b"".join(self.blocks(name, limit))

    def blocks(self, name: str, limit: int) -> Iterator[bytes]:
        """A member in blocks of bytes; raises BadInput if it is missing or over `limit` bytes."""
        if name not in self._zipped.NameToInfo:
            raise no_bundle(self.path, Words(f"tidak ada {name}", f"it has no {name}"))
        with self._zipped.open(name) as member:
            while block := member.read(_BLOCK):
                limit, self._left = limit - len(block), self._left - len(block)
                if limit < 0 or self._left < 0:
                    raise too_large(self.path, name)
                yield block


@contextmanager
def opened(path: Path, names: re.Pattern[str]) -> Iterator[Archive]:
    """The open zip, if it is plain and all its members match `names`; raises BadInput otherwise."""
    try:
        _require_plain_end(path)
        with zipfile.ZipFile(path) as zipped:
            _require_plain_members(path, zipped.infolist(), names)
            yield Archive(path, zipped)
    except _DAMAGE:
        raise no_bundle(
            path, Words("berkasnya rusak atau terpotong", "it is damaged or cut short")
        ) from None


def _require_plain_end(path: Path) -> None:
    with path.open("rb") as file:
        size = file.seek(0, 2)
        if size > MAX_FILE_BYTES:
            raise too_large(path, path.name)
        file.seek(max(0, size - _END.size - 20))
        tail = file.read()
    end = tail[-_END.size :]
    if len(end) < _END.size or not end.startswith(b"PK\x05\x06"):
        raise no_bundle(path, Words("bukan zip yang utuh", "it is not a whole zip file"))
    _, disk, first_disk, here, members, length, start, comment = _END.unpack(end)
    if tail[: -_END.size].startswith(_ZIP64_LOCATOR) or disk or first_disk or here != members:
        raise no_bundle(path, Words("zip64 atau terbagi", "it is a zip64 or a split zip"))
    if members > MAX_MEMBERS or length > members * _DIRECTORY_BYTES_A_MEMBER:
        raise too_large(path, path.name)
    if comment or start + length + _END.size != size:
        raise no_bundle(path, Words("ada isi di luar zip", "it has content outside of the zip"))


def _require_plain_members(
    path: Path, infos: list[zipfile.ZipInfo], names: re.Pattern[str]
) -> None:
    if len({info.filename for info in infos}) != len(infos):
        raise no_bundle(path, Words("ada nama yang berulang", "a name repeats in it"))
    if sum(info.file_size for info in infos) > MAX_TOTAL_BYTES:
        raise too_large(path, path.name)
    for info in infos:
        if info.flag_bits & 1:
            raise no_bundle(path, Words("ada isi yang disandi", "a member is encrypted"))
        # The Unix mode marks a link; files without a mode have mode 0.
        if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG):
            raise no_bundle(path, Words("ada tautan di dalamnya", "a member is a link"))
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise no_bundle(path, Words("cara kempanya lain", "it is packed another way"))
        if names.fullmatch(info.orig_filename) is None:
            raise no_bundle(
                path, Words("ada berkas yang asing", "it has a member that no bundle has")
            )


def no_bundle(path: Path, why: Words) -> BadInput:
    return BadInput(
        PolicyCode.EVIDENCE_MALFORMED,
        Words(
            f"{path} bukan bundel bukti Padan: {why.id}.",
            f"{path} is not a Padan evidence bundle: {why.en}.",
        ),
        Words("Minta bundel itu dikirim ulang.", "Ask for the bundle to be sent again."),
    )


def too_large(path: Path, member: str) -> BadInput:
    mebibytes = MAX_TOTAL_BYTES // (1024 * 1024)
    return BadInput(
        PolicyCode.EVIDENCE_TOO_LARGE,
        Words(
            f"{path}: {member} lebih besar daripada bundel bukti mana pun.",
            f"{path}: {member} is larger than any evidence bundle is.",
        ),
        Words(
            f"Batasnya {mebibytes} MiB setelah dibuka. Periksa apakah berkasnya benar.",
            f"The limit is {mebibytes} MiB unpacked. Check that it is the right file.",
        ),
    )
