"""A released file before it is sealed: which rows of a recipient's list have which match ID.

    bytes   part
    16      `padan-release-1` and a line feed; `padan-release-2` if rows have grades
    32      salt, so that nobody can guess the file from its digest
    then rows, in ascending order of their match IDs:
    16      handle
    16      match ID
    32      row secret, a key for attributes that are filed under it
    1       with grades: 0 certain, 1 to verify

The service writes the file and seals it (`sealed_file`), encoders read it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from policy.errors import BadInput
from policy.formats.bundle_row import HANDLE_BYTES
from policy.words import Words

SEAL_TYPE: Final = "padan/release-key"
MAGIC: Final = b"padan-release-1\n"
GRADED_MAGIC: Final = b"padan-release-2\n"
SALT_BYTES: Final = 32
MATCH_ID_BYTES: Final = 16
ROW_SECRET_BYTES: Final = 32
GRADE_BYTES: Final = 1

_START = len(MAGIC) + SALT_BYTES
_MATCH_ID = slice(HANDLE_BYTES, HANDLE_BYTES + MATCH_ID_BYTES)
_SECRET = slice(_MATCH_ID.stop, _MATCH_ID.stop + ROW_SECRET_BYTES)
_GRADE = slice(_SECRET.stop, _SECRET.stop + GRADE_BYTES)

Bytes = NDArray[np.uint8]


@dataclass(frozen=True)
class ReleasedRow:
    """One row of one's own with its match ID. `secret` opens attributes filed under it.

    `verify` says that people should look before they act; None where the charter gives no grades.
    """

    handle: bytes
    match_id: bytes
    secret: bytes = field(repr=False)
    verify: bool | None = None


def write(
    handles: Bytes, match_ids: Bytes, secrets: Bytes, verify: NDArray[np.bool_] | None
) -> bytes:
    """A file of these rows with a fresh salt. Parts are uint8 (rows, bytes), grades bool (rows,).

    Rows come out in the order of their match IDs, which tells nothing.
    """
    parts = [handles, match_ids, secrets]
    if verify is not None:
        parts.append(verify[:, np.newaxis].astype(np.uint8))
    table = np.concatenate(parts, axis=1)
    order = np.lexsort(table[:, _MATCH_ID].T[::-1])
    magic = MAGIC if verify is None else GRADED_MAGIC
    return magic + os.urandom(SALT_BYTES) + table[order].tobytes()


def read(plaintext: bytes) -> Iterator[ReleasedRow]:
    """Its rows; raises BadInput for a malformed file."""
    width = _width(plaintext)
    if (len(plaintext) - _START) % width:
        raise altered()
    for offset in range(_START, len(plaintext), width):
        row = plaintext[offset : offset + width]
        verify = bool(row[_GRADE.start]) if width == _GRADE.stop else None
        yield ReleasedRow(row[:HANDLE_BYTES], row[_MATCH_ID], row[_SECRET], verify)


def holds_handle(plaintext: bytes, handle: bytes) -> bool:
    """Whether the file has a row for this handle; faster than reading all of them."""
    width = _width(plaintext)
    at = plaintext.find(handle, _START)
    while at >= 0 and (at - _START) % width:
        at = plaintext.find(handle, at + 1)
    return at >= 0


def _width(plaintext: bytes) -> int:
    """The width of a row in this form of file; raises BadInput if it has no such form."""
    if plaintext.startswith(GRADED_MAGIC):
        return _GRADE.stop
    if plaintext.startswith(MAGIC):
        return _SECRET.stop
    raise altered()


def altered() -> BadInput:
    """What a recipient is told of a file that is not the approved one."""
    return BadInput(
        "release.altered",
        Words(
            "Berkas yang diunduh bukan berkas yang disetujui.",
            "The file downloaded is not the file that was approved.",
        ),
        Words(
            "Unduh ulang; bila tetap begini, hubungi auditor.",
            "Download it again; if that does not help, call the auditor.",
        ),
    )
