"""A released file before it is sealed: the match IDs of rows in a recipient's list.

    bytes   part
    16      `padan-release-1` and a line feed; `padan-release-2` if rows have grades
    32      salt, so that nobody can guess the contents from the digest
    then rows, in ascending order of their match IDs:
    16      handle
    16      match ID
    32      row secret, a key for attributes of this row
    1       with grades: 0 certain, 1 to verify

The service writes the file (`arrays.release_rows`) and seals it (`sealed_file`); encoders read it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from policy.base.error_codes import PolicyCode
from policy.base.errors import BadInput
from policy.base.words import Words
from policy.formats.bundle_row import HANDLE_BYTES

SEAL_TYPE: Final = "padan/release-key"
MAGIC: Final = b"padan-release-1\n"
GRADED_MAGIC: Final = b"padan-release-2\n"
SALT_BYTES: Final = 32
MATCH_ID_BYTES: Final = 16
ROW_SECRET_BYTES: Final = 32
GRADE_BYTES: Final = 1

# The positions of the parts in a row; the handle comes first.
MATCH_ID = slice(HANDLE_BYTES, HANDLE_BYTES + MATCH_ID_BYTES)
SECRET = slice(MATCH_ID.stop, MATCH_ID.stop + ROW_SECRET_BYTES)
GRADE = slice(SECRET.stop, SECRET.stop + GRADE_BYTES)

_START = len(MAGIC) + SALT_BYTES


@dataclass(frozen=True)
class ReleasedRow:
    """One row of the recipient's list with its match ID. `secret` opens attributes of this row.

    `verify` says that people should check the match before they act; None if the charter gives no
    grades.
    """

    handle: bytes
    match_id: bytes
    secret: bytes = field(repr=False)
    verify: bool | None = None


def read(plaintext: bytes) -> Iterator[ReleasedRow]:
    """The rows of a file; raises BadInput if it is malformed."""
    width = _width(plaintext)
    if (len(plaintext) - _START) % width:
        raise altered()
    for offset in range(_START, len(plaintext), width):
        row = plaintext[offset : offset + width]
        verify = bool(row[GRADE.start]) if width == GRADE.stop else None
        yield ReleasedRow(row[:HANDLE_BYTES], row[MATCH_ID], row[SECRET], verify)


@dataclass(frozen=True, eq=False)
class ReleasedRows(Collection[ReleasedRow]):
    """The rows of a file without those of some handles, each read when it is asked for."""

    plaintext: bytes = field(repr=False)
    left_out: Collection[bytes] = field(repr=False)

    def __iter__(self) -> Iterator[ReleasedRow]:
        return (row for row in read(self.plaintext) if row.handle not in self.left_out)

    def __contains__(self, row: object) -> bool:
        return any(each == row for each in self)

    def __len__(self) -> int:
        return self._count

    @cached_property
    def _count(self) -> int:
        return sum(1 for _ in self)


def holds_handle(plaintext: bytes, handle: bytes) -> bool:
    """Whether the file has a row for this handle; faster than reading all rows."""
    width = _width(plaintext)
    at = plaintext.find(handle, _START)
    while at >= 0 and (at - _START) % width:
        at = plaintext.find(handle, at + 1)
    return at >= 0


def _width(plaintext: bytes) -> int:
    """The width of a row in this file in bytes; raises BadInput for an unknown form."""
    if plaintext.startswith(GRADED_MAGIC):
        return GRADE.stop
    if plaintext.startswith(MAGIC):
        return SECRET.stop
    raise altered()


def altered() -> BadInput:
    """The error for a file that is not the approved one."""
    return BadInput(
        PolicyCode.RELEASE_ALTERED,
        Words(
            "Berkas yang diunduh bukan berkas yang disetujui.",
            "The file downloaded is not the file that was approved.",
        ),
        Words(
            "Unduh ulang; bila tetap begini, hubungi auditor.",
            "Download it again; if that does not help, call the auditor.",
        ),
    )
