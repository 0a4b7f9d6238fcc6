"""The encoding of a text file, and text that was decoded wrongly before.

A file is UTF-8 if it begins with a byte order mark, or if some lines have letters in UTF-8.
Lines that are not valid UTF-8 are then damaged, and each is refused by its number.
A file without letters in UTF-8 whose other bytes are letters in cp1252 is cp1252.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import numpy as np

from encoder.error_codes import EncoderCode
from encoder.normalise.misread import LETTERS_IN_UTF8, is_misread
from policy.base.errors import BadInput
from policy.base.files import missing_file
from policy.base.words import Words

# Letters in names, and the punctuation that word processors insert.
_PLAUSIBLE = frozenset(
    "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞßàáâãäåæçèéêëìíîïðñòóôõöøùúûüýþÿŠŽšžŒœŸ‘’“”–—…´ªº°·•«»\u00a0"
)
_BLOCK = 1 << 18
_LAST_ASCII = 0x7F
_MOST_NUMBERS = 20
_MOSTLY = 20
_UTF8_ENOUGH = 9


@dataclass
class DecodedLines:
    """Counts of a file's lines that are not plain ASCII.

    `utf8` are lines with letters in UTF-8. `damaged` are lines that are not valid UTF-8, the first
    ones in `first` by number from 1. `misread` are lines whose text was UTF-8 and had been decoded
    wrongly before it was written to this file.
    """

    marked: bool = False
    utf8: int = 0
    damaged: int = 0
    misread: int = 0
    first: list[int] = field(default_factory=list)
    plausible: int = 0
    implausible: int = 0
    undefined: int = 0

    def encoding(self) -> str:
        """utf-8, cp1252, or latin-1 for the bytes that cp1252 leaves undefined."""
        if self.marked or not self.damaged or self.utf8 * _UTF8_ENOUGH >= self.damaged:
            return "utf-8"
        if self.implausible * _MOSTLY > self.plausible:
            return "utf-8"
        return "latin-1" if self.undefined else "cp1252"

    def is_utf8(self) -> bool:
        """Whether the file is certainly UTF-8, so that another encoding would misread it."""
        return self.encoding() == "utf-8" and (self.marked or self.utf8 > 0)

    def add(self, line: bytes, number: int) -> None:
        """Add one line that is not plain ASCII."""
        self.utf8 += LETTERS_IN_UTF8.search(line) is not None
        text = line.decode("utf-8", "surrogateescape")
        self.misread += is_misread(text)
        odd = [ord(c) - 0xDC00 for c in text if "\udc80" <= c <= "\udcff"]
        if not odd:
            return
        self.damaged += 1
        if len(self.first) < _MOST_NUMBERS:
            self.first.append(number)
        for byte in odd:
            letter = bytes((byte,)).decode("cp1252", "replace")
            self.undefined += letter == "\ufffd"
            self.plausible += letter in _PLAUSIBLE
            self.implausible += letter not in _PLAUSIBLE


def encoding_name(path: Path, encoding: str) -> str:
    """The usual name of an encoding in a mapping; raises BadInput for an unknown one."""
    try:
        return codecs.lookup(encoding).name
    except LookupError:
        raise BadInput(
            EncoderCode.FILE_ENCODING_NAME,
            Words(
                f"{path}: pengodean '{encoding}' tidak dikenal.",
                f"{path}: there is no encoding '{encoding}'.",
            ),
            Words("Misalnya utf-8 atau cp1252.", "For example utf-8 or cp1252."),
        ) from None


def survey(path: Path) -> DecodedLines:
    """Count the lines in one pass over the file's bytes."""
    try:
        at = path.stat()
    except OSError:
        raise missing_file(path) from None
    return _survey(path, at.st_size, at.st_mtime_ns)


@lru_cache(maxsize=4)
def _survey(path: Path, size: int, changed: int) -> DecodedLines:
    found = DecodedLines()
    number = 0
    for block in _whole_lines(path):
        if number == 0:
            found.marked = block.startswith(codecs.BOM_UTF8)
            block = block.removeprefix(codecs.BOM_UTF8)
        if not block.isascii():
            for before, line in _lines_beyond_ascii(block):
                found.add(line, number + before + 1)
        number += block.count(b"\n")
    return found


def _lines_beyond_ascii(block: bytes) -> Iterator[tuple[int, bytes]]:
    """Each line with a byte beyond ASCII, and the number of lines before it."""
    places = np.flatnonzero(np.frombuffer(block, np.uint8) > _LAST_ASCII)
    at = before = end = 0
    while at < len(places):
        place = int(places[at])
        start = 1 + block.rfind(b"\n", 0, place)
        before += block.count(b"\n", end, start)
        end = block.find(b"\n", place)
        end = len(block) if end < 0 else end
        yield before, block[start:end]
        at = int(np.searchsorted(places, end))


def _whole_lines(path: Path) -> Iterator[bytes]:
    """Blocks that end at line ends."""
    left = b""
    try:
        with path.open("rb") as file:
            while part := file.read(_BLOCK):
                if b"\n" not in part:
                    part = part.replace(b"\r", b"\n")
                block = left + part
                end = 1 + block.rfind(b"\n")
                left = block[end:]
                if end:
                    yield block[:end]
    except OSError:
        raise missing_file(path) from None
    yield left


def mojibake(cells: Sequence[str]) -> list[int]:
    """Positions of cells whose UTF-8 text was decoded as cp1252, or that lost letters.

    `DÃ‰DI` for `DÉDI`, `Maâ€™ruf` for `Ma’ruf`, and the mark � for a lost letter.
    """
    if "".join(cells).isascii():
        return []
    return [at for at, cell in enumerate(cells) if not cell.isascii() and is_misread(cell)]


def require_not_utf8(path: Path, name: str, encoding: str) -> None:
    """Raises BadInput if a mapping names another encoding for a UTF-8 file."""
    found = survey(path)
    if not found.is_utf8():
        return
    raise BadInput(
        EncoderCode.FILE_ENCODING_UTF8,
        Words(
            f"{name}: pemetaan menyebut {encoding}, tetapi berkas ini UTF-8"
            f" ({found.utf8} baris berhuruf UTF-8, {found.damaged} baris bukan UTF-8)."
            " Nama-nama akan rusak.",
            f"{name}: the mapping says {encoding}, but this file is UTF-8 ({found.utf8} lines"
            f" hold letters in UTF-8, {found.damaged} are not UTF-8). Names would be damaged.",
        ),
        Words(
            "Hapus 'encoding' dari pemetaan. Baris yang bukan UTF-8 ditolak menurut nomornya.",
            "Take 'encoding' out of the mapping. Rows that are not UTF-8 are refused by number.",
        ),
    )
