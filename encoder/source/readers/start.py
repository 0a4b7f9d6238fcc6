"""The beginning of a file, which shows its kind."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from encoder.error_codes import EncoderCode
from encoder.source.readers.ole import stream_names
from policy.base.errors import BadInput
from policy.base.files import missing_file
from policy.base.words import Words

_HEAD = 1 << 13


@dataclass(frozen=True)
class FileStart:
    """The beginning of a file, with further evidence of its kind."""

    path: Path
    head: bytes
    tail: bytes

    @classmethod
    def of(cls, path: Path) -> FileStart:
        if path.is_dir():
            raise _folder(path)
        try:
            with path.open("rb") as file:
                head = file.read(_HEAD)
                file.seek(max(0, file.seek(0, 2) - 8))
                return cls(path, head, file.read())
        except OSError:
            raise missing_file(path) from None

    @cached_property
    def text(self) -> str:
        """The text in lower case, without a byte order mark and leading blanks."""
        wide = self.head.startswith((b"\xff\xfe", b"\xfe\xff"))
        text = self.head.decode("utf-16" if wide else "utf-8-sig", "replace")
        return text.lstrip("\ufeff \t\r\n\v\f\0").lower()

    @cached_property
    def members(self) -> tuple[str, ...]:
        """The files in a zip archive; empty if the archive is damaged."""
        try:
            with zipfile.ZipFile(self.path) as archive:
                return tuple(archive.namelist())
        except (zipfile.BadZipFile, OSError, ValueError):
            return ()

    @cached_property
    def streams(self) -> tuple[str, ...]:
        """The streams of an OLE file, the format of old Office programs."""
        return stream_names(self.path)

    def is_ods(self) -> bool:
        return b"opendocument.spreadsheet" in self.head and "content.xml" in self.members

    def is_workbook(self) -> bool:
        """Whether it is xlsx, xls or ods, even damaged: the reader then reports the damage."""
        if self.is_ole():
            return not self.streams or any(name in self.streams for name in ("Workbook", "Book"))
        if not self.is_zip():
            return False
        sheets = self.holds("xl/workbook.xml", "xl/worksheets/")
        return not self.members or sheets or self.is_ods()

    def is_zip(self) -> bool:
        return self.head.startswith(b"PK\x03\x04")

    def is_ole(self) -> bool:
        return self.head.startswith(b"\xd0\xcf\x11\xe0")

    def holds(self, *names: str) -> bool:
        """Whether the zip archive has a file whose name begins with one of `names`."""
        return any(each.startswith(names) for each in self.members)


def _folder(path: Path) -> BadInput:
    return BadInput(
        EncoderCode.FILE_FOLDER,
        Words(f"{path}: ini folder.", f"{path}: this is a folder."),
        Words("Sebut satu berkas di dalamnya.", "Name one file in it."),
    )
